"""Puts a step of a made-up world into its service's database and folders of files. Effectful."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.types.json import JsonbDumper

from examples.made_up.person import Key, Row
from examples.made_up.world import Batch


def load(connection: Connection[Any], batch: Batch) -> None:
    """Make the changes of ``batch`` in a PostgreSQL, in one transaction, in bulk.

    An update whose row is gone changes nothing. Identity columns are moved past the world's numbers, so
    that the service may insert at the same time.

    :param connection: as the tables' owner or a superuser: COPY goes around row security.
    """
    with connection.transaction():
        for table, keys in batch.removals.items():
            _remove(connection, table, batch.keys[table], keys)
        for table, rows in batch.inserts.items():
            if rows:
                _copy(connection, table, list(rows.values()))
        for table, changes in batch.updates.items():
            _update(connection, table, batch.keys[table], changes)
        _reserve(connection, below=batch.below)


def load_lite(connection: sqlite3.Connection, batch: Batch) -> None:
    """Make the changes of ``batch`` in a SQLite file, in one transaction.

    :param connection: without a transaction under way (``isolation_level=None``).
    """
    connection.execute("begin immediate")
    for statement, values in _statements(batch):
        connection.execute(statement, tuple(map(plain, values)))
    connection.execute("commit")


def _statements(batch: Batch) -> Iterator[tuple[str, tuple[object, ...]]]:
    for table, keys in batch.removals.items():
        yield from ((f'delete from "{table}" where "{batch.keys[table]}" = ?', (key,)) for key in keys)
    for table, rows in batch.inserts.items():
        for row in rows.values():
            named, marks = ", ".join(f'"{c}"' for c in row), ", ".join("?" for _ in row)
            yield f'insert into "{table}" ({named}) values ({marks})', tuple(row.values())
    for table, changes in batch.updates.items():
        for key, row in changes.items():
            sets = ", ".join(f'"{column}" = ?' for column in row)
            yield f'update "{table}" set {sets} where "{batch.keys[table]}" = ?', (*row.values(), key)


def plain(value: Any) -> Any:
    """A value as a service that uses SQLite writes it: times in UTC, JSON as text."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(" ")
        case date():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case bool():
            return int(value)
        case None | int() | float() | str() | bytes():
            return value
    return str(value)


def put_files(batch: Batch, folders: Mapping[str, Path]) -> None:
    """Write the files of ``batch``, and add lines to those that are added to.

    :param folders: the root of each files store; what goes to others is not written.
    """
    for contents, mode in ((batch.written, "wb"), (batch.appended, "ab")):
        for (store, name), content in contents.items():
            if store in folders:
                path = folders[store] / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open(mode) as file:
                    file.write(content)


def _remove(connection: Connection[Any], table: str, key: str, keys: set[Key]) -> None:
    statement = sql.SQL("delete from {} where {} = any(%s)").format(
        sql.Identifier(table), sql.Identifier(key)
    )
    connection.execute(statement, (list(keys),))


def _copy(connection: Connection[Any], table: str, rows: list[Row]) -> None:
    columns = list(rows[0])
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor:
        cursor.adapters.register_dumper(dict, JsonbDumper)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))


def _update(connection: Connection[Any], table: str, key: str, changes: dict[Key, Row]) -> None:
    alike: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
    for name, row in changes.items():
        alike[tuple(row)].append((*row.values(), name))
    for columns, rows in alike.items():
        statement = sql.SQL("update {} set {} where {} = %s").format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column in columns),
            sql.Identifier(key),
        )
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _reserve(connection: Connection[Any], *, below: int) -> None:
    """Move every identity sequence to ``below``, unless it is past it already."""
    sequences = connection.execute(
        "select schemaname, sequencename from pg_sequences"
        " where schemaname = 'public' and coalesce(last_value, 0) < %s",
        (below,),
    ).fetchall()
    for names in sequences:
        connection.execute(
            "select setval(%s::text::regclass, %s)", (sql.Identifier(*names).as_string(), below)
        )
