"""The same world in a SQLite file and in PostgreSQL: made, written to, and read as plain values. Effectful."""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from ipaddress import ip_address
from itertools import cycle
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from examples.made_up.load import plain as plain_of_plask
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from tests.keeping import KEY, as_role, copies_in, promise_of
from tests.lite import TYPES as PLASK_TYPES
from tests.restless import Restless
from tests.shop import ROLES
from tests.telling import happened, held
from tests.telling import told as hears
from tests.ways import Way, coming_by
from tests.worlds.world import Edge, Table, World, Write

from jikim.backends.base import OutboxEntry, Receipt, Run
from jikim.backends.memory import Row
from jikim.backends.postgresql.archive import SameDatabase
from jikim.backends.postgresql.session import engine
from jikim.backends.postgresql.store import PostgresStore
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.store import SqliteStore
from jikim.datamap.survey import quoted
from jikim.operations.apply_plan import Applied, apply_plan
from jikim.operations.plan_sweep import Planned, Promise, bound, plan_sweep
from jikim.plan.plan import archive_table
from jikim.plan.telling import Telling

TYPES = {**PLASK_TYPES, "timestamp without time zone": "timestamp"}


def statements(tables: Iterable[Table], *, lite: bool) -> Iterator[str]:
    """What makes the tables."""
    for table in tables:
        columns = [
            f"{quoted(c.name)} {TYPES.get(c.type, 'text') if lite else c.type}"
            f"{'' if c.nullable else ' not null'}{' unique' if c.unique else ''}"
            + (f" check ({quoted(c.name)} in ({', '.join(map(_text, c.only))}))" if c.only else "")
            for c in table.columns.values()
        ]
        keys = [f"primary key ({', '.join(map(quoted, table.key))})"]
        keys += [_foreign(e) for e in table.edges if e.kept and lite]
        yield f"create table {quoted(table.name)} ({', '.join([*columns, *keys])})"


def foreign_keys(tables: Iterable[Table]) -> Iterator[str]:
    """What makes the foreign keys of tables that are there: they may point at one another."""
    for table in tables:
        yield from (f"alter table {quoted(table.name)} add {_foreign(e)}" for e in table.edges if e.kept)


def _foreign(edge: Edge) -> str:
    to = f"{quoted(edge.to)} ({', '.join(map(quoted, edge.to_columns))})"
    return f"foreign key ({', '.join(map(quoted, edge.columns))}) references {to}"


def _text(value: str) -> str:
    return f"'{value}'"


def as_written(value: Any, kind: str) -> Any:
    """A value that a SQLite file holds as text, as the column's type means it."""
    if value is None or (not isinstance(value, str) and kind != "boolean"):
        return value
    match kind:
        case "jsonb":
            return json.loads(value)
        case "date":
            return date.fromisoformat(value)
        case "inet":
            return ip_address(value.partition("/")[0])
        case "boolean":
            return value in (1, "1", "true")
        case "bigint":
            return int(value)
    return datetime.fromisoformat(value) if kind.startswith("timestamp") else value


