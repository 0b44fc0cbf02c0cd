"""Plask on a real PostgreSQL, kept by jikim: what acceptance, crash and agreement tests start from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from examples.plask.install import install
from examples.plask.load import load
from examples.plask.world import Batch
from psycopg.rows import dict_row

from jikim.backends import memory
from jikim.backends.base import Run
from jikim.backends.postgresql.audit import PostgresAuditor
from jikim.backends.postgresql.store import PostgresStore, engine
from jikim.canonical import digest
from jikim.datamap.parse import parse as parse_map
from jikim.law.resolve import resolve
from jikim.operations.apply_plan import Applied, apply_plan
from jikim.operations.audit_store import AuditReport, audit_store
from jikim.operations.plan_sweep import Planned, Promise, bound, plan_sweep
from jikim.operations.prepare_store import prepare_store
from jikim.plan.plan import archive_table
from jikim.policy.parse import parse as parse_policy

SEOUL = ZoneInfo("Asia/Seoul")
PLASK = Path(__file__).parents[1] / "examples" / "plask"
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
    return promise_of((PLASK / "policy.yaml").read_bytes(), (PLASK / "datamap.yaml").read_bytes())


def promise_of(policy: bytes, datamap: bytes) -> Promise:
    """A policy and a map, read as Plask's."""
    resolved = resolve(parse_policy(policy, name="policy.yaml"), in_force_on=date(2026, 1, 12))
    read, document = parse_map(datamap, name="datamap.yaml")
    return Promise(resolved, read, document, digest(document.value))


def as_role(url: str, role: str) -> str:
    """The same database, signed in as another role."""
    return sa.make_url(url).set(username=role, drivername="postgresql").render_as_string(hide_password=False)


@dataclass
class Kept:
    """A Plask database and jikim beside it."""

    url: str
    store: PostgresStore
    promise: Promise
    files: Path | None = None
    _runs: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def execute(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Run a statement as the superuser; rows as dicts."""
        with psycopg.connect(self.url, row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def live(self, batch: Batch) -> None:
        """Let the people of the made-up world do what they did."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            load(connection, batch, files=self.files)

    def plan(self, as_of: datetime) -> Planned:
        """The plan as of an instant."""
        return plan_sweep(self.store, self.promise, as_of=as_of, made_at=as_of)

    def sweep(self, as_of: datetime, **options: Any) -> Applied:
        """Plan and apply as of an instant."""
        planned = self.plan(as_of)
        run = Run(f"run-{next(self._runs)}", planned.plan, self.promise.resolved.digests["policy"])
        return apply_plan(self.store, run, now=as_of, **options)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of one of the service's tables."""
        return self.execute(f'select * from "{table}"')

    def memory(self, as_of: datetime) -> memory.World:
        """The same rows as the memory model holds them."""
        schedules, schema, _ = bound(self.store, self.promise, as_of=as_of)
        del schedules
        return memory.World({name: self.rows(name) for name in schema.tables}, facts=self.store.facts())

    def archive(self, as_of: datetime) -> dict[tuple[str, str, tuple[str, ...]], dict[str, Any]]:
        """Every archived copy by (table, record, key)."""
        schedules, _, _ = bound(self.store, self.promise, as_of=as_of)
        return {
            (schedule.table, record, tuple(row["jikim_key"])): row
            for schedule in schedules
            for record in schedule.records
            for row in self.execute(f'select * from kept_by_law."{archive_table(schedule.table, record)}"')
        }


@contextmanager
def plask(url: str, *, files: Path | None = None, as_of: datetime | None = None) -> Iterator[Kept]:
    """Plask installed in an empty database, prepared for jikim."""
    with psycopg.connect(url, autocommit=True) as connection:
        install(connection)
    with kept_at(url, promise=plask_promise(), files=files) as kept:
        bound(kept.store, kept.promise, as_of=as_of or seoul(2026, 1, 1))
        admin = engine(url, role="administrator")
        prepare_store(admin, kept.store, kept.promise.datamap)
        admin.dispose()
        yield kept


@contextmanager
def kept_at(url: str, *, promise: Promise, files: Path | None = None) -> Iterator[Kept]:
    """jikim beside a Plask that is installed and prepared already."""
    sweeper = engine(as_role(url, "plask_sweeper"), role="sweeper", tables_in="public")
    keeper = engine(as_role(url, "plask_keeper"), role="keeper")
    store = PostgresStore(
        sweeper,
        keeper,
        name="app",
        tables_in="public",
        archive="kept_by_law",
        zone=SEOUL,
        mask_key=KEY,
        epoch_key=KEY,
    )
    try:
        yield Kept(url, store, promise, files)
    finally:
        for each in (sweeper, keeper):
            each.dispose()


def audit_of(
    kept: Kept,
    *,
    as_of: datetime,
    now: datetime | None = None,
    ledger: sa.Engine | None = None,
    **options: Any,
) -> AuditReport:
    """An audit by a role that reads everything and does nothing."""
    kept.execute(AUDITOR)
    reader = engine(as_role(kept.url, "auditor_of_plask"), role="auditor")
    auditor = PostgresAuditor(reader, reader, tables_in="public", archive_in="kept_by_law")
    try:
        return audit_store(auditor, kept.promise, as_of=as_of, now=now or as_of, ledger=ledger, **options)
    finally:
        reader.dispose()
