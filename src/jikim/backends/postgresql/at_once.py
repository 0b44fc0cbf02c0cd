"""What is due of one person's rows, carried out at once: one transaction, whose statements go over together. Effectful.

A sweep looks for what is due of everybody. Whoever leaves and asks to be forgotten need not wait for it: the steps of
the plan, each with the same predicate, are carried out on the rows of one person. Rows that others point to are locked
first, so that later statements see what was put below them meanwhile (a trap of parents and late children).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from jikim.backends.base import Key, Run, StoreError
from jikim.backends.postgresql.asking import ask, driver_of
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.compile import some
from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.person import of_person
from jikim.plan.plan import Action, Step

MOVING: Final = (Action.ARCHIVE, Action.DESTROY, Action.STUB, Action.MASK)
"""What is done to rows of the service."""


@dataclass(frozen=True, eq=False)
class AtOnce:
    """The statements of a run for one kind of person, made once; whose rows they are about is bound when they run.

    :param heard: asks for the place in the ledger up to which the store was told of facts.
    :param at: what it answered when the plan was still so.
    """

    run: Run
    subject: str
    heard: Statement
    at: int
    locks: tuple[Statement, ...]
    changes: tuple[tuple[Step, Statement], ...]

    @classmethod
    def of(
        cls, run: Run, subject: str, *, batches: Callable[[Step], Batches], heard: str, at: int
    ) -> "AtOnce":
        """Those of the plan's steps that touch tables with rows of such people."""
        locks: dict[str, Statement] = {}
        changes: list[tuple[Step, Statement]] = []
        for step in run.plan.steps:
            if step.action not in MOVING:
                continue
            general = batches(step)
            row = general.compiler.base(step.table)
            schedule = general.leaving.schedule
            ways = [path for path in schedule.owners if path.subject == subject]
            theirs = some(of_person(general.compiler, schedule, row, path) for path in ways)
            if theirs == "false":
                continue
            if step.follows and step.table not in locks:
                source = general.compiler.source(row)
                locks[step.table] = general.compiler.statement(
                    f"select from {source} where {theirs} for update of {row.name}"
                )
            own = replace(general, theirs=theirs)
            changes.append((step, own.carry_out(step, run=run, by="person")))
        return cls(run, subject, Statement(heard, {}), at, tuple(locks.values()), tuple(changes))

    def carry_out(self, connection: sa.Connection, key: Key, *, number: int) -> dict[str, int]:
        """Rows changed by each step, within the transaction of the session; all statements go over at once.

        :param number: of the batch, by which receipts of several people in one run are told apart.
        :raises psycopg.Error: the store refused; the transaction is void.
        :raises StoreError: the store was told of a fact meanwhile; the transaction must be rolled back.
        """
        bound = {**PostgreSQL.given(key), "number": number}
        driver = driver_of(connection)
        with driver.pipeline():
            heard, *rest = [
                ask(driver, each, **bound)
                for each in (self.heard, *self.locks, *(change for _, change in self.changes))
            ]
            if heard.fetchone() != (self.at,):
                raise StoreError("a hold or a fact was told since this was planned", fix="run it again")
            answers = zip(self.changes, rest[len(self.locks) :], strict=True)
            found = ((step, answer.fetchone()) for (step, _), answer in answers)
            return {step.id: row[0] for step, row in found if row}
