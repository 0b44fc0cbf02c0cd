"""Destroy expired rows of one table: jikim's batches beside the best batches one would write by hand.

Half of the access log has expired. The floor deletes it with one prepared statement that picks and deletes ten
thousand rows by ctid; jikim does the same with its predicate repeated, statutory records checked and receipts
written. Medians of five, both in this run, on the same server.

    python bench/bench_destroy.py [ROWS]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.keeping import plask, seoul

from jikim.postgres import Server

AS_OF = seoul(2026, 1, 1)
FILL = """
    insert into access_log (member_id, ip, browser, path, search, at)
    select null, '192.0.2.1', 'b', '/', 's', timestamptz '2025-01-01 00:00+09' + n * interval '1 second'
        + case when n %% 2 = 0 then interval '0' else interval '350 days' end
    from generate_series(1, %s) n"""
FLOOR = """
    delete from access_log where ctid = any(array(
        select ctid from access_log where at <= %s limit 10000 for update skip locked))"""


def filled(url: str, rows: int) -> None:
    """The same rows, analysed, every time."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("truncate access_log")
        connection.execute(FILL, (rows,))
        connection.execute("vacuum analyze access_log")


def by_hand(url: str) -> int:
    """Batches until none is left; rows deleted."""
    done = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while count := connection.execute(FLOOR, (seoul(2025, 9, 28),)).rowcount:
            done += count
    return done


def timed(prepare: Callable[[], None], work: Callable[[], int]) -> tuple[float, int]:
    """The median seconds of five, and the rows of the last."""
    seconds, rows = [], 0
    for _ in range(5):
        prepare()
        began = time.perf_counter()
        rows = work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), rows


def main(rows: int) -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        Server.start(Path(home), durable=False) as server,
    ):
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create database bench")
        url = server.url("bench")
        with plask(url) as kept:

            def ours() -> int:
                applied = kept.sweep(AS_OF, size=10_000)
                return sum(step.rows for step in applied.steps)

            floor, by_hand_rows = timed(lambda: filled(url, rows), lambda: by_hand(url))
            mine, our_rows = timed(lambda: filled(url, rows), ours)
    assert our_rows == by_hand_rows, (our_rows, by_hand_rows)
    print(f"destroy {our_rows:,} expired rows of {rows:,}, planning and receipts included")
    print(f"  by hand  {our_rows / floor:>12,.0f} rows/s")
    print(f"  jikim    {our_rows / mine:>12,.0f} rows/s   {floor / mine:.2f} of the floor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)
