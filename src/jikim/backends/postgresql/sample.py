"""Looks at a few rows of each table of a PostgreSQL, to draft a map. Effectful: reads, and logs no value."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from jikim.backends.postgresql.reflect import reflect
from jikim.backends.postgresql.session import scrubbed
from jikim.backends.sql.sample import LONGEST, met, newest
from jikim.datamap.schema import Column, Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.tablename import stored
from jikim.draft.relations import Edge, Overlap
from jikim.draft.values import Sample

_PATIENCE: Final = "SET LOCAL statement_timeout = '5s'"
_READABLE: Final = sa.text("""
    select a.attname::text from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = :schema and c.relname = :table and a.attnum > 0 and not a.attisdropped
        and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
""")
_AS_THEY_ARE: Final = frozenset({"number", "boolean", "uuid", "inet", "cidr"})


@dataclass(frozen=True)
class PostgresSampler:
    """A PostgreSQL whose tables are looked at by a role that may read them, or some of them."""

    engine: sa.Engine
    tables_in: str

    @property
    def database(self) -> str:
        """What the database is called."""
        return self.engine.url.database or ""

    def reflect(self) -> Schema:
        """The shape of the tables. Raises ``StoreError``."""
        with scrubbed("reading its schema"), self.engine.connect() as connection:
            return reflect(connection, tables_in=self.tables_in)

    def sample(self, table: Table, *, rows: int) -> Sample:
        """The newest rows of a table, as far as they may be read. Raises ``StoreError``."""
        with self._reading(table.name) as connection:
            readable = self._readable(connection, table)
            reading = {name: sql for name in readable if (sql := _read(table.columns[name]))}
            if not reading:
                return {}
            asked = newest(table, place=self._place(table.name), reading=reading, rows=rows)
            found = connection.exec_driver_sql(asked).all()
        return {name: [row[n] for row in found] for n, name in enumerate(reading)}

    def overlap(self, table: Table, edge: Edge, *, rows: int) -> Overlap | None:
        """How many different values of a column another table knows; None where one of the two may not be read.

        :raises StoreError: the store does not answer in time, or at all.
        """
        with self._reading(table.name) as connection:
            readable = self._readable(connection, table)
            if edge.columns[0] not in readable:
                return None
            asked, found = connection.exec_driver_sql(
                met(
                    table,
                    edge.columns[0],
                    place=self._place(table.name),
                    to=self._place(edge.to),
                    to_column=edge.to_columns[0],
                    readable=readable,
                    rows=rows,
                )
            ).one()
        return Overlap(asked, found)

    @contextmanager
    def _reading(self, table: str) -> Iterator[sa.Connection]:
        with scrubbed(f"looking at `{table}`"), self.engine.connect() as opened:
            connection = opened.execution_options(no_parameters=True)
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            connection.exec_driver_sql(_PATIENCE)
            yield connection

    def _readable(self, connection: sa.Connection, table: Table) -> list[str]:
        allowed = set(
            connection.execute(_READABLE, {"schema": self.tables_in, "table": table.name}).scalars()
        )
        return [name for name in table.columns if name in allowed]

    def _place(self, table: str) -> str:
        return quoted(self.tables_in, stored(table))


def _read(column: Column) -> str:
    """How a column is read: long texts cut, times that no calendar here knows left out; empty for bytes."""
    name = quoted(column.name)
    if column.kind == "bytea":
        return ""
    if column.time_type:
        return f"CASE WHEN {name} BETWEEN '0001-01-01' AND '9999-12-31' THEN {name} END"
    if column.kind in ("json", "jsonb"):
        return f"CASE WHEN length({name}::text) < {25 * LONGEST} THEN {name}::text END"
    if column.family in _AS_THEY_ARE:
        return name
    return f"left({name}::text, {LONGEST})"
