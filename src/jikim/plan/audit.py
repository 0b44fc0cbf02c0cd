"""Judges rows one by one, as an auditor reads them: by the due function, never by a cutoff. Pure.

A sweep compiles the promise into predicates and asks the store which rows meet them; were a predicate wrong,
every number of the sweep would be wrong with it and agree. So the audit shares none of that: it reads each
row with the facts it points to and asks `plan.decide`. What it needs to read is a `Reading`; how it is read
is the backend's affair.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from jikim.datamap.model import NOBODY
from jikim.law.counting import due_at, first_counted_day
from jikim.plan.decide import (
    LONG_AGO,
    Decision,
    Disposition,
    Moment,
    Reader,
    decide,
    has_happened,
    is_never,
    moment,
)
from jikim.plan.finding import ANCIENT, Finding, FindingKind, counted
from jikim.plan.schedule import (
    Because,
    Calendar,
    Cell,
    Condition,
    FactRef,
    Facts,
    Hold,
    OwnerPath,
    Ref,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.plan.watch import Seen, is_bare, secrets, unreached
from jikim.policy.triggers import UNHURRIED
from jikim.source import Severity

# -- what to read -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """What an auditor reads of each row: ``refs`` in this order, then whether any row points to it, then for
    each of ``identity`` whether a record of such a row may yet take that cell along.

    ``schedule`` is None for a table whose rows are only looked through.
    """

    table: str
    columns: tuple[str, ...]
    refs: tuple[Ref, ...]
    schedule: TableSchedule | None = None
    identity: tuple[str, ...] = ()


def reading(table: str, columns: Iterable[str], schedule: TableSchedule | None) -> Reading:
    """What must be read of a table with these columns to judge its rows."""
    own = tuple(columns)
    refs = dict.fromkeys(Ref(column) for column in own)
    if schedule is None:
        return Reading(table, own, tuple(refs))
    for condition in (c for _, where in schedule.classes for c in where):
        refs[condition.ref] = None
    facts = [
        clock.fact for variant in schedule.variants for claim in variant.claims for clock in claim.clocks
    ]
    for fact in (*facts, *([schedule.orphan_date] if schedule.orphan_date else [])):
        if isinstance(fact, FactRef):
            refs |= dict.fromkeys((fact.ref, *(w.ref for w in fact.when)))
    for path in schedule.owners:
        refs |= dict.fromkeys(_path_refs(path))
    identity = sorted({name for use in schedule.identity_uses for name in use.cells})
    return Reading(table, own, tuple(refs), schedule, tuple(identity))


def _path_refs(path: OwnerPath) -> list[Ref]:
    """The columns that lead from row to row, those that say the next row is there, and the person's key."""
    refs = []
    for n, hop in enumerate(path.hops):
        refs += [Ref(column, path.hops[:n]) for column in (*hop.columns, *(c for c, _ in hop.when))]
        refs += [Ref(column, path.hops[: n + 1]) for column in hop.to_columns]
    return refs + [Ref(column, path.hops) for column in (*path.key, *(c for c, _ in path.when))]


# -- judging ----------------------------------------------------------------------------------------------


class State(StrEnum):
    """Every row is in exactly one."""

    DUE = "due"
    RETAINED = "retained"
    WAITING = "waiting"
    ORPHAN = "orphan"
    HELD = "held"
    UNJUDGED = "unjudged"


@dataclass(frozen=True)
class Late:
    """Something that should have been done by now; ``cell`` is empty for a whole row."""

    cell: str
    since: datetime | None
    because: tuple[Because, ...]


@dataclass(frozen=True)
class Judgement:
    """The state of one row and what is late about it. A stub is retained for the rows that point to it."""

    state: State
    late: tuple[Late, ...] = ()
    stub: bool = False


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


_Hop = tuple[list[int], list[tuple[int, Any]], list[int]]
"""Where in a row a hop's own columns stand, those that must have some value, and its target's."""


@dataclass(frozen=True)
class _Start:
    """Where in a row a clock's fact stands; ``lost`` are the places that are empty where it went with its row."""

    fact: FactRef
    place: int
    when: tuple[tuple[int, Any], ...]
    lost: tuple[int, ...]