def plain(value: Any) -> Any:
    """A value as a service that uses SQLite writes it: a time without a zone keeps none."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.isoformat(" ")
    return plain_of_plask(value)


@dataclass
class Place(ABC):
    """A world in one store, with jikim beside it, which can end and start again."""

    world: World
    name: ClassVar[str]
    url: str
    store: Any = field(init=False)
    promise: Promise = field(init=False)
    runs: Iterator[int] = field(init=False, default_factory=lambda: iter(range(1_000_000)))
    ways: Iterator[Way] = field(init=False, default_factory=lambda: cycle(("ranges", "", "index")))

    @abstractmethod
    def start(self) -> None:
        """Open the store, as every process of jikim does."""

    @abstractmethod
    def end(self) -> None:
        """Let go of it."""

    @abstractmethod
    def write(self, writes: list[Write]) -> None:
        """What the service does, each by itself."""

    @abstractmethod
    def rows(self, table: str) -> list[Row]:
        """Every row of a table, as plain values."""

    def hear(self, words: list[Telling]) -> None:
        """The ledger tells of people."""
        hears(self.store, *words)

    def prepare(self) -> None:
        """Make what jikim adds for the promise as it is now."""
        self.promise = promise_of(self.world.policy_text, self.world.map_text)
        self.store.told_of = self.world.told
        bound(self.store, self.promise, as_of=self.world.dates[0])
        self.store.prepare(None, app_role=None)

    def open(self) -> None:
        """The same for the first time, and tell it of holds and of what happened to the service."""
        self.prepare()
        for name, when in self.world.facts.service.items():
            happened(self.store, name, when, zone=self.store.zone)
        for hold in self.world.facts.holds:
            held(self.store, hold, at=self.world.dates[0])

    def plan(self, as_of: datetime) -> Planned:
        """The plan as of an instant; where a store knows several ways to its rows, each plan takes another."""
        planned = plan_sweep(self.store, self.promise, as_of=as_of, made_at=as_of)
        return coming_by(next(self.ways), planned)

    def apply(self, planned: Planned, *, now: datetime | None = None, **options: Any) -> Applied:
        """Finish what a killed run left, and apply a plan that was made now, while the service goes on writing."""
        self.store.recover()
        run = Run(f"run-{next(self.runs)}", planned.plan, self.promise.resolved.digests["policy"])
        with Restless(self.url).beside():
            return apply_plan(self.store, run, now=now or planned.plan.as_of, **options)

    def told(self) -> tuple[list[Receipt], list[OutboxEntry]]:
        """Receipts and files of what was done since this was last asked."""
        files = self.store.outbox()
        self.store.removed(files)
        receipts = list(self.store.unshipped())
        self.store.shipped(receipts)
        return receipts, files

    def copies(self, planned: Planned) -> dict[tuple[str, str, tuple[str, ...]], Row]:
        """Every archived copy, as plain values."""
        apart = isinstance(self.store.archive, SqliteArchive)
        return {
            (schedule.table, record, tuple(row["jikim_key"])): {
                c: as_written(v, self._type(schedule.table, c)) if apart else v for c, v in row.items()
            }
            for schedule in planned.schedules
            for record in schedule.records
            for row in copies_in(self.store.archive, archive_table(schedule.table, record))
        }

    def _type(self, table: str, name: str) -> str:
        """The type of an archived column: the row's own, or one that its person lends."""
        if name.startswith("jikim_"):
            return ""
        if "$" in name:
            return "jsonb"
        lent = {
            f"{kind}_{c.name}": c.type
            for kind, subject in self.world.subjects.items()
            for c in self.world.tables[subject["table"]].columns.values()
        }
        lent |= {"guest_words": "text"}
        own = {c.name: c.type for c in self.world.tables[table].columns.values()}
        return (lent | own)[name]


def said(write: Write, mark: str) -> tuple[str, list[Any]]:
    """A write as SQL, its values after one another."""
    if write.old is None:
        row = write.new or {}
        names = ", ".join(map(_name(mark), row))
        return (
            f"insert into {_name(mark)(write.table)} ({names}) values ({', '.join(mark for _ in row)})",
            list(row.values()),
        )
    key = write.key
    where = " and ".join(f"{_name(mark)(c)} = {mark}" for c in key)
    if write.new is None:
        return f"delete from {_name(mark)(write.table)} where {where}", list(key.values())
    changed = {c: v for c, v in write.new.items() if v != write.old[c]} or key
    sets = ", ".join(f"{_name(mark)(c)} = {mark}" for c in changed)
    return f"update {_name(mark)(write.table)} set {sets} where {where}", [*changed.values(), *key.values()]


def _name(mark: str) -> Callable[[str], str]:
    return lambda name: quoted(name).replace("%", "%%") if mark == "%s" else quoted(name)


# -- SQLite -----------------------------------------------------------------------------------------------


@dataclass
class Lite(Place):
    """In a file, the archive in another."""

    name = "SQLite"
    folder: Path

    def start(self) -> None:
        """Open the store, as every process of jikim does."""
        archive = SqliteArchive(self.folder / "archive.db", zone=self.world.zone)
        self.store = SqliteStore(
            self.folder / "app.db",
            archive,
            name="app",
            zone=self.world.zone,
            mask_key=KEY,
            epoch_key=KEY,
            told=self.world.told,
        )

    def end(self) -> None:
        """Let go of it."""
        self.store.close()
        self.store.archive.close()

    def write(self, writes: list[Write]) -> None:
        """What the service does, each by itself."""
        with closing(sqlite3.connect(self.folder / "app.db", timeout=30, isolation_level=None)) as connection:
            connection.execute("pragma foreign_keys = on")
            connection.execute("pragma synchronous = off")
            for write in writes:
                text, values = said(write, "?")
                connection.execute(text, [plain(v) for v in values])

    def rows(self, table: str) -> list[Row]:
        """Every row of a table, as plain values."""
        columns = self.world.tables[table].columns
        with closing(sqlite3.connect(self.folder / "app.db")) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(f"select * from {quoted(table)}").fetchall()
        return [{c: as_written(row[c], columns[c].type) for c in row.keys()} for row in found]  # noqa: SIM118


