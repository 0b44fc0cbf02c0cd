"""One column emptied of rows that stay: jikim's batches beside the UPDATE one would write by hand.

A fifth of the logins is older than three months, and younger than the year after which they go altogether: every fifth,
or one in fifty and then all.
"""

from collections.abc import Iterator

from bench.measure import Figure, Scale, at_least
from bench.shop import AS_OF, Shop, floor
from bench.shop.by_hand import by_blocks
from bench.shop.compared import compared
from bench.shop.places import MEMBERS, place, servers

LOGINS = """
    insert into logins select n, 1 + n % {members}, '192.0.2.1', 'page ' || n % 100,
        case when {due} then timestamptz '2026-01-01+09' else timestamptz '2026-05-01+09' end
            + n % 1000 * interval '1 second'
    from generate_series(1, {rows}) n"""
FIFTH, AT_LAST = "n % 5 = 0", "(n % 50 = 0 or n > {rows} * 49 / 60)"
WRITES = "insert into logins values (%(n)s, 1, '192.0.2.1', 'page', now())"


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers."""
    rows = scale.rows
    with servers(scale) as known:
        for name, server in known.items():
            filled = place(server, MEMBERS, LOGINS.replace("{due}", FIFTH), rows=rows)
            what = f"mask {rows // 5:,} of {rows:,}, {name}"
            yield from compared(what, filled, _by_hand, scale, writes=WRITES, target=at_least(0.8))
        filled = place(known["PostgreSQL 18"], MEMBERS, LOGINS.replace("{due}", AT_LAST), rows=rows // 5)
        what = f"mask some of {rows // 5:,}, one in fifty and then all"
        yield from compared(what, filled, _by_hand, scale, writes=WRITES, target=None)


def _by_hand(shop: Shop) -> int:
    return by_blocks(shop.where, "logins", floor("mask"), now=AS_OF)
