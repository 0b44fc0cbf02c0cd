"""A service that writes a SQLite file, as a process of its own: one row a transaction, until its input ends.

    python -m bench.sqlite_writer FILE

Prints at its end for each transaction when it was asked for (seconds of the monotonic clock) and how long it took.
"""

import sqlite3
import sys
import threading
import time
from contextlib import closing

PAUSE = 0.002


def main(path: str) -> None:
    """Visit after visit, with a pause between."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    visit = "insert into visits (member_id, path, agent, at) values (1, '/', 'b', '2026-03-31 03:00:00')"
    took: list[tuple[float, float]] = []
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as session:
        while not ended.wait(PAUSE):
            began = time.monotonic()
            session.execute(visit)
            took.append((began, time.monotonic() - began))
    for each in took:
        print(*each)


if __name__ == "__main__":
    main(sys.argv[1])
