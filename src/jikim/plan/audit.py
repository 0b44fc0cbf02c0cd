"""Judges rows one by one, as an auditor reads them: by the due function, never by a cutoff. Pure.

A sweep compiles the promise into predicates and asks the store which rows meet them; were a predicate wrong,
every number of the sweep would be wrong with it and agree. So the audit shares none of that: it reads each
row with the facts it points to and asks `plan.decide`. What it needs to read is a `Reading`; how it is read
is the backend's affair.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from jikim.datamap.model import NOBODY
from jikim.law.counting import due_at
from jikim.plan.alike import AT_MOST, Alike, Days, Shape, Shapes
from jikim.plan.decide import LONG_AGO, Decision, Disposition, Moment, Reader, decide_together, ending
from jikim.plan.finding import ANCIENT
from jikim.plan.reading import Found, Read, Reading, Row, Start, seen_from, seen_through
from jikim.plan.schedule import (
    Calendar,
    Carry,
    Cell,
    Claim,
    FactRef,
    Facts,
    Hold,
    Link,
    Ref,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.plan.tally import Judgement, Late, State
from jikim.plan.watch import is_bare
from jikim.policy.triggers import UNHURRIED

_PLAIN: Final = {state: Judgement(state) for state in State}
_STUB: Final = Judgement(State.RETAINED, stub=True)


@dataclass(frozen=True)
class _Case:
    """A decision for all rows whose clocks started on the same days.

    ``awaits`` are the triggers it waits for that the service itself should bring about.
    """

    decision: Decision
    stays: Judgement
    row_late: tuple[Late, ...]
    cells: tuple[tuple[Cell, tuple[Late, ...]], ...]
    awaits: tuple[str, ...]


@dataclass(frozen=True)
class _Settled:
    """What is known of all rows of a shape: their judgement, or the case that each of them is a part of.

    ``loose`` is what is late about references to be emptied, ``ancient`` the columns of times that lie long ago.
    """

    judgement: Judgement | None
    case: _Case | None = None
    loose: tuple[tuple[Late, ...], ...] = ()
    ancient: tuple[str, ...] = ()


NEVER: Final = 9999
"""The year that services write for what has no end."""
LONG: Final = timedelta(days=365)
"""How long a row may wait for the service to do something before an audit tells."""


class Judge:
    """Judges the rows of one table at one instant.

    Decisions are kept by variant and by the days on which clocks started, because rows are many and days are
    few; how many are kept at once is bounded. Rows that come together are judged by their shapes (`alike`).
    """

    def __init__(self, read: Reading, *, calendar: Calendar, facts: Facts, as_of: datetime) -> None:
        if read.schedule is None:
            raise ValueError("a table without a schedule cannot be judged")
        self.schedule, self.calendar, self.facts = read.schedule, calendar, facts
        self.as_of = as_of.astimezone(UTC)
        self._read = Read(read.refs, read.schedule, zone=calendar.zone, as_of=self.as_of)
        self._pointed = len(read.refs)
        self._needed = {cell: self._pointed + 1 + n for n, cell in enumerate(read.identity)}
        self._linked = [
            _Linked(link, self._as_seen(read, to, partial(seen_from, link)), self) for link, to in read.linked
        ]
        self._carried = [
            _Carried(c, self._as_seen(read, o, partial(seen_through, c)), self) for c, o in read.carried
        ]
        self._nobody = {n for n, path in enumerate(self.schedule.owners) if path.subject == NOBODY}
        by_class = self.schedule.by_class
        self._variants = [
            {
                n: self._started(by_class[label, path])
                for n, path in enumerate(self.schedule.owners)
                if n not in self._nobody
            }
            for label, _ in self.schedule.classes
        ]
        others = [other for _, other in read.linked]
        self._whole_days = not any(
            _in_hours(v, calendar) for s in (self.schedule, *others) for v in s.variants
        )
        self._holds = tuple(h for h in facts.holds if h.table in (None, self.schedule.table))
        self._cases: dict[tuple[Any, ...], _Case] = {}
        self._days = Days(calendar.zone)
        self._alike = self._shapes()
        self._settled: dict[Shape, _Settled] = {}
        personal = {cell.column for cell in self.schedule.cells}
        self._dated = [(place, column in personal) for place, column in enumerate(read.columns)]
        self.awaited: dict[tuple[str, ...], tuple[int, datetime | None]] = {}
        self.ancient: Counter[str] = Counter()

    def _as_seen(self, read: Reading, schedule: TableSchedule, seen: Callable[[Ref], Ref]) -> Read:
        """Rows of another table as they are read beside this one's."""
        return Read(read.refs, schedule, zone=self.calendar.zone, as_of=self.as_of, seen=seen)

    def _shapes(self) -> Alike | None:
        """What takes the shapes of rows; None where a row is read with lists, of which each is its own."""
        linked = [each.read for each in self._linked]
        cells = [(self.place(Ref(cell.column)), cell) for cell in self.schedule.cells]
        fixed = {n: c.mask.text for n, c in cells if c.mask and c.mask.kind == "fixed" and not c.path}
        alike = Alike(
            [self._read, *linked],
            exact={self._pointed, *self._needed.values()},
            there={
                *(n for n, _ in cells if n not in fixed),
                *(place for each in self._linked for place in each.places),
            },
            constants=fixed,
            held=frozenset(part for hold in self.facts.holds for part in hold.key),
            whole_days=self._whole_days,
            as_of=self.as_of,
        )
        lists = frozenset().union(*(read.lists for read in (self._read, *linked)))
        return None if alike.places & lists else alike

    def __call__(self, row: Row) -> Judgement:
        """The judgement on one row, read as its `Reading` says."""
        settled = self._settle(row)
        self.ancient.update(settled.ancient)
        return settled.judgement or self._finished(row, settled)

    def every(self, rows: Sequence[Row]) -> Iterator[tuple[Judgement, int]]:
        """The judgements on some rows, each with how many of them it is on."""
        try:
            shapes = self._alike(rows) if self._alike and rows else None
            found = Counter(shapes.parts if shapes else ())
        except TypeError:  # where any value may stand anywhere
            shapes = None
        if shapes is None:
            yield from ((self(row), 1) for row in rows)
            return
        known, several = self._known(found, shapes, rows), {}
        for part, settled in known.items():
            for column in settled.ancient:
                self.ancient[column] += found[part]
            if settled.judgement is None:
                several[part] = settled
            else:
                yield settled.judgement, found[part]
        if several:
            for part, row in zip(shapes.parts, rows, strict=True):
                if part in several:
                    yield self._finished(row, several[part]), 1

    def _known(self, found: Iterable[Shape], shapes: Shapes, rows: Sequence[Row]) -> dict[Shape, _Settled]:
        """What is known of these shapes, by their parts; one that was not met before is settled by its first row."""
        names = {part: shapes.whole(part) for part in found}
        fresh = {part: name for part, name in names.items() if name not in self._settled}
        if len(self._settled) + len(fresh) > AT_MOST:
            self._settled.clear()
            fresh = names
        if fresh:
            first = dict(zip(reversed(shapes.parts), reversed(rows), strict=True))
            self._settled.update((name, self._settle(first[part])) for part, name in fresh.items())
        return {part: self._settled[name] for part, name in names.items()}

    def _settle(self, row: Row) -> _Settled:
        """What one row of a shape tells of all."""
        label = self._read.label(row)
        if label is None:
            return _Settled(_PLAIN[State.UNJUDGED])
        owners = self._read.owners(row, label)
        if any(owner.exists and owner.path in self._nobody for owner in owners):
            return _Settled(_PLAIN[State.RETAINED])
        if self._holds and any(self.holds(self.schedule, owner) for owner in owners):
            return _Settled(_PLAIN[State.HELD])
        if self.schedule.orphans == "refuse" and not all(owner.exists for owner in owners):
            return _Settled(_PLAIN[State.ORPHAN])
        ancient: list[str] = []
        try:
            case = self._case(row, label, owners, ancient)
            loose = tuple(late for link in self._linked if (late := link(row)) is not None)
            judgement = self._on_the_row(row, case, loose) if self._plain_from(row, case) else None
        except (ValueError, OverflowError):  # where any value may stand anywhere
            return _Settled(_PLAIN[State.UNJUDGED], ancient=tuple(ancient))
        if judgement and case.awaits and judgement.state is State.WAITING:
            judgement = None  # since when it waits, each row says for itself
        return _Settled(judgement, case, loose, tuple(ancient))

    def _plain_from(self, row: Row, case: _Case) -> bool:
        """Whether every row of this one's shape comes to the same."""
        if case.decision.disposition is Disposition.RETAIN:
            return True
        if case.decision.disposition is not Disposition.MASK and self._carried:
            return False
        return all(row[self.place(Ref(c.column))] is None or _of_presence(c) for c, _ in case.cells)

    def _finished(self, row: Row, settled: _Settled) -> Judgement:
        """The judgement on one row of a shape that leaves it open."""
        if settled.case is None:
            raise ValueError("a shape without a case is judged as a whole")
        try:
            judgement = self._on_the_row(row, settled.case, settled.loose)
        except (ValueError, OverflowError):
            return _PLAIN[State.UNJUDGED]
        if settled.case.awaits and judgement.state is State.WAITING:
            self._wait(row, settled.case.awaits)
        return judgement

    def holds(self, schedule: TableSchedule, owner: Found) -> bool:
        """Whether a legal hold names rows of a table about this owner."""
        path = schedule.owners[owner.path]
        key = path.named(owner.key)
        return any(hold_names(h, schedule.table, path.subject, key) for h in self.facts.holds)

    def place(self, ref: Ref) -> int:
        """The place at which a column of the row is read."""
        return self._read.at(ref)

    def _wait(self, row: Row, triggers: tuple[str, ...]) -> None:
        """Count a row that has waited for long, by the first date that stands in it, or that has no date at all."""
        since = min(self._dates(row), default=None)
        if since is None or self.as_of - since > LONG:
            count, oldest = self.awaited.get(triggers, (0, None))
            self.awaited[triggers] = count + 1, min(filter(None, (oldest, since)), default=None)

    def _dates(self, row: Row) -> Iterator[datetime]:
        """When something happened to the row; a day that is somebody's own, such as a birthday, is none."""
        for place, personal in self._dated:
            value = row[place]
            if not isinstance(value, date) or (personal and not isinstance(value, datetime)):
                continue
            if not isinstance(value, datetime):
                value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its zone is told below
            if ANCIENT < value.year < NEVER:
                yield (value if value.tzinfo else value.replace(tzinfo=self.calendar.zone)).astimezone(UTC)

    def _on_the_row(self, row: Row, case: _Case, loose: tuple[tuple[Late, ...], ...]) -> Judgement:
        """What the decision comes to, given which cells are masked already and who points to the row."""
        late = tuple(each for found in loose for each in found)
        stays = Judgement(State.DUE, late) if loose else case.stays
        if case.decision.disposition is Disposition.RETAIN:
            return stays
        bare = [(cell, late) for cell, late in case.cells if self._bare(row, cell)]
        if case.decision.disposition is Disposition.MASK:
            return Judgement(State.DUE, (*late, *(x for _, late in bare for x in late))) if bare else stays
        wanted = row[self._pointed] or any(carried(row) for carried in self._carried)
        if wanted and all(self._is_needed(row, cell) for cell, _ in bare):
            return stays if loose else _STUB
        return Judgement(State.DUE, (*late, *case.row_late))

    # -- clocks -------------------------------------------------------------------------------------------

    def _started(self, variant: Variant) -> tuple[Variant, tuple[Start, ...]]:
        """A variant with where its clocks' facts stand in a row."""
        return variant, tuple(self._read.start(fact, variant.owner) for fact in _facts(variant.claims))

    def _day(self, when: Moment | None) -> object:
        """What of a trigger the law looks at: the first day that counts, or all of it where hours do."""
        if not isinstance(when, datetime) or not self._whole_days:
            return when
        [day] = self._days.between([when.timestamp()])
        return when if day is None else day

    def _case(self, row: Row, label: int, owners: Sequence[Found], ancient: list[str]) -> _Case:
        """The case a row is a part of; into ``ancient`` go the columns whose times lie long ago."""
        bases = []
        name: list[object] = [label]
        for owner in owners:
            variant, starts = self._variants[label][owner.path]
            triggers = [self._read.trigger(row, s, exists=owner.exists, nth=owner.nth) for s in starts]
            for start, when in zip(starts, triggers, strict=True):
                if (
                    when is not None
                    and when.year <= ANCIENT
                    and when is not LONG_AGO
                    and not start.fact.ref.hops
                ):
                    ancient.append(start.fact.ref.column)
            bases.append((variant, {s.fact: when for s, when in zip(starts, triggers, strict=True)}))
            name += [owner.path, *[self._day(when) for when in triggers]]
        case = self._cases.get(tuple(name))
        if case is None:
            if len(self._cases) >= AT_MOST:
                self._cases.clear()
            case = self._cases[tuple(name)] = self._decided(bases)
        return case

    def _decided(self, bases: Sequence[tuple[Variant, Mapping[FactRef, Moment | None]]]) -> _Case:
        def reader(happened: Mapping[FactRef, Moment | None]) -> Reader:
            return lambda fact: (
                self.facts.service.get(fact.name) if isinstance(fact, StoreFact) else happened[fact]
            )

        owners = [(variant, reader(happened)) for variant, happened in bases]
        decision = decide_together(owners, self.schedule.cells, calendar=self.calendar, as_of=self.as_of)
        stays = _PLAIN[State.WAITING if decision.waiting else State.RETAINED]
        late = decision.limit is not None and decision.limit <= self.as_of
        because = tuple(dict.fromkeys(claim.because for variant, _ in owners for claim in variant.claims))
        row_late = (Late("", decision.since, because),) if late else ()
        awaits = _awaited(owners) if decision.waiting else ()
        return _Case(decision, stays, row_late, tuple(self._maskable(decision)), awaits)

    def _maskable(self, decision: Decision) -> list[tuple[Cell, tuple[Late, ...]]]:
        """The cells a sweep would mask, each with what is late about it once it is found bare."""
        cells: list[tuple[Cell, tuple[Late, ...]]] = []
        for cell in decision.cells:
            if cell.mask is None:
                continue
            ended = [e for e in decision.endings if cell.name in e.claim.cells]
            limits, dues = [e.limit for e in ended if e.limit], [e.due for e in ended if e.due]
            late = len(limits) == len(ended) > 0 and all(limit <= self.as_of for limit in limits)
            because = tuple(dict.fromkeys(e.claim.because for e in ended))
            cells.append((cell, (Late(cell.name, max(dues), because),) if late else ()))
        return cells

    # -- masks --------------------------------------------------------------------------------------------

    def _bare(self, row: Row, cell: Cell) -> bool:
        return is_bare(cell, row[self._read.at(Ref(cell.column))])

    def _is_needed(self, row: Row, cell: Cell) -> bool:
        place = self._needed.get(cell.name)
        return place is not None and bool(row[place])


