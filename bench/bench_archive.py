"""Rows that a law keeps: moved within one database, and to another server; beside the best moves one writes by hand.

A fifth of the orders is of members who left, wherever they lie; or a twentieth, behind all others. Ours counts each
row's own last day, names people by keyed tags in its receipts, and queues nothing; the floor does none of that.
"""

from collections.abc import Iterator

import psycopg

from bench.measure import Figure, Scale, at_least
from bench.shop import AS_OF, Shop, floor
from bench.shop.by_hand import blocks_of, by_blocks
from bench.shop.compared import compared
from bench.shop.places import LEAVERS, MEMBERS, place, servers

ORDERS = """
    insert into orders select n, 1 + n / 50 % {members}, 'thing ' || n % 100, n % 1000 * 100,
        timestamptz '2026-05-01+09' - n % 1500 * interval '1 day'
    from generate_series(1, {rows}) n"""
LAST = MEMBERS.replace(
    ".example'", ".example', case when n > {members} * 19 / 20 then timestamptz '2026-05-01+09' end"
)
THEIRS = ORDERS.replace("1 + n / 50 % {members}", "1 + (n - 1) / ({rows} / {members})")
KEPT = """
    create table kept (
        id bigint primary key, member_id bigint, what text, amount numeric(12, 0), completed_at timestamptz,
        destroy_after timestamptz);
    create index on kept (destroy_after)"""
WRITES = "insert into orders values (%(n)s, 1, 'thing', 100, now())"


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers: within the database, and to another."""
    rows = scale.rows
    with servers(scale) as known:
        for name, server in known.items():
            filled = place(server, LEAVERS, ORDERS, rows=rows)
            what = f"archive {rows // 5:,} of {rows:,} in one database, {name}"
            yield from compared(what, filled, _within, scale, writes=WRITES, target=at_least(0.7))
            if server is not known["PostgreSQL 18"]:
                continue
            filled = place(server, LAST, THEIRS, rows=rows // 5)
            what = f"archive {rows // 100:,} of {rows // 5:,} that stand together at the end"
            yield from compared(what, filled, _within, scale, writes=WRITES, target=None)
            filled = place(server, LEAVERS, ORDERS, rows=rows // 5)
            other = known.get("PostgreSQL 15", server)
            what = f"archive {rows // 25:,} of {rows // 5:,} to another server"
            yield from compared(
                what, filled, _across, scale, writes=WRITES, target=at_least(0.5), archive=other
            )


def _within(shop: Shop) -> int:
    with psycopg.connect(shop.where, autocommit=True) as connection:
        connection.execute(KEPT.encode())
        moved = by_blocks(shop.where, "orders", floor("archive"), now=AS_OF)
        return moved + connection.execute(floor("leavers").encode(), {"now": AS_OF}).rowcount


def _across(shop: Shop) -> int:
    """Copy what is due in some blocks, commit it there, delete it here."""
    assert shop.archive
    with (
        psycopg.connect(shop.where) as here,
        psycopg.connect(shop.archive, autocommit=True) as there,
        here.cursor() as reading,
        there.cursor() as writing,
    ):
        there.execute(KEPT.encode())
        done = 0
        for bound in blocks_of(here, "orders"):
            with (
                reading.copy(floor("copy_out").encode(), {**bound, "now": AS_OF}) as out,
                writing.copy(b"copy kept from stdin") as into,
            ):
                for data in out:
                    into.write(data)
            done += here.execute(floor("delete_copied").encode(), {**bound, "now": AS_OF}).rowcount
            here.commit()
        return done + here.execute(floor("leavers").encode(), {"now": AS_OF}).rowcount
