"""The same rows due among ten times as many: what a run costs grows with what is due, not with what is stored.

The run is that of `jikim apply`: it counts what is due anew, carries it out and proves it. Its peer is the smaller
table, and beside it stands how the same by hand grows. The server has room for all of it: what grows is the work.
"""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg

from bench.measure import Figure, Scale, at_most, seconds
from bench.shop import Shop, floor
from bench.shop.places import MEMBERS, Place, place, roomy

DUE = 20_000
CUTOFF = datetime(2025, 6, 1, tzinfo=UTC)
VISITS = """
    insert into visits select n, 1 + n % {members}, 'page ' || n % 100,
        case when n <= DUE then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
            + n * interval '0.2 seconds'
    from generate_series(1, {rows}) n"""
SCATTERED = VISITS.replace("n <= DUE", "n % ({rows} / DUE) = 0")


def figures(scale: Scale) -> Iterator[Figure]:
    """Clustered by the date that starts the clock, and scattered over the table."""
    few, many, due = scale.rows // 5, scale.rows * 2, scale.of(DUE)
    with roomy() as server:
        for order, fill, bound in (("clustered", VISITS, 1.3), ("scattered", SCATTERED, 2)):
            filled = [
                place(server, MEMBERS, fill.replace("DUE", str(due)), rows=rows) for rows in (few, many)
            ]
            for what, work, target in (
                (f"{due:,} rows due of {many:,}, beside {few:,}, {order}", _kept, at_most(bound)),
                ("  the same by hand", _by_hand, None),
            ):
                took = [[_took(one, work, due) for one in filled] for _ in range(scale.times)]
                small, large = (1e3 * statistics.median(each) for each in zip(*took, strict=True))
                yield Figure(what, "ms", large, small, target)


def _took(filled: Place, work: Callable[[Shop], int], due: int) -> float:
    with filled.copied() as shop:
        done: list[int] = []
        took = seconds(lambda: done.append(work(shop)))
        assert done == [due], done
        return took


def _kept(shop: Shop) -> int:
    kept = shop.apply(shop.plan(whole=False))
    return sum(step.rows for step in kept.applied.steps)


def _by_hand(shop: Shop) -> int:
    done = 0
    with psycopg.connect(shop.url, autocommit=True) as connection:
        while some := connection.execute(floor("destroy_by_index").encode(), {"cutoff": CUTOFF}).rowcount:
            done += some
    return done
