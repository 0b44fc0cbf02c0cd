"""Looks at a few rows of each table of a SQLite file, to draft a map. Effectful: reads, and logs no value."""

import sqlite3
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from jikim.backends.sql.sample import LONGEST, met, newest
from jikim.backends.sqlite.reflect import reflect
from jikim.backends.sqlite.session import reading, rows, scrubbed
from jikim.datamap.schema import Column, Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.tablename import stored
from jikim.draft.relations import Edge, Overlap
from jikim.draft.values import Sample
from jikim.plan.decide import moment


@dataclass(frozen=True)
class SqliteSampler:
    """A SQLite file whose tables are looked at."""

    connection: sqlite3.Connection
    database: str

    def reflect(self) -> Schema:
        """The shape of the tables. Raises ``StoreError``."""
        with scrubbed("reading its schema"), reading(self.connection):
            return reflect(self.connection)

    def sample(self, table: Table, *, rows: int) -> Sample:
        """The newest rows of a table. Raises ``StoreError``."""
        read = {c.name: _read(c) for c in table.columns.values() if c.kind != "bytea"}
        if not read:
            return {}
        found = self._ask(table, newest(table, place=quoted(*table.at("main")), reading=read, rows=rows))
        return {name: [_known(table.columns[name], row[n]) for row in found] for n, name in enumerate(read)}

    def overlap(self, table: Table, edge: Edge, *, rows: int) -> Overlap | None:
        """How many different values of a column another table knows. Raises ``StoreError``."""
        asked = met(
            table,
            edge.columns[0],
            place=quoted(*table.at("main")),
            to=quoted("main", stored(edge.to)),
            to_column=edge.to_columns[0],
            readable=table.columns,
            rows=rows,
        )
        [(different, found)] = self._ask(table, asked)
        return Overlap(different, found)

    def _ask(self, table: Table, query: str) -> list[sqlite3.Row]:
        with scrubbed(f"looking at `{table.name}`"), reading(self.connection):
            return rows(self.connection, query)


def _read(column: Column) -> str:
    """How a column is read: long texts cut, and no bytes."""
    name = quoted(column.name)
    length = 25 * LONGEST if column.kind == "json" else LONGEST
    return f"CASE typeof({name}) WHEN 'blob' THEN NULL WHEN 'text' THEN substr({name}, 1, {length}) ELSE {name} END"


def _known(column: Column, value: Any) -> Any:
    """A value as one of its column's type; none where it is no such value."""
    if column.time_type is None or value is None:
        return bool(value) if column.kind == "boolean" and value in (0, 1) else value
    try:
        return moment(value, time_type=column.time_type, zone=ZoneInfo("UTC"))
    except ValueError:
        return None
