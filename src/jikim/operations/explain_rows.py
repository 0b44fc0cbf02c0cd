"""Explain: why a table's rows, or one person's, stay or go, and when. Reads keys and dates; changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from jikim.backends.sql.person import OwnerFacts, RowFacts
from jikim.backends.sql.store import SqlStore
from jikim.errors import JikimError
from jikim.plan.decide import (
    LONG_AGO,
    Decision,
    Disposition,
    Ending,
    Moment,
    Reader,
    decide_together,
    ending,
    is_never,
    moment,
)
from jikim.plan.schedule import Claim, FactRef, Schedules, StoreFact, TableSchedule
from jikim.plan.sweep import Sweep
from jikim.shape import did_you_mean


class ExplainError(JikimError):
    """A question about something that is not there."""


@dataclass(frozen=True)
class Alone:
    """Columns of a row of several owners that are one owner's alone, and the bases that keep these for them."""

    columns: tuple[str, ...]
    endings: tuple[Ending, ...]

    def until(self, as_of: datetime) -> datetime | None:
        """When the last of them ends or ended; None while one that lives has no end yet."""
        dues = [end.due for end in self.endings if end.lives(as_of)] or [end.due for end in self.endings]
        return None if None in dues else max(due for due in dues if due is not None)


@dataclass(frozen=True)
class RowExplained:
    """One row of a person: what it holds, what becomes of it, and the decision that says why.

    ``alone`` is what of it is nobody else's, where it has several owners.
    """

    table: str
    facts: RowFacts
    decision: Decision
    refused: bool = False
    alone: tuple[Alone, ...] = ()

    @property
    def going(self) -> bool:
        """Whether nothing keeps the row in use: it goes, or would but for what points to it."""
        return self.decision.disposition in (Disposition.ARCHIVE, Disposition.DESTROY)

    @property
    def masked(self) -> tuple[str, ...]:
        """The cells that are masked now, of a row that stays."""
        if self.state != Disposition.MASK.value:
            return ()
        return tuple(cell.name for cell in self.decision.cells if cell.name in self.facts.bare)

    @property
    def state(self) -> str:
        """``held``, ``orphan``, ``waiting``, or the disposition; ``retain`` also where it has been done as far as it
        can be. ``orphan`` is a row one of whose owners does not exist, where no rule says what then."""
        decision, bare = self.decision, self.facts.bare
        if self.facts.held:
            return "held"
        if self.refused:
            return "orphan"
        if self.going:
            done = self.facts.pointed and bare <= self.facts.needed
        else:
            done = bare.isdisjoint(cell.name for cell in decision.cells)
        if self.facts.loose and not (self.going and not self.facts.pointed):
            return Disposition.MASK.value
        if not done:
            return decision.disposition.value
        return "waiting" if decision.waiting else "retain"


