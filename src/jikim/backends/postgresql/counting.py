"""Counts the rows of a table: every one by its state, or only what is due. Effectful: reads.

Whoever reads a plan wants to know of every row. Whoever carries one out wants to know what is due, and that costs no
more than what is due where an index leads there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jikim.backends.base import Counted, StoreError
from jikim.backends.postgresql import parts
from jikim.backends.postgresql.access import SMALL, chosen, leading
from jikim.backends.postgresql.session import at_once, run, scrubbed
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.both import STATES, of_tables
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Statement
from jikim.datamap.schema import Table
from jikim.plan.plan import AccessPath, Counts, Step
from jikim.plan.predicate import NEVER
from jikim.plan.sweep import Sweep


@dataclass(frozen=True)
class Look:
    """A look at a store's tables in one snapshot.

    :param home: the schema of the service's tables.
    """

    connection: sa.Connection
    compiler: Compiler
    batches: Callable[[Step], Batches]
    home: str

    def together(self, sweeps: Sequence[Sweep], steps: Sequence[Step], *, whole: bool, into: Counted) -> None:
        """Count the rows of tables and of their steps: the store counts one while the next is asked about.

        :param whole: every row by its state, though an index leads to what is due.
        :raises psycopg.Error: one of them cannot be counted.
        """
        asked = of_tables(sweeps, steps)
        left = [(sweep, own) for sweep, own in asked if whole or not self._by_index(sweep, own, into)]
        answers = at_once(self.connection, (self._census(sweep, own) for sweep, own in left))
        for (sweep, own), counted in zip(left, answers, strict=True):
            self._tell(sweep, own, counted, into)

    def one_by_one(
        self,
        sweeps: Sequence[Sweep],
        steps: Sequence[Step],
        *,
        whole: bool,
        into: Counted,
        rights: Callable[[str], Callable[[str | None], str]],
    ) -> None:
        """The same of each table behind a savepoint: one that cannot be counted keeps none of the others from it.

        :param rights: by table, the statement that gives the rights this needs, given the table that the store named.
        """
        for sweep, own in of_tables(sweeps, steps):
            table = sweep.schedule.table
            try:
                with scrubbed(f"counting `{table}`", rights=rights(table)), self.connection.begin_nested():
                    if whole or not self._by_index(sweep, own, into):
                        self._at_all(sweep, own, into)
            except StoreError as error:
                if self.connection.invalidated:
                    raise
                into.refused[table] = error

    def _at_all(self, sweep: Sweep, own: list[Step], into: Counted) -> None:
        """Look at every row of a table."""
        self._tell(sweep, own, run(self.connection, self._census(sweep, own)).one(), into)

    def _census(self, sweep: Sweep, own: list[Step]) -> Statement:
        asked = [*(getattr(sweep, state) for state in STATES), *(s.predicate for s in own)]
        table = self.compiler.schema.tables[sweep.schedule.table]
        apart = any(self._may_empty(step, table) for step in own)
        return (
            parts.counts(self.compiler, table.name, asked)
            if apart
            else self.compiler.counts(table.name, asked)
        )

    def _tell(self, sweep: Sweep, own: list[Step], counted: Sequence[Any], into: Counted) -> None:
        """What was counted, and how the rows of each step are come to."""
        table = self.compiler.schema.tables[sweep.schedule.table]
        if any(self._may_empty(step, table) for step in own):
            total, *counts = self._sums(table, own, counted[0] or [[0] * (len(STATES) + len(own) + 2)], into)
        else:
            total, *counts = (int(n) for n in counted)
        into.census[table.name] = Counts(total, *counts[: len(STATES)])
        met = dict(zip((s.id for s in own), counts[len(STATES) :], strict=True))
        into.rows.update(met)
        if (
            total <= SMALL or table.partitioned
        ):  # each batch looks at it all; parts have no order of their own
            return
        for step in own:
            if met[step.id] or step.follows:
                index = leading(self.connection, self.batches(step).count(step))
                into.access[step.id] = self._chosen(step, index, met, total)

    def _may_empty(self, step: Step, table: Table) -> bool:
        return table.partitioned and parts.may_empty(step, self.batches(step))

    def _sums(self, table: Table, own: list[Step], counted: list[list[int]], into: Counted) -> list[int]:
        """What was counted of each partition, together; and which of them steps empty at once."""
        due = {
            step: {number: (total, counts[n]) for number, total, *counts in counted}
            for n, step in enumerate(own, -len(own))
            if self._may_empty(step, table)
        }
        if any(total == met > 0 for found in due.values() for total, met in found.values()):
            known = parts.parts_of(self.connection, *table.at(self.home))
            for step, found in due.items():
                if path := parts.chosen(step, self.batches(step), known, found=found):
                    into.access[step.id] = path
        return [sum(column) for column in zip(*counted, strict=True)][1:]

    @staticmethod
    def _chosen(step: Step, index: str, met: Mapping[str, int], total: int) -> AccessPath:
        """How its rows are come to; those that others of the same table meet now may be its own once these are done."""
        return chosen(index, due=sum(met.values()) if step.follows else met[step.id], total=total)

    def _by_index(self, sweep: Sweep, own: list[Step], into: Counted) -> bool:
        """Count only what is due, where an index leads there for every step; whether one does."""
        table = self.compiler.schema.tables[sweep.schedule.table]
        inward = any(step.inward for step in own)
        if table.rows <= SMALL or table.partitioned or inward or sweep.orphan != NEVER:
            return False
        counts = [self.batches(step).count(step) for step in own]
        indexes = [leading(self.connection, count) for count in counts]
        if not all(indexes):
            return False
        met = {
            step.id: int(run(self.connection, count).scalar_one())
            for step, count in zip(own, counts, strict=True)
        }
        into.rows.update(met)
        for step, index in zip(own, indexes, strict=True):
            if met[step.id] or step.follows:
                into.access[step.id] = self._chosen(step, index, met, table.rows)
        return True