@contextmanager
def lite(folder: Path, world: World) -> Iterator[Lite]:
    """The world in new files of a folder."""
    for old in folder.glob("*.db*"):
        old.unlink()
    with closing(sqlite3.connect(folder / "app.db", isolation_level=None)) as connection:
        for statement in statements(world.tables.values(), lite=True):
            connection.execute(statement)
    place = Lite(world, str(folder / "app.db"), folder)
    place.start()
    try:
        place.open()
        yield place
    finally:
        place.end()


# -- PostgreSQL -------------------------------------------------------------------------------------------


@dataclass
class Postgres(Place):
    """In a database, the archive in a schema of its own or in a file."""

    name = "PostgreSQL"
    apart: Path | None

    def start(self) -> None:
        """Open the store, as every process of jikim does; whoever was killed is gone from the server first."""
        others = (
            "select 1 from pg_stat_activity where datname = current_database() and usename like 'plask_%'"
        )
        with psycopg.connect(self.url, autocommit=True) as connection:
            while connection.execute(others).fetchone():
                connection.execute("select pg_sleep(0.001)")
        zone = self.world.zone
        sweeper = engine(as_role(self.url, "plask_sweeper"), role="sweeper", tables_in="public")
        if self.apart:
            archive: Any = SqliteArchive(self.apart / "apart.db", zone=zone)
        else:
            keeper = engine(as_role(self.url, "plask_keeper"), role="keeper")
            archive = SameDatabase(keeper, sweeper, schema="kept_by_law")
        self.store = PostgresStore(
            sweeper,
            archive,
            name="app",
            tables_in="public",
            zone=zone,
            mask_key=KEY,
            epoch_key=KEY,
            told=self.world.told,
        )

    def end(self) -> None:
        """Let go of it."""
        self.store.sweeper.dispose()
        if self.apart:
            self.store.archive.close()
        else:
            self.store.archive.keeper.dispose()

    def write(self, writes: list[Write]) -> None:
        """What the service does, each by itself."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for write in writes:
                text, values = said(write, "%s")
                connection.execute(
                    text.encode(), [Jsonb(v) if isinstance(v, dict | list) else v for v in values]
                )

    def rows(self, table: str) -> list[Row]:
        """Every row of a table, as plain values."""
        with psycopg.connect(self.url, row_factory=dict_row, options="-c timezone=UTC") as connection:
            return connection.execute(f"select * from {quoted(table)}".encode()).fetchall()


MADE_NEW = """
    drop schema if exists public, jikim, kept_by_law cascade;
    create schema public; grant usage on schema public to public;
"""
RIGHTS = "grant select, update, delete on all tables in schema public to plask_sweeper"


@contextmanager
def postgres(url: str, world: World, *, apart: Path | None = None) -> Iterator[Postgres]:
    """The world in a database whose schemas are made anew.

    :param apart: a folder for the archive; else it lies in the same database.
    """
    for old in apart.glob("*.db*") if apart else ():
        old.unlink()
    with psycopg.connect(url, autocommit=True) as connection:
        tables = world.tables.values()
        made = [ROLES, MADE_NEW, *statements(tables, lite=False), *foreign_keys(tables), RIGHTS]
        connection.execute(";".join(made).encode())
    place = Postgres(world, url, apart)
    place.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(";".join(place.store.administration(None)).encode())
        place.open()
        yield place
    finally:
        place.end()


@contextmanager
def stored(world: World, where: str, *, folder: Path, url: str) -> Iterator[Place]:
    """The world in a file, or in a database whose archive lies in it or apart."""
    if where == "file":
        with lite(folder, world) as place:
            yield place
    else:
        with postgres(url, world, apart=folder if where == "apart" else None) as kept:
            yield kept
