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
from jikim.backends.postgresql.statements import By
from jikim.backends.sql import spread
from jikim.backends.sql.dialect import Statement
from jikim.plan.plan import AccessPath

DENSE: Final = 20
"""Where more than one row of so many is due, the whole table is read."""
SMALL: Final = 10_000
"""Of a table of no more rows than this, every batch reads the whole."""
UNCOUNTED: Final = 100
"""Rows in a block of a table that was never counted."""
MOST: Final = 2000
"""Blocks that are looked through at once."""
SOME: Final = 2
"""A batch that is told how many rows it may change at most is told so many times as many as it should meet."""

_EXTENT: Final = sa.text("""
    select pg_relation_size(c.oid) / current_setting('block_size')::bigint as blocks,
           case when c.relpages > 0 and c.reltuples > 0 then ceil(c.reltuples / c.relpages)::bigint end as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = :schema and c.relname = :table
""")


@dataclass(frozen=True)
class Blocks:
    """Some blocks of a table, one after the other.

    :param end: the first block behind the table as it was when the first batch began.
    :param rows: how many lie in a block.
    :param one_in: of how many rows one is due, about.
    :param look: they are not there to be changed: where in them the next due rows lie is looked up first.
    :param most: how many rows of them may be changed; None for all, where they cannot be far too many.
    """

    first: int
    after: int
    end: int
    rows: int
    one_in: int
    look: bool = False
    most: int | None = None

    @classmethod
    def of(cls, place: Place, *, size: int) -> "Blocks":
        """Those from a place on in which about ``size`` rows are due (first fewer), or in which that is looked up."""
        first, end, rows, one_in, look = place
        wide = one_in if first else min(one_in, spread.WIDE)  # at first it is not known how they lie
        blocks = look or max(1, size * wide // rows)
        most = SOME * size if wide > spread.WIDE else None
        return cls(first, first + blocks, end, rows, one_in, look > 0, most)

    def next(self, found: int) -> Place | None:
        """Where the next ones begin, after ``found`` rows were due in these; None at the end of the table.

        Rows that stand together were not here if none was: they come after more blocks like these. If there were as
        many as may be changed, more of them may lie in these; and if something keeps them, blocks without such a limit
        must come past them.
        """
        blocks = self.after - self.first
        if found == self.most:
            return self._from(self.first, spread.TOGETHER, look=blocks)
        one_in = spread.one_in(self.one_in, found=found, looked_at=blocks * self.rows)
        return self._from(self.after, one_in, look=blocks if one_in == spread.TOGETHER and not found else 0)

    def looked(self, block: int | None) -> Place | None:
        """Where the next ones begin, after the first due row was seen in a block, or none in any."""
        if block is not None:
            return self._from(block, spread.TOGETHER)
        return self._from(self.after, spread.TOGETHER, look=2 * (self.after - self.first))

    def _from(self, first: int, one_in: int, *, look: int = 0) -> Place | None:
        return (first, self.end, self.rows, one_in, min(look, MOST)) if first < self.end else None

    @property
    def by(self) -> By:
        """How a statement names the rows that are due in them."""
        return "blocks" if self.most is None else "some"

    @property
    def bound(self) -> Mapping[str, str | int]:
        """What a statement is told of them."""
        places = {"first": f"({self.first},0)", "after": f"({self.after},0)"}
        return places if self.most is None else {**places, "size": self.most}


def extent(connection: sa.Connection, schema: str, table: str, *, total: int, one_in: int) -> Place:
    """The whole of a table, of which one in so many rows is due, as a place to begin at.

    :param total: how many rows were counted in it: what PostgreSQL says of a block may be old.
    """
    found = connection.execute(_EXTENT, {"schema": schema, "table": table}).one()
    rows = max(found.rows or UNCOUNTED, total // max(1, found.blocks))
    return 0, found.blocks, rows, one_in, 0


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
