"""Plask on a real PostgreSQL, kept by jikim: what acceptance, crash and agreement tests start from."""

import ipaddress
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from examples.made_up.load import load, put_files
from examples.made_up.service import Service
from examples.made_up.world import Batch
from examples.plask.world import PLASK
from psycopg.rows import dict_row
from tests.restless import Restless

from jikim.backends import memory
from jikim.backends.auditing.auditor import Auditor, Database
from jikim.backends.base import Archive, Run
from jikim.backends.postgresql.archive import PostgresArchive, SameDatabase
from jikim.backends.postgresql.audit import PostgresDatabase
from jikim.backends.postgresql.session import engine
from jikim.backends.postgresql.store import PostgresStore
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.audit import SqliteFile
from jikim.canonical import digest
from jikim.datamap.files import listings
from jikim.datamap.parse import parse as parse_map
from jikim.datamap.schema import Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.told import told
from jikim.law.resolve import resolve
from jikim.operations.apply_plan import Applied, apply_plan
from jikim.operations.audit_store import AuditReport, audit_store
from jikim.operations.plan_sweep import Planned, Promise, bound, plan_sweep
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Schedules
from jikim.policy.parse import parse as parse_policy

SEOUL = ZoneInfo("Asia/Seoul")
KEY = b"k" * 32
AUDITOR = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'auditor_of_plask') then
        create role auditor_of_plask login bypassrls in role pg_read_all_data;
    end if;
end $$
"""


def seoul(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant as a clock in Seoul shows it."""
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL)


def plask_promise() -> Promise:
    """Plask's corrected policy and its map."""
    return promise_of_service(PLASK)


def promise_of_service(service: Service) -> Promise:
    """A service's corrected policy and its map."""
    return promise_of(*((service.folder / name).read_bytes() for name in ("policy.yaml", "datamap.yaml")))


@lru_cache(maxsize=64)
def promise_of(policy: bytes, datamap: bytes) -> Promise:
    """A policy and a map."""
    resolved = resolve(parse_policy(policy, name="policy.yaml"), in_force_on=date(2026, 1, 12))
    read, document = parse_map(datamap, name="datamap.yaml")
    return Promise(resolved, read, document, digest(document.value))


def as_role(url: str, role: str) -> str:
    """The same database, signed in as another role."""
    return sa.make_url(url).set(username=role, drivername="postgresql").render_as_string(hide_password=False)


