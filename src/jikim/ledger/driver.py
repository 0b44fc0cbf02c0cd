"""Many rows at once, past SQLAlchemy to the driver itself, binary both ways. Effectful.

A log has as many rows as there are persons; to make an object of each and a text of each value takes longer than the
server takes to store them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy.dialects import postgresql as pg

_DIALECT = pg.dialect()  # type: ignore[no-untyped-call]


def copy_in(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add rows; what the table refuses is an error of the driver (``engine.transaction`` names it)."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.Identifier(*filter(None, (table.schema, table.name)))
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(into, names)
    types = [table.c[name].type.compile(_DIALECT).lower() for name in columns]
    with _driver(connection).cursor() as cursor:
        # By its type alone a bytea finds the dumper of DB-API's own `Binary`, which is not written in C.
        cursor.adapters.register_dumper(bytes, BytesBinaryDumper)
        with cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)


def fetch(
    connection: sa.Connection, query: LiteralString, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """All rows of a query, its parameters written ``%(name)s``."""
    with _driver(connection).cursor(binary=True) as cursor:
        return cursor.execute(query, values).fetchall()


def _driver(connection: sa.Connection) -> "psycopg.Connection[tuple[Any, ...]]":
    return cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
