"""What is due of one person's rows, carried out at once: one transaction, whose statements go over together. Effectful.

A sweep looks for what is due of everybody. Whoever leaves and asks to be forgotten need not wait for it: the steps of
the plan, each with the same predicate, are carried out on the rows of one person. Rows that others point to are locked
first, so that later statements see what was put below them meanwhile (a trap of parents and late children).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from jikim.backends.base import Key, Run, StoreError
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.compile import Compiler, Row, every, some
from jikim.backends.sql.dialect import Sql, Statement
from jikim.plan.plan import Action, Step
from jikim.plan.predicate import OwnedBy, any_of
from jikim.plan.schedule import OwnerPath, TableSchedule

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
    _said: list[tuple[bytes, tuple[str, ...]]] = field(default_factory=list)

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
            theirs = some(_theirs(general.compiler, general.leaving.schedule, row, subject))
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
        driver: Any = connection.connection.driver_connection
        bound = {**{f"person_{n}": part for n, part in enumerate(key)}, "number": str(number)}
        if not self._said:
            self._said.extend(self._spelled(driver, tuple(bound)))
        with driver.pipeline():
            heard, *rest = [
                psycopg.RawCursor(driver).execute(text, [bound[name] for name in names], prepare=True)
                for text, names in self._said
            ]
            if heard.fetchone() != (self.at,):
                raise StoreError("a hold or a fact was told since this was planned", fix="run it again")
            answers = zip(self.changes, rest[len(self.locks) :], strict=True)
            found = ((step, answer.fetchone()) for (step, _), answer in answers)
            return {step.id: row[0] for step, row in found if row}

    def _spelled(
        self, driver: psycopg.Connection[Any], bound: tuple[str, ...]
    ) -> Iterator[tuple[bytes, tuple[str, ...]]]:
        """The statements with their own values written in, each with what is bound in its numbered places.

        The session keeps each of them, with its plan, under whatever name the driver gives it.
        """
        cursor = psycopg.ClientCursor(driver)
        for statement in (self.heard, *self.locks, *(change for _, change in self.changes)):
            text = statement.text
            names = tuple(name for name in bound if f"%({name})s" in text)
            for place, name in enumerate(names, 1):
                text = text.replace(f"%({name})s", f"(${place}::text)")
            yield cursor.mogrify(text.encode(), statement.values).encode(), names


def _theirs(compiler: Compiler, schedule: TableSchedule, row: Row, subject: str) -> Iterator[Sql]:
    """The row is of a person of this kind who exists, by each way (bound: ``person_0``…)."""
    for path in schedule.owners:
        if path.subject == subject:
            yield _by(compiler, schedule, row, path)


def _by(compiler: Compiler, schedule: TableSchedule, row: Row, path: OwnerPath) -> Sql:
    def named(at: Row, columns: Sequence[str]) -> Sql:
        """The columns hold the person's key, each compared as what it is, so that an index answers."""
        dialect = compiler.dialect
        as_matched = dialect.any_case if path.match == "any-case" else str
        return every(
            f"{as_matched(compiler.column(at, c))} = {dialect.named(f'person_{n}', compiler.kind(at, c).type)}"
            for n, c in enumerate(columns)
        )

    if not path.hops:
        return named(row, path.key)
    owned = compiler.condition(
        any_of(OwnedBy(path, before, exists=True) for before in schedule.before(path)), row
    )
    last = path.hops[-1]
    if path.inline or last.many:
        return every([compiler.through(row, path.hops, lambda end: named(end, path.key)), owned])
    return every([compiler.through(row, path.hops[:-1], lambda end: named(end, last.columns)), owned])
