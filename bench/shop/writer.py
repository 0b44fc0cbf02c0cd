"""A service that writes: one statement again and again, a transaction each, until its input ends.

    python writer.py URL STATEMENT SECONDS

Prints how long each took, as JSON: first those of some seconds alone, and at the end those since. Effectful.
"""

import json
import select
import sys
import time

import psycopg

PAUSE = 0.002


def main(url: str, statement: str, alone: float) -> None:
    """Write until told to stop."""
    with psycopg.connect(url, autocommit=True) as connection:
        took: list[float] = []
        until = time.monotonic() + alone
        number = 10**12
        while True:
            if until and time.monotonic() > until:
                print(json.dumps(took), flush=True)
                took, until = [], 0.0
            if not until and select.select([sys.stdin], [], [], 0)[0]:
                print(json.dumps(took), flush=True)
                return
            number += 1
            began = time.perf_counter()
            connection.execute(statement.encode(), {"n": number})
            took.append(time.perf_counter() - began)
            time.sleep(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
