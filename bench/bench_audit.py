"""The audit of a store, row by row and independent of the sweep; and the memory that an audit, and a run, ever hold.

Each is a process of its own on a shop that lies there already: a fifth of the visits has expired, a fifth of the
members has left, some orders are not completed. A plain read of the same rows, thrown away, stands beside the audit.
The service writes meanwhile.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import psycopg

from bench.measure import Figure, Scale, at_least, at_most
from bench.shop import Shop, floor
from bench.shop.compared import Felt
from bench.shop.places import LEAVERS, MEMBERS, VISIT, place, servers
from jikim.postgres import Server

VISITS = """
    insert into visits select n, 1 + n % {members}, 'page ' || n % 100,
        case when {due} then timestamptz '2025-05-01+09' else timestamptz '2026-01-01+09' end
            + n * interval '0.2 seconds'
    from generate_series(1, {rows}) n"""
LOGINS = """
    insert into logins select n, 1 + n % {members}, '192.0.2.1', 'page ' || n % 100,
        timestamptz '2026-05-01+09' + n * interval '0.2 seconds'
    from generate_series(1, {rows} / 5) n"""
ORDERS = """
    insert into orders select n, 1 + n % {members}, 'thing ' || n, n,
        case when n % 50 > 0 then timestamptz '2026-01-01+09' + n * interval '1 second' end
    from generate_series(1, {rows} / 5) n"""
WRITTEN = "insert into posts select n, 1 + n % {members}, 'text ' || n from generate_series(1, {rows} / 5) n"
KEPT, FIFTH = "false", "n % 5 = 0"


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers."""
    with servers(scale) as known:
        for name, server in known.items():
            yield from _audited(server, name, scale)


def _audited(server: Server, name: str, scale: Scale) -> Iterator[Figure]:
    """Of a store in which nothing is due, and of one in which a fifth is; a run of the latter comes last."""
    for due, members, what in ((KEPT, MEMBERS, "nothing due"), (FIFTH, LEAVERS, "a fifth due")):
        visits = VISITS.replace("{due}", due)
        filled = place(server, members, visits, LOGINS, ORDERS, WRITTEN, rows=scale.rows)
        felt, felt_reading = Felt.by(scale), Felt.by(scale)
        with filled.copied() as shop:
            found, read = list[dict[str, float]](), list[float]()
            for _ in range(scale.times):
                found.append(_alone(shop, "audit", felt))
                read.append(felt_reading.work(shop.url, VISIT, partial(_read, shop))[0])
            rate = statistics.median(each["rows"] / each["seconds"] for each in found)
            rows, peak = 8 * scale.rows // 5, max(each["peak"] for each in found)
            yield Figure(
                f"audit {rows:,} rows and their owners, {what}, {name}",
                "rows/s",
                rate,
                target=at_least(200_000),
            )
            yield Figure("  the same rows read and thrown away", "rows/s", rows / statistics.median(read))
            yield felt.beside_it(felt_reading)
            yield Figure("  its memory", "MB", peak, target=at_most(250))
            if due == FIFTH:
                ran = _alone(shop, "run", Felt.by(scale))
                run = f"memory of a run with {ran['rows']:,.0f} rows due"
                yield Figure(run, "MB", ran["peak"], target=at_most(250))


def _alone(shop: Shop, what: str, felt: Felt) -> dict[str, float]:
    """Let a process of its own do it, while the service writes; what it says."""
    ledger = shop.ledger.url.render_as_string(hide_password=False)
    asked = [sys.executable, "-m", "bench.shop.alone", shop.url, ledger, what]
    work = partial(subprocess.run, asked, capture_output=True, text=True, check=True)
    return dict(json.loads(felt.work(shop.url, VISIT, work)[1].stdout))


def _read(shop: Shop) -> None:
    """What an audit reads at the least: each row of these tables with its owner, by a cursor."""
    for statement in floor("read_all").split(";"):
        with psycopg.connect(shop.url) as connection, connection.cursor("reading") as cursor:
            cursor.execute(statement.encode())
            while cursor.fetchmany(10_000):
                pass