def _reader(read: Read, row: Row, owner: Found, service: Mapping[str, Moment]) -> Reader:
    """Reads the triggers of a row that is read beside another, as they are for one of its owners."""
    path = read.schedule.owners[owner.path]

    def reads(fact: FactRef | StoreFact) -> Moment | None:
        if isinstance(fact, StoreFact):
            return service.get(fact.name)
        return read.trigger(row, read.start(fact, path), exists=owner.exists, nth=owner.nth)

    return reads


class _Linked:
    """Whether a reference of a row is to be emptied: it names a row that must go, or is there no longer."""

    def __init__(self, link: Link, read: Read, judge: Judge) -> None:
        self.read, self._judge, self._name = read, judge, "+".join(link.hop.columns)
        self._from = [judge.place(Ref(column)) for column in link.hop.columns]
        self._to = [read.at(Ref(column)) for column in link.hop.to_columns]
        self.places = (*self._from, *self._to)

    def __call__(self, row: Row) -> tuple[Late, ...] | None:
        """What is late about it; None where it may stay."""
        if any(row[place] is None for place in self._from):
            return None
        if any(row[place] is None for place in self._to):
            return ()
        schedule, label, judge = self.read.schedule, self.read.label(row), self._judge
        if label is None:
            return None
        owners = self.read.owners(row, label)
        if any(schedule.owners[owner.path].subject == NOBODY for owner in owners):
            return None
        missing = schedule.orphans == "refuse" and not all(owner.exists for owner in owners)
        if missing or any(judge.holds(schedule, owner) for owner in owners):
            return None
        variants = [schedule.by_class[schedule.classes[label][0], schedule.owners[o.path]] for o in owners]
        bases = [
            (variant, _reader(self.read, row, owner, judge.facts.service))
            for variant, owner in zip(variants, owners, strict=True)
        ]
        decision = decide_together(bases, schedule.cells, calendar=judge.calendar, as_of=judge.as_of)
        if decision.disposition not in (Disposition.ARCHIVE, Disposition.DESTROY):
            return None
        if decision.limit is None or decision.limit > judge.as_of:
            return ()
        because = tuple(dict.fromkeys(claim.because for variant in variants for claim in variant.claims))
        return (Late(self._name, decision.since, because),)


