"""A service in a SQLite file: jikim beside the best SQL that one would write by hand, alone and with a service at work.

A fifth of the rows of a table of ``sqlite_shop/`` is due. A round begins with a copy of the same file, planned anew;
what is measured is the carrying out, receipts and their way into a sealed log included. By hand the rows are gone
through once, in a session that is set as jikim's own: ten thousand due rows a transaction; beside a service a quarter
of that, then the write-ahead log is copied, and it rests for as long as it held the lock: nobody else would get it.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench.measure import Figure, Scale, Target, at_least, at_most, seconds, seconds_of, within
from bench.shop import changed, keep
from bench.shop.compared import Felt
from bench.shop.places import administer
from jikim.backends.base import Batch
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.store import SqliteStore
from jikim.canonical import digest
from jikim.datamap.parse import parse as parse_map
from jikim.law.resolve import resolve
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.plan_sweep import Planned, Promise, bound, plan_sweep
from jikim.policy.parse import parse as parse_policy
from jikim.postgres import Server

HERE = Path(__file__).parent
SHOP, FLOORS = HERE / "sqlite_shop", HERE / "floors"
SEOUL = ZoneInfo("Asia/Seoul")
AS_OF = datetime(2026, 4, 1, tzinfo=SEOUL)
KEY = b"k" * 32
BY_HAND = 10_000
"""Due rows of a transaction."""
LOG = 8000
"""Pages of the write-ahead log after which it is copied into the file, where nobody else writes."""
SET = ("secure_delete = on", "cache_size = -32768", "temp_store = memory", "foreign_keys = on")
LEAVERS = "delete from members where left_at <= :by"
VISIT = "insert into visits (member_id, path, agent, at) values (1, '/', 'b', '2026-03-31 03:00:00')"
PARCEL = "insert into parcels (member_id, what, sent_at) values (1, 'bread', '2026-03-31 03:00:00')"
ORDER = (
    "insert into orders (member_id, what, won, completed_at) values (1, 'bread', 9, '2026-03-31 03:00:00')"
)


@dataclass(frozen=True)
class Task:
    """What is measured: rows of which kind (a part of ``rows.sql``), and the SQL by hand.

    :param by: the greatest time that is due.
    :param reach: keys in a range that has ten thousand due rows.
    :param writes: what the service writes meanwhile; it is not due.
    :param part: of the scale's rows there are one in so many.
    """

    name: str
    kinds: tuple[str, ...]
    floor: str
    by: str
    reach: int
    writes: str
    target: Target
    part: int = 1


TASKS = (
    Task("the oldest", ("visits",), "destroy", "2025-12-31 15:00:00", BY_HAND, VISIT, at_least(0.7)),
    Task(
        "every fifth",
        ("visits in no order",),
        "destroy",
        "2025-12-31 15:00:00",
        5 * BY_HAND,
        VISIT,
        at_least(0.7),
    ),
    Task("every fifth", ("parcels",), "mask", "2026-02-28 15:00:00", 5 * BY_HAND, PARCEL, at_least(0.8)),
    Task(
        "to another file",
        ("orders", "leavers"),
        "archive",
        "2026-03-31 15:00:00",
        5 * BY_HAND,
        ORDER,
        at_least(0.5),
        part=5,
    ),
)


def figures(scale: Scale) -> Iterator[Figure]:
    """Rates beside those by hand, and how long a service waits that writes meanwhile."""
    with tempfile.TemporaryDirectory() as folder, _ledger(Path(folder) / "server") as ledger:
        for task in TASKS:
            rows = max(50, scale.rows // task.part)
            yield from Round(Path(folder), ledger, task, rows).figures(scale)


@contextmanager
def _ledger(home: Path) -> Iterator[sa.Engine]:
    """Where receipts go."""
    with Server.start(home, durable=False) as server:
        administer(server, "create database ledger")
        ledger = connect(server.url("ledger"))
        upgrade(ledger)
        yield ledger
        ledger.dispose()


@dataclass
class Round:
    """One task in a folder, as often as it is asked for."""

    folder: Path
    ledger: sa.Engine
    task: Task
    rows: int
    held: list[float] = field(default_factory=list)
    """Seconds of each of our transactions while nobody else writes, from the lock to the commit."""

    @cached_property
    def filled(self) -> Path:
        """The file that every round begins with."""
        path = self.folder / "filled.db"
        path.unlink(missing_ok=True)
        parts = [part.partition("\n") for part in (SHOP / "rows.sql").read_text().split("\n-- ")[1:]]
        statements = {head.partition(":")[0]: text for head, _, text in parts}
        with closing(sqlite3.connect(path, isolation_level=None)) as session:
            session.execute("pragma journal_mode = wal")
            session.executescript((SHOP / "tables.sql").read_text())
            session.execute("begin")
            for kind in ("members", *self.task.kinds):
                session.execute(statements[kind], {"rows": self.rows})
            session.execute("commit")
        with _store(path, self.folder / "archive.db") as store:
            bound(store, _promise(), as_of=AS_OF)
            store.prepare(None, app_role=None)
        return path

    @property
    def due(self) -> int:
        """Rows that are to be changed, and members who leave with theirs."""
        return self.rows // 5 + (self.rows // 20 // 5 if "leavers" in self.task.kinds else 0)

    @property
    def app(self) -> str:
        """The service's file, as it is in this round."""
        return str(self.folder / "app.db")

    def figures(self, scale: Scale) -> Iterator[Figure]:
        """Rows a second, ours and by hand in turns, and how long a transaction was: ours, and the service's own."""
        felt, floor_felt = Felt.by(scale), Felt.by(scale)
        plans, alone, floors, beside, floors_beside = (list[float]() for _ in range(5))
        for _ in range(scale.times):
            floors.append(self.by_hand())
            alone.append(self.ours(plans))
            floors_beside.append(self.by_hand(floor_felt))
            beside.append(self.ours(plans, felt))
        what = f"{self.task.floor} {self.due:,} of {self.rows:,}, {self.task.name}, SQLite"
        yield self._rate(what, alone, floors)
        yield Figure("  its plan", "s", median(plans))
        yield Figure("  its transactions, p99", "ms", 1000 * within(0.99, self.held), target=at_most(100))
        yield self._rate("  beside a service that writes", beside, floors_beside)
        yield felt.beside_it(floor_felt)

    def _rate(self, what: str, ours: list[float], floor: list[float]) -> Figure:
        mine, hand = (self.due / median(took) for took in (ours, floor))
        return Figure(what, "rows/s", mine, hand, self.task.target)

    def ours(self, plans: list[float], felt: Felt | None = None) -> float:
        """Seconds of carrying out, beside a service or not; those of planning are added to the others."""
        with _store(self._copied(), self.folder / "archive.db") as store:
            took, planned = seconds_of(partial(plan_sweep, store, _promise(), as_of=AS_OF, made_at=AS_OF))
            plans.append(took)
            if not felt:
                store.batch = self._noted(store.batch)  # type: ignore[method-assign]
            return self._seconds(partial(self._carry_out, store, planned), felt)

    def _seconds(self, work: Callable[[], object], felt: Felt | None) -> float:
        return felt.work(self.app, self.task.writes, work)[0] if felt else seconds(work)

    def _noted(self, batch: Callable[..., Batch]) -> Callable[..., Batch]:
        """Batches, each with a note of the seconds for which it kept others waiting."""

        def noted(*args: Any, **options: Any) -> Batch:
            done = batch(*args, **options)
            self.held.append(done.seconds)
            return done

        return noted

    def _carry_out(self, store: SqliteStore, planned: Planned) -> None:
        kept = keep(store, self.ledger, _promise(), planned)
        assert changed(kept) == self.due, kept.applied

    def by_hand(self, felt: Felt | None = None) -> float:
        """Seconds of the same by hand."""
        path = self._copied()
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as session:
            for pragma in SET:
                session.execute(f"pragma {pragma}")
            session.execute(f"pragma wal_autocheckpoint = {0 if felt else LOG}")
            if self.task.floor == "archive":
                session.execute("attach ? as kept", [str(self.folder / "by-hand.db")])
                session.execute("pragma kept.journal_mode = wal")
                session.execute("pragma kept.cache_size = -32768")
                session.execute(
                    "create table kept.orders (id integer primary key, member_id, what, won, completed_at, go_after)"
                )
                session.execute("create index kept.going on orders (go_after)")
            return self._seconds(partial(self._sweep, session, polite=felt is not None), felt)

    def _sweep(self, session: sqlite3.Connection, *, polite: bool) -> None:
        """Every range of keys in its turn, each statement a transaction of its own."""
        statements = (FLOORS / f"sqlite_{self.task.floor}.sql").read_text().split(";")
        reach = self.task.reach // (4 if polite else 1)
        gone = 0
        for after in range(0, self.rows, reach):
            said = {"after": after, "upto": after + reach, "by": self.task.by, "as_of": "2026-03-31 15:00:00"}
            for statement in statements:
                done, held = self._done(session, statement, said)
                if polite:
                    session.execute("pragma wal_checkpoint(passive)")
                    time.sleep(held)
            gone += done
        if "leavers" in self.task.kinds:
            gone += self._done(session, LEAVERS, {"by": self.task.by})[0]
        assert gone == self.due, (gone, self.due)

    def _done(
        self, session: sqlite3.Connection, statement: str, said: dict[str, object]
    ) -> tuple[int, float]:
        """One transaction: how many rows it changed, and for how many seconds it held the lock."""
        session.execute("begin immediate")
        took, done = seconds_of(partial(session.execute, statement, said))
        committing, _ = seconds_of(partial(session.execute, "commit"))
        return done.rowcount, took + committing

    def _copied(self) -> Path:
        """The same rows anew, and no archive of an earlier round."""
        filled, path = self.filled, self.folder / "app.db"
        for old in (*self.folder.glob("app.db*"), *self.folder.glob("by-hand.db*")):
            old.unlink()
        shutil.copy(filled, path)
        with path.open("rb+") as copy:
            os.fsync(copy.fileno())  # or the first checkpoint would wait for all of it
        with closing(sqlite3.connect(self.folder / "archive.db", isolation_level=None)) as archive:
            tables = archive.execute("select name from sqlite_schema where type = 'table'").fetchall()
            for (table,) in tables:
                archive.execute(f'delete from "{table}"')
        return path


@cache
def _promise() -> Promise:
    """What the shop promises, and its map."""
    policy, datamap = ((SHOP / name).read_bytes() for name in ("policy.yaml", "datamap.yaml"))
    resolved = resolve(parse_policy(policy, name="policy.yaml"), in_force_on=date(2026, 1, 12))
    read, document = parse_map(datamap, name="datamap.yaml")
    return Promise(resolved, read, document, digest(document.value))


@contextmanager
def _store(path: Path, archive: Path) -> Iterator[SqliteStore]:
    """The shop's file by its sweeper, with an archive beside it."""
    with closing(SqliteArchive(archive, zone=SEOUL)) as kept:
        store = SqliteStore(path, kept, name="app", zone=SEOUL, mask_key=KEY, epoch_key=KEY)
        with closing(store):
            yield store
