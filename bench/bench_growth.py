"""The same rows due among ten times as many: what a run costs grows with what is due, not with what is stored.

The run is that of `jikim apply`: it counts what is due anew, carries it out and proves it. Its peer is the smaller
table.
"""

import statistics
from collections.abc import Iterator

from bench.measure import Figure, Scale, at_most, seconds
from bench.shop.places import MEMBERS, Place, place, servers

DUE = 20_000
VISITS = """
    insert into visits select n, 1 + n % {members}, 'page ' || n % 100,
        case when n <= DUE then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
            + n * interval '0.2 seconds'
    from generate_series(1, {rows}) n"""
SCATTERED = VISITS.replace("n <= DUE", "n % ({rows} / DUE) = 0")


def figures(scale: Scale) -> Iterator[Figure]:
    """Clustered by the date that starts the clock, and scattered over the table."""
    few, many, due = scale.rows // 5, scale.rows * 2, scale.of(DUE)
    with servers(scale) as known:
        server = known["PostgreSQL 18"]
        for order, fill, bound in (("clustered", VISITS, 1.3), ("scattered", SCATTERED, 2)):
            filled = [
                place(server, MEMBERS, fill.replace("DUE", str(due)), rows=rows) for rows in (few, many)
            ]
            took: list[list[float]] = [[], []]
            for _ in range(scale.times):
                for one, into in zip(filled, took, strict=True):
                    into.append(_run(one, due))
            small, large = (1e3 * statistics.median(each) for each in took)
            what = f"{due:,} rows due of {many:,}, beside {few:,}, {order}"
            yield Figure(what, "ms", large, small, at_most(bound))


def _run(filled: Place, due: int) -> float:
    with filled.copied() as shop:

        def work() -> None:
            kept = shop.apply(shop.plan(whole=False))
            assert sum(step.rows for step in kept.applied.steps) == due, kept.applied

        return seconds(work)
