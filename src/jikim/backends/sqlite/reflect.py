"""Reads the shape of a SQLite database: names and types, never a row. Effectful.

Types are told in the words of `datamap.schema`, by what SQLite makes of a declared type. No foreign key is sure:
whether SQLite looks after it is up to each session.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from jikim.backends.sqlite import virtual
from jikim.backends.sqlite.session import rows
from jikim.backends.sqlite.virtual import WORD
from jikim.datamap.schema import Check, Column, ForeignKey, Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.tablename import written

_OWN: Final = ("sqlite_", "jikim_")
_TIMES: Final = {
    "timestamptz": "timestamp with time zone",
    "timestamp with time zone": "timestamp with time zone",
    "datetime": "timestamp without time zone",
    "timestamp": "timestamp without time zone",
    "date": "date",
}
_ELSE: Final = (
    (("json",), "json"),
    (("bool",), "boolean"),
    (("int",), "integer"),
    (("char", "clob", "text"), "text"),
    (("blob",), "bytea"),
    (("real", "floa", "doub"), "double precision"),
    (("numeric", "decimal"), "numeric"),
)
"""What a declared type holds when it contains such a word (sqlite.org/datatype3, 3.1, and what programs write)."""


def type_of(declared: str) -> str:
    """The type that the values of a column should have."""
    plain = re.sub(r"\s*\(.*\)", "", declared.strip().lower())
    if plain in _TIMES:
        return _TIMES[plain]
    return next((kind for words, kind in _ELSE if any(word in plain for word in words)), "text")


def reflect(connection: sqlite3.Connection) -> Schema:
    """Every table, as values, and the full-text indexes that are made of them. Raises ``sqlite3.Error``."""
    listed = rows(connection, "select name, type from pragma_table_list where schema = 'main' order by name")
    names = [r["name"] for r in listed if r["type"] == "table" and not r["name"].startswith(_OWN)]
    tables = [_table(connection, name, names) for name in names]
    derived = []
    for table, copy in virtual.found(connection, type_of):
        if table:
            tables.append(replace(table, rows=_rows(connection, table.name) if table.columns else 0))
        if copy:
            reads = {named(name): columns for name, columns in copy.reads.items()}
            derived.append(replace(copy, name=named(copy.name), reads=reads, called=called(copy.name)))
    renamed = [replace(table, name=named(table.name), called=called(table.name)) for table in tables]
    return Schema({t.name: t for t in renamed}, {c.name: c for c in derived}, speaks="sqlite")


def named(table: str) -> str:
    """The name of a table in the map."""
    return written("", table, home="")


def called(table: str) -> str:
    """Its name in the file, where the map writes another."""
    return "" if named(table) == table else table


def number_of(connection: sqlite3.Connection, name: str) -> str | None:
    """What SQLite calls the number that it gives each row of a table; None where it gives none, or columns hide it.

    Raises ``sqlite3.Error``.
    """
    numbered = (
        "select 1 from pragma_table_list where schema = 'main' and name = :name and type = 'table' and not wr"
    )
    if not rows(connection, numbered, {"name": name}):
        return None
    columns = rows(connection, "select lower(name) from pragma_table_xinfo(:name)", {"name": name})
    hidden = {row[0] for row in columns}
    return next((number for number in ("rowid", "oid", "_rowid_") if number not in hidden), None)


def _table(connection: sqlite3.Connection, name: str, names: list[str]) -> Table:
    said = {"name": name}
    columns = [
        r for r in rows(connection, "select * from pragma_table_xinfo(:name)", said) if r["hidden"] != 1
    ]
    key = tuple(c["name"] for c in sorted(columns, key=lambda c: c["pk"]) if c["pk"])
    [(text,)] = rows(connection, "select sql from sqlite_schema where type = 'table' and name = :name", said)
    rowid = len(key) == 1 and next(c for c in columns if c["pk"])["type"].lower() == "integer"
    without_rowid = bool(re.search(r"without\s+rowid", text.rpartition(")")[2], re.IGNORECASE))
    sure = key if rowid or without_rowid else ()
    fuzzy = {c["name"] for c in columns if _is_fuzzy(connection, name, c["name"])}
    table = Table(
        name,
        {
            c["name"]: Column(
                c["name"],
                type_of(c["type"]),
                nullable=not c["notnull"] and c["name"] not in sure,
                generated=c["hidden"] in (2, 3),
                fuzzy=c["name"] in fuzzy,
                loose=True,
            )
            for c in columns
        },
        primary_key=key,
        foreign_keys=tuple(_foreign_keys(connection, name, names)),
        rows=_rows(connection, name),
        checks=tuple(_checks(text, [c["name"] for c in columns])),
        reuses_keys=rowid and not without_rowid and not re.search(r"\bautoincrement\b", text, re.IGNORECASE),
    )
    return _with_triggers(connection, _with_indexes(connection, table))


def _is_fuzzy(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether some texts that differ are equal in a column: SQLite is asked, for it alone reads a COLLATE.

    A collation that a program brings along is known to that program.
    """
    own = f"select {quoted(column)} from main.{quoted(table)} where false union all select 'a'"
    try:
        [(fuzzy,)] = rows(connection, f"with own (v) as ({own}) select v = 'A' or v = 'a ' from own")
    except sqlite3.OperationalError as error:
        if not str(error).startswith("no such collation"):
            raise
        return True
    return bool(fuzzy)


