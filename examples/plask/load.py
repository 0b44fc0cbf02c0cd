"""Puts a step of the made-up world into Plask's database and its folder of files. Effectful."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.types.json import JsonbDumper

from examples.plask.doings import Key, Row, motion
from examples.plask.world import PRIMARY_KEY, Batch


def load(connection: Connection[Any], batch: Batch, *, files: Path | None) -> None:
    """Make the changes of ``batch``, in one transaction, in bulk.

    An update whose row is gone changes nothing. Identity columns are moved past the world's numbers, so
    that the service may insert at the same time.

    :param connection: as the tables' owner or a superuser: COPY goes around row security.
    :param files: the root folder of motion files; None to write no files.
    """
    with connection.transaction():
        for table, keys in batch.removals.items():
            _remove(connection, table, keys)
        for table, rows in batch.inserts.items():
            if rows:
                _copy(connection, table, list(rows.values()))
        for table, changes in batch.updates.items():
            _update(connection, table, changes)
        _reserve(connection, below=batch.below)
        if files is not None:
            for key, row in batch.inserts["motion_files"].items():
                _write(files / str(row["path"]), motion(batch.seed, int(str(key))))


def _remove(connection: Connection[Any], table: str, keys: set[Key]) -> None:
    statement = sql.SQL("delete from {} where {} = any(%s)").format(
        sql.Identifier(table), sql.Identifier(PRIMARY_KEY[table])
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


def _update(connection: Connection[Any], table: str, changes: dict[Key, Row]) -> None:
    alike: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
    for key, row in changes.items():
        alike[tuple(row)].append((*row.values(), key))
    for columns, rows in alike.items():
        statement = sql.SQL("update {} set {} where {} = %s").format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column in columns),
            sql.Identifier(PRIMARY_KEY[table]),
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


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
