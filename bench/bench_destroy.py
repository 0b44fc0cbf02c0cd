"""Destroying what is due: jikim's batches with receipts and evidence beside the best batches one would write by hand.

A fifth of the rows has expired: the oldest, as in a log that grows at its end, or every fifth. A service writes beside
ours and the floor alike. The plan is there already; what it takes stands beside.
"""

from collections.abc import Iterator
from datetime import datetime

from bench.measure import Figure, Scale, at_least
from bench.shop import ZONE, Shop, floor
from bench.shop.by_hand import by_blocks
from bench.shop.compared import compared
from bench.shop.places import MEMBERS, VISIT, place, servers

CUTOFF = datetime(2025, 6, 1, tzinfo=ZONE)
VISITS = """
    insert into visits select n, 1 + n % {members}, 'page ' || n % 100,
        case when {due} then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
            + n * interval '0.2 seconds'
    from generate_series(1, {rows}) n"""
QUESTIONS = """
    insert into questions select n, 1 + n % {members}, 'text ' || n % 100,
        case when n % 5 = 0 then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
    from generate_series(1, {rows}) n"""
BELOW = "insert into {table} select n, 1 + (n - 1) / 2, 'text' from generate_series(1, {rows}) n"
OLDEST, FIFTH = "n <= {rows} / 5", "n % 5 = 0"


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers: rows of their own date, in two orders, and rows with children."""
    rows, families = scale.rows, scale.rows // 10
    with servers(scale) as known:
        for name, server in known.items():
            for order, due in (("the oldest", OLDEST), ("every fifth", FIFTH)):
                filled = place(server, MEMBERS, VISITS.replace("{due}", due), rows=rows)
                what = f"destroy {rows // 5:,} of {rows:,}, {order}, {name}"
                yield from compared(what, filled, _visits, scale, writes=VISIT, target=at_least(0.7))
            below = [BELOW.replace("{table}", each) for each in ("answers", "marks")]
            filled = place(server, MEMBERS, QUESTIONS, *below, rows=families)
            what = f"destroy {families // 5:,} of {families:,} with two tables below, {name}"
            writes = "insert into questions values (%(n)s, 1, 'text', null)"
            yield from compared(what, filled, _questions, scale, writes=writes, target=at_least(0.7))


def _visits(shop: Shop) -> int:
    return by_blocks(shop.where, "visits", floor("destroy"), cutoff=CUTOFF)


def _questions(shop: Shop) -> int:
    below = [floor("children").format(table=each) for each in ("answers", "marks")]
    gone = sum(
        by_blocks(shop.where, table, statement, cutoff=CUTOFF)
        for table, statement in zip(("answers", "marks"), below, strict=True)
    )
    return gone + by_blocks(shop.where, "questions", floor("parents"), cutoff=CUTOFF)
