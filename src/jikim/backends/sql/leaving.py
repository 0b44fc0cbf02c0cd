"""What leaves with the rows of a step, as expressions about each row. Builds text, runs nothing.

Whatever copies, files and receipts need of a row is said here once, under a label; how a dialect carries it from
the row to where it goes stands in its own room.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from jikim.backends.sql.compile import Compiler, Row
from jikim.backends.sql.dialect import Dialect, Sql
from jikim.datamap.schema import OWN
from jikim.evidence.tags import tag
from jikim.law.counting import due_at
from jikim.plan.plan import RecordCopy, Step
from jikim.plan.predicate import NEVER, OwnedBy, any_of
from jikim.plan.schedule import Calendar, Cell, FactRef, OwnerPath, TableSchedule
from jikim.policy.period import Period


@dataclass(frozen=True)
class Leaving:
    """The rows of one table's steps, and what goes with them.

    :param epoch_key: 32 bytes, with which persons get their tags.
    """

    compiler: Compiler
    calendar: Calendar
    schedule: TableSchedule
    store: str
    epoch_key: bytes

    @property
    def dialect(self) -> Dialect:
        """How the store says it."""
        return self.compiler.dialect

    def wanted(self, step: Step, row: Row) -> dict[str, Sql]:
        """Everything that copies and files need of a row, by label."""
        wanted = {"jikim_key": self.compiler.row_key(row)}
        for n, copy in enumerate(step.copies):
            wanted |= {f"day_{n}": day for day in self._first_day(row, copy)}
            wanted[f"in_{n}"] = self.compiler.condition(copy.rows, row)
            wanted[f"subject_{n}"], wanted[f"subject_key_{n}"] = self._subject(row, copy)
            wanted |= {label: value for _, label, value in self.contents(row, n, copy)}
        for n, cell in enumerate(self.file_cells(step)):
            wanted[f"file_{n}"] = self._file(row, cell)
            wanted[f"mark_{n}"] = self.compiler.column(row, "mark") if self._listing(row) else "''"
        return wanted

    def owners(self, step: Step, row: Row) -> dict[str, Sql]:
        """The keys of the people who caused the step, by label, one for each way to them; NULL where another is first.

        What has a tag for each row costs more than what has one for each person.
        """
        found, before = dict[str, Sql](), list[tuple[Sql, Sql]]()
        for n, path in enumerate(step.persons):
            owned, key = self._owned(row, path), self.compiler.subject_key(row, path)
            found[f"person_{n}"] = self._case([*before, (owned, key)], "text[]")
            if not self.schedule.shared:
                before.append((owned, self.dialect.nothing("text[]")))
        return found

    def tag(self, path: OwnerPath, key: Sql) -> Sql:
        """The keyed tag of a person. Equal to `evidence.tags.tag`."""
        return self.dialect.person_tag(self.epoch_key, self.store, path.subject, key)

    def tag_of(self, path: OwnerPath, key: Sequence[str | None]) -> str:
        """The keyed tag of a person whose key was read: equal to what `tag` says."""
        text = "\x1f".join(part for part in key if part is not None)
        return tag(self.epoch_key, store=self.store, kind=path.subject, key=text)

    def persons(self, step: Step, row: Row) -> dict[str, Sql]:
        """The tags of the people who caused the step, by label: of one owner, or of each of several."""
        tags = [(self._owned(row, path), self._tag(row, path)) for path in step.persons]
        if not self.schedule.shared:
            return {"person": self._case(tags)} if tags else {}
        return {f"person_{n}": self._case([tag]) for n, tag in enumerate(tags)}

    def contents(self, row: Row, n: int, copy: RecordCopy) -> Iterator[tuple[str, str, Sql]]:
        """Each archived column of the copy under a step's ``n``-th record: its name, its label and its value."""
        for m, cell in enumerate(self.schedule.copied(copy.claim)):
            value = self._kept_as(row, copy, cell) if cell.file else self._content(row, cell)
            yield cell.name, f"cell_{n}_{m}", value
        lent: dict[str, list[tuple[Sql, Sql]]] = {}
        for path, identity in copy.identity:  # several ways may lead to people of one kind
            value = self.compiler.value(row, identity.ref)
            lent.setdefault(identity.name, []).append((self._owned(row, path), value))
        for m, (name, whens) in enumerate(lent.items()):
            yield name, f"lent_{n}_{m}", self._case(whens)

    def _first_day(self, row: Row, copy: RecordCopy) -> Iterator[Sql]:
        """The day from which a record's period counts, where a row says when it began."""
        fact, word = copy.claim.clocks[0].fact, self.schedule.orphan_date
        if not isinstance(fact, FactRef):
            return
        day = self._counted(row, fact)
        if copy.lost != NEVER and word is not None:
            lost = self.compiler.condition(copy.lost, row)
            day = f"case when {lost} then {self._counted(row, word)} else {day} end"
        yield day

    def _counted(self, row: Row, fact: FactRef) -> Sql:
        return self.dialect.first_counted_day(self.compiler.value(row, fact.ref), fact.time_type)

    def file_cells(self, step: Step) -> list[Cell]:
        """Cells whose files go with the row, those first kept that a copy takes along."""
        return [cell for cell in [cell for cell, _ in step.masks] or step.cells if cell.file]

    def kept_files(self, step: Step, row: Row, cell: Cell) -> dict[int, str]:
        """The labels under which a cell's file is kept, by the number of the copy."""
        found = ((n, self.contents(row, n, copy)) for n, copy in enumerate(step.copies))
        return {n: label for n, contents in found for name, label, _ in contents if name == cell.name}

    def _kept_as(self, row: Row, copy: RecordCopy, cell: Cell) -> Sql:
        """Where a file is kept. Equal to `plan.masks.kept_as`."""
        key = self.compiler.key_parts(row)
        tag = self.dialect.row_tag(self.compiler.mask_key, f"{copy.archive}.{cell.name}", key)
        return f"({tag} || '/' || {self.dialect.base_name(self._file(row, cell))})"

    def _file(self, row: Row, cell: Cell) -> Sql:
        """The path that a column names; NULL for none, which many services write as an empty text."""
        return f"nullif({self.compiler.column(row, cell.column)}, '')"

    def _listing(self, row: Row) -> bool:
        return self.compiler.schema.tables[row.table].lies_in == OWN

    def masked(self, row: Row, step: Step, column: str) -> Sql:
        """The column's new value: each of its cells masked where its own predicate is so."""
        value = self.compiler.column(row, column)
        for cell, where in step.masks:
            if cell.column != column:
                continue
            so = self.compiler.condition(where, row)
            if cell.path:
                value = self.dialect.json_masked(value, cell.path, where=so)
            else:
                value = f"case when {so} then {self.compiler.masked(row, cell)} else {value} end"
        return value

    def _content(self, row: Row, cell: Cell) -> Sql:
        column = self.compiler.column(row, cell.column)
        return self.dialect.json_part(column, cell.path) if cell.path else column

    def _owned(self, row: Row, path: OwnerPath) -> Sql:
        """This path is the row's, and its person exists: what the store itself keeps so, no row is asked for."""
        if self.certainly(path):
            return "true"
        ways = self.schedule.before(path)
        return self.compiler.condition(any_of(OwnedBy(path, before, exists=True) for before in ways), row)

    def certainly(self, path: OwnerPath) -> bool:
        """This path is every row's, as the store itself sees to."""
        return path.sure and () in self.schedule.before(path)

    def _subject(self, row: Row, copy: RecordCopy) -> tuple[Sql, Sql]:
        """Whose copy it is, where it may be said."""
        whens = [(self._owned(row, p), p) for p in copy.named]
        kind = self._case([(when, self.dialect.bind(p.subject, "text")) for when, p in whens], "text")
        return kind, self._case([(when, self.compiler.subject_key(row, p)) for when, p in whens], "text[]")

    def _tag(self, row: Row, path: OwnerPath) -> Sql:
        """The keyed tag of the row's person."""
        return self.tag(path, self.compiler.subject_key(row, path))

    def _case(self, whens: list[tuple[Sql, Sql]], kind: str = "") -> Sql:
        """The first of these values whose condition is so; NULL when none is."""
        if not whens:
            return self.dialect.nothing(kind)
        return f"case {' '.join(f'when {when} then {value}' for when, value in whens)} end"


@lru_cache(maxsize=64)
def due_days(period: Period, as_of: datetime, calendar: Calendar) -> list[tuple[date, datetime]]:
    """For every first counted day whose statutory period still runs: when it will have run; the newest day first.

    There is one for each day of the period, without a gap, and no more: days are counted in one place only.
    """
    zone = calendar.zone
    days: list[tuple[date, datetime]] = []
    day = as_of.astimezone(zone).date() + timedelta(days=1)
    while True:
        # A date counts from the day after it, so the day before is the trigger that starts here.
        due = due_at(day - timedelta(days=1), period, zone=zone, holidays=calendar.holidays)
        if due <= as_of:
            return days
        days.append((day, due))
        day -= timedelta(days=1)
