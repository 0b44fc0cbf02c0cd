"""Counts the rows of a table: every one by its state, or only what is due. Effectful: reads.

Whoever reads a plan wants to know of every row. Whoever carries one out wants to know what is due, and that costs no
more than what is due where an index leads there.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jikim.backends.base import Counted, StoreError
from jikim.backends.sql.both import STATES, of_tables
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Sql, Statement
from jikim.backends.sqlite.dialect import EPOCH
from jikim.backends.sqlite.functions import Functions
from jikim.backends.sqlite.reflect import number_of
from jikim.backends.sqlite.session import rows, scrubbed
from jikim.backends.sqlite.statements import Batches
from jikim.datamap.schema import Table, TimeType
from jikim.plan.finding import counted
from jikim.plan.plan import AccessPath, Counts, Plan, Step
from jikim.plan.predicate import NEVER
from jikim.plan.schedule import Hop, Schedules, TableSchedule
from jikim.plan.sweep import Sweep

MANY: Final = 0.1
"""The share of a table that must be due before it is gone through from end to end under the lock."""
SMALL: Final = 10_000
"""A table of no more rows than this is counted as a whole, and nothing is said of the way to its rows."""
APART: Final = 50
"""What it takes to look for the next value in an index, in values that lie beside one another there."""

_OWN: Final = re.compile(r'\br\.("(?:[^"]|"")*")?')
"""Where a row's own columns are asked for."""
_WAY: Final = re.compile(r"(?:SEARCH|SCAN) r\b")
_SEARCH: Final = re.compile(r"SEARCH r USING (?:COVERING )?(?:INDEX )?(.+) \(", re.DOTALL)
_OR: Final = re.compile(r"MULTI-INDEX OR|INDEX \d+")