def _foreign_keys(connection: sqlite3.Connection, name: str, names: list[str]) -> Iterator[ForeignKey]:
    """Where a table points; the names of tables and columns as they are written where they are made."""
    listed = rows(connection, "select * from pragma_foreign_key_list(:name) order by id, seq", {"name": name})
    for number in dict.fromkeys(r["id"] for r in listed):
        parts = [r for r in listed if r["id"] == number]
        to_table = next((n for n in names if n.lower() == parts[0]["table"].lower()), parts[0]["table"])
        to = [r["to"] for r in parts]
        if None in to:  # the key, whatever it is
            keyed = rows(
                connection,
                "select name, pk from pragma_table_info(:name) where pk order by pk",
                {"name": to_table},
            )
            to = [r["name"] for r in keyed]
        own = {
            r["name"].lower(): r["name"]
            for r in rows(connection, "select name from pragma_table_info(:name)", {"name": name})
        }
        theirs = {
            r["name"].lower(): r["name"]
            for r in rows(connection, "select name from pragma_table_info(:name)", {"name": to_table})
        }
        if len(to) == len(parts):
            yield ForeignKey(
                tuple(own.get(r["from"].lower(), r["from"]) for r in parts),
                named(to_table),
                tuple(theirs.get(c.lower(), c) for c in to),
                parts[0]["on_delete"],
                valid=False,
                name=f"{name}_fkey{number}",
            )


def _with_indexes(connection: sqlite3.Connection, table: Table) -> Table:
    """An index answers for the columns before its first expression; one that leaves rows out answers for none."""
    unique: list[tuple[str, ...]] = []
    others: list[tuple[str, ...]] = []
    for index in rows(connection, "select * from pragma_index_list(:name)", {"name": table.name}):
        found = rows(
            connection,
            "select name, cid from pragma_index_xinfo(:name) where key order by seqno",
            {"name": index["name"]},
        )
        whole = all(c["cid"] >= -1 and c["name"] for c in found)
        columns: list[str] = []
        for c in found:
            if not c["name"]:
                break
            columns.append(c["name"])
        if index["origin"] == "pk" or index["partial"] or not columns:
            continue
        (unique if index["unique"] and whole else others).append(tuple(columns))
    return replace(table, unique=tuple(unique), indexes=tuple(others))


def _with_triggers(connection: sqlite3.Connection, table: Table) -> Table:
    """Triggers by what they can do to a row that is deleted or changed."""
    names, keepers, changers, copiers = [], [], [], []
    query = "select name, sql from sqlite_schema where type = 'trigger' and lower(tbl_name) = lower(:name)"
    for name, text in rows(connection, query, {"name": table.name}):
        head, _, body = re.sub(r"\s+", " ", text.lower()).partition(" begin ")
        names.append(name)
        ignoring = "raise(ignore)" in body.replace(" ", "")
        if " delete on " in head and ignoring:
            keepers.append(name)
        if " update " in head and ignoring:
            changers.append(name)
        if (" delete on " in head or " update " in head) and re.search(r"\b(insert|update|replace)\b", body):
            copiers.append(name)
    return replace(
        table,
        triggers=tuple(names),
        keepers=tuple(keepers),
        changers=tuple(changers),
        copiers=tuple(copiers),
    )


def _checks(text: str, columns: list[str]) -> Iterator[Check]:
    """The CHECK constraints in the words that made the table."""
    words = [
        (m[0], m.start(), m.end())
        for m in WORD.finditer(re.sub(r"--[^\n]*", lambda m: " " * len(m[0]), text))
    ]
    for place, (word, start, _) in enumerate(words):
        if word.lower() != "check" or place + 1 == len(words) or words[place + 1][0] != "(":
            continue
        depth, end, named = 0, start, []
        for each, _, stop in words[place + 1 :]:
            depth += {"(": 1, ")": -1}.get(each, 0)
            named.append(each)
            if not depth:
                end = stop
                break
        plain = {w.strip('"`[]').replace('""', '"').lower() for w in named if not w.startswith("'")}
        about = tuple(c for c in columns if c.lower() in plain)
        yield Check(f"check on {', '.join(about) or 'nothing'}", about, text[start:end])


_COUNTED: Final = 100_000
"""Rows are counted up to here: enough to know a large table by."""


def _rows(connection: sqlite3.Connection, name: str) -> int:
    """About how many rows: what ANALYZE counted, else a count that does not go on for ever."""
    if rows(connection, "select 1 from sqlite_schema where name = 'sqlite_stat1'"):
        query = "select stat from sqlite_stat1 where tbl = :name and stat is not null"
        if known := rows(connection, query, {"name": name}):
            return int(str(known[0]["stat"]).split()[0])
    [(count,)] = rows(
        connection, f"select count(*) from (select 1 from main.{quoted(name)} limit {_COUNTED})"
    )
    return int(count)
