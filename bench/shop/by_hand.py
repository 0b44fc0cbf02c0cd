"""What one would run by hand: a floor's statement over a table, some blocks at a time. Effectful."""

from typing import Any

import psycopg

BLOCKS = 74
"""About ten thousand rows of the widths that are measured."""


def by_blocks(url: str, table: str, statement: str, *, blocks: int = BLOCKS, **values: Any) -> int:
    """Run it over the whole table, a transaction each; how many rows it changed."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "select pg_relation_size(%s::regclass) / current_setting('block_size')::bigint", (table,)
        ).fetchone()
        assert found
        done = 0
        for first in range(0, found[0], blocks):
            bound = {"first": f"({first},0)", "after": f"({first + blocks},0)", **values}
            done += connection.execute(statement.encode(), bound).rowcount
        return done