@dataclass(frozen=True)
class Look:
    """A look at a store's tables in one snapshot."""

    connection: sqlite3.Connection
    schedules: Schedules
    compiler: Compiler
    batches: Callable[[Step], Batches]
    functions: Functions

    def tables(self, sweeps: Sequence[Sweep], steps: Sequence[Step], *, whole: bool, into: Counted) -> None:
        """Count the rows of tables and of their steps; one that cannot be counted keeps none of the others from it.

        :param whole: every row by its state, though an index leads to what is due.
        """
        for sweep, own in of_tables(sweeps, steps):
            table = self.compiler.schema.tables[sweep.schedule.table]
            try:
                with scrubbed(f"counting `{table.name}`", self.functions):
                    self._every_row_is_named(table)
                    if whole or not self._by_index(sweep, own, table, into):
                        self._at_all(sweep, own, table, into)
            except StoreError as error:
                into.refused[table.name] = error

    def _every_row_is_named(self, table: Table) -> None:
        """Refuse rows without a key: SQLite lets a key be NULL. Raises ``StoreError``."""
        dialect = self.compiler.dialect
        for column in (c for c in table.primary_key if table.columns[c].nullable):
            name = f"{dialect.table(table)} where {dialect.quoted(column)} is null"
            [(nameless,)] = rows(self.connection, f"select count(*) from {name}")
            if nameless:
                raise StoreError(
                    counted(nameless, f"row of `{table.name}` has", f"rows of `{table.name}` have")
                    + f" no `{column}`",
                    fix=f"give them one, and declare `{column}` NOT NULL: it is part of the key",
                )

    def _at_all(self, sweep: Sweep, own: list[Step], table: Table, into: Counted) -> None:
        """Look at every row of a table."""
        asked = [*(getattr(sweep, state) for state in STATES), *(s.predicate for s in own)]
        total, *counts = self._run(self.compiler.counts(table.name, asked))[0]
        into.census[table.name] = Counts(total, *counts[: len(STATES)])
        met = dict(zip((s.id for s in own), counts[len(STATES) :], strict=True))
        into.rows.update(met)
        if total <= SMALL:
            return
        number = number_in(self.connection, table)
        for step in own:
            if met[step.id] or step.follows:
                index = leading(self.connection, self.batches(step).count(step))
                into.access[step.id] = self._chosen(step, index, met, total, number=number)

    def _by_index(self, sweep: Sweep, own: list[Step], table: Table, into: Counted) -> bool:
        """Count only what is due, where an index leads there for every step; whether one does."""
        if any(step.inward for step in own):
            return False
        number = number_in(self.connection, table)
        most = self._most(table, number) if number else None
        if (table.rows if most is None else most) <= SMALL:
            return False
        counts = [self.batches(step).count(step) for step in own]
        indexes = [leading(self.connection, count) for count in counts]
        if not all(indexes) or self._has_orphans(sweep, most or table.rows) or not self._every_time_is_read:
            return False
        met = {step.id: int(self._run(count)[0][0]) for step, count in zip(own, counts, strict=True)}
        into.rows.update(met)
        for step, index in zip(own, indexes, strict=True):
            if met[step.id] or step.follows:
                into.access[step.id] = self._chosen(step, index, met, most, number=number, most="at most ")
        return True

    def _has_orphans(self, sweep: Sweep, most: int) -> bool:
        """Whether some of at most so many rows belong to nobody of whom the map does not say what becomes of them.

        No foreign key of SQLite is sure. This looks at every row, but mostly in an index on the owner's columns; or at
        every owner, where few have many rows each and nothing else of a row is asked for.
        """
        if sweep.orphan == NEVER:
            return False
        row = self.compiler.base(sweep.schedule.table)
        orphan = self.compiler.condition(sweep.orphan, row)
        source = self._each_owner(sweep.schedule, orphan, most) or self.compiler.source(row)
        asked = self.compiler.statement(f"select exists (select 1 from {source} where {orphan})")
        return bool(self._run(asked)[0][0])

    def _each_owner(self, schedule: TableSchedule, orphan: Sql, most: int) -> Sql | None:
        """In place of a table's rows each owner that they name, where this is all that a condition asks for and so many
        rows would go to each that it is worth while; else None."""
        match [*{owner.hops[:1] for owner in schedule.owners}]:
            case [(Hop(columns=(name,), table=to, to_columns=(key_name,)),)]:
                table, theirs = (self.compiler.schema.tables[each] for each in (schedule.table, to))
            case _:
                return None
        own, key = table.columns[name], theirs.columns[key_name]
        row, quoted = self.compiler.base(schedule.table), self.compiler.dialect.quoted(name)
        number = number_in(self.connection, theirs)
        # A value by itself has neither type nor collation: how a number compares does not hang on these.
        numbers = all(each.family == "number" and not each.fuzzy for each in (own, key)) and not own.nullable
        alone = {found[1] for found in _OWN.finditer(orphan)} == {quoted}
        if not (numbers and alone and number and self._most(theirs, number) * APART <= most):
            return None
        each = _stepping(self.compiler.column(row, name), self.compiler.source(row), to="> each.v")
        owners = f"{each} select v as {quoted} from each where v is not null"
        return f"({owners}) {row.name}" if self._only_searches(Statement(owners, {})) else None

    @cached_property
    def _every_time_is_read(self) -> bool:
        """Whether no clock starts by a time that cannot be read: no cutoff need ever come by one.

        Where an index leads from one to the next, the first text of each day is read, and the first and last number.
        Elsewhere every value is. What else is wrong with a time within a day is met when that day comes.
        """
        with suppress(sqlite3.Error):
            for time in self.schedules.times:
                self._run(self._reading(*time))
            return True
        self.functions.wrong = ""  # those are told of it whose rows it is asked for
        return False

    def _reading(self, table: str, name: str, written: TimeType) -> Statement:
        """What fails where such a time cannot be read; its answer says nothing."""
        row, dialect = self.compiler.base(table), self.compiler.dialect
        column, source = self.compiler.column(row, name), self.compiler.source(row)
        behind = ">= case typeof(each.v) when 'text' then substr(each.v, 1, 10) || char(1114111) else '' end"
        last = f" union select max({column}) from {source} where {column} < ''"
        read = f"select count(jikim_moment(v, {dialect.bind(written)}, '')) from each"
        stepping = self.compiler.statement(f"{_stepping(column, source, to=behind, also=last)} {read}")
        if self._only_searches(stepping):
            return stepping
        # To compare a time is to read it, where it is not spelled plainly.
        later = dialect.compared(column, ">", EPOCH.date() if written == "date" else EPOCH, written)
        return self.compiler.statement(
            f"select count(*) from {source} where {column} is not null and {later}"
        )

    def _only_searches(self, statement: Statement) -> bool:
        """Whether SQLite would come to every row by an index, and pass over none on the way."""
        explained = rows(self.connection, f"explain query plan {statement.text}", statement.values)
        ways = [words for *_, words in explained if _WAY.match(words)]
        return all(way.startswith("SEARCH r USING ") and "(ANY(" not in way for way in ways)

    def _most(self, table: Table, number: str) -> int:
        """How many rows a table may have, by the first and the last number: either is known at once."""
        name = self.compiler.dialect.table(table)
        ends = f"(select min({number}) from {name}), (select max({number}) from {name})"
        [(first, last)] = rows(self.connection, f"select {ends}")
        return 0 if first is None else int(last) - int(first) + 1

    def _chosen(
        self,
        step: Step,
        index: str,
        met: Mapping[str, int],
        total: int | None,
        *,
        number: str | None,
        most: str = "",
    ) -> AccessPath:
        """How its rows are come to; those that others of the same table meet now may be its own once these are done."""
        ordered = number is not None and self.batches(step).alone(step)
        due = sum(met.values()) if step.follows else met[step.id]
        return chosen(index, due=due, total=total, ordered=ordered, most=most)

    def _run(self, statement: Statement) -> list[sqlite3.Row]:
        return rows(self.connection, statement.text, statement.values)


