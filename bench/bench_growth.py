"""The same rows due among ten times as many: what a run costs grows with what is due, not with what is stored.

The run is that of `jikim apply`: it counts what is due anew, carries it out and proves it. Its peer is the smaller
table, and beside it stands how the same by hand grows. The server has room for all of it: what grows is the work.
The service writes meanwhile.
"""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import psycopg

from bench.measure import Figure, Scale, Target, at_most
from bench.shop import Shop, changed, floor
from bench.shop.compared import Felt
from bench.shop.places import MEMBERS, VISIT, Place, place, releases, roomy
from jikim.postgres import Server

DUE = 20_000
CUTOFF = datetime(2025, 6, 1, tzinfo=UTC)
VISITS = """
    insert into visits select n, 1 + n % {members}, 'page ' || n % 100,
        case when n <= DUE then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
            + n * interval '0.2 seconds'
    from generate_series(1, {rows}) n"""
SCATTERED = VISITS.replace("n <= DUE", "n % ({rows} / DUE) = 0")


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers: clustered by the date that starts the clock, and scattered over the table."""
    for name, programs in releases(scale).items():
        with roomy(programs) as server:
            for order, fill, bound in (("clustered", VISITS, 1.3), ("scattered", SCATTERED, 2)):
                yield from _grown(server, fill, f"{order}, {name}", scale, at_most(bound))


def _grown(server: Server, fill: str, order: str, scale: Scale, target: Target) -> Iterator[Figure]:
    few, many, due = scale.rows // 5, scale.rows * 2, scale.of(DUE)
    filled = [place(server, MEMBERS, fill.replace("DUE", str(due)), rows=rows) for rows in (few, many)]
    for what, work, bound in (
        (f"{due:,} rows due of {many:,}, beside {few:,}, {order}", _kept, target),
        ("  the same by hand", _by_hand, None),
    ):
        felt = [Felt.by(scale) for _ in filled]
        took = [
            [_took(one, work, due, beside) for one, beside in zip(filled, felt, strict=True)]
            for _ in range(scale.times)
        ]
        small, large = (1e3 * statistics.median(each) for each in zip(*took, strict=True))
        yield Figure(what, "ms", large, small, bound)
        yield felt[1].beside_it(felt[0])


def _took(filled: Place, work: Callable[[Shop], int], due: int, felt: Felt) -> float:
    with filled.copied() as shop:
        took, done = felt.work(shop.url, VISIT, partial(work, shop))
        assert done == due, done
        return took


def _kept(shop: Shop) -> int:
    return changed(shop.apply(shop.plan(whole=False)))


def _by_hand(shop: Shop) -> int:
    done = 0
    with psycopg.connect(shop.url, autocommit=True) as connection:
        while some := connection.execute(floor("destroy_by_index").encode(), {"cutoff": CUTOFF}).rowcount:
            done += some
    return done
