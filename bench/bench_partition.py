"""A partition that has expired: for how long nobody can read it, and how fast it goes, receipts and evidence included.

Two services: in one the oldest partition holds a fifth of the rows, in the other a tenth of that. Somebody reads it
again and again beside ours and the floor, which is the same transaction by hand. A DELETE by hand stands beside.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.measure import Figure, Scale, at_least, at_most, seconds
from bench.shop import RIGHTS, Shop, floor
from bench.shop.places import MEMBERS, Place, place, servers, writing

CUTOFF = "timestamptz '2025-06-01+09'"
PARTS = """
    create table clicks_old partition of clicks for values from ('2025-01-01+09') to ('2025-06-01+09');
    create table clicks_new partition of clicks for values from ('2025-12-01+09') to ('2026-06-01+09');
    create schema by_hand;
    create table by_hand.gone (what text, rows bigint, at timestamptz)"""
CLICKS = """
    insert into clicks select n, 1 + n % {members}, 'page ' || n % 100,
        case when n <= {due} then timestamptz '2025-01-01+09' else timestamptz '2025-12-01+09' end
            + n * interval '1 second'
    from generate_series(1, {rows}) n"""
READS = "select count(*) from (select from clicks_old limit 1) one where %(n)s > 0"


@dataclass
class Emptied:
    """What emptying one partition took, round for round (seconds)."""

    ours: list[float] = field(default_factory=list)
    locked: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)

    def note(self, filled: Place, due: int) -> None:
        """Let jikim do it while somebody reads; again where a VACUUM of the server's own was in its way."""
        locked: list[float] = []
        while not locked:
            took: list[float] = []
            with filled.copied() as shop:
                locked = _locking(shop)
                found = writing(shop.url, READS, lambda: took.append(_ours(shop, due)), alone=0.1)
        began, ended = locked
        self.locked.append(ended - began)
        self.ours += took
        self.read += found.beside


def figures(scale: Scale) -> Iterator[Figure]:
    """Of a large partition and of a small one."""
    large = scale.rows // 5
    small = large // 10
    took = {large: Emptied(), small: Emptied()}
    by_hand: list[float] = []
    deleted: list[float] = []
    with servers() as known:
        server = known["PostgreSQL 18"]
        filled = {
            due: place(server, MEMBERS, PARTS, RIGHTS, CLICKS.replace("{due}", str(due)), rows=scale.rows)
            for due in took
        }
        for _ in range(scale.times):
            by_hand.append(
                _by_hand(filled[large], floor("partition").format(part="clicks_old", cutoff=CUTOFF))
            )
            for due, each in took.items():
                each.note(filled[due], due)
            deleted.append(_by_hand(filled[large], f"delete from clicks where at <= {CUTOFF}"))
    locked = [1e3 * statistics.median(each.locked) for each in took.values()]
    yield Figure(f"lock a partition of {large:,} rows, beside one of {small:,}", "ms", *locked, at_most(2))
    ours = large / statistics.median(took[large].ours)
    yield Figure(
        f"empty a partition of {large:,} rows",
        "rows/s",
        ours,
        large / statistics.median(by_hand),
        at_least(0.5),
    )
    yield Figure("  beside a DELETE by hand", "rows/s", ours, large / statistics.median(deleted))
    yield Figure(
        "  the longest that a reader of it waited", "ms", *(1e3 * max(each.read) for each in took.values())
    )


def _by_hand(filled: Place, statements: str) -> float:
    """The seconds that these take while somebody reads."""
    took: list[float] = []
    with filled.copied() as shop, psycopg.connect(shop.url, autocommit=True) as connection:
        work = lambda: connection.execute(statements.encode())  # noqa: E731
        writing(shop.url, READS, lambda: took.append(seconds(work)), alone=0.1)
    return took[0]


def _ours(shop: Shop, due: int) -> float:
    """The seconds that a sweep takes; its plan is there already."""
    planned = shop.plan(whole=False)

    def work() -> None:
        kept = shop.apply(planned)
        assert kept.complete, kept.applied
        assert sum(step.rows for step in kept.applied.steps) == due

    return seconds(work)


def _locking(shop: Shop) -> list[float]:
    """When a TRUNCATE asks for its table, and when its transaction is over, as soon as both have been."""
    times: list[float] = []

    def noted(so: Callable[..., bool]) -> Callable[..., None]:
        def note(*args: Any) -> None:
            if so(*args):
                times.append(time.perf_counter())

        return note

    sa.event.listen(
        shop.sweeper, "before_cursor_execute", noted(lambda *args: args[2].startswith("truncate"))
    )
    sa.event.listen(shop.sweeper, "checkin", noted(lambda *_: len(times) == 1))
    return times
