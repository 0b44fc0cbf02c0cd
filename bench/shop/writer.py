"""A service that writes: one statement again and again, a transaction each, until its input ends.

    python writer.py WHERE STATEMENT SECONDS

WHERE is a URL of PostgreSQL or a file of SQLite. Prints how long each took, as JSON: first those of some seconds alone,
and at the end those since. Effectful.
"""

import json
import select
import sqlite3
import sys
import time
from contextlib import closing
from typing import Any

import psycopg

PAUSE = 0.002


def main(where: str, statement: str, alone: float) -> None:
    """Write until told to stop."""
    with closing(_connected(where)) as connection:
        took: list[float] = []
        until = time.monotonic() + alone
        number = time.time_ns() // 1000  # of no row that was there before, nor of another writer
        while True:
            if until and time.monotonic() > until:
                print(json.dumps(took), flush=True)
                took, until = [], 0.0
            if not until and took and select.select([sys.stdin], [], [], 0)[0]:
                print(json.dumps(took), flush=True)
                return
            number += 1
            began = time.perf_counter()
            connection.execute(statement, {"n": number})
            took.append(time.perf_counter() - began)
            time.sleep(PAUSE)


def _connected(where: str) -> Any:
    """A session, each statement of which is a transaction."""
    if "://" in where:
        return psycopg.connect(where, autocommit=True)
    return sqlite3.connect(where, timeout=30, isolation_level=None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
