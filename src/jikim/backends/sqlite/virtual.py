"""Virtual tables of a SQLite file: full-text indexes, and whatever keeps rows in a way of its own. Effectful: reads.

A full-text table that has rows of its own is a table like others, its key the ``rowid``; its index is a copy of
them. One that indexes the rows of other tables (``content=``) is a copy of those. Words stay in an index after their
row went, until it is made anew: deleted rows are only marked there. The tables in which virtual ones keep their pages
(*shadow* tables) are theirs, and are not told.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, Final

from jikim.backends.sqlite.session import VIRTUAL, rows
from jikim.datamap.schema import Column, Derived, Table
from jikim.datamap.survey import quoted

WORD: Final = re.compile(r"\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|'(?:[^']|'')*'|\w+|\S")
_FULL_TEXT: Final = ("fts3", "fts4", "fts5")
_OF_OTHERS: Final = ("fts5vocab", "fts4aux")
"""These show what an index holds, and hold nothing."""
_NUMBERED: Final = ("rtree", "rtree_i32")
"""The first column of these is their key."""

Found = tuple[Table | None, Derived | None]


def found(connection: sqlite3.Connection, type_of: Callable[[str], str]) -> Iterator[Found]:
    """Each virtual table as the table it is, or as the copy, or as both. Raises ``sqlite3.Error``.

    :param type_of: the type that the values of a column should have, by the one that is declared.
    """
    for name, text in rows(connection, f"{VIRTUAL} order by name"):
        module, arguments = _made_by(text)
        if module in _OF_OTHERS:
            continue
        columns = {c: _column(c, declared, type_of) for c, declared in _columns(connection, name)}
        content = _option(arguments, "content") if module in _FULL_TEXT else None
        if content is None:
            yield _of_its_own(name, module, columns)
        else:
            read = _reads(connection, content, tuple(columns)) if content else {}
            yield None, Derived(name, read, kind="full-text index", remade=bool(read))


def _of_its_own(name: str, module: str, columns: dict[str, Column]) -> Found:
    """A virtual table that keeps rows; one whose module is not here has no column that could be looked at."""
    if module in _FULL_TEXT and columns:
        table = Table(name, {"rowid": Column("rowid", "integer", nullable=False), **columns}, ("rowid",))
        return table, Derived(name, {name: tuple(columns)}, kind="full-text index")
    return Table(name, columns, tuple(columns)[:1] if module in _NUMBERED else ()), None


def _column(name: str, declared: str, type_of: Callable[[str], str]) -> Column:
    return Column(name, type_of(declared), loose=True)


def _columns(connection: sqlite3.Connection, name: str) -> list[tuple[str, str]]:
    """Its columns as they are declared; none where what it is made by is not here."""
    query = "select name, type from pragma_table_xinfo(:name) where hidden = 0 order by cid"
    try:
        return [(row["name"], row["type"]) for row in rows(connection, query, {"name": name})]
    except sqlite3.OperationalError:
        return []


def _reads(
    connection: sqlite3.Connection, content: str, columns: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """The columns, by table, of which an index is made: SQLite says what a query reads, through views as well."""
    reads: dict[str, dict[str, None]] = {}

    def note(action: int, one: str | None, two: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ and one and two:
            reads.setdefault(one, {})[two] = None
        return sqlite3.SQLITE_OK

    read = ", ".join(map(quoted, columns)) or "*"
    connection.set_authorizer(note)
    try:
        rows(connection, f"select {read} from main.{quoted(content)} where false")
    except sqlite3.OperationalError:
        return {}
    finally:
        connection.set_authorizer(None)
    tables = {row["name"] for row in rows(connection, "select name from sqlite_schema where type = 'table'")}
    return {table: tuple(read) for table, read in reads.items() if table in tables}


def _made_by(text: str) -> tuple[str, list[list[str]]]:
    """The module of a virtual table and its arguments, each as its words."""
    words = WORD.findall(text)
    using = next(n for n, word in enumerate(words) if word.lower() == "using")
    arguments: list[list[str]] = [[]]
    depth = 0
    for word in words[using + 2 :]:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "," and depth == 1:
            arguments.append([])
        elif depth > 1 or word not in ("(", ")"):
            arguments[-1].append(word)
    return _plain(words[using + 1]).lower(), arguments


def _option(arguments: list[list[str]], name: str) -> str | None:
    """The value of one of a module's options; None where it is not given."""
    for first, *rest in filter(None, arguments):
        if first.lower() == name and rest[:1] == ["="]:
            return _plain("".join(rest[1:]))
    return None


def _plain(word: str) -> str:
    """A name or a text without its quotes."""
    if word[:1] in ("'", '"', "`"):
        return word[1:-1].replace(word[0] * 2, word[0])
    return word[1:-1] if word[:1] == "[" else word
