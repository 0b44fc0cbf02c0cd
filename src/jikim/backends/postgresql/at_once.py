"""What is due of one person's rows, carried out at once: one transaction, whose statements go over together. Effectful.

A sweep looks for what is due of everybody. Whoever leaves and asks to be forgotten need not wait for it: the steps of
the plan, each with the same predicate, are carried out on the rows of one person. Rows that others point to are locked
first, so that later statements see what was put below them meanwhile (a trap of parents and late children).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from jikim.backends.base import Key, Run, StoreError
from jikim.backends.postgresql.asking import ask
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.session import CHANGING_ONE, in_one_go
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.compile import some
from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.person import hers, of_person
from jikim.plan.plan import Action, Step

MOVING: Final = (Action.ARCHIVE, Action.DESTROY, Action.STUB, Action.MASK)
"""What is done to rows of the service."""
LEAVING: Final = (Action.ARCHIVE, Action.DESTROY)


_RECEIPTS: Final = """
    insert into jikim.receipt (run, batch, as_of, plan, policy, step, action, on_table, rows, persons, because)
    select %(run)s::text, %(number)s::integer, %(as_of)s::timestamptz, %(plan)s::text, %(policy)s::text, said.*
    from jsonb_to_recordset(%(said)s::jsonb)
        said (step text, action text, on_table text, rows bigint, persons jsonb, because jsonb)"""


@dataclass(frozen=True, eq=False)
class Change:
    """What a step does to one person's rows.

    :param noted: whether the statement writes the receipt and says how many rows went; otherwise the receipt comes
        after all, and the statement says how many went of whom, or nothing where all are hers.
    """

    step: Step
    batches: Batches
    statement: Statement
    noted: bool

    @classmethod
    def of(cls, step: Step, batches: Batches, *, run: Run) -> "Change":
        """That of rows that are named as one person's."""
        if batches.just_goes(step):
            table = batches.compiler.schema.tables[step.table]
            ruled = table.keepers or table.copiers  # the server would count what a rule does, too
            if batches.hers and not ruled:
                return cls(step, batches, batches.plainly(step, by="person"), noted=False)
            return cls(step, batches, batches.whose(step, by="person"), noted=False)
        return cls(step, batches, batches.carry_out(step, run=run, by="person"), noted=True)

    def done(self, answer: psycopg.RawCursor[Any], key: Key) -> "Done":
        """What it did to the rows of the person of this key, as the server answered."""
        if answer.description is None:
            rows = answer.rowcount
            return Done(self.step, rows, self._persons([(rows, key)] if self.step.persons else []))
        said = answer.fetchall()
        rows = sum(each[0] for each in said)
        return Done(self.step, rows, None if self.noted else self._persons(said))

    def _persons(
        self, gone: Iterable[tuple[int, *tuple[Sequence[str | None] | None, ...]]]
    ) -> dict[str, int]:
        """Tags of those who caused that rows went, each with how many: of as many as each way to people named."""
        found = Counter[str]()
        for rows, *keys in gone:
            for path, key in zip(self.step.persons, keys, strict=True):
                if key is not None:
                    found[self.batches.leaving.tag_of(path, key)] += rows
        return dict(found)


@dataclass(frozen=True)
class Done:
    """What a change did; ``persons`` are those of whom its receipt is still to speak, None where it was written."""

    step: Step
    rows: int
    persons: dict[str, int] | None


@dataclass(frozen=True, eq=False)
class AtOnce:
    """The statements of a run for one kind of person, made once; whose rows they are about is bound when they run.

    :param heard: asks for the place in the ledger up to which the store was told of facts.
    :param at: what it answered when the plan was still so.
    :param locks: by table, of rows to which others point.
    :param rest: changes of the last such table that come after those by which its rows leave: of no use if all left.
    """

    run: Run
    subject: str
    heard: Statement
    at: int
    locks: Mapping[str, Statement]
    changes: tuple[Change, ...]
    rest: tuple[Change, ...]

    @classmethod
    def of(
        cls, run: Run, subject: str, *, batches: Callable[[Step], Batches], heard: str, at: int
    ) -> "AtOnce":
        """Those of the plan's steps that touch tables with rows of such people."""
        locks: dict[str, Statement] = {}
        changes: list[Change] = []
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
            named = replace(general, theirs=theirs, hers=hers(general.compiler, schedule, row))
            changes.append(Change.of(step, named, run=run))
        last = changes[-1].step.table if changes else ""
        tail = [c for c in changes if c.step.table == last and last in locks and c.step.action not in LEAVING]
        if changes[len(changes) - len(tail) :] != tail:
            tail = []
        before = changes[: len(changes) - len(tail)]
        return cls(run, subject, Statement(heard, {}), at, locks, tuple(before), tuple(tail))

    def carry_out(self, connection: sa.Connection, key: Key, *, number: int) -> dict[str, int]:
        """Rows changed by each step, in one transaction; its statements go over at once, and then its receipts.

        :param connection: one that commits each statement by itself.
        :param number: of the batch, by which receipts of several people in one run are told apart.
        :raises psycopg.Error: the store refused; nothing was done.
        :raises StoreError: the store was told of a fact meanwhile; nothing was done.
        """
        bound = {**PostgreSQL.given(key), "number": number}
        done = list[Done]()
        with in_one_go(connection, CHANGING_ONE) as driver:
            asked = [*self.locks.values(), *(change.statement for change in self.changes)]
            answers, at = self._answers(driver, asked, bound)
            if at != self.at:
                raise StoreError("a hold or a fact was told since this was planned", fix="run it again")
            locked, changed = answers[: len(self.locks)], answers[len(self.locks) :]
            done += [change.done(each, key) for change, each in zip(self.changes, changed, strict=True)]
            if self._left(done, dict(zip(self.locks, locked, strict=True))):
                answers, _ = self._answers(driver, [change.statement for change in self.rest], bound)
                done += [change.done(each, key) for change, each in zip(self.rest, answers, strict=True)]
            if said := [each for each in done if each.persons is not None and each.rows]:
                ask(driver, self._receipts(said), number=number)
        return {each.step.id: each.rows for each in done}

    def _answers(
        self, driver: psycopg.Connection[Any], asked: Sequence[Statement], bound: Mapping[str, Any]
    ) -> tuple[list[psycopg.RawCursor[Any]], int]:
        """What the server answers to these statements, and to what was heard: they came when that one did."""
        *answers, heard = [ask(driver, each, binary=True, **bound) for each in (*asked, self.heard)]
        [at] = heard.fetchone() or [-1]
        return answers, at

    def _left(self, done: Sequence["Done"], locked: Mapping[str, psycopg.RawCursor[Any]]) -> bool:
        """Whether the rest may find any row."""
        if not self.rest:
            return False
        table = self.rest[0].step.table
        gone = sum(each.rows for each in done if each.step.table == table and each.step.action in LEAVING)
        return gone < len(locked[table].fetchall())

    def _receipts(self, said: Sequence["Done"]) -> Statement:
        """What writes down how many rows of some steps went, and who caused that."""
        run, plan = self.run, self.run.plan
        notes = [
            {
                "step": each.step.id,
                "action": each.step.action.value,
                "on_table": each.step.table,
                "rows": each.rows,
                "persons": each.persons,
                "because": [str(reason) for reason in each.step.because],
            }
            for each in said
        ]
        known = {"run": run.id, "as_of": plan.as_of, "plan": plan.digest, "policy": run.policy_digest}
        return Statement(_RECEIPTS, {**known, "said": json.dumps(notes)})