def number_in(connection: sqlite3.Connection, table: Table) -> str | None:
    """What SQLite calls the number of a row of a table; None where rows have none, or it is jikim's own."""
    return None if table.lies_in else number_of(connection, table.at("main")[1])


def _stepping(column: Sql, source: Sql, *, to: Sql, also: Sql = "") -> Sql:
    """The values of a column as ``each (v)``: the first, and from each the first that is ``to`` it.

    :param also: what else to begin with.
    """
    further = (
        f"select (select min({column}) from {source} where {column} {to}) from each where each.v is not null"
    )
    first = f"select min({column}) from {source} where {column} is not null"
    return f"with recursive each(v) as ({first}{also} union {further})"


def leading(connection: sqlite3.Connection, count: Statement) -> str:
    """The index by which SQLite would look for the rows that a statement counts; empty for none.

    It says so in words. What is said of rows that are looked for beside a step's own stands below something else.
    """
    own, found = {0}, list[str]()
    for number, below, _, words in rows(connection, f"explain query plan {count.text}", count.values):
        if below not in own:
            continue
        if _OR.fullmatch(words):
            own.add(number)
        elif search := _SEARCH.match(words):
            found.append(search[1])
    return "`, `".join(dict.fromkeys(found))


def chosen(index: str, *, due: int, total: int | None, ordered: bool, most: str = "") -> AccessPath:
    """How rows are best come to, of which an index leads to those that are due, or none does.

    :param total: the rows of the table, or as many as there may be; None where nobody knows.
    :param ordered: the table can be gone through from one end to the other.
    :param most: how that is said of as many as there may be.
    """
    share = f"{due:,} rows" if total is None else f"{due:,} of {most}{total:,} rows"
    if ordered and total is not None and due >= MANY * total:
        return AccessPath("ranges", f"{share}: the table is read from end to end")
    if index:
        return AccessPath("index", f"{share}: found by `{index}`")
    how = "listed by one look over the whole table, then changed by their keys"
    return AccessPath("listed", f"{share}, to which no index leads: {how}")


def by_ranges(step: Step, plan: Plan) -> bool:
    """Whether a step goes through its table from end to end: as the plan says; in a small table of which it says
    nothing, if many of its rows are due."""
    if path := plan.access.get(step.id):
        return path.kind == "ranges"
    census = plan.census.get(step.table)
    return census is not None and plan.rows.get(step.id, 0) >= MANY * census.total