@dataclass
class Kept:
    """A Plask database and jikim beside it, and somebody who writes beside every sweep.

    :param alone: why nobody does, in a test in which nobody may.
    """

    url: str
    store: PostgresStore
    promise: Promise
    files: Path | None = None
    folders: dict[str, Path] = field(default_factory=dict)
    runs: Iterator[int | str] = field(default_factory=lambda: iter(range(1_000_000)))
    alone: str = ""

    def __post_init__(self) -> None:
        self.restless = Restless(self.url)

    def execute(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Run a statement as the superuser; rows as dicts."""
        with psycopg.connect(self.url, row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def live(self, batch: Batch) -> None:
        """Let the people of the made-up world do what they did."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            load(connection, batch)
        if self.files is not None:
            put_files(batch, {"motions": self.files})

    def plan(self, as_of: datetime) -> Planned:
        """The plan as of an instant."""
        return plan_sweep(self.store, self.promise, as_of=as_of, made_at=as_of, folders=self.folders)

    def sweep(self, as_of: datetime, **options: Any) -> Applied:
        """Plan and apply as of an instant."""
        return self.apply(self.plan(as_of), as_of, **options)

    def apply(self, planned: Planned, as_of: datetime, **options: Any) -> Applied:
        """Apply a plan that was made before, while the service goes on writing."""
        with self.busy():
            return apply_plan(self.store, self.run(planned), now=as_of, **options)

    def busy(self) -> AbstractContextManager[None]:
        """The service goes on writing beside the block, where it may."""
        return nullcontext() if self.alone else self.restless.beside()

    def run(self, planned: Planned) -> Run:
        """A run of a plan, under a name of its own."""
        return Run(f"run-{next(self.runs)}", planned.plan, self.promise.resolved.digests["policy"])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of one of the service's tables; of a folder, what is listed of its files."""
        if listed := listings(self.promise.datamap).get(table):
            return self.stored(self.store.reflect().tables.get(table, listed))
        return self.execute(f'select * from "{table}"')

    def stored(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a table as the memory model holds it: a `char(n)` without the blanks that pad it, and nothing
        that the store makes of other columns."""
        only = "" if table.partitioned else "only "
        padded = [name for name, column in table.columns.items() if column.kind == "character"]
        own = ", ".join(quoted(name) for name, column in table.columns.items() if not column.generated)
        found = self.execute(f"select {own} from {only}{quoted(*table.at('public'))}")
        return [{**row, **{c: row[c] and row[c].rstrip(" ") for c in padded}} for row in found]

    def memory(self, as_of: datetime, *, schema: Schema | None = None) -> memory.World:
        """The same rows as the memory model holds them.

        :param schema: as a plan has it already.
        """
        schema = schema or bound(self.store, self.promise, as_of=as_of)[1]
        rows = {name: self.stored(table) for name, table in schema.tables.items()}
        return memory.World(rows, facts=self.store.facts())

    def archive(self, as_of: datetime) -> dict[tuple[str, str, tuple[str, ...]], dict[str, Any]]:
        """Every archived copy by (table, record, key)."""
        schedules, schema, _ = bound(self.store, self.promise, as_of=as_of)
        return self.archived(schedules, schema)

    def archived(
        self, schedules: Schedules, schema: Schema
    ) -> dict[tuple[str, str, tuple[str, ...]], dict[str, Any]]:
        """The same, of schedules that a plan has already."""
        return {
            (schedule.table, record, tuple(row["jikim_key"])): as_copied(row, schema.tables[schedule.table])
            for schedule in schedules
            for record in schedule.records
            for row in copies_in(self.store.archive, archive_table(schedule.table, record))
        }


def elsewhere(url: str) -> PostgresArchive:
    """An archive in that database."""
    return PostgresArchive(engine(url, role="keeper"), schema="kept_by_law", zone=SEOUL)


def copies_in(archive: Any, name: str) -> list[dict[str, Any]]:
    """What one table of an archive keeps, whatever kind it is."""
    if not isinstance(archive, SqliteArchive):
        pending = " where jikim_pending = ''" if isinstance(archive, PostgresArchive) else ""
        with archive.keeper.connect() as connection:
            query = f'select * from kept_by_law."{name}"{pending}'.replace("%", "%%")
            return [dict(row) for row in connection.exec_driver_sql(query).mappings()]
    with closing(sqlite3.connect(archive.path)) as lite:
        lite.row_factory = sqlite3.Row
        found = [dict(row) for row in lite.execute(f"select * from \"{name}\" where jikim_pending = ''")]
    for row in found:
        row["jikim_key"] = json.loads(row["jikim_key"])
        row["jikim_subject_key"] = json.loads(row["jikim_subject_key"] or "null")
        row["jikim_destroy_after"] = datetime.fromisoformat(row["jikim_destroy_after"]).replace(tzinfo=UTC)
    return found


def as_copied(row: dict[str, Any], table: Table) -> dict[str, Any]:
    """A copy with its values as the row had them: an archive elsewhere may know fewer types."""

    def read(name: str, value: Any) -> Any:
        column = table.columns.get(name.partition("$")[0])
        if column is None or not isinstance(value, str):
            return value
        kind = "loose" if column.loose and column.family not in ("number", "json") else column.kind
        kind = "time" if not column.loose and column.time_type else kind
        return _READS.get(kind, str)(value)

    return {name: read(name, value) for name, value in row.items()}


_READS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("json", "jsonb"), json.loads),
    **dict.fromkeys(("smallint", "integer", "bigint"), int),
    **dict.fromkeys(("real", "double precision"), float),
    "numeric": Decimal,
    "date": date.fromisoformat,
    "time": datetime.fromisoformat,
    "boolean": lambda text: text == "true",
    "uuid": UUID,
    "inet": lambda text: ipaddress.ip_address(text.partition("/")[0]),
}


@contextmanager
def plask(
    url: str, *, files: Path | None = None, as_of: datetime | None = None, archive: Archive | None = None
) -> Iterator[Kept]:
    """Plask installed in an empty database, prepared for jikim."""
    with psycopg.connect(url, autocommit=True) as connection:
        PLASK.install(connection)
    with kept_at(url, promise=plask_promise(), files=files, archive=archive) as kept:
        bound(kept.store, kept.promise, as_of=as_of or seoul(2026, 1, 1))
        kept.store.prepare(url, app_role=kept.promise.datamap.stores.app.app_role)
        yield kept


@contextmanager
def kept_at(
    url: str,
    *,
    promise: Promise,
    files: Path | None = None,
    archive: Archive | None = None,
    service: Service = PLASK,
) -> Iterator[Kept]:
    """jikim beside a service that is installed and prepared already, in the roles that it has for that."""
    sweeper = engine(as_role(url, service.role("sweeper")), role="sweeper", tables_in="public")
    keeper = engine(as_role(url, service.role("keeper")), role="keeper")
    store = PostgresStore(
        sweeper,
        archive or SameDatabase(keeper, sweeper, schema="kept_by_law"),
        name="app",
        tables_in="public",
        zone=SEOUL,
        mask_key=KEY,
        epoch_key=KEY,
        also=promise.datamap.schemas,
        listings=listings(promise.datamap),
        told=told(promise.datamap),
    )
    try:
        yield Kept(url, store, promise, files)
    finally:
        for each in (sweeper, keeper):
            each.dispose()


def auditor_of(live: sa.Engine, archive: sa.Engine | None = None, *, kept: Kept | None = None) -> Auditor:
    """Whoever reads a service in PostgreSQL by these roles, its archive in the same database or elsewhere."""
    datamap = kept.promise.datamap if kept else None
    apart = kept is not None and not isinstance(kept.store.archive, SameDatabase)
    return Auditor(
        PostgresDatabase(live, ("public", *(datamap.schemas if datamap else ()))),
        archive_of(kept.store.archive)
        if apart and kept
        else PostgresDatabase(archive or live, ("kept_by_law",)),
        home="public",
        apart=apart,
        listings=listings(datamap) if datamap else {},
        told=told(datamap) if datamap else (),
    )


def archive_of(archive: Any) -> Database:
    """An archive elsewhere, as its keeper reads it."""
    if isinstance(archive, SqliteArchive):
        return SqliteFile(archive.path, archive.path)
    return PostgresDatabase(archive.keeper, (archive.schema,))


@contextmanager
def _auditor(kept: Kept) -> Iterator[Auditor]:
    """A role that reads everything and does nothing; a file needs none."""
    if not isinstance(kept.store, PostgresStore):
        file = Path(kept.url)
        yield Auditor(
            SqliteFile(file, file),
            archive_of(kept.store.archive),
            home="main",
            apart=True,
            listings=listings(kept.promise.datamap),
            told=told(kept.promise.datamap),
        )
        return
    kept.execute(AUDITOR)
    reader = engine(as_role(kept.url, "auditor_of_plask"), role="auditor")
    try:
        yield auditor_of(reader, kept=kept)
    finally:
        reader.dispose()


def audit_of(
    kept: Kept,
    *,
    as_of: datetime,
    now: datetime | None = None,
    ledger: sa.Engine | None = None,
    **options: Any,
) -> AuditReport:
    """An audit by somebody who reads everything and does nothing."""
    with _auditor(kept) as auditor:
        return audit_store(
            auditor,
            kept.promise,
            as_of=as_of,
            now=now or as_of,
            ledger=ledger,
            folders=kept.folders,
            **options,
        )