LONG: Final = timedelta(days=365)
"""How long a row may wait for the service to do something before an audit tells."""

_AT_MOST: Final = 1 << 16
_EVEN_SINCE: Final = datetime(1973, 1, 1, tzinfo=UTC).timestamp() // 900


class Judge:
    """Judges the rows of one table at one instant.

    Decisions are kept by variant and by the days on which clocks started, because rows are many and days are
    few; how many are kept at once is bounded.
    """

    def __init__(self, read: Reading, *, calendar: Calendar, facts: Facts, as_of: datetime) -> None:
        if read.schedule is None:
            raise ValueError("a table without a schedule cannot be judged")
        self.schedule, self.calendar, self.facts = read.schedule, calendar, facts
        self.as_of = as_of.astimezone(UTC)
        self._at = {ref: place for place, ref in enumerate(read.refs)}
        self._pointed = len(read.refs)
        self._needed = {cell: self._pointed + 1 + n for n, cell in enumerate(read.identity)}
        self._classes = [self._conditions(where) for _, where in self.schedule.classes]
        self._paths = [self._path(path) for path in self.schedule.owners]
        by_class = self.schedule.by_class
        self._unnamed = self.schedule.owners.index(self.schedule.owner_of_the_unnamed)
        self._nobody = {n for n, path in enumerate(self.schedule.owners) if path.subject == NOBODY}
        self._variants = [
            {
                n: self._started(by_class[label, path])
                for n, path in enumerate(self.schedule.owners)
                if n not in self._nobody
            }
            for label, _ in self.schedule.classes
        ]
        self._whole_days = not any(_in_hours(v, calendar) for v in self.schedule.variants)
        self._holds = tuple(h for h in facts.holds if h.table in (None, self.schedule.table))
        self._cases: dict[tuple[Any, ...], _Case] = {}
        self._days: dict[float, int] = {}
        personal = {cell.column for cell in self.schedule.cells}
        self._dated = [(place, column in personal) for place, column in enumerate(read.columns)]
        self.awaited: dict[tuple[str, ...], tuple[int, datetime | None]] = {}
        self.ancient: Counter[str] = Counter()

    def __call__(self, row: Sequence[Any]) -> Judgement:
        """The judgement on one row, read as its `Reading` says."""
        label = self._label(row)
        number, key, exists = self._owner(row)
        if label is None:
            return _PLAIN[State.UNJUDGED]
        if exists and number in self._nobody:
            return _PLAIN[State.RETAINED]
        if self._holds and self._held(number, key):
            return _PLAIN[State.HELD]
        if not exists and self.schedule.orphans == "refuse":
            return _PLAIN[State.ORPHAN]
        try:
            case = self._case(row, label, number, exists=exists)
        except (ValueError, OverflowError):
            return _PLAIN[State.UNJUDGED]
        judgement = self._on_the_row(row, case)
        if case.awaits and judgement.state is State.WAITING:
            self._wait(row, case.awaits)
        return judgement

    def _wait(self, row: Sequence[Any], triggers: tuple[str, ...]) -> None:
        """Count a row that has waited for long, by the first date that stands in it, or that has no date at all."""
        since = min(self._dates(row), default=None)
        if since is None or self.as_of - since > LONG:
            count, oldest = self.awaited.get(triggers, (0, None))
            self.awaited[triggers] = count + 1, min(filter(None, (oldest, since)), default=None)

    def _dates(self, row: Sequence[Any]) -> Iterator[datetime]:
        """When something happened to the row; a day that is somebody's own, such as a birthday, is none."""
        for place, personal in self._dated:
            value = row[place]
            if not isinstance(value, date) or (personal and not isinstance(value, datetime)):
                continue
            if not isinstance(value, datetime):
                value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its zone is told below
            if value.year > ANCIENT:
                yield (value if value.tzinfo else value.replace(tzinfo=self.calendar.zone)).astimezone(UTC)

    def _label(self, row: Sequence[Any]) -> int | None:
        """The number of the first class whose conditions the row meets."""
        for label, where in enumerate(self._classes):
            if not where or all(row[place] == value for place, value in where):
                return label
        return None

    def _on_the_row(self, row: Sequence[Any], case: _Case) -> Judgement:
        """What the decision comes to, given which cells are masked already and who points to the row."""
        if case.decision.disposition is Disposition.RETAIN:
            return case.stays
        bare = [(cell, late) for cell, late in case.cells if self._bare(row, cell)]
        if case.decision.disposition is Disposition.MASK:
            return Judgement(State.DUE, tuple(x for _, late in bare for x in late)) if bare else case.stays
        if row[self._pointed] and all(self._is_needed(row, cell) for cell, _ in bare):
            return _STUB
        return Judgement(State.DUE, case.row_late)

    # -- whose row ----------------------------------------------------------------------------------------

    def _held(self, number: int, key: tuple[Any, ...]) -> bool:
        """Whether a legal hold names the person at the end of a path, or the table."""
        path = self.schedule.owners[number]
        named = path.named(key)
        return any(hold_names(h, self.schedule.table, path.subject, named) for h in self._holds)

    def _conditions(self, where: tuple[Condition, ...]) -> tuple[tuple[int, Any], ...]:
        return tuple((self._at[condition.ref], condition.value) for condition in where)

    def _path(self, path: OwnerPath) -> tuple[list[_Hop], list[int], list[tuple[int, Any]]]:
        """The places of each hop's own columns, of those that must have a value, of its target's; and of the key,
        and what stands beside it."""
        hops = [
            (
                [self._at[Ref(c, path.hops[:n])] for c in hop.columns],
                [(self._at[Ref(c, path.hops[:n])], value) for c, value in hop.when],
                [self._at[Ref(c, path.hops[: n + 1])] for c in hop.to_columns],
            )
            for n, hop in enumerate(path.hops)
        ]
        beside = [(self._at[Ref(c, path.hops)], value) for c, value in path.when]
        return hops, [self._at[Ref(c, path.hops)] for c in path.key], beside

    def _owner(self, row: Sequence[Any]) -> tuple[int, tuple[Any, ...], bool]:
        """The first path whose columns are filled in, the person's key, and whether the person exists."""
        for path, (hops, key, beside) in enumerate(self._paths):
            for n, (columns, when, target) in enumerate(hops, 1):
                values = tuple([row[c] for c in columns])
                if None in values or (when and any(row[c] != value for c, value in when)):
                    break
                if None in [row[t] for t in target]:
                    last = n == len(hops) and not self.schedule.owners[path].inline
                    return path, values if last else (), False
            else:
                values = tuple([row[k] for k in key])
                if None not in values and not (beside and any(row[b] != value for b, value in beside)):
                    return path, values, True
        return self._unnamed, (), False

    # -- clocks -------------------------------------------------------------------------------------------

    def _started(self, variant: Variant) -> tuple[Variant, tuple[_Start, ...]]:
        """A variant with where its clocks' facts stand in a row."""
        facts = [clock.fact for claim in variant.claims for clock in claim.clocks]
        return variant, tuple(
            self._start(fact, variant.owner) for fact in dict.fromkeys(facts) if isinstance(fact, FactRef)
        )

    def _start(self, fact: FactRef, owner: OwnerPath | None) -> _Start:
        shared = fact.shared_with(owner) if owner else ()
        lost = tuple(self._at[Ref(c, shared)] for c in shared[-1].to_columns) if shared else ()
        return _Start(fact, self._at[fact.ref], self._conditions(fact.when), lost)

    def _trigger(self, row: Sequence[Any], start: _Start, *, exists: bool) -> Moment | None:
        """When the fact happened, by ``as_of``; None when it has not.

        An orphan's fact may have gone with the row that is missing on the way to its owner.
        """
        if not exists and any(row[p] is None for p in start.lost):
            if self.schedule.orphan_date is None:
                return LONG_AGO
            start = self._start(self.schedule.orphan_date, None)
        value, fact, zone = row[start.place], start.fact, self.calendar.zone
        if value is None or any(row[p] != v for p, v in start.when):
            return None
        if isinstance(value, Decimal):
            value = int(value)
        when = moment(value, time_type=fact.time_type, zone=zone)
        if when is None or not has_happened(when, as_of=self.as_of, zone=zone):
            return None
        return None if fact.never and is_never(when, fact.never, zone=zone) else when

    def _day(self, when: Moment | None) -> object:
        """What of a trigger the law looks at: the first day that counts, or all of it where hours do.

        Midnights lie on quarters of an hour, in every zone since 1972; so one answer serves the instants
        between two quarters, and an instant on a quarter stands for itself: it may tie with another clock.
        """
        if not isinstance(when, datetime) or not self._whole_days:
            return when
        quarter, past = divmod(when.timestamp(), 900)
        if not past or quarter < _EVEN_SINCE:
            return when
        day = self._days.get(quarter)
        if day is None:
            if len(self._days) >= _AT_MOST:
                self._days.clear()
            day = self._days[quarter] = first_counted_day(when, zone=self.calendar.zone).toordinal()
        return day

    def _case(self, row: Sequence[Any], label: int, number: int, *, exists: bool) -> _Case:
        variant, starts = self._variants[label][number]
        triggers = [self._trigger(row, start, exists=exists) for start in starts]
        for start, when in zip(starts, triggers, strict=True):
            if when is not None and when.year <= ANCIENT and when is not LONG_AGO and not start.fact.ref.hops:
                self.ancient[start.fact.ref.column] += 1
        name = (label, number, *[self._day(when) for when in triggers])
        case = self._cases.get(name)
        if case is None:
            if len(self._cases) >= _AT_MOST:
                self._cases.clear()
            happened = {start.fact: when for start, when in zip(starts, triggers, strict=True)}
            case = self._cases[name] = self._decided(variant, happened)
        return case

    def _decided(self, variant: Variant, happened: Mapping[FactRef, Moment | None]) -> _Case:
        def read(fact: FactRef | StoreFact) -> Moment | None:
            return self.facts.service.get(fact.name) if isinstance(fact, StoreFact) else happened[fact]

        decision = decide(variant, self.schedule.cells, read, calendar=self.calendar, as_of=self.as_of)
        stays = _PLAIN[State.WAITING if decision.waiting else State.RETAINED]
        late = decision.limit is not None and decision.limit <= self.as_of
        because = tuple(dict.fromkeys(claim.because for claim in variant.claims))
        row_late = (Late("", decision.since, because),) if late else ()
        awaits = _awaited(decision, read) if decision.waiting else ()
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

    def _bare(self, row: Sequence[Any], cell: Cell) -> bool:
        return is_bare(cell, row[self._at[Ref(cell.column)]])

    def _is_needed(self, row: Sequence[Any], cell: Cell) -> bool:
        place = self._needed.get(cell.name)
        return place is not None and bool(row[place])


