"""A made-up shop on PostgreSQL, kept by jikim, with a table for each kind of work that is measured. Effectful."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
import yaml
from psycopg import sql

from bench.measure import timed
from jikim.backends.base import Batch, Run, Store
from jikim.backends.postgresql.archive import PostgresArchive, SameDatabase
from jikim.backends.postgresql.session import engine
from jikim.backends.postgresql.store import PostgresStore
from jikim.canonical import digest
from jikim.datamap.parse import parse as parse_map
from jikim.evidence.note import Signer
from jikim.law.resolve import resolve
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.keep_promise import Kept, keep_promise
from jikim.operations.plan_sweep import Planned, Promise, bound, plan_sweep
from jikim.policy.parse import parse as parse_policy

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Seoul")
AS_OF = datetime(2026, 6, 1, tzinfo=ZONE)
DEBIAN = (Path("/usr/lib/postgresql/15/bin"), HERE.parents[1] / ".servers/pg15/bin")
ROLES = """
    do $$ begin
        create role bench_sweeper login bypassrls; create role bench_keeper login; create role bench_app login;
        exception when duplicate_object then null;
    end $$;
"""
RIGHTS = "grant select, insert, update, delete, truncate on all tables in schema public to bench_sweeper"
KEY = b"k" * 32
WRITTEN = (
    "posts",
    "notes",
    "drafts",
    "letters",
    "pictures",
    "likes",
    "lists",
    "reviews",
    "replies",
    "reports",
)
"""Tables of what people write, beside their own and their orders: twelve in all."""
_RUNS = count(1)


def floor(name: str) -> str:
    """What one would write by hand."""
    return (HERE.parent / "floors" / f"{name}.sql").read_text()


def debian() -> Path:
    """Where Debian's PostgreSQL 15 is. Raises ``FileNotFoundError``."""
    for programs in DEBIAN:
        if (programs / "postgres").exists():
            return programs
    raise FileNotFoundError("PostgreSQL 15 is not here: run tools/install-test-servers, or make bench")


class Shop:
    """The shop in one database: its store, and a ledger beside it."""

    def __init__(
        self, url: str, ledger: str, *, archive: str | None = None, tables: Collection[str] = ()
    ) -> None:
        self.url, self.archive = url, archive
        self.promise = promise(tables)
        self.sweeper = engine(_as(url, "bench_sweeper"), role="sweeper", tables_in="public")
        self.keeper = engine(_as(archive or url, "bench_keeper"), role="keeper")
        kept = (
            PostgresArchive(self.keeper, schema="kept_by_law", zone=ZONE)
            if archive
            else SameDatabase(self.keeper, self.sweeper, schema="kept_by_law")
        )
        self.store = PostgresStore(
            self.sweeper, kept, name="app", tables_in="public", zone=ZONE, mask_key=KEY, epoch_key=KEY
        )
        self.ledger = connect(ledger)
        upgrade(self.ledger)
        self.batches: list[float] = []
        self.store.batch = self._noted(self.store.batch)  # type: ignore[method-assign]

    def _noted(self, batch: Callable[..., Batch]) -> Callable[..., Batch]:
        """Batches, each with a note of the seconds it took."""

        def noted(*args: Any, **options: Any) -> Batch:
            with timed(self.batches):
                return batch(*args, **options)

        return noted

    def prepare(self) -> None:
        """jikim's own tables, and the archive's."""
        bound(self.store, self.promise, as_of=AS_OF)
        self.store.prepare(self.url, app_role="bench_app")

    def plan(self, *, whole: bool = True) -> Planned:
        """What is due; ``whole``, beside all that is stored."""
        return plan_sweep(self.store, self.promise, as_of=AS_OF, made_at=datetime.now(UTC), whole=whole)

    def apply(self, planned: Planned) -> Kept:
        """Carry it out, receipts and evidence included."""
        return keep(self.store, self.ledger, self.promise, planned)

    def left(self, tables: Iterable[str], *, of: int) -> int:
        """How many rows of the first members are left in these tables."""
        with psycopg.connect(self.url) as connection:
            return sum(
                connection.execute(
                    sql.SQL("select count(*) from {} where {} <= %s").format(
                        sql.Identifier(table), sql.Identifier("id" if table == "members" else "member_id")
                    ),
                    (of,),
                ).fetchone()[0]
                for table in tables
            )

    def close(self) -> None:
        """End every session."""
        for each in (self.sweeper, self.keeper, self.ledger):
            each.dispose()


def keep(store: Store, ledger: sa.Engine, promised: Promise, planned: Planned) -> Kept:
    """Carry a plan out, import the receipts and seal them."""
    return keep_promise(
        store,
        ledger,
        Run(f"run-{next(_RUNS)}", planned.plan, promised.resolved.digests["policy"]),
        signer=Signer("jikim.bench", bytes(range(32))),
        folders={},
        clock=lambda: datetime.now(UTC),
    )


def changed(kept: Kept) -> int:
    """How many rows a run changed, which left nothing that was due."""
    assert kept.complete, kept.applied
    return sum(step.rows for step in kept.applied.steps)


def promise(tables: Collection[str] = ()) -> Promise:
    """The shop's policy and map; of the tables, only these, if any are named."""
    policy, datamap = ((HERE / name).read_text() for name in ("policy.yaml", "datamap.yaml"))
    if tables:
        known = yaml.safe_load(datamap.replace(": no", ": 'no'"))
        known["tables"] = {name: table for name, table in known["tables"].items() if name in tables}
        datamap = yaml.safe_dump(known, allow_unicode=True, sort_keys=False)
    resolved = resolve(parse_policy(policy.encode(), name="policy.yaml"), in_force_on=date(2026, 6, 1))
    read, document = parse_map(datamap.encode(), name="datamap.yaml")
    return Promise(resolved, read, document, digest(document.value))


def _as(url: str, role: str) -> str:
    return sa.make_url(url).set(username=role, drivername="postgresql").render_as_string(hide_password=False)
