"""How a step comes to its rows in PostgreSQL: by an index, or through the table from one end to the other. Effectful.

A row that is found by its block is changed without being looked for, and blocks are read in the order in which they
lie. So a table of which a good part is due is gone through range by range. Where little is due, that would cost what
is stored and not what is due: if PostgreSQL itself would look for these rows by an index, so do the batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from jikim.backends.base import Place
from jikim.backends.postgresql.session import run
from jikim.backends.sql.dialect import Statement
from jikim.plan.plan import AccessPath

DENSE: Final = 20
"""Where more than one row of so many is due, the whole table is read."""
SMALL: Final = 10_000
"""Of a table of no more rows than this, every batch reads the whole."""
UNCOUNTED: Final = 100
"""Rows in a block of a table that was never counted."""

_EXTENT: Final = sa.text("""
    select pg_relation_size(c.oid) / current_setting('block_size')::bigint as blocks,
           case when c.relpages > 0 and c.reltuples > 0 then ceil(c.reltuples / c.relpages)::bigint end as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = :schema and c.relname = :table
""")


@dataclass(frozen=True)
class Blocks:
    """Some blocks of a table, one after the other.

    :param end: the first block behind the table as it was when the first batch began.
    :param rows: how many that a step is about lie in a block, about.
    """

    first: int
    after: int
    end: int
    rows: int

    @classmethod
    def of(cls, place: Place, *, size: int) -> "Blocks":
        """Those from a place on that hold about ``size`` rows."""
        first, end, rows = place
        return cls(first, first + max(1, size // rows), end, rows)

    @property
    def next(self) -> Place | None:
        """Where the next ones begin; None at the end of the table."""
        return (self.after, self.end, self.rows) if self.after < self.end else None

    @property
    def bound(self) -> Mapping[str, str]:
        """The places that a statement is told."""
        return {"first": f"({self.first},0)", "after": f"({self.after},0)"}


def extent(connection: sa.Connection, schema: str, table: str) -> Place:
    """The whole of a table, as a place to begin at."""
    found = connection.execute(_EXTENT, {"schema": schema, "table": table}).one()
    return 0, found.blocks, found.rows or UNCOUNTED


def leading(connection: sa.Connection, count: Statement) -> str:
    """The index by which PostgreSQL would look for the rows that a statement counts; empty for none."""
    plan = run(connection, Statement(f"explain (format json) {count.text}", count.values)).scalar_one()
    return next(_indexes(plan[0]["Plan"]), "")


def chosen(index: str, *, due: int, total: int) -> AccessPath:
    """How rows are best come to, of which an index leads to those that are due, or none does."""
    share = f"{due:,} of {total:,} rows"
    if due * DENSE >= total:
        return AccessPath("ranges", f"{share}: the table is read from end to end")
    if index:
        return AccessPath("index", f"{share}: found by `{index}`")
    return AccessPath("ranges", f"{share}, to which no index leads: the table is read from end to end")


def _indexes(node: Mapping[str, Any]) -> Iterator[str]:
    """The index by which the step's own rows are found, which statements call `r`."""
    below: Sequence[Mapping[str, Any]] = node.get("Plans", ())
    if node.get("Alias") == "r" and node["Node Type"] != "Seq Scan":
        yield node.get("Index Name") or next(
            (each["Index Name"] for each in below if "Index Name" in each), ""
        )
    for each in below:
        yield from _indexes(each)
