"""A service in a SQLite file: jikim beside the best SQL that one would write by hand, and beside a service that writes.

The shop of ``sqlite_shop/`` has a tenth of the scale's rows in the table that is looked at; a fifth of them is due.
A round begins with a copy of the same file, planned anew; what is measured is the carrying out, receipts included.
By hand the rows are gone through once, ten thousand due rows a transaction, in a session that is set as jikim's own.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bench.measure import Figure, Scale, at_least, at_most, seconds, within
from jikim.backends.base import Batch, Run
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.store import SqliteStore
from jikim.canonical import digest
from jikim.datamap.parse import parse as parse_map
from jikim.law.resolve import resolve
from jikim.operations.apply_plan import apply_plan
from jikim.operations.plan_sweep import Promise, bound, plan_sweep
from jikim.policy.parse import parse as parse_policy

HERE = Path(__file__).parent
SHOP, FLOORS = HERE / "sqlite_shop", HERE / "floors"
SEOUL = ZoneInfo("Asia/Seoul")
AS_OF = datetime(2026, 4, 1, tzinfo=SEOUL)
KEY = b"k" * 32
BY_HAND = 10_000
"""Due rows of a transaction."""
LOG = 8000
"""Pages of the write-ahead log after which it is copied into the file."""
ALONE = 3.0
"""Seconds for which the service writes before a sweep begins."""


@dataclass(frozen=True)
class Task:
    """What is measured: rows of which kind (a part of ``rows.sql``), and the SQL by hand.

    :param by: the greatest time that is due.
    :param reach: keys in a range that has ten thousand due rows.
    """

    name: str
    kinds: tuple[str, ...]
    floor: str
    by: str
    reach: int
    target: float


TASKS = (
    Task("destroy visits, the oldest fifth", ("visits",), "destroy", "2025-12-31 15:00:00", BY_HAND, 0.7),
    Task(
        "destroy visits, every fifth",
        ("visits in no order",),
        "destroy",
        "2025-12-31 15:00:00",
        5 * BY_HAND,
        0.7,
    ),
    Task("mask addresses, every fifth", ("parcels",), "mask", "2026-02-28 15:00:00", 5 * BY_HAND, 0.8),
    Task(
        "archive orders in another file, every fifth",
        ("orders", "leavers"),
        "archive",
        "2026-03-31 15:00:00",
        5 * BY_HAND,
        0.5,
    ),
)


def figures(scale: Scale) -> Iterator[Figure]:
    """Rates beside those by hand, and how long a service waits that writes meanwhile."""
    rows = max(50, scale.rows // 10)
    with tempfile.TemporaryDirectory() as folder:
        for task in TASKS:
            yield from Round(Path(folder), task, rows).figures(scale.times)
        yield from _beside(Round(Path(folder), TASKS[1], rows), scale)


@dataclass
class Round:
    """One task in a folder, as often as it is asked for."""

    folder: Path
    task: Task
    rows: int
    held: list[float] = field(default_factory=list)
    """Seconds of each of our transactions, from the lock to the commit."""

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
        """Rows that are to be changed."""
        return self.rows // 5

    def figures(self, times: int) -> Iterator[Figure]:
        """Rows a second, ours and by hand, in turns; and how long a transaction of ours was."""
        ours, floor = zip(*((self.ours(), self.by_hand()) for _ in range(times)), strict=True)
        planning = median(planned for planned, _ in ours)
        yield Figure(
            self.task.name,
            "rows/s",
            self.due / median(took for _, took in ours),
            self.due / median(floor),
            at_least(self.task.target),
            f"{self.due:,} of {self.rows:,} rows; planning aside, which took {planning:.2f} s",
        )
        yield Figure("  its transactions, p99", "ms", 1000 * within(0.99, self.held), target=at_most(100))

    def ours(self) -> tuple[float, float]:
        """Seconds of planning and of carrying out."""
        with _store(self._copied(), self.folder / "archive.db") as store:
            began = time.perf_counter()
            run = _run(store)
            planned = time.perf_counter() - began
            store.batch = self._noted(store.batch)  # type: ignore[method-assign]
            took = seconds(lambda: self._carry_out(store, run))
        return planned, took

    def _noted(self, batch: Callable[..., Batch]) -> Callable[..., Batch]:
        """Batches, each with a note of the seconds for which it kept others waiting."""

        def noted(*args: Any, **options: Any) -> Batch:
            done = batch(*args, **options)
            self.held.append(done.seconds)
            return done

        return noted

    def _carry_out(self, store: SqliteStore, run: Run) -> None:
        done = apply_plan(store, run, now=AS_OF)
        changed = sum(step.rows for step in done.steps if not step.table.startswith("members"))
        assert changed == self.due, (changed, self.due)

    def by_hand(self) -> float:
        """Seconds of the same by hand."""
        path = self._copied()
        with closing(sqlite3.connect(path, isolation_level=None)) as session:
            for pragma in ("secure_delete = on", "cache_size = -32768", f"wal_autocheckpoint = {LOG}"):
                session.execute(f"pragma {pragma}")
            if self.task.floor == "archive":
                session.execute("attach ? as kept", [str(self.folder / "by-hand.db")])
                session.execute("pragma kept.journal_mode = wal")
                session.execute(
                    "create table kept.orders (id integer primary key, member_id, what, won, completed_at, go_after)"
                )
                session.execute("create index kept.going on orders (go_after)")
            return seconds(lambda: self._sweep(session))

    def _sweep(self, session: sqlite3.Connection) -> None:
        """Every range of keys in its turn, each statement a transaction of its own."""
        statements = (FLOORS / f"sqlite_{self.task.floor}.sql").read_text().split(";")
        changed = 0
        for after in range(0, self.rows, self.task.reach):
            said = {"after": after, "upto": after + self.task.reach, "by": self.task.by}
            for statement in statements:
                session.execute("begin immediate")
                done = session.execute(statement, {**said, "as_of": "2026-03-31 15:00:00"}).rowcount
                session.execute("commit")
            changed += done
        assert changed == self.due, (changed, self.due)

    def _copied(self) -> Path:
        """The same rows anew, and no archive of an earlier round."""
        filled, path = self.filled, self.folder / "app.db"
        for old in (*self.folder.glob("app.db*"), *self.folder.glob("by-hand.db*")):
            old.unlink()
        shutil.copy(filled, path)
        with closing(sqlite3.connect(self.folder / "archive.db", isolation_level=None)) as archive:
            tables = archive.execute("select name from sqlite_schema where type = 'table'").fetchall()
            for (table,) in tables:
                archive.execute(f'delete from "{table}"')
        return path


def _beside(task: Round, scale: Scale) -> Iterator[Figure]:
    """The service's own transactions, alone and beside a sweep."""
    alone, beside, rates = [], [], []
    for _ in range(min(scale.times, 3)):
        path = task._copied()
        with _store(path, task.folder / "archive.db") as store:
            run = _run(store)
            with _writing(path) as took:
                time.sleep(ALONE if not scale.small else 0.3)
                began = time.monotonic()
                task._carry_out(store, run)
                ended = time.monotonic()
                time.sleep(0.1)
        alone += [each for at, each in took if at < began]
        beside += [each for at, each in took if began <= at <= ended]
        rates.append(task.due / (ended - began))
    note = f"one row a transaction, every 2 ms; {len(alone):,} of them alone, {len(beside):,} beside a sweep"
    for share, of in ((0.5, "median"), (0.99, "99th percentile"), (1.0, "longest")):
        yield Figure(
            f"a service's own transactions beside a sweep, {of}",
            "ms",
            1000 * within(share, beside),
            1000 * within(share, alone),
            note=note,
        )
    yield Figure(
        "destroy visits, every fifth, beside a service that writes", "rows/s", median(rates), note=note
    )


@contextmanager
def _writing(path: Path) -> Iterator[list[tuple[float, float]]]:
    """A service at work beside the block; at its end, when each of its transactions began and how long it took."""
    took: list[tuple[float, float]] = []
    command = [sys.executable, "-m", "bench.sqlite_writer", str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as writer:
        yield took
        said, _ = writer.communicate()
    for line in said.splitlines():
        at, each = line.split()
        took.append((float(at), float(each)))


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


def _run(store: SqliteStore) -> Run:
    """A run of a plan made now."""
    promise = _promise()
    plan = plan_sweep(store, promise, as_of=AS_OF, made_at=AS_OF).plan
    assert not plan.blocked, plan.blocked
    return Run(f"run-{next(RUNS)}", plan, promise.resolved.digests["policy"])


RUNS = count(1)