class _Carried:
    """Whether rows of another table are owned through a row, by somebody who is not done with them."""

    def __init__(self, carry: Carry, read: Read, judge: Judge) -> None:
        self._carry, self._read, self._judge = carry, read, judge
        self._counted = read.at(Ref(read.schedule.key[0]))

    def __call__(self, row: Row) -> bool:
        """Whether one of them is used on a basis of that owner's, or held for them."""
        return any(self._wants(row, nth) for nth in range(len(row[self._counted] or ())))

    def _wants(self, row: Row, nth: int) -> bool:
        schedule, label, judge = self._read.schedule, self._read.label(row, nth), self._judge
        ways = [n for n, path in enumerate(schedule.owners) if path.fan == self._carry.hops]
        found = next(filter(None, (self._read.along(row, way, nth) for way in ways)), None)
        if found is None or label is None:
            return False
        if judge.holds(schedule, found):
            return True
        variant = schedule.by_class[schedule.classes[label][0], schedule.owners[found.path]]
        reads = _reader(self._read, row, found, judge.facts.service)
        return any(
            ending(use, reads, calendar=judge.calendar, as_of=judge.as_of).lives(judge.as_of)
            for use in variant.processings
        )


def _facts(claims: Iterable[Claim]) -> Iterator[FactRef]:
    """The facts that these claims' clocks start by, each once."""
    facts = [clock.fact for claim in claims for clock in claim.clocks]
    yield from (fact for fact in dict.fromkeys(facts) if isinstance(fact, FactRef))


