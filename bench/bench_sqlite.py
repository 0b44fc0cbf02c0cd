"""Sweeps of a service in a SQLite file: jikim beside the best SQL that one would write by hand, alone and beside a
service.

A fifth of the rows is due. A round begins with a copy of the same file, planned anew; what is measured is the carrying
out, receipts and their way into a sealed log included. By hand the rows are gone through once, ten thousand due rows a
transaction; beside a service a quarter of that.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from bench.measure import Figure, Scale, T, Target, at_least, at_most, seconds_of, within
from bench.shop import Shop, changed
from bench.shop.compared import Felt
from bench.shop.in_file import (
    LEAVERS,
    MEMBERS,
    NOW,
    VISIT,
    Alone,
    Filled,
    InTurns,
    by_hand,
    files,
    transactions,
)

BY_HAND = 10_000
"""Due rows of a transaction."""
YEAR, MONTHS = "2025-05-31 15:00:00", "2026-02-28 15:00:00"
"""The greatest times that are a year old, and three months."""
FIFTH = "n % 5 = 0"
GONE = "delete from main.members where left_at <= :now"
VISITS = """visits select n, 1 + n % {members}, 'Mozilla/5.0 (X11; Linux x86_64) browser/1.0 /goods/' || n,
    datetime(case when DUE then '2025-04-30 15:00:00' else '2025-12-31 15:00:00' end, (SINCE) || ' seconds')
    from {rows}"""
IN_ORDER = VISITS.replace("DUE", "n <= {rows} / 5").replace("SINCE", "n * 1000000.0 / {rows}")
IN_NONE = VISITS.replace("DUE", FIFTH).replace("SINCE", "n % 50000")
LOGINS = """logins select n, 1 + n % {members}, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64) browser/1.0 ' || n,
    datetime(case when n % 5 = 0 then '2025-12-31 15:00:00' else '2026-04-30 15:00:00' end, (n % 50000) || ' seconds')
    from {rows}"""
ORDERS = """orders select n, 1 + n % {members}, 'bread ' || n, 1000 + n % 90,
    datetime('2025-01-04 14:13:20', (n % 30000000) || ' seconds') from {rows}"""
FAMILIES = (
    """questions select n, 1 + n % {members}, 'text ' || n % 100,
    case when n % 5 = 0 then '2025-04-30 15:00:00' else '2025-12-31 15:00:00' end from {rows}""",
    "answers select n, 1 + (n - 1) / 2, 'text' from {rows}",
    "marks select n, 1 + (n - 1) / 2, 'text' from {rows}",
)
LOGIN = "insert into logins values (null, 1, '192.0.2.1', 'page', '2026-05-31 03:00:00')"
ORDER = "insert into orders values (null, 1, 'bread', 9, '2026-05-31 03:00:00')"
QUESTION = "insert into questions values (null, 1, 'text', null)"
"""What the service writes meanwhile."""


@dataclass(frozen=True)
class Task:
    """What is measured, beside a floor of ``floors/`` with its name.

    :param fill: what the shop is filled with, beside members; every fifth row is due, or the first fifth.
    :param by: the greatest time that is due.
    :param writes: what the service writes meanwhile; it is not due.
    :param reach: keys in a range that has ten thousand due rows.
    :param part: of the scale's rows there are one in so many.
    """

    what: str
    floor: str
    fill: tuple[str, ...]
    by: str
    target: Target
    writes: str = VISIT
    reach: int = 5 * BY_HAND
    part: int = 1


TASKS = (
    Task("destroy {due} of {rows}, the oldest", "destroy", (IN_ORDER,), YEAR, at_least(0.7), reach=BY_HAND),
    Task("destroy {due} of {rows}, every fifth", "destroy", (IN_NONE,), YEAR, at_least(0.7)),
    Task(
        "destroy {due} of {rows} with two tables below",
        "families",
        FAMILIES,
        YEAR,
        at_least(0.7),
        QUESTION,
        part=10,
    ),
    Task("mask {due} of {rows}", "mask", (LOGINS,), MONTHS, at_least(0.8), LOGIN),
    Task("archive {due} of {rows} to another file", "archive", (ORDERS,), NOW, at_least(0.5), ORDER, part=5),
)


def figures(scale: Scale) -> Iterator[Figure]:
    """Rates beside those by hand, and how long a service waits that writes meanwhile."""
    with files() as filing:
        for task in TASKS:
            rows = max(50, scale.rows // task.part)
            members = MEMBERS if task.floor != "archive" else LEAVERS.replace("{left}", FIFTH)
            with filing.filled(members, *task.fill, rows=rows, members=max(rows // 20, 5)) as filled:
                yield from Round(filled, task, rows).figures(scale)


@dataclass
class Round:
    """One task, as often as it is asked for."""

    filled: Filled
    task: Task
    rows: int
    plans: list[float] = field(default_factory=list)
    """Seconds of each plan."""
    held: list[float] = field(default_factory=list)
    """Seconds of each of our transactions while nobody else writes, from the lock to the commit."""

    def figures(self, scale: Scale) -> Iterator[Figure]:
        """Rows a second, ours and by hand in turns, and how long a transaction was: ours, and the service's own."""
        felt, floor_felt = Felt.by(scale), Felt.by(scale)
        alone, floors, beside, floors_beside = (list[tuple[float, int]]() for _ in range(4))
        for _ in range(scale.times):
            floors.append(self.by_hand())
            alone.append(self.ours())
            floors_beside.append(self.by_hand(floor_felt))
            beside.append(self.ours(felt))
        assert len({rows for _, rows in (*alone, *floors, *beside, *floors_beside)}) == 1
        due, rows = (f"{each:,}" for each in (self.rows // 5, self.rows))
        yield self._rate(f"{self.task.what.format(due=due, rows=rows)}, SQLite", alone, floors)
        yield Figure("  its plan", "s", median(self.plans))
        yield Figure("  its transactions, p99", "ms", 1000 * within(0.99, self.held), target=at_most(100))
        yield self._rate("  beside a service that writes", beside, floors_beside)
        yield felt.beside_it(floor_felt)

    def _rate(self, what: str, ours: list[tuple[float, int]], floor: list[tuple[float, int]]) -> Figure:
        mine, hand = (found[0][1] / median(took for took, _ in found) for found in (ours, floor))
        return Figure(what, "rows/s", mine, hand, self.task.target)

    def ours(self, felt: Felt | None = None) -> tuple[float, int]:
        """Seconds of carrying out, beside a service or not, and how many rows it changed."""
        with self.filled.copied() as shop:
            took, planned = seconds_of(shop.plan)
            self.plans.append(took)
            done, kept = self._timed(shop, partial(shop.apply, planned), felt)
            self.held += [] if felt else shop.batches
            return done, changed(kept)

    def by_hand(self, felt: Felt | None = None) -> tuple[float, int]:
        """The same by hand."""
        with self.filled.copied() as shop, by_hand(shop, InTurns if felt else Alone) as hand:
            hand.session.execute("create temp table closed (id integer primary key)")
            if self.task.floor == "archive":
                hand.keep_apart()
            return self._timed(shop, partial(self._sweep, hand), felt)

    def _timed(self, shop: Shop, work: Callable[[], T], felt: Felt | None) -> tuple[float, T]:
        if felt:
            return felt.work(shop.where, self.task.writes, work)
        gc.collect()
        return seconds_of(work)

    def _sweep(self, hand: Alone) -> int:
        """Every range of keys in its turn; and in the end who left."""
        reach, done = self.task.reach // hand.share, 0
        said = transactions(f"sqlite_{self.task.floor}")
        for after in range(0, self.rows, reach):
            done += hand.run(said, after=after, upto=after + reach, by=self.task.by, now=NOW)
        return done + (hand.run([[GONE]], now=NOW) if self.task.floor == "archive" else 0)
