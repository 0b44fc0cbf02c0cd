"""What one would run by hand: a floor's statement over a table, some blocks at a time. Effectful."""

from collections.abc import Iterator
from typing import Any

import psycopg

BLOCKS = 74
"""About ten thousand rows of the widths that are measured."""


def blocks_of(connection: psycopg.Connection[Any], table: str) -> Iterator[dict[str, str]]:
    """The whole of a table, some blocks after the other, as a statement is told."""
    found = connection.execute(
        "select pg_relation_size(%s::regclass) / current_setting('block_size')::bigint", (table,)
    ).fetchone()
    assert found
    for first in range(0, found[0], BLOCKS):
        yield {"first": f"({first},0)", "after": f"({first + BLOCKS},0)"}


def by_blocks(url: str, table: str, statement: str, **values: Any) -> int:
    """Run it over the whole table, a transaction each; how many rows it changed."""
    with psycopg.connect(url, autocommit=True) as connection:
        return sum(
            connection.execute(statement.encode(), {**bound, **values}).rowcount
            for bound in blocks_of(connection, table)
        )