def _awaited(decision: Decision, read: Reader) -> tuple[str, ...]:
    """What a waiting row waits for, where somebody should have brought it about."""
    found: set[str] = set()
    for ending in decision.endings:
        if ending.due is not None:
            continue
        missing = [clock for clock in ending.claim.clocks if read(clock.fact) is None]
        hurried = {clock.trigger for clock in missing if clock.trigger not in UNHURRIED}
        if ending.claim.combine == "last" or len(hurried) == len(missing):
            found |= hurried
    return tuple(sorted(found))


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
    for schedule in schedules:
        clocks = [c for variant in schedule.variants for claim in variant.claims for c in claim.clocks]
        for fact in (*(clock.fact for clock in clocks), schedule.orphan_date):
            if isinstance(fact, FactRef) and fact.time_type in ("epoch", "epoch-ms"):
                table = fact.ref.hops[-1].table if fact.ref.hops else schedule.table
                found[table] = found.get(table, frozenset()) | {fact.ref.column}
    return found


def copy_is_late(destroy_after: datetime, *, calendar: Calendar, as_of: datetime) -> bool:
    """Whether an archived copy has outlived its own date by more than the days allowed for destruction."""
    return due_at(destroy_after, calendar.within, zone=calendar.zone) <= as_of.astimezone(UTC)


