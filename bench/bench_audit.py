"""The audit of a store, row by row and independent of the sweep; and the memory that an audit, and a run, ever hold.

Each is a process of its own on a shop that lies there already: a fifth of the visits has expired, a fifth of the
members has left, some orders are not completed. A plain read of the same rows, thrown away, stands beside the audit.
The service writes meanwhile.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from bench.measure import Figure, Scale, at_least, at_most
from bench.shop import Shop, floor, in_file
from bench.shop.compared import Felt
from bench.shop.in_file import Filled, by_hand, files
from bench.shop.places import LEAVERS, MEMBERS, VISIT, Place, place, servers

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


FILED = (
    """visits select n, 1 + n % {members}, 'page ' || n % 100,
    datetime(case when {due} then '2025-04-30 15:00:00' else '2025-12-31 15:00:00' end, (n / 5) || ' seconds')
    from {rows}""",
    """logins select n, 1 + n % {members}, '192.0.2.1', 'page ' || n % 100,
    datetime('2026-04-30 15:00:00', (n / 5) || ' seconds') from {few}""",
    """orders select n, 1 + n % {members}, 'thing ' || n, n,
    case when n % 50 > 0 then datetime('2025-12-31 15:00:00', n || ' seconds') end from {few}""",
    "posts select n, 1 + n % {members}, 'text ' || n from {few}",
)


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers and in a file: of a store in which nothing is due, and of one in which a fifth is."""
    with servers(scale) as known:
        for name, server in known.items():
            for due, members, what in ((KEPT, MEMBERS, "nothing due"), (FIFTH, LEAVERS, "a fifth due")):
                fill = (members, VISITS.replace("{due}", due), LOGINS, ORDERS, WRITTEN)
                filled = place(server, *fill, rows=scale.rows)
                yield from _audited(filled, _read, VISIT, what, name, scale)
    words = {"rows": scale.rows, "few": scale.rows // 5, "members": max(scale.rows // 500, 5)}
    with files() as filing:
        for due, what in ((KEPT, "nothing due"), (FIFTH, "a fifth due")):
            with filing.filled(in_file.LEAVERS, *FILED, due=due, left=due, **words) as file:
                yield from _audited(file, _read_file, in_file.VISIT, what, "SQLite", scale)


def _audited(
    filled: Place | Filled, read: Callable[[Shop], None], writes: str, what: str, name: str, scale: Scale
) -> Iterator[Figure]:
    """An audit beside what it reads at the least; and a run, if anything is due."""
    felt, felt_reading = Felt.by(scale), Felt.by(scale)
    with filled.copied() as shop:
        found, reading = list[dict[str, float]](), list[float]()
        for _ in range(scale.times):
            found.append(_alone(shop, "audit", writes, felt))
            reading.append(felt_reading.work(shop.where, writes, partial(read, shop))[0])
        rate = statistics.median(each["rows"] / each["seconds"] for each in found)
        rows, peak = 8 * scale.rows // 5, max(each["peak"] for each in found)
        audited = f"audit {rows:,} rows and their owners, {what}, {name}"
        yield Figure(audited, "rows/s", rate, target=at_least(200_000))
        yield Figure("  the same rows read and thrown away", "rows/s", rows / statistics.median(reading))
        yield felt.beside_it(felt_reading)
        yield Figure("  its memory", "MB", peak, target=at_most(250))
        if what != "nothing due":
            ran = _alone(shop, "run", writes, Felt.by(scale))
            run = f"memory of a run with {ran['rows']:,.0f} rows due"
            yield Figure(run, "MB", ran["peak"], target=at_most(250))


def _alone(shop: Shop, what: str, writes: str, felt: Felt) -> dict[str, float]:
    """Let a process of its own do it, while the service writes; what it says."""
    ledger = shop.ledger.url.render_as_string(hide_password=False)
    asked = [sys.executable, "-m", "bench.shop.alone", shop.where, ledger, what]
    work = partial(subprocess.run, asked, capture_output=True, text=True, check=True)
    return dict(json.loads(felt.work(shop.where, writes, work)[1].stdout))


def _read(shop: Shop) -> None:
    """What an audit reads at the least: each row of these tables with its owner, by a cursor."""
    for statement in floor("read_all").split(";"):
        with psycopg.connect(shop.where) as connection, connection.cursor("reading") as cursor:
            cursor.execute(statement.encode())
            while cursor.fetchmany(10_000):
                pass


def _read_file(shop: Shop) -> None:
    with by_hand(shop) as hand:
        for statement in floor("read_all").split(";"):
            read = hand.session.execute(statement)
            while read.fetchmany(10_000):
                pass
