"""The same rows due among ten times as many: what a run costs grows with what is due, not with what is stored.

The run is that of `jikim apply`: it counts what is due anew, carries it out and proves it. Its peer is the smaller
table, and beside it stands how the same by hand grows. The server has room for all of it: what grows is the work.
The service writes meanwhile.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import psycopg

from bench.measure import Figure, Scale, Target, at_most
from bench.shop import Shop, changed, floor, in_file
from bench.shop.compared import Felt
from bench.shop.in_file import Filled, by_hand, files, transactions
from bench.shop.places import MEMBERS, VISIT, Place, place, releases, roomy

DUE = 20_000
CUTOFF = datetime(2025, 6, 1, tzinfo=UTC)
VISITS = """
    insert into visits select n, 1 + n % {members}, 'page ' || n % 100,
        case when WHEN then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
            + n * interval '0.2 seconds'
    from generate_series(1, {rows}) n"""
FILED = """
    visits select n, 1 + n % {members}, 'page ' || n % 100,
        datetime(case when WHEN then '2025-04-30 15:00:00' else '2025-12-31 15:00:00' end, (n / 5) || ' seconds')
    from {rows}"""
ORDERS = {"clustered": ("n <= DUE", at_most(1.3)), "scattered": ("n % ({rows} / DUE) = 0", at_most(2))}
"""By the date that starts the clock, or all over the table."""


@dataclass(frozen=True)
class Grown:
    """The same rows due among few others and among many; ``due`` of them.

    :param writes: what the service writes meanwhile.
    """

    few: Place | Filled
    many: Place | Filled
    due: int
    writes: str

    def figures(
        self, what: str, work: Callable[[Shop], int], target: Target | None, scale: Scale
    ) -> Iterator[Figure]:
        """How much longer it takes among many.

        :param work: says how many rows it changed.
        """
        felt = Felt.by(scale), Felt.by(scale)
        took = [
            [self._took(*each, work) for each in zip((self.few, self.many), felt, strict=True)]
            for _ in range(scale.times)
        ]
        small, large = (1e3 * statistics.median(each) for each in zip(*took, strict=True))
        yield Figure(what, "ms", large, small, target)
        yield felt[1].beside_it(felt[0])

    def _took(self, filled: Place | Filled, felt: Felt, work: Callable[[Shop], int]) -> float:
        with filled.copied() as shop:
            took, done = felt.work(shop.where, self.writes, partial(work, shop))
            assert done == self.due, done
            return took


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers, and in a file."""
    sizes, due = (scale.rows // 5, scale.rows * 2), scale.of(DUE)
    what = f"{due:,} rows due of {sizes[1]:,}, beside {sizes[0]:,}"
    for name, programs in releases(scale).items():
        with roomy(programs) as server:
            for order, (when, target) in ORDERS.items():
                fill = VISITS.replace("WHEN", when).replace("DUE", str(due))
                few, many = (place(server, MEMBERS, fill, rows=rows) for rows in sizes)
                grown = Grown(few, many, due, VISIT)
                yield from grown.figures(f"{what}, {order}, {name}", _kept, target, scale)
                yield from grown.figures("  the same by hand", _on_a_server, None, scale)
    for order, (when, target) in ORDERS.items():
        visits = FILED.replace("WHEN", when).replace("DUE", str(due))
        fill = (in_file.MEMBERS, visits, "create index visits_at on visits (at)")
        few, many = ({"rows": rows, "members": max(rows // 500, 5)} for rows in sizes)
        with files() as filing, filing.filled(*fill, **few) as small, filing.filled(*fill, **many) as large:
            grown = Grown(small, large, due, in_file.VISIT)
            yield from grown.figures(f"{what}, {order}, SQLite", _kept, target, scale)
            said = (replace(each, orphans="date-from(at)") for each in (small, large))
            sure = Grown(*said, due, in_file.VISIT)
            yield from sure.figures("  where the map says what becomes of rows of nobody", _kept, None, scale)
            yield from grown.figures("  the same by hand", _in_a_file, None, scale)


def _kept(shop: Shop) -> int:
    return changed(shop.apply(shop.plan(whole=False)))


def _on_a_server(shop: Shop) -> int:
    done = 0
    with psycopg.connect(shop.where, autocommit=True) as connection:
        while some := connection.execute(floor("destroy_by_index").encode(), {"cutoff": CUTOFF}).rowcount:
            done += some
    return done


def _in_a_file(shop: Shop) -> int:
    done = 0
    with by_hand(shop) as hand:
        while some := hand.run(transactions("sqlite_destroy_by_index"), by="2025-05-31 15:00:00"):
            done += some
    return done