@dataclass(frozen=True)
class NamedExplained:
    """A row that only names a person: by which columns, which are emptied before ``own``, the person's own row, goes;
    or stay, for the reason that ``keep`` gives. ``own`` is None where that row is not kept, or not there."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    keep: str
    own: RowExplained | None


@dataclass(frozen=True)
class TableExplained:
    """The claims on a table, or on one of its columns, by class of rows and kind of owner."""

    table: str
    column: str | None
    claims: Mapping[tuple[str, str], tuple[Claim, ...]]


def explain_table(schedules: Schedules, table: str, column: str | None = None) -> TableExplained:
    """Which claims keep a table's rows, or one column of them.

    :raises ExplainError: no such table or column is kept.
    """
    schedule = _schedule(schedules, table)
    cells = {c.name for c in schedule.cells if column in (None, c.column, c.name)}
    if column is not None and not cells:
        known = [c.column for c in schedule.cells]
        fix = did_you_mean(column, known) or f"personal columns: {', '.join(dict.fromkeys(known))}"
        raise ExplainError(f"`{table}.{column}` holds nothing personal", fix=fix)
    claims = {
        (v.row_class, v.owner.subject): tuple(c for c in v.claims if c.cells & cells)
        for v in schedule.variants
    }
    return TableExplained(table, column, claims)


def explain_person(
    store: SqlStore,
    schedules: Schedules,
    *,
    subject: str,
    key: tuple[str, ...],
    as_of: datetime,
    table: str | None = None,
) -> list[RowExplained]:
    """Every row about one person, what becomes of it and when.

    :raises ExplainError: nobody of that kind is known to the map.
    """
    key = _named(schedules, subject, key)
    asked = [_schedule(schedules, table)] if table else list(schedules)
    as_of = as_of.astimezone(UTC)
    found = store.rows_of(asked, schedules, subject=subject, key=key, as_of=as_of)
    return [
        row
        for schedule, rows in zip(asked, found.rows, strict=True)
        for row in _explained(Sweep(schedule, schedules, found.facts, as_of), rows)
    ]


def any_row(
    store: SqlStore, schedules: Schedules, *, subject: str, key: tuple[str, ...], as_of: datetime
) -> bool:
    """Whether anything about one person is left at all: of what is not there nothing need be decided.

    :raises ExplainError: nobody of that kind is known to the map.
    """
    key = _named(schedules, subject, key)
    return store.any_of(list(schedules), schedules, subject=subject, key=key, as_of=as_of.astimezone(UTC))


def _explained(sweep: Sweep, rows: Iterable[RowFacts]) -> Iterator[RowExplained]:
    """Rows of one table; those of one class that share what counts for their owners share the decision."""
    schedule, decided = sweep.schedule, dict[tuple[object, ...], tuple[Decision, bool, tuple[Alone, ...]]]()
    for row in rows:
        alike = (row.row_class, *map(id, row.owners))
        if alike not in decided:
            missing = not all(owner.exists for owner in row.owners)
            decided[alike] = (
                _decide(sweep, row),
                missing and schedule.orphans == "refuse",
                tuple(_alone(sweep, row)),
            )
        yield RowExplained(schedule.table, row, *decided[alike])


def explain_named(
    store: SqlStore,
    schedules: Schedules,
    *,
    subject: str,
    key: tuple[str, ...],
    as_of: datetime,
    table: str | None = None,
) -> list[NamedExplained]:
    """Every row that names a person without being theirs, and what becomes of that.

    :raises ExplainError: nobody of that kind is known to the map.
    """
    key, found = _named(schedules, subject, key), list[NamedExplained]()
    asked = [_schedule(schedules, table)] if table else list(schedules)
    mentions = [(each, m) for each in asked for m in each.mentions if m.subject == subject]
    answers = store.named_in(mentions, key=key) if mentions else []
    for (schedule, mention), rows in zip(mentions, answers, strict=True):
        if not rows:
            continue
        known = [each.table for each in schedules if each.table == mention.table]
        own = [
            row
            for kept in known
            for row in explain_person(store, schedules, subject=subject, key=key, as_of=as_of, table=kept)
        ]
        found += [
            NamedExplained(schedule.table, row, mention.columns, mention.keep, own[0] if own else None)
            for row in rows
        ]
    return found


def _named(schedules: Schedules, subject: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """The key as it is compared. Raises ``ExplainError`` for a kind of person that the map does not know."""
    if subject not in schedules.people:
        fix = did_you_mean(subject, schedules.people)
        raise ExplainError(f"`{subject}` is no kind of person of the map", fix=fix)
    return schedules.named(subject, key)


def _alone(sweep: Sweep, row: RowFacts) -> Iterator[Alone]:
    """What of a row of several owners is this person's alone."""
    schedule = sweep.schedule
    variants = schedule.by_class
    for owner in row.owners if schedule.together else ():
        variant = variants[row.row_class, owner.path]
        others = [variants[row.row_class, path] for path in schedule.owners if path != owner.path]
        shared = frozenset[str]().union(*(claim.cells for other in others for claim in other.claims))
        cells = [
            cell
            for cell in schedule.cells
            if cell.name not in shared and any(cell.name in claim.cells for claim in variant.claims)
        ]
        if cells and owner.mine:
            read = _reader(sweep, owner)
            names = {cell.name for cell in cells}
            claims = (claim for claim in variant.claims if claim.cells & names)
            endings = [ending(c, read, calendar=sweep.calendar, as_of=sweep.as_of) for c in claims]
            yield Alone(tuple(cell.name for cell in cells), tuple(endings))


def _decide(sweep: Sweep, row: RowFacts) -> Decision:
    schedule = sweep.schedule
    bases = [(schedule.by_class[row.row_class, owner.path], _reader(sweep, owner)) for owner in row.owners]
    return decide_together(bases, schedule.cells, calendar=sweep.calendar, as_of=sweep.as_of)


def _reader(sweep: Sweep, owner: OwnerFacts) -> Reader:
    """What reads a trigger of a row as it counts for one of its owners."""
    schedule, zone = sweep.schedule, sweep.calendar.zone

    def read(fact: FactRef | StoreFact) -> Moment | None:
        if isinstance(fact, StoreFact):
            return sweep.facts.service.get(fact.name)
        value = owner.values[fact]
        if fact in owner.lost:
            if schedule.orphan_date is None:
                return LONG_AGO
            fact, value = schedule.orphan_date, owner.lost_at
        when = moment(value, time_type=fact.time_type, zone=zone)
        return None if when is None or is_never(when, fact.never, zone=zone) else when

    return read


def _schedule(schedules: Schedules, table: str) -> TableSchedule:
    for schedule in schedules:
        if schedule.table == table:
            return schedule
    known = [s.table for s in schedules]
    fix = did_you_mean(table, known) or f"tables that are kept: {', '.join(known)}"
    raise ExplainError(f"`{table}` is not kept", fix=fix)
