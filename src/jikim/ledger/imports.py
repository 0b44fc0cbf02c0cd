"""Which receipts of which store the ledger holds. Effectful."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.ledger.tables import IMPORTED


@dataclass(frozen=True, slots=True)
class ReceiptName:
    """What tells a store's receipts apart.

    ``at`` belongs to it: a store restored from a backup may carry out a batch of the same run, step and
    number a second time, and that is another deed.
    """

    run: str
    step: str
    batch: int
    at: datetime


def add_new(connection: sa.Connection, names: Sequence[ReceiptName], *, store: str) -> frozenset[ReceiptName]:
    """Note that these are held from now on; those that were not held before."""
    given = (
        sa.func.unnest(
            sa.literal([n.run for n in names], pg.ARRAY(sa.Text)),
            sa.literal([n.step for n in names], pg.ARRAY(sa.Text)),
            sa.literal([n.batch for n in names], pg.ARRAY(sa.Integer)),
            sa.literal([n.at for n in names], pg.ARRAY(sa.DateTime(timezone=True))),
        )
        .table_valued("run", "step", "batch", "at", name="given")
        .render_derived()
    )
    source = sa.select(sa.literal(store, sa.Text), *given.c)
    insert = pg.insert(IMPORTED).from_select(
        ["store", "run", "step", "batch", "at"], source, include_defaults=False
    )
    columns = (IMPORTED.c.run, IMPORTED.c.step, IMPORTED.c.batch, IMPORTED.c.at)
    added = connection.execute(insert.on_conflict_do_nothing().returning(*columns))
    return frozenset(ReceiptName(*row) for row in added)


def newest(
    connection: sa.Connection, *, store: str, before: ReceiptName | None, most: int
) -> list[ReceiptName]:
    """The receipts held of a store, newest first, that come before one."""
    order = (IMPORTED.c.at, IMPORTED.c.run, IMPORTED.c.step, IMPORTED.c.batch)
    query = (
        sa.select(IMPORTED.c.run, IMPORTED.c.step, IMPORTED.c.batch, IMPORTED.c.at)
        .where(IMPORTED.c.store == store)
        .order_by(*(column.desc() for column in order))
        .limit(most)
    )
    if before is not None:
        query = query.where(sa.tuple_(*order) < (before.at, before.run, before.step, before.batch))
    return [ReceiptName(*row) for row in connection.execute(query)]
