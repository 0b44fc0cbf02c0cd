"""A SQLite file as a store, with its archive elsewhere. Effectful: the only place that runs `statements`."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from jikim.backends.base import (
    START,
    Archive,
    Batch,
    Copies,
    Counted,
    Driven,
    Key,
    Move,
    OutboxEntry,
    Place,
    Provenance,
    Run,
    StoreError,
)
from jikim.backends.sql import spread
from jikim.backends.sql.both import NOT_COUNTED, Both
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.leaving import Leaving
from jikim.backends.sql.person import Asked, OfPerson, Questions, RowFacts, together
from jikim.backends.sql.spelled import Spelled, spelled
from jikim.backends.sqlite.archive import SqliteArchive, SqliteBooks, plain
from jikim.backends.sqlite.counting import Look, by_ranges, number_in
from jikim.backends.sqlite.ddl import STORE_TABLES, listing_statements, told_columns, told_tables
from jikim.backends.sqlite.dialect import SQLite
from jikim.backends.sqlite.functions import Functions, instant_of, instant_text, key_of
from jikim.backends.sqlite.reflect import reflect
from jikim.backends.sqlite.refresh import refresh, stale
from jikim.backends.sqlite.session import opened, reading, rows, scrubbed, trust, writing
from jikim.backends.sqlite.statements import GONE_ROWS, NOTES, Batches, Ranges, Taking, Work, clock_of
from jikim.backends.sqlite.turns import Turns, version_of
from jikim.datamap.files import KEPT, with_listings
from jikim.datamap.schema import Column, Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.told import Told, with_told
from jikim.evidence.stage import Stage
from jikim.law.counting import due_at
from jikim.plan.plan import Action, Step
from jikim.plan.predicate import Predicate
from jikim.plan.schedule import Calendar, Mention, Schedules, TableSchedule
from jikim.plan.sweep import Sweep
from jikim.policy.period import Period

LISTED = 1_000_000
"""Keys of due rows that are listed at a time: in memory, about 15 bytes each and the text of the key."""


@dataclass
class UnderWay:
    """A step that is being carried out: how many rows were found due, and how many of these were gone through.

    ``still`` tells that nothing changed since but these rows: if they go, none is due. ``many`` are due where the table
    is gone through by ranges, and nothing is listed; ``left`` are so many of them, where that was counted.
    """

    work: Work
    many: bool = False
    left: int | None = None
    listed: int = 0
    done: int = 0
    still: bool = False
    state: tuple[int, int] = (0, 0)


class SqliteStore(SqliteBooks, Both[Archive]):
    """The service's file by its sweeper.

    :param archive: where what a law demands is kept apart.
    :param mask_key: 32 bytes, with which masked values get their tags.
    :param epoch_key: 32 bytes, with which persons get theirs; None for a store that is only read.
    :param listings: tables in which files of a folder are rows, by the names that the map gives them.
    :param told: what the ledger tells about people.
    """

    def __init__(
        self,
        path: Path,
        archive: Archive,
        *,
        name: str,
        zone: ZoneInfo,
        mask_key: bytes,
        epoch_key: bytes | None,
        listings: Mapping[str, Table] = MappingProxyType({}),
        told: tuple[Told, ...] = (),
    ) -> None:
        super().__init__(path, role="sweeper", zone=zone)
        self.archive, self.name, self.listings, self.told_of = archive, name, listings, told
        self._mask_key, self._epoch_key = mask_key, epoch_key
        self._functions = Functions(zone, mask_key, epoch_key)
        self._schema: Schema | None = None
        self._schedules: Schedules | None = None
        self._turns = Turns()
        self._reflected = 0
        self._under_way: UnderWay | None = None
        self._none_due: tuple[Step, tuple[int, int]] | None = None
        self._counted: tuple[dict[tuple[str, Predicate], int], tuple[int, int]] = ({}, (0, 0))
        self._compiled()

    @cached_property
    def connection(self) -> sqlite3.Connection:
        """The session, opened when it is first needed. Raises ``StoreError``."""
        return opened(self.path, role=self.role, functions=self._functions)

    def close(self) -> None:
        """End the session, if there is one, and with it what it knows."""
        super().close()
        self._under_way = self._none_due = None
        self._turns.version = 0  # another session counts anew

    # -- what is there ------------------------------------------------------------------------------------

    def reflect(self) -> Schema:
        """The shape of the service's tables now; later calls speak of this shape."""
        connection = self.connection
        with scrubbed("reading its schema"), reading(connection):
            self._schema = with_told(with_listings(reflect(connection), self.listings), self.told_of)
            trust(connection)
            self._reflected = _shape_of(connection)
        return self._schema

    def use(self, schedules: Schedules) -> None:
        """The schedules that steps and sweeps handed in from now on were made from."""
        self._schedules = schedules
        self._compiled()

    def count(
        self, sweeps: list[Sweep], steps: tuple[Step, ...], *, as_of: datetime, whole: bool = True
    ) -> Counted:
        """Every table's rows by state beside an unconditional count, and the rows of each step, in one snapshot.

        A table to whose due rows an index leads is left out of the census, unless it is asked for as a whole.
        """
        found = Counted({}, self._counted_elsewhere(steps, as_of=as_of))
        connection = self.connection
        with scrubbed("counting"), reading(connection):
            self._turns.look(connection)
            look = Look(connection, self._bound()[0], self._compiler, self._batches, self._functions)
            look.tables(sweeps, steps, whole=whole, into=found)
            self._counted = (
                {(s.table, s.predicate): found.rows[s.id] for s in steps if s.id in found.rows},
                self._state(),
            )
        return found

    def at_once(self, run: Run, *, subject: str, key: Key, number: int = 0) -> dict[str, int]:
        """A file has one writer at a time, and its archive lies elsewhere: what is due goes with a sweep."""
        raise StoreError("in a SQLite file what is due goes with a sweep only", fix="run `jikim apply`")

    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows that still meet the step."""
        if step.action is Action.EXPIRE:
            return self.archive.expirable([step], as_of=as_of, holds=self.facts().holds)[step.id]
        with scrubbed(f"counting `{step.id}`", self._functions):
            if (
                self._none_due is not None
                and self._none_due[0] is step
                and self._none_due[1] == self._state()
            ):
                return 0  # as it was seen already
            if step.action is Action.REFRESH:
                return int(stale(self.connection, step))
            return int(self._run(self._batches(step).count(step))[0][0])

    def asking(self) -> AbstractContextManager[None]:
        """What is asked meanwhile is asked over the one connection there is."""
        return nullcontext()

    def rows_of(
        self,
        tables: Sequence[TableSchedule],
        schedules: Schedules,
        *,
        subject: str,
        key: Key,
        as_of: datetime,
    ) -> OfPerson:
        """What the store was told, and keys and trigger dates of one person's rows in some tables."""
        facts, found = self.facts(), []
        with reading(self.connection):
            for table in tables:
                with scrubbed(f"reading `{table.table}`", self._functions):
                    sweep = Sweep(table, schedules, facts, as_of)
                    every = self._questions.rows_of(sweep, subject=subject)
                    found.append(together(row for a in every for row in self._read(a, key)))
        return OfPerson(facts, found)

    def any_of(
        self,
        tables: Sequence[TableSchedule],
        schedules: Schedules,
        *,
        subject: str,
        key: Key,
        as_of: datetime,
    ) -> bool:
        """Whether some tables hold any row of a person at all."""
        return any(self.rows_of(tables, schedules, subject=subject, key=key, as_of=as_of).rows)

    def _read(self, asked: Asked, key: tuple[str, ...]) -> Iterator[RowFacts]:
        place = asked.places["key"]
        answers = map(list, self._run(asked.statement, key=key_of(key)))
        return asked.read([*each[:place], _key(each[place]), *each[place + 1 :]] for each in answers)

    def named_in(
        self, mentions: Sequence[tuple[TableSchedule, Mention]], *, key: tuple[str, ...]
    ) -> list[list[Key]]:
        """Keys of the rows that name a person beside their owners, mention by mention."""
        found = []
        with reading(self.connection):
            for schedule, mention in mentions:
                with scrubbed(f"reading `{schedule.table}`", self._functions):
                    query = self._questions.named_in(schedule, mention)
                    found.append([_key(row[0]) for row in self._run(query, key=key_of(key))])
        return found

    # -- what is done -------------------------------------------------------------------------------------

    def administration(self, app_role: str | None) -> list[str]:
        """SQLite has no administrator: whoever writes the file makes the tables."""
        del app_role
        return []

    def prepare(self, admin: str | None, *, app_role: str | None) -> None:
        """Make jikim's own tables, and the archive's. Safe to run again."""
        del admin, app_role
        connection = self.connection
        with scrubbed("preparing the store"), writing(connection):
            for statement in (*STORE_TABLES, *listing_statements(self.listings.values())):
                connection.execute(statement)
            for table, statement in told_tables(table for table, _ in self._told_tables()):
                connection.execute(statement)
                there = [
                    r[1] for r in rows(connection, f"pragma table_info({quoted(f'jikim_{table.called}')})")
                ]
                for column in told_columns(table, there):
                    connection.execute(column)
        self.archive.prepare(*self._bound())

    def batch(self, step: Step, *, run: Run, number: int, size: int, at: Place = START) -> Batch:
        """Carry out one step on up to ``size`` rows, in one transaction with its receipt.

        Copies are in the archive before their rows go, and are settled after: a row is in both places or in one.

        :raises StoreError: the store refused; nothing of this batch was done.
        """
        if self._epoch_key is None:
            raise StoreError("a store that was opened to be read was asked to change rows")
        if step.action is Action.EXPIRE:
            with (
                scrubbed(f"carrying out `{step.id}`"),
                writing(self.connection),
            ):  # no hold is placed meanwhile
                holds = self.facts().holds
                gone = self.archive.expire(step, run=run, number=number, size=size, holds=holds)
            return Batch(gone, gone)
        if step.action is Action.REFRESH:
            return self._refresh(step, run, number)
        with scrubbed(f"carrying out `{step.id}`", self._functions):
            under_way = self._begun(step, run)
            if (ranges := under_way.work.ranges) and under_way.many:
                batch = self._in_range(under_way, ranges, number, size, at)
                self._under_way = under_way
                return batch
            while under_way.done < under_way.listed or self._look(under_way):
                batch = self._next(under_way, number, size)
                self._under_way = under_way
                if batch.found:
                    return batch
        return Batch(0, 0)

    def _refresh(self, step: Step, run: Run, number: int) -> Batch:
        """Make a full-text index anew where what it indexes was changed; it counts as one row."""
        with scrubbed(f"carrying out `{step.id}`"), writing(self.connection):
            if not stale(self.connection, step):
                return Batch(0, 0)
            _, schema = self._bound()
            refresh(self.connection, step, schema.derived[step.table], run=run, number=number)
        return Batch(1, 1)

    def _begun(self, step: Step, run: Run) -> "UnderWay":
        """The step that is under way, as far as it has come."""
        known = self._under_way
        if known is None or known.work.run is not run or known.work.step is not step:
            schedules, schema = self._bound()
            number = number_in(self.connection, schema.tables[step.table])
            work = self._batches(step).work(step, run, number=number)
            known = UnderWay(work, by_ranges(step, run.plan))
            for statement in known.work.tables:
                self.connection.execute(statement)
            until = partial(_until, as_of=run.plan.as_of, calendar=schedules.calendar)
            self._functions.until = {
                clock_of(step, n): lru_cache(4096)(partial(until, copy.claim.clocks[0].period))
                for n, copy in enumerate(step.copies)
            }
        self._under_way = None  # unless all goes well
        return known

    def _look(self, under_way: "UnderWay") -> bool:
        """List rows that are due, while others may write; whether there are any."""
        work, connection = under_way.work, self.connection
        if under_way.still and under_way.listed < LISTED and under_way.state == self._state():
            self._none_due = (work.step, under_way.state)
            return False
        with reading(connection):
            for statement in work.tables:
                connection.execute(statement)
            under_way.state, under_way.still = self._state(), work.alone
            under_way.listed, under_way.done = self._tell_one(work.look, size=LISTED), 0
        self._none_due = None if under_way.listed else (work.step, under_way.state)
        under_way.state = under_way.state[0], connection.total_changes
        return under_way.listed > 0

    def _ends(self, under_way: "UnderWay", ranges: Ranges) -> Place:
        """From the first row of a table to its last, as it is now, and whether most numbers between are a row's; of how
        many rows one is due; and whether it is to be seen first where."""
        under_way.still, under_way.state = under_way.work.alone, self._state()
        counted, state = self._counted
        step = under_way.work.step
        under_way.left = counted.get((step.table, step.predicate)) if state == under_way.state else None
        [(first, last, count)] = self._run(ranges.ends)
        plan = under_way.work.run.plan
        look = int(not plan.rows.get(step.id))
        return (
            (first, last, int(2 * count > last - first), plan.one_in(step), look)
            if count
            else (0, 0, 0, 1, 0)
        )

    def _in_range(self, under_way: "UnderWay", ranges: Ranges, number: int, size: int, at: Place) -> Batch:
        """Change what is due of the next rows of the table: judged once, under the lock.

        The first look is at no more than ``size``. Where nothing was due, it is looked up without the lock where
        the next due row lies: to pass over many by ranges that may all be due would take as many batches.
        """
        first, last, dense, one_in, look = at or self._ends(under_way, ranges)
        if look:
            next_due = self._run(ranges.due, first=first, upto=last)
            if not next_due:
                under_way.still &= under_way.state == self._state()
                self._none_due = (under_way.work.step, under_way.state) if under_way.still else None
                return Batch(0, 0, next=None)
            first = next_due[0][0]
        size = self._turns.rows(size * min(one_in, spread.WIDE) if at else size)
        found = [(first + size - 1,)] if dense else self._run(ranges.ahead, first=first, size=size)
        upto = min(found[0][0], last) if found else last
        batch = self._taken(under_way, ranges.taking, number, size, {"first": first, "upto": upto})
        under_way.still &= batch.changed == batch.found
        if under_way.left is not None:
            under_way.left -= batch.changed
        if under_way.still and (upto >= last or under_way.left == 0):
            self._none_due = (under_way.work.step, under_way.state)
        one_in = spread.one_in(one_in, found=batch.found, looked_at=size)
        look = int(one_in == spread.TOGETHER and not batch.found)
        return replace(batch, next=(upto + 1, last, dense, one_in, look) if upto < last else None)

    def _next(self, under_way: "UnderWay", number: int, size: int) -> Batch:
        """Change those of the next listed rows that are due yet."""
        size, done = min(self._turns.rows(size), under_way.listed - under_way.done), under_way.done
        batch = self._taken(
            under_way, under_way.work.listed, number, size, {"after": done, "upto": done + size}
        )
        under_way.done += size
        under_way.still &= batch.changed == size
        return batch

    def _taken(
        self, under_way: "UnderWay", taking: Taking, number: int, size: int, places: Mapping[str, int]
    ) -> Batch:
        """One transaction: change what is due between two places."""
        work, connection, copied = under_way.work, self.connection, None
        move = Move(work.run.id, work.step.id, number)
        with self._turns.writing(connection, size=size):
            under_way.still &= under_way.state == self._state()
            if taking.at_once and self._reflected == _shape_of(connection):
                found = changed = self._changed(under_way, taking.at_once, **places)
                if changed:
                    self._tell_one(work.receipt, number=number, rows=changed, copies=0, files=0)
            elif found := self._tell_one(taking.pick, **places):
                copied = self._copy(work, move)
                changed = self._change(under_way, number, copied)
                connection.execute(f"delete from {NOTES}")
            else:
                changed = 0
            seen = version_of(connection)  # while nobody else can write
        if copied is not None:
            self._settle(move, all_went=changed == found)
        under_way.state = seen, connection.total_changes
        return Batch(found, changed, seconds=self._turns.held)

    def _changed(self, under_way: "UnderWay", statement: Statement, **places: int) -> int:
        """Change rows; how many of them were. What else was changed, by a trigger or a key, may make others due."""
        before = self.connection.total_changes
        changed = self._tell_one(statement, **places)
        under_way.still &= self.connection.total_changes - before == changed
        return changed

    def _copy(self, work: Work, move: Move) -> int | None:
        """Copy what a law demands of the noted rows to the archive, as pending; None for nothing."""
        copies, as_kept = [], isinstance(self.archive, SqliteArchive)
        for copy, (columns, query) in zip(work.step.copies, work.copies, strict=True):
            reads = [(n, READ[name]) for n, name in enumerate(columns) if name in READ]
            found = self.connection.execute(query.text, query.values)
            found.row_factory = None  # plain tuples
            if (first := found.fetchone()) is not None:
                rows = (row if as_kept else _copied(row, reads) for row in chain([first], found))
                provenance = Provenance.of(copy.claim.because, work.run)
                copies.append(Copies(copy.archive, columns, rows, provenance, as_kept=as_kept))
        return self.archive.add(move, copies) if copies else None

    def _change(self, under_way: "UnderWay", number: int, copied: int | None) -> int:
        """Change the noted rows, and write down what went with them; how many were changed."""
        work = under_way.work
        self._changed(under_way, work.change)
        self._run(work.unchanged)
        for queue in work.files:
            self._tell_one(queue, number=number)
        batch = {"run": work.run.id, "step": work.step.id, "batch": number}
        where = "run = :run and step = :step and batch = :batch and kept = '[]'"
        [(files,)] = rows(self.connection, f"select count(*) from main.jikim_outbox where {where}", batch)
        if copied is not None:
            [(went,)] = self._run(work.went)
            self.connection.execute(
                "insert into main.jikim_move values (:run, :step, :batch, :went)", {**batch, "went": went}
            )
            copied = min(copied, int(self._run(work.kept)[0][0]))
        [(changed,)] = rows(self.connection, GONE_ROWS)
        if changed:
            self._tell_one(work.receipt, number=number, rows=changed, copies=copied or 0, files=files)
        return int(changed)

    def _settle(self, move: Move, *, all_went: bool = False) -> None:
        """Let the archive keep what went."""
        values = {"run": move.run, "step": move.step, "batch": move.batch}
        where = "main.jikim_move where run = :run and step = :step and batch = :batch"
        connection, went = self.connection, None
        if not all_went:
            found = rows(connection, f"select went from {where}", values)
            went = [tuple(json.loads(key)) for key in json.loads(found[0]["went"])] if found else []
        self.archive.settle(move, went)
        with writing(connection):
            connection.execute(f"delete from {where}", values)

    def recover(self) -> None:
        """Settle what killed runs left between this store and its archive."""
        connection = self.connection
        with scrubbed("finishing earlier moves"), writing(connection):  # nobody is moving anything
            listed = rows(connection, "select run, step, batch from main.jikim_move")
            for move in dict.fromkeys([*self.archive.unsettled(), *(Move(*row) for row in listed)]):
                self._settle(move)

    def sql(self, step: Step, *, run: Run) -> list[Spelled]:
        """The statements of a step's batches, as an operator reads them."""
        if step.action in NOT_COUNTED:
            return []
        work = self._batches(step).work(step, run, number=None)
        return [spelled(each, pyformat=False) for each in (work.look, work.listed.pick, work.change)]

    def drive(self, stage: Stage, tables: Collection[str], *, admin: str | None) -> Iterator[Driven]:
        """Take what was removed to a stage, and with it the whole file."""
        del admin
        apart = [each.table for each in self.archive.behind(stage) if each.table in tables]
        if set(tables) - set(apart):
            yield from self.rewritten(stage)
        if apart:
            yield from self.archive.drive(stage, apart)

    def outbox(self) -> list[OutboxEntry]:
        """Files still to be removed, of rows and of expired copies."""
        return [*super().outbox(), *self.archive.outbox()]

    def removed(self, entries: list[OutboxEntry]) -> None:
        """These files are verified to be absent."""
        super().removed([entry for entry in entries if entry.store != KEPT])
        self.archive.removed([entry for entry in entries if entry.store == KEPT])

    def archived(self, subject: str, key: tuple[str, ...]) -> list[dict[str, Any]]:
        """Everything the archive holds about one person."""
        return self.archive.archived(subject, key)

    # -- parts --------------------------------------------------------------------------------------------

    def _tell_all(self, doing: str, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        with scrubbed(doing), writing(self.connection):
            for statement, values in statements:
                self.connection.execute(statement, plain(values))

    def _quoted(self, name: str) -> str:
        return quoted(name)

    def _typed(self, placeholder: str, column: Column) -> str:
        return f"cast({placeholder} as {'integer' if column.family == 'number' else 'text'})"

    def _spelled(self, value: str, column: Column) -> str:
        return self._dialect.spelled(value, column)

    def _at_home(self, table: Table) -> str:
        return self._dialect.table(table)

    def _shape(self) -> Schema:
        return self._schema or self.reflect()

    def _state(self) -> tuple[int, int]:
        """Stays the same for as long as nobody changes a row, here or elsewhere."""
        return version_of(self.connection), self.connection.total_changes

    def _run(self, statement: Statement, **values: Any) -> list[sqlite3.Row]:
        return rows(self.connection, statement.text, _needed(statement, values))

    def _tell_one(self, statement: Statement, **values: Any) -> int:
        return int(self.connection.execute(statement.text, _needed(statement, values)).rowcount)

    def _bound(self) -> tuple[Schedules, Schema]:
        if self._schema is None:
            self.reflect()
        if self._schema is None or self._schedules is None:
            raise StoreError("the store was asked for work before it was told the schedules")
        return self._schedules, self._schema

    def _compiled(self) -> None:
        self._dialect = SQLite(self.zone)
        self._compiler = Compiler(self._dialect, self._schema or Schema({}), self._mask_key)
        self._questions = Questions(self._compiler)

    def _batches(self, step: Step) -> Batches:
        schedules, _ = self._bound()
        leaving = Leaving(
            self._compiler, schedules.calendar, schedules[step.table], self.name, self._epoch_key or b""
        )
        return Batches(self._dialect, leaving)


def _until(period: Period, day: str, *, as_of: datetime, calendar: Calendar) -> str | None:
    """Until when a copy is kept whose period counts from a day; None where it has run."""
    # A date counts from the day after it, so the day before is the trigger that starts here.
    trigger = date.fromisoformat(day) - timedelta(days=1)
    due = due_at(trigger, period, zone=calendar.zone, holidays=calendar.holidays)
    return instant_text(due) if due > as_of else None


def _copied(row: tuple[Any, ...], reads: list[tuple[int, Callable[[str], Any]]]) -> list[Any]:
    """A copy as it crosses over: keys as tuples, times as instants."""
    values = list(row)
    for n, read in reads:
        if values[n] is not None:
            values[n] = read(values[n])
    return values


def _shape_of(connection: sqlite3.Connection) -> int:
    """A number that stays the same for as long as tables and triggers do."""
    return int(rows(connection, "pragma schema_version")[0][0])


def _key(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


READ: Mapping[str, Callable[[str], Any]] = {
    "jikim_key": _key,
    "jikim_subject_key": _key,
    "jikim_destroy_after": instant_of,
}
"""What a copy says in text, and how it is read."""


def _needed(statement: Statement, values: Mapping[str, Any]) -> dict[str, Any]:
    return {**statement.values, **values}
