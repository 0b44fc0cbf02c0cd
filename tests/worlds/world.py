"""A world: a service's tables and rows, its promise, and what happens to it, as plain values. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from jikim.backends.memory import Row
from jikim.datamap.parse import parse
from jikim.datamap.schema import Check, ForeignKey, Schema
from jikim.datamap.schema import Column as SchemaColumn
from jikim.datamap.schema import Table as SchemaTable
from jikim.datamap.told import Told, told, with_told
from jikim.plan.schedule import Facts


@dataclass(frozen=True)
class Now:
    """When a value is written: values are drawn so that much falls due about ``as_of``. ``n`` is the row's number."""

    as_of: datetime
    zone: ZoneInfo
    n: int


Fill = Callable[[Random, Now], Any]


@dataclass(frozen=True)
class Column:
    """A column, and what is written into it. ``said`` is what the map says of it; None for nothing."""

    name: str
    type: str
    fill: Fill
    nullable: bool = True
    unique: bool = False
    only: tuple[str, ...] = ()
    said: Any = None


@dataclass(frozen=True)
class Edge:
    """Columns that point to a row of ``to``; ``kept`` by a foreign key, or by nobody.

    Edges by the same columns are told apart by ``when``; such columns may spell the key, and ``to`` may be nowhere.
    """

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    kept: bool
    nullable: bool
    when: tuple[tuple[str, Any], ...] = ()
    spelled: bool = False

    def __repr__(self) -> str:
        """As a reader follows it."""
        told = ", ".join(f" where {column} = {value!r}" for column, value in self.when)
        word = "references" if self.kept else "points to"
        return f"{', '.join(self.columns)} {word} {self.to or 'nobody'} ({', '.join(self.to_columns)}){told}"


@dataclass
class Table:
    """A table and what the map says of it."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    edges: list[Edge] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)

    def add(self, *columns: Column) -> None:
        """Further columns."""
        self.columns |= {c.name: c for c in columns}

    def __repr__(self) -> str:
        """As a reader follows it."""
        columns = [
            f"{c.name} {c.type}{'' if c.nullable else ' not null'}{' unique' if c.unique else ''}"
            for c in self.columns.values()
        ]
        keys = [f"primary key ({', '.join(self.key)})", *map(repr, self.edges)]
        return f"table {self.name}: {'; '.join([*columns, *keys])}"

    def mapped(self) -> dict[str, Any]:
        """The table's part of the map."""
        columns = {c.name: c.said for c in self.columns.values() if c.said is not None}
        return {**self.said, **({"columns": columns} if columns else {})}

    def schema(self) -> SchemaTable:
        """The table as PostgreSQL tells of it."""
        checks = [
            Check(f"{self.name}_{c.name}_check", (c.name,), f"check ({c.name} in ({_listed(c.only)}))")
            for c in self.columns.values()
            if c.only
        ]
        return SchemaTable(
            self.name,
            {c.name: SchemaColumn(c.name, c.type, nullable=c.nullable) for c in self.columns.values()},
            primary_key=self.key,
            unique=tuple((c.name,) for c in self.columns.values() if c.unique),
            foreign_keys=tuple(ForeignKey(e.columns, e.to, e.to_columns) for e in self.edges if e.kept),
            indexes=tuple(e.columns for e in self.edges),
            checks=tuple(checks),
        )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


@dataclass(frozen=True)
class Write:
    """What the service does to one row: insert it (``old`` is None), change it, or delete it (``new`` is None)."""

    table: str
    old: Row | None
    new: Row | None
    of: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """As a reader follows it."""
        if self.old is None:
            return f"insert into {self.table}: {_row(self.new)}"
        if self.new is None:
            return f"delete from {self.table} where {_row(self.key)}"
        changed = {c: v for c, v in self.new.items() if v != self.old[c]}
        return f"update {self.table} where {_row(self.key)}: {_row(changed)}"

    @property
    def key(self) -> Row:
        """The key of a row that is there, by column."""
        return {c: (self.old or {})[c] for c in self.of}


@dataclass
class World:
    """All of it: what was promised, what is stored, and the instants at which the promise is kept."""

    zone: ZoneInfo
    dates: tuple[datetime, ...]
    policy: dict[str, Any]
    stores: dict[str, Any]
    subjects: dict[str, Any]
    tables: dict[str, Table] = field(default_factory=dict)
    inline: dict[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def policy_text(self) -> bytes:
        """``policy.yaml``."""
        return _written(self.policy)

    @property
    def map_text(self) -> bytes:
        """``datamap.yaml``."""
        tables = {name: table.mapped() for name, table in self.tables.items()}
        said = {"jikim": 1, "service": "made-up", "stores": self.stores, "subjects": self.subjects}
        return _written({**said, "inline": self.inline, "tables": tables})

    @property
    def schema(self) -> Schema:
        """The tables as a store tells of them."""
        schema = Schema({name: table.schema() for name, table in self.tables.items()})
        return with_told(schema, self.told)

    @property
    def told(self) -> tuple[Told, ...]:
        """What the ledger tells about people."""
        return told(parse(self.map_text, name="datamap.yaml")[0])

    def __repr__(self) -> str:
        """What a failing example shows, without what every promise has."""
        every = {"processing", "kept_by_law", "destruction"}
        promised = {name: said for name, said in self.policy.items() if name in every and said}
        return "\n".join(
            [
                f"-- policy.yaml\n{_written(promised).decode()}",
                f"-- datamap.yaml\n{self.map_text.decode()}",
                *map(repr, self.tables.values()),
                *(f"-- {name}: {at}" for name, at in self.facts.service.items()),
                *(f"-- {hold}" for hold in self.facts.holds),
            ]
        )


def _row(row: Row | None) -> str:
    return ", ".join(f"{c}={v if isinstance(v, date) else repr(v)}" for c, v in (row or {}).items())


def _written(said: Mapping[str, Any]) -> bytes:
    return yaml.dump(said, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()


State = Mapping[str, list[Row]]
"""Rows by table."""