def _awaited(owners: Iterable[tuple[Variant, Reader]]) -> tuple[str, ...]:
    """What a waiting row waits for, where somebody should have brought it about."""
    found: set[str] = set()
    for variant, read in owners:
        for claim in variant.claims:
            missing = [clock for clock in claim.clocks if read(clock.fact) is None]
            if claim.combine == "first" and len(missing) < len(claim.clocks):
                continue
            hurried = {clock.trigger for clock in missing if clock.trigger not in UNHURRIED}
            if claim.combine == "last" or len(hurried) == len(missing):
                found |= hurried
    return tuple(sorted(found))


def _of_presence(cell: Cell) -> bool:
    """Whether a shape tells if the cell is masked, whatever stands there."""
    return cell.mask is not None and cell.mask.kind in ("null", "fixed") and not cell.path


def _in_hours(variant: Variant, calendar: Calendar) -> bool:
    clocks = [clock for claim in variant.claims for clock in claim.clocks]
    periods = [calendar.within, *(c.period for c in clocks), *(c.grace for c in clocks if c.grace)]
    return any(period.unit == "hours" for period in periods)


def hold_names(hold: Hold, table: str, subject: str | None, key: tuple[str, ...]) -> bool:
    """Whether a legal hold names a row of ``table`` about this person."""
    if hold.table not in (None, table):
        return False
    return hold.subject is None or (hold.subject == subject and hold.key == key)


def epoch_columns(schedules: Schedules) -> Mapping[str, frozenset[str]]:
    """By table, the columns whose numbers are times."""
    found: dict[str, frozenset[str]] = {}
    for table, column, written in schedules.times:
        if written in ("epoch", "epoch-ms"):
            found[table] = found.get(table, frozenset()) | {column}
    return found


def copy_is_late(destroy_after: datetime, *, calendar: Calendar, as_of: datetime) -> bool:
    """Whether an archived copy has outlived its own date by more than the days allowed for destruction."""
    return due_at(destroy_after, calendar.within, zone=calendar.zone) <= as_of.astimezone(UTC)
