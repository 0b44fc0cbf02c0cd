"""What is due of one person's rows, carried out at once: one transaction, whose statements go over together. Effectful.

A sweep looks for what is due of everybody. Whoever leaves and asks to be forgotten need not wait for it: the steps of
the plan, each with the same predicate, are carried out on the rows of one person. Rows that others point to are locked
first, so that later statements see what was put below them meanwhile (a trap of parents and late children).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
PREPARED: Final = "jikim at once"
"""Under what a session remembers whose statements it knows."""


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
        cursor = psycopg.ClientCursor(driver)
        if connection.info.get(PREPARED) is not self:
            self._prepare(cursor, key, before=connection.info.get(PREPARED))
            connection.info[PREPARED] = self
        said = cursor.mogrify(b" (" + b", ".join([b"%s"] * (len(key) + 1)) + b")", [*key, number])
        with driver.pipeline():
            heard = psycopg.ClientCursor(driver).execute(b"execute jikim_heard" + said.encode())
            for n in range(len(self.locks)):
                cursor.execute(f"execute jikim_lock_{n}{said}".encode())
            answers = [
                (step, psycopg.ClientCursor(driver).execute(f"execute jikim_change_{n}{said}".encode()))
                for n, (step, _) in enumerate(self.changes)
            ]
            if heard.fetchone() != (self.at,):
                raise StoreError("a hold or a fact was told since this was planned", fix="run it again")
            found = ((step, answer.fetchone()) for step, answer in answers)
            return {step.id: row[0] for step, row in found if row}

    def _prepare(self, cursor: psycopg.ClientCursor[Any], key: Key, *, before: "AtOnce | None") -> None:
        """Let the session know the statements: read once, and planned once."""
        for name, _ in before._named() if before else ():
            cursor.execute(f"deallocate {name}".encode())
        places = {f"person_{n}": f"${n + 1}" for n in range(len(key))} | {"number": f"${len(key) + 1}"}
        types = ", ".join([*("text" for _ in key), "integer"])
        for name, statement in self._named():
            text = statement.text
            for bound, place in places.items():
                text = text.replace(f"%({bound})s", place)
            said = cursor.mogrify(text.encode(), statement.values)
            cursor.execute(f"prepare {name} ({types}) as {said}".replace("%", "%%").encode(), ())

    def _named(self) -> Iterator[tuple[str, Statement]]:
        yield "jikim_heard", self.heard
        yield from ((f"jikim_lock_{n}", lock) for n, lock in enumerate(self.locks))
        yield from ((f"jikim_change_{n}", change) for n, (_, change) in enumerate(self.changes))


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