# -- what was counted -------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What the rows of one table came to.

    ``read`` are the rows read, ``counted`` the store's own count in the same snapshot; ``judged`` is whether the
    promise is bound to the table at all.
    """

    table: str
    counted: int = 0
    read: int = 0
    judged: bool = True
    states: Counter[State] = field(default_factory=Counter)
    stubs: int = 0
    late: dict[tuple[str, tuple[Because, ...]], tuple[int, datetime | None]] = field(default_factory=dict)
    seen: Counter[Seen] = field(default_factory=Counter)
    awaited: Mapping[tuple[str, ...], tuple[int, datetime | None]] = field(default_factory=dict)
    ancient: Mapping[str, int] = field(default_factory=dict)
    strays: Counter[str] = field(default_factory=Counter)

    def add(self, judgement: Judgement) -> None:
        """Count one row."""
        self.states[judgement.state] += 1
        self.stubs += judgement.stub
        for late in judgement.late:
            count, oldest = self.late.get((late.cell, late.because), (0, None))
            since = min((m for m in (oldest, late.since) if m is not None), default=None)
            self.late[late.cell, late.because] = (count + 1, since)

    def findings(self) -> list[Finding]:
        """What the counts say against the table."""
        return [
            *self._late(),
            *self._states(),
            *self._dates(),
            *unreached(self.table, self.strays),
            *secrets(self.table, self.seen),
        ]

    def _late(self) -> Iterable[Finding]:
        for (cell, because), (count, oldest) in self.late.items():
            where = f"{self.table}.{cell}" if cell else self.table
            what = "cell" if cell else "row"
            told = counted(count, f"{what} of `{where}` has", f"{what}s of `{where}` have")
            yield Finding(
                FindingKind.OVERDUE_CELL if cell else FindingKind.OVERDUE,
                Severity.ERROR,
                where,
                f"{told} outlived every basis and the days allowed for destruction",
                count,
                oldest,
                tuple(map(str, because)),
                "run `jikim apply`; if they stay, the plan does not see them",
            )

    def _rows(self, count: int, does: str, do: str) -> str:
        """Rows, and what they do."""
        return counted(count, f"row of `{self.table}` {does}", f"rows of `{self.table}` {do}")

    def _states(self) -> Iterable[Finding]:
        if orphans := self.states[State.ORPHAN]:
            yield Finding(
                FindingKind.ORPHAN,
                Severity.ERROR,
                self.table,
                f"{self._rows(orphans, 'belongs', 'belong')} to nobody who exists, and no rule says what then",
                orphans,
                fix="add `orphans: destroy` or `orphans: date-from(column)` to the table in the map",
            )
        if unjudged := self.states[State.UNJUDGED]:
            yield Finding(
                FindingKind.UNJUDGED,
                Severity.ERROR,
                self.table,
                f"{self._rows(unjudged, 'cannot', 'cannot')} be judged: no class fits, or a time is no time",
                unjudged,
                fix="see how the map reads the table's classes and facts",
            )
        found = sum(self.states.values()) if self.judged else self.read
        if found != self.counted:
            yield Finding(
                FindingKind.PARTITION,
                Severity.ERROR,
                self.table,
                f"`{self.table}` holds {counted(self.counted, 'row')}; read were {found:,}, each once",
                abs(found - self.counted),
                fix="a column that names an owner or another row may name several: make it unique",
            )

    def _dates(self) -> Iterable[Finding]:
        for triggers, (count, oldest) in self.awaited.items():
            names = f"`{'`, `'.join(triggers)}`"
            dated = f"{self._rows(count, 'has', 'have')} waited over a year for {names}"
            undated = f"{self._rows(count, 'waits', 'wait')} for {names}, and nothing says since when"
            yield Finding(
                FindingKind.WAITING,
                Severity.INFO,
                self.table,
                dated if oldest else undated,
                count,
                oldest,
                fix="see in the service why it has not come: until then nothing of such a row goes, nor what it needs",
            )
        for column, count in self.ancient.items():
            where = f"`{self.table}.{column}`"
            yield Finding(
                FindingKind.LONG_AGO,
                Severity.INFO,
                f"{self.table}.{column}",
                counted(count, f"time in {where} lies", f"times in {where} lie")
                + f" before {ANCIENT + 1}: long ago",
                count,
                fix='where it means "not yet", say so in the map (`never: ["0001-01-01"]`); '
                "for `-infinity` and years BC, store NULL",
            )
