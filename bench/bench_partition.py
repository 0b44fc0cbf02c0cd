"""A partition that has expired: for how long nobody can read it, and how fast it goes, receipts and evidence included.

Two services: in one the oldest partition holds a fifth of the rows, in the other a tenth of that. Floors: the same
transaction by hand, which asks of no row whether its owner is there; and a DELETE, with the VACUUM that it leaves. The
service writes to the other partition meanwhile.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.measure import Figure, Scale, at_least, at_most
from bench.shop import Shop, changed, floor
from bench.shop.compared import Felt
from bench.shop.on_server import RIGHTS
from bench.shop.places import MEMBERS, Place, place, servers
from jikim.postgres import Server

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
WRITES = "insert into clicks values (%(n)s, 1, 'page', timestamptz '2026-05-01+09')"
EMPTY = floor("partition").format(part="clicks_old", cutoff=CUTOFF)
DELETE = (f"delete from clicks where at <= {CUTOFF}", "vacuum clicks_old")


@dataclass
class Emptied:
    """What emptying one partition took, round for round (seconds)."""

    felt: Felt
    sweeps: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    locked: list[float] = field(default_factory=list)

    def note(self, filled: Place, due: int) -> None:
        """Let jikim do it; again where a VACUUM of the server's own was in its way."""
        locked: list[float] = []
        for _ in range(10):
            with filled.copied() as shop:
                planned = shop.plan(whole=False)
                with _reader(shop, locked=locked):
                    took, kept = self.felt.work(shop.where, WRITES, partial(shop.apply, planned))
                assert changed(kept) == due, kept.applied
            if locked:
                break
        assert locked, "somebody was in its way ten times"
        self.sweeps.append(took)
        self.batches.append(max(shop.batches))
        self.locked += locked


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers: of a large partition and of a small one."""
    with servers(scale) as known:
        for name, server in known.items():
            yield from _emptied(server, name, scale)


def _emptied(server: Server, name: str, scale: Scale) -> Iterator[Figure]:
    large = scale.rows // 5
    took = {due: Emptied(Felt.by(scale)) for due in (large, large // 10)}
    by_hand, deleted = list[float](), list[float]()
    felt = Felt.by(scale)
    filled = {
        due: place(server, MEMBERS, PARTS, RIGHTS, CLICKS.replace("{due}", str(due)), rows=scale.rows)
        for due in took
    }
    for _ in range(scale.times):
        by_hand.append(_by_hand(filled[large], Felt.by(scale), EMPTY))
        for due, each in took.items():
            each.note(filled[due], due)
        deleted.append(_by_hand(filled[large], felt, *DELETE))
    locked, lesser = (1e3 * statistics.median(each.locked) for each in took.values())
    what = f"lock {large:,} rows against readers, and a tenth of that, {name}"
    yield Figure(what, "ms", locked, lesser, at_most(2))
    batch, sweep, hand, one_by_one = (
        large / statistics.median(each)
        for each in (took[large].batches, took[large].sweeps, by_hand, deleted)
    )
    yield Figure(
        f"sweep a partition of {large:,} rows, as by DELETE, {name}", "rows/s", sweep, one_by_one, at_least(1)
    )
    yield took[large].felt.beside_it(felt)
    yield Figure("  its transaction, beside the same by hand", "rows/s", batch, hand)


def _by_hand(filled: Place, felt: Felt, *statements: str) -> float:
    """The seconds that these take."""
    with filled.copied() as shop, psycopg.connect(shop.where, autocommit=True) as connection:

        def work() -> None:
            for statement in statements:
                connection.execute(statement.encode())

        took, _ = felt.work(shop.where, WRITES, work)
        assert connection.execute("select count(*) from clicks_old").fetchone() == (0,)
        return took


@contextmanager
def _reader(shop: Shop, *, locked: list[float]) -> Iterator[None]:
    """Somebody who reads the partition as soon as a TRUNCATE has it: the seconds from its beginning until they may."""
    asked: list[float] = []
    taken = threading.Event()

    def read(reader: psycopg.Connection[Any]) -> None:
        taken.wait()
        if asked:
            reader.execute("select from clicks_old limit 1")
            locked.append(time.perf_counter() - asked[0])

    def before(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("truncate"):
            asked.append(time.perf_counter())

    def after(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("truncate"):
            taken.set()

    sa.event.listen(shop.sweeper, "before_cursor_execute", before)
    sa.event.listen(shop.sweeper, "after_cursor_execute", after)
    with psycopg.connect(shop.where, autocommit=True) as connection:
        waiting = threading.Thread(target=read, args=[connection])
        waiting.start()
        try:
            yield
        finally:
            taken.set()
            waiting.join()
