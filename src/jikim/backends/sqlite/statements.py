"""The statements of one batch (SQLite). Builds them, runs nothing.

*Look* lists the keys of due rows while others write. A batch is one transaction of the only writer and goes through
some of these keys: *pick* notes those rows that are still due, and all that leaves with them, aside, in memory; then
the rows are changed; what a trigger kept as it was is struck from the notes; and files, receipt and the move to the
archive are written from what is left.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from jikim.backends.base import Provenance, Run
from jikim.backends.sql.compile import Compiler, Row, every, negated
from jikim.backends.sql.dialect import Sql, Statement
from jikim.backends.sql.leaving import Leaving
from jikim.backends.sqlite.dialect import SQLite
from jikim.plan.plan import Action, RecordCopy, Step
from jikim.plan.predicate import All, Happened, Predicate
from jikim.plan.schedule import Cell, FactRef, Hop

LIST = "temp.jikim_list"
"""Keys of rows that were due when somebody looked, in order."""
NOTES = "temp.jikim_due"
"""Due rows of a batch, and what leaves with them."""

GONE_ROWS = f"select count(*) from {NOTES}"


@dataclass(frozen=True)
class Work:
    """The statements of one step of one run, built once for all its batches; ``tables`` make list and notes anew.

    ``alone`` tells that whether a row is due does not hang on others of its table. ``ranges`` goes through a table
    without a list; None where rows hang on one another, or have no number of their own. ``copies`` has for each
    record the columns of its copies, and a query for the rows to copy.
    """

    run: Run
    step: Step
    tables: tuple[Sql, ...]
    alone: bool
    look: Statement
    listed: "Taking"
    ranges: "Ranges | None"
    copies: tuple[tuple[tuple[str, ...], Statement], ...]
    change: Statement
    unchanged: Statement
    files: tuple[Statement, ...]
    went: Statement
    kept: Statement
    receipt: Statement


@dataclass(frozen=True)
class Taking:
    """How a batch takes the due rows between two places (bound: ``after`` one of the list, or ``first``; ``upto``).

    ``pick`` notes them; ``at_once`` changes rows of which nothing need be noted, and is None where something must.
    """

    pick: Statement
    at_once: Statement | None


@dataclass(frozen=True)
class Ranges:
    """The statements that go through a table from end to end, by the numbers that SQLite gives its rows.

    ``ends`` asks for the first and the last number, and how many there are; ``ahead`` for that of the last of ``size``
    rows from one on (both bound: ``size``, ``first``); ``due`` for that of the first due row between two (bound:
    ``first``, ``upto``).
    """

    ends: Statement
    ahead: Statement
    due: Statement
    taking: Taking


@dataclass(frozen=True)
class Batches:
    """Builds the statements of one step's batches."""

    dialect: SQLite
    leaving: Leaving

    @property
    def compiler(self) -> Compiler:
        """What turns predicates into SQL."""
        return self.leaving.compiler

    def count(self, step: Step) -> Statement:
        """Count due rows."""
        row = self.compiler.base(step.table)
        due = every([*self._from_others(step, row), self.compiler.condition(step.predicate, row)])
        return self.compiler.statement(f"select count(*) from {self.compiler.source(row)} where {due}")

    def alone(self, step: Step) -> bool:
        """Whether a row is due does not hang on others of its table."""
        return self.count(step).text.count(self.dialect.table(self.compiler.schema.tables[step.table])) == 1

    def work(self, step: Step, run: Run, *, number: str | None) -> Work:
        """All that a step's batches say.

        :param number: what SQLite calls the number of a row of the table; None where rows have none.
        """
        look, table = self.look(step), self.compiler.schema.tables[step.table]
        alone = self.alone(step)
        bare = not (table.triggers or self._noteworthy(step))
        return Work(
            run,
            step,
            tables=tuple(self.tables(step)),
            alone=alone,
            look=look,
            listed=Taking(self.pick(step), self.at_once(step) if bare else None),
            ranges=self.ranges(step, number, bare=bare) if alone and number else None,
            copies=tuple(self.copies(step, n, run) for n in range(len(step.copies))),
            change=self.change(step),
            unchanged=self.unchanged(step),
            files=tuple(self.files(step, run)),
            went=self.went(step),
            kept=self.kept(step),
            receipt=self.receipt(step, run),
        )

    def tables(self, step: Step) -> Iterator[Sql]:
        """What makes the list and the notes anew, both in memory."""
        listed = ", ".join(self._own(step))
        noted = ", ".join([listed, *self._wanted(step), *(f"due_{n}" for n in range(len(step.copies)))])
        for table, columns in ((LIST, f"place integer primary key, {listed}"), (NOTES, noted)):
            yield f"drop table if exists {table}"
            yield f"create table {table} ({columns})"

    def look(self, step: Step) -> Statement:
        """List the keys of up to ``size`` (bound) due rows."""
        row = self.compiler.base(step.table)
        return self.compiler.statement(
            f"insert into {LIST} ({', '.join(self._own(step))}) select {', '.join(self._own(step).values())}"
            f" from {self.compiler.source(row)} where {self._found(step, row)} limit {self.dialect.named('size')}"
        )

    def pick(self, step: Step) -> Statement:
        """Note the rows listed after one place and up to another (bound: ``after``, ``upto``) that are due."""
        row = self.compiler.base(step.table)
        # Each in its turn, by its key: the rows of a step lie in the order in which they were met.
        among = f"{LIST} d cross join {self.compiler.source(row)}"
        return self._noted(
            step, among, every([self._next("d."), *self._same(step, row), self._due(step, row)])
        )

    def _noted(self, step: Step, among: Sql, where: Sql) -> Statement:
        """Note rows, and all that leaves with them."""
        wanted = {**self._own(step), **self._wanted(step)}
        said = ", ".join(f"{value} as {name}" for name, value in wanted.items())
        due = f"select {said} from {among} where {where}"
        ends = "".join(
            f", case when in_{n} then jikim_until({self.dialect.bind(clock_of(step, n))}, day_{n}) end"
            for n in range(len(step.copies))
        )
        if ends:
            due = f"select looked.*{ends} from ({due} {self.dialect.as_it_stands}) looked"
        return self.compiler.statement(f"insert into {NOTES} {due}")

    def copies(self, step: Step, n: int, run: Run) -> tuple[tuple[str, ...], Statement]:
        """The columns of the copies under a step's ``n``-th record, and a query for the rows to copy."""
        copy, bind = step.copies[n], self.dialect.bind
        values = {
            "jikim_key": "jikim_key",
            "jikim_subject": f"subject_{n}",
            "jikim_subject_key": f"subject_key_{n}",
            "jikim_destroy_after": f"due_{n}",
            "jikim_provenance": bind(Provenance.of(copy.claim.because, run).id),
            **self._contents(step, n, copy),
        }
        return tuple(values), self.compiler.statement(
            f"select {', '.join(values.values())} from {NOTES} where due_{n} is not null"
        )

    def change(self, step: Step) -> Statement:
        """Change the noted rows."""
        return self._changed(step, f"from {NOTES}")

    def at_once(self, step: Step) -> Statement:
        """Change the rows listed after one place and up to another (bound: ``after``, ``upto``) that are due."""
        due = self._due(step, self.compiler.base(step.table))
        return self._changed(step, f"from {LIST} where {self._next()}", due)

    def ranges(self, step: Step, number: str, *, bare: bool) -> Ranges:
        """Go through the table by the numbers of its rows, whatever index might answer."""
        row, named = self.compiler.base(step.table), self.dialect.named
        place, source = f"{row.name}.{number}", self.compiler.source(row)
        since = f"{place} >= {named('first')}"
        ends = ", ".join(
            f"(select {each} from {source})" for each in (f"min({number})", f"max({number})", "count(*)")
        )
        due = every([f"{since} and {place} <= {named('upto')}", self._looked(step, row)])
        among = f"{source} not indexed"
        return Ranges(
            self.compiler.statement(f"select {ends}"),
            self.compiler.statement(
                f"select {place} from {among} where {since} order by {place} limit 1 offset {named('size')} - 1"
            ),
            self.compiler.statement(f"select {place} from {among} where {due} order by {place} limit 1"),
            Taking(
                self._noted(step, among, due),
                self._new(step, due, by="not indexed") if bare else None,
            ),
        )

    def _looked(self, step: Step, row: Row) -> Sql:
        """What `_due` says, but first whether its time has come; and how a time of the row's own is spelled is looked
        at once for all comparisons."""
        parts = sorted(_parts(step), key=lambda part: not isinstance(part, Happened))
        first, seen = list[Sql](), set()
        for part in parts:
            if isinstance(part, Happened) and not part.fact.ref.hops:
                column, kind = self.compiler.column(row, part.fact.ref.column), part.fact.time_type
                first.append(self.dialect.roughly(column, part.by, kind))
                seen.add((column, kind))
        knowing = replace(self.dialect, known=frozenset(seen))
        sure = Compiler(knowing, self.compiler.schema, self.compiler.mask_key)
        plain = self.dialect.plainly
        timed = [p for p in parts if any(plain(*each) in self.compiler.condition(p, row) for each in seen)]
        due = every(self.compiler.condition(part, row) for part in timed)
        if not seen or any(due.count(plain(*each)) < 2 for each in seen):
            return every([self._named(row), *(self.compiler.condition(part, row) for part in parts)])
        looked = every(plain(*each) for each in sorted(seen))
        known = every(sure.condition(part, row) for part in timed)
        rest = [self.compiler.condition(part, row) for part in parts if part not in timed]
        # No CASE: of what stands in one SQLite works out every AND and OR to its end.
        return every(
            [self._named(row), *first, f"({looked} and {known} or ({looked}) is not true and {due})", *rest]
        )

    def _changed(self, step: Step, among: Sql, due: Sql = "true") -> Statement:
        """Change the rows whose keys are among some, where they are due."""
        row = self.compiler.base(step.table)
        own, keys = self._key(step.table), ", ".join(self._own(step))
        # By the columns as they are, which an index answers; and by what they hold, where some texts count as equal.
        ways = [[self.compiler.column(row, c) for c in own], [self.compiler.exactly(row, c) for c in own]]
        named = dict.fromkeys(", ".join(key) for key in ways)
        return self._new(step, every([*(f"({key}) in (select {keys} {among})" for key in named), due]))

    def _new(self, step: Step, where: Sql, *, by: Sql = "") -> Statement:
        """Change the rows of which a condition is so."""
        row = self.compiler.base(step.table)
        table = f"{self.compiler.source(row).rpartition(' ')[0]} as {row.name} {by}".rstrip()
        if step.action in (Action.ARCHIVE, Action.DESTROY):
            return self.compiler.statement(f"delete from {table} where {where}")
        columns = dict.fromkeys(cell.column for cell, _ in step.masks)
        new = ", ".join(f"{self.dialect.quoted(c)} = {self.leaving.masked(row, step, c)}" for c in columns)
        return self.compiler.statement(f"update {table} set {new} where {where}")

    def _noteworthy(self, step: Step) -> bool:
        """Whether it must be noted what leaves with rows, or seen whether the store took what was put into them."""
        emptied = (
            cell.mask is not None and cell.mask.kind == "null" and not cell.path for cell, _ in step.masks
        )
        return bool(self._wanted(step)) or not all(emptied)

    def _next(self, d: Sql = "") -> Sql:
        """It is listed after one place and up to another."""
        return f"{d}place > {self.dialect.named('after')} and {d}place <= {self.dialect.named('upto')}"

    def unchanged(self, step: Step) -> Statement:
        """Strike rows that a trigger kept as they were from the notes."""
        row = self.compiler.base(step.table)
        same = self._same(step, row)
        if step.action in (Action.ARCHIVE, Action.DESTROY):
            kept = f"exists (select 1 from {self.compiler.source(row)} where {every(same)})"
        else:
            masked = [negated(self.compiler.condition(bare, row)) for _, bare in step.masks]
            kept = f"not exists (select 1 from {self.compiler.source(row)} where {every([*same, *masked])})"
        return self.compiler.statement(f"delete from {NOTES} as d where {kept}")

    def went(self, step: Step) -> Statement:
        """The keys of the rows that went and are kept elsewhere, as one list."""
        kept = " or ".join(f"due_{n} is not null" for n in range(len(step.copies)))
        return self.compiler.statement(
            f"select json_group_array(jikim_key) from {NOTES} where {kept or 'false'}"
        )

    def kept(self, step: Step) -> Statement:
        """How many copies the rows that went are kept as."""
        kept = " + ".join(f"count(due_{n})" for n in range(len(step.copies)))
        return self.compiler.statement(f"select {kept or '0'} from {NOTES}")

    def files(self, step: Step, run: Run) -> list[Statement]:
        """Queue the files of the rows for removal."""
        bind = self.dialect.bind
        row = self.compiler.base(step.table)

        def kept(cell: Cell) -> Sql:
            """The names under which the archive keeps a row's file."""
            labels = self.leaving.kept_files(step, row, cell).items()
            names = " union ".join(f"select {label} as name where due_{m} is not null" for m, label in labels)
            return f"(select json_group_array(name) from ({names}))" if names else "'[]'"

        return [
            self.compiler.statement(
                f"insert into {self.dialect.own('outbox')} (run, step, batch, store, path, mark, kept)"
                f" select {bind(run.id)}, {bind(step.id)}, {self.dialect.named('number')}, {bind(cell.file)}, file_{n},"
                f" mark_{n}, {kept(cell)} from {NOTES} where file_{n} is not null"
            )
            for n, cell in enumerate(self.leaving.file_cells(step))
        ]

    def receipt(self, step: Step, run: Run) -> Statement:
        """Insert what the batch did (bound: ``number``, ``rows``, ``copies``, ``files``)."""
        bind, labels = self.dialect.bind, self.leaving.persons(step, self.compiler.base(step.table))
        due = self._latest(step)
        caused = " union all ".join(
            f"select {label} as person, {due} as due from {NOTES}" for label in labels
        )
        receipt = {
            "run": bind(run.id),
            "step": bind(step.id),
            "batch": self.dialect.named("number"),
            "action": bind(step.action.value),
            "on_table": bind(step.table),
            "rows": self.dialect.named("rows"),
            "copies": self.dialect.named("copies"),
            "files": self.dialect.named("files"),
            "persons": "persons.said" if caused else "'{}'",
            "kept_until": f"(select max({due}) from {NOTES})",
            "persons_kept": "persons.kept" if caused else "'{}'",
            "because": bind(json.dumps([str(b) for b in step.because], ensure_ascii=False)),
            "as_of": bind(run.plan.as_of),
            "plan": bind(run.plan.digest),
            "policy": bind(run.policy_digest),
        }
        return self.compiler.statement(
            f"insert into {self.dialect.own('receipt')} ({', '.join(receipt)}) select {', '.join(receipt.values())}"
            + (f" from ({self._persons(caused)}) persons" if caused else "")
        )

    @staticmethod
    def _latest(step: Step) -> Sql:
        """Until when the last copy of a noted row is kept; NULL for none."""
        ends = [f"coalesce(due_{n}, '')" for n in range(len(step.copies))]
        return f"nullif(max({', '.join(ends)}, ''), '')" if ends else "null"

    @staticmethod
    def _persons(caused: Sql) -> Sql:
        """Tags of the people who caused what went: each with how many rows, and until when the last of them is kept."""
        each = (
            f"select person, count(*) as rows, max(due) || '+00:00' as until from ({caused})"
            " where person is not null group by person"
        )
        kept = "json_group_object(person, until) filter (where until is not null)"
        return f"select json_group_object(person, rows) as said, {kept} as kept from ({each})"

    def _contents(self, step: Step, n: int, copy: RecordCopy) -> dict[str, Sql]:
        row = self.compiler.base(step.table)
        return {name: label for name, label, _ in self.leaving.contents(row, n, copy)}

    def _found(self, step: Step, row: Row) -> Sql:
        """What `_due` says; where that hangs on when something happened to another row, an index leads from there."""
        return every([*self._from_others(step, row), self._due(step, row)])

    def _from_others(self, step: Step, row: Row) -> list[Sql]:
        """The row points to others to which something happened not long after its cutoff: it is found from there."""
        facts = [(part.fact, part.by) for part in _parts(step) if isinstance(part, Happened)]
        return [self._led(row, fact, by) for fact, by in facts if self._leads(step.table, fact.ref.hops)]

    def _leads(self, table: str, hops: tuple[Hop, ...]) -> bool:
        """An index leads from the end of some hops to the rows that they begin with."""
        one_each = bool(hops) and not any(hop.many for hop in hops)
        return one_each and self.compiler.schema.tables[table].indexed(hops[0].columns)

    def _led(self, row: Row, fact: FactRef, by: datetime | date) -> Sql:
        def soon(end: Row) -> Sql:
            return self.dialect.roughly(self.compiler.column(end, fact.ref.column), by, fact.time_type)

        return self.compiler.led(row, fact.ref.hops, soon)

    def _due(self, step: Step, row: Row) -> Sql:
        """The whole predicate of a step, of rows that can be told from one another."""
        return every([self._named(row), self.compiler.condition(step.predicate, row)])

    def _own(self, step: Step) -> dict[str, Sql]:
        """The parts of a row's key as they are stored, by label."""
        row = self.compiler.base(step.table)
        return {f"own_{n}": self.compiler.column(row, c) for n, c in enumerate(self._key(step.table))}

    def _same(self, step: Step, row: Row) -> list[Sql]:
        """The row is the one listed or noted as ``d``: by its columns as they are, which an index answers, and by what
        they hold, where some texts count as equal."""
        key = self._key(step.table)
        ways = [[read(row, c) for c in key] for read in (self.compiler.column, self.compiler.exactly)]
        return [
            f"{column} = d.own_{n}" for way in dict.fromkeys(map(tuple, ways)) for n, column in enumerate(way)
        ]

    def _wanted(self, step: Step) -> dict[str, Sql]:
        """All that leaves with a due row, by label; its key is told to an archive only."""
        row = self.compiler.base(step.table)
        leaving = replace(self.leaving, compiler=self.compiler.where(step.predicate, row))
        wanted = leaving.wanted(step, row) | leaving.persons(step, row)
        return {label: value for label, value in wanted.items() if step.copies or label != "jikim_key"}

    def _key(self, table: str) -> tuple[str, ...]:
        return self.compiler.schema.tables[table].primary_key

    def _named(self, row: Row) -> Sql:
        """The row has its whole key: SQLite lets a key be NULL, and such a row cannot be told from another."""
        columns = self.compiler.schema.tables[row.table].columns
        return every(
            f"{self.compiler.column(row, c)} is not null" for c in self._key(row.table) if columns[c].nullable
        )


def _parts(step: Step) -> tuple[Predicate, ...]:
    """What must be so of a row for a step to be about it."""
    return step.predicate.parts if isinstance(step.predicate, All) else (step.predicate,)


def clock_of(step: Step, n: int) -> str:
    """The name by which the store is told how long copies under a step's ``n``-th record are kept."""
    return f"{step.id} {n}"
