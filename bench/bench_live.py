"""How long the service's own transactions take beside a sweep, wherever rows and archive lie.

A shop of ROWS orders, half of them due: some go, some are archived. The service's traffic (joining, ordering,
completing, leaving; one transaction each, with a pause of 2 ms) is measured for some seconds alone, and then beside a
sweep; both in this run, on the same machine. Where rows lie in a file, there is one writer at a time: who writes waits
for a batch.

    python bench/bench_live.py [ROWS]
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import live
from tests.backends.test_live import PLACES, opened
from tests.shop import APRIL

from jikim.postgres import Server

ALONE = 5
"""Seconds."""
MEMBERS = """
    with recursive n(i) as (select 100 union all select i + 1 from n where i < 100 + {members})
    insert into members select i, 'n' || i || '@mail.example', '2025-01-01 00:00:00+09:00',
        case when i % 2 = 0 then '2026-02-01 00:00:00+09:00' end from n"""
ORDERS = """
    with recursive n(i) as (select 1000 union all select i + 1 from n where i < 1000 + {orders})
    insert into orders select i, 100 + i % {members}, 'bread',
        case i % 3 when 0 then '2020-02-01 00:00:00+09:00' else '2026-01-01 00:00:00+09:00' end from n"""


def main(rows: int) -> None:
    """Print a line for each place."""
    print(f"{rows:,} orders of {rows // 4:,} members, half due\n")
    print(f"{'place':<28}{'alone p50':>10}{'p99':>9}{'beside p50':>12}{'p99':>9}{'ratio':>7}{'rows/s':>9}")
    with tempfile.TemporaryDirectory() as folder, Server.start(Path(folder) / "pg") as server:
        for place in PLACES:
            apart = Path(folder) / place
            apart.mkdir()
            with opened(place, apart, server) as (kept, session):
                for statement in (MEMBERS, ORDERS):
                    text = statement.format(members=rows // 4, orders=rows)
                    kept.execute(text if place == "two files" else _typed(text))
                known = live.Traffic()
                with live.traffic(session, known):
                    time.sleep(ALONE)
                    first, began = len(known.took), time.perf_counter()
                    done = kept.sweep(APRIL)
                    seconds = time.perf_counter() - began
                    time.sleep(0.1)
                alone, beside = live.Traffic(took=known.took[:first]), live.Traffic(took=known.took[first:])
                ratio = beside.within(0.99) / alone.within(0.99)
                changed = sum(step.rows for step in done.steps)
                print(
                    f"{place:<28}{alone.within(0.5):>8.1f}ms{alone.within(0.99):>7.1f}ms"
                    f"{beside.within(0.5):>10.1f}ms{beside.within(0.99):>7.1f}ms{ratio:>7.1f}{changed / seconds:>9,.0f}"
                )


def _typed(text: str) -> str:
    """PostgreSQL reads no time out of a text by itself."""
    return text.replace("+09:00'", "+09:00'::timestamptz")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
