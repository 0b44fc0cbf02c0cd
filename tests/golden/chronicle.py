"""Tells a life day by day: what happens, what the nightly sweep does about it and why, and what then stands.

A story is swept at every midnight of Seoul under Plask's own policy and map. Only days on which something happens
are told, and the days before and after those on which, by a reckoning made by hand, something must.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jikim.backends import memory
from jikim.backends.memory import Row, Verdict, View, World
from jikim.datamap.parse import parse as parse_map
from jikim.datamap.schema import Check, ForeignKey, Schema, Table, table
from jikim.law.holidays import korea
from jikim.law.resolve import resolve
from jikim.plan.bind import bind
from jikim.plan.decide import Disposition, Ending, clock_due
from jikim.plan.masks import masked, row_tag
from jikim.plan.schedule import BoundClock, Cell, Schedules, StoreFact, TableSchedule
from jikim.policy.parse import parse as parse_policy

SEOUL = ZoneInfo("Asia/Seoul")
PLASK = Path(__file__).parents[2] / "examples" / "plask"
LIFE = Path(__file__).parent / "life"
KEY = b"a key only this chronicle uses"
ONE_DAY = timedelta(days=1)
DAYS = "월화수목금토일"

Deed = Callable[[World], None]


@dataclass(frozen=True)
class Event:
    """Something that happens, in Korean and English, and what it writes into the store."""

    when: str
    ko: str
    en: str
    deed: Deed


@dataclass(frozen=True)
class Story:
    """One story.

    ``reckoned`` are the midnights at which, counted by hand, something must be done, each with its reason.
    ``looks`` are other midnights worth telling.
    """

    name: str
    ko: str
    en: str
    events: tuple[Event, ...]
    reckoned: Mapping[str, tuple[str, str]]
    looks: tuple[str, ...] = ()
    rows: Mapping[str, list[Row]] = field(default_factory=dict)


def plask_schema() -> Schema:
    """The shape of Plask's tables, as a file holds it; a test holds the file to a real PostgreSQL."""
    return Schema(
        {name: _table(name, **body) for name, body in json.loads((LIFE / "schema.json").read_text()).items()}
    )


def _table(name: str, *, columns: dict[str, str], **keys: Any) -> Table:
    return table(
        name,
        columns,
        primary_key=tuple(keys["primary_key"]),
        unique=tuple(tuple(u) for u in keys["unique"]),
        foreign_keys=tuple(ForeignKey(tuple(a), to, tuple(b)) for a, to, b in keys["foreign_keys"]),
        checks=tuple(Check(name, tuple(cs), words) for name, cs, words in keys["checks"]),
    )


@cache
def plask_schedules() -> Schedules:
    """Plask's promise bound to its tables."""
    policy = parse_policy((PLASK / "policy.yaml").read_bytes(), name="policy.yaml")
    datamap, _ = parse_map((PLASK / "datamap.yaml").read_bytes(), name="datamap.yaml")
    resolved = resolve(policy, in_force_on=date(2026, 1, 12))
    bound = bind(resolved, datamap, plask_schema(), holidays=korea(range(2020, 2036)))
    assert not bound.blocked, bound.blocked
    return bound.schedules


def instant(text: str) -> datetime:
    """``2026-03-02`` (its midnight) or ``2026-03-02 15:00`` in Seoul."""
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


# -- telling ----------------------------------------------------------------------------------------------


@dataclass
class Told:
    """A story told: its lines, and the midnights at which the sweep did something."""

    lines: list[str]
    moved: set[str]


def tell(story: Story) -> Told:
    """Live through a story, swept at every midnight, from its first event to the night after its last reckoning."""
    teller = _Teller(story)
    return Told(list(teller.lines()), teller.moved)


class _Teller:
    def __init__(self, story: Story) -> None:
        self.story, self.schedules, self.moved = story, plask_schedules(), set[str]()
        tables = {name: deepcopy(story.rows.get(name, [])) for name in plask_schema().tables}
        self.world = World(tables)
        self.events = sorted(story.events, key=lambda event: instant(event.when))
        around = [instant(day).date() for day in story.reckoned]
        self.looks = {day + shift for day in around for shift in (-ONE_DAY, timedelta(0), ONE_DAY)}
        self.looks |= {instant(day).date() for day in story.looks}

    def lines(self) -> Iterator[str]:
        """The whole story."""
        yield f"# {self.story.ko}"
        yield f"# {self.story.en}"
        yield ""
        yield "손으로 센 날 · Reckoned by hand"
        for day, (ko, en) in self.story.reckoned.items():
            yield f"  {_day(instant(day).date())}  {ko}"
            yield f"                     {en}"
        first = instant(self.events[0].when).date()
        for number in range((max(self.looks) - first).days + 1):
            yield from self._day(first + number * ONE_DAY)

    def _day(self, day: date) -> Iterator[str]:
        done = list(self._sweep(day))
        if done:
            self.moved.add(day.isoformat())
        happened = [e for e in self.events if instant(e.when).date() == day]
        if not (done or happened or day in self.looks):
            return
        yield ""
        yield f"{_day(day)}"
        if done or day in self.looks:
            yield from done or ["  00:00 할 일이 없다 · nothing to do"]
            yield from (f"        {line}" for line in self._standing(day))
        for event in happened:
            event.deed(self.world)
            yield f"  {event.when[11:]} {event.ko} · {event.en}"

    # -- what the sweep does ------------------------------------------------------------------------------

    def _sweep(self, day: date) -> Iterator[str]:
        as_of = instant(day.isoformat())
        before, archived = deepcopy(self.world.tables), dict(self.world.archive)
        view = View(World(before, self.world.facts), self.schedules, as_of, KEY)
        memory.sweep(self.world, self.schedules, as_of=as_of, mask_key=KEY)
        for schedule in self.schedules:
            after = {_key(schedule, row): row for row in self.world.tables[schedule.table]}
            for row in before[schedule.table]:
                name = f"{schedule.table} {_name(_key(schedule, row))}"
                verdict = memory.judge(view, schedule, row)
                now = after.get(_key(schedule, row))
                if now != row:
                    yield from self._told(name, schedule, row, now, verdict, view)
        for key, copy in archived.items():
            if key not in self.world.archive:
                yield (
                    f"  00:00 보존 만료 expired    {copy.table} {_name(copy.key)} → {copy.record}: "
                    f"보존이 {_moment(copy.destroy_after)} 에 끝남 · its own date has come"
                )

    def _told(
        self, name: str, schedule: TableSchedule, row: Row, now: Row | None, verdict: Verdict, view: View
    ) -> Iterator[str]:
        decision = verdict.decision
        assert decision is not None, name
        copies = [
            copy
            for copy in self.world.archive.values()
            if (copy.table, copy.key) == (schedule.table, _key(schedule, row))
            and decision.disposition is Disposition.ARCHIVE
        ]
        if now is None:
            word = "분리보관 archived  " if copies else "파기 destroyed     "
        else:
            word = "가림 masked        " if decision.disposition is Disposition.MASK else "껍데기 stub       "
        changed = [c.name for c in schedule.cells if now is not None and row[c.column] != now[c.column]]
        yield f"  00:00 {word} {name}" + (f": {', '.join(changed)}" if changed else "")
        for copy in copies:
            claim = next(r for v in verdict.variants for r in v.records if r.copies == copy.record)
            yield f"        ↳ {copy.record}: {', '.join(copy.content)}"
            yield f"          {claim.because.law} {claim.because.article}"
            yield f"          {_moment(copy.destroy_after)} 까지 · until then"
        kept = {e.claim.id for e in decision.records}
        for ending in decision.endings:
            speaks = now is None or ending.claim.cells & set(changed)
            if ending.due is not None and ending.claim.id not in kept and speaks:
                yield f"        ∵ {self._reason(ending, schedule, verdict, row, view)}"

    def _reason(self, ending: Ending, schedule: TableSchedule, verdict: Verdict, row: Row, view: View) -> str:
        """The clause, and the clock that ended it."""
        claim, calendar = ending.claim, self.schedules.calendar
        assert ending.due is not None
        for clock in claim.clocks:
            when, named = self._trigger(clock, schedule, verdict, row, view)
            if when is not None and clock_due(clock, when, claim=claim, calendar=calendar)[0] == ending.due:
                period = clock.period if clock.period.count else clock.grace
                then = f" + {period}" if period else ""
                return f"{claim.because.clause}: {named} {_moment(when)}{then} → {_moment(ending.due)}"
        raise AssertionError(f"no clock explains `{claim.id}`")

    def _trigger(
        self, clock: BoundClock, schedule: TableSchedule, verdict: Verdict, row: Row, view: View
    ) -> tuple[date | datetime | None, str]:
        """When the clock started, and what started it."""
        fact = clock.fact
        if isinstance(fact, StoreFact):
            return self.world.facts.service.get(fact.name), clock.trigger
        dated = schedule.orphan_date
        if fact.of_subject and not verdict.owners[0].exists and dated is not None:
            return view.fact(row, dated), f"{clock.trigger} (주인 없음 · no owner: {dated.ref})"
        return view.fact(row, fact), clock.trigger

    # -- what stands --------------------------------------------------------------------------------------

    def _standing(self, day: date) -> Iterator[str]:
        as_of = instant(day.isoformat())
        view = View(self.world, self.schedules, as_of, KEY)
        census = memory.census(self.world, self.schedules, as_of=as_of, mask_key=KEY)
        for schedule in self.schedules:
            refused = census[schedule.table].orphan > 0
            for row in self.world.tables[schedule.table]:
                verdict = memory.judge(view, schedule, row)
                cells = [c.name for c in schedule.cells if _in_clear(c, schedule, row)]
                shown = ", ".join(cells) or "—"
                name, state = _name(_key(schedule, row)), self._state(verdict, refused=refused)
                yield f"· {schedule.table} {name} [{shown}] {state}"
        for copy in self.world.archive.values():
            yield f"▣ {copy.table} {_name(copy.key)} → {copy.record}, {_moment(copy.destroy_after)} 까지 · until then"

    def _state(self, verdict: Verdict, *, refused: bool) -> str:
        decision = verdict.decision
        if refused and verdict.state == "due":
            return "표가 멈추어 밀려 있음 · overdue, because its table is refused"
        match verdict.state:
            case "held":
                return "보존 명령 · under a legal hold"
            case "orphan":
                return "주인 없음, 표 전체를 멈춤 · belongs to nobody; its table is refused"
            case "waiting":
                assert decision is not None
                open_ends = [e.claim for e in decision.endings if e.due is None]
                triggers = dict.fromkeys(clock.trigger for claim in open_ends for clock in claim.clocks)
                return f"기다림 · waits for {' / '.join(triggers)}"
            case "retained":
                assert decision is not None
                assert decision.until is not None
                return f"{_moment(decision.until)} 까지 · until then"
        return "딸린 기록을 기다림 · only waits for what points to it"


def _in_clear(cell: Cell, schedule: TableSchedule, row: Row) -> bool:
    """Whether the cell holds a value that no mask has touched."""
    value = row[cell.column]
    for step in cell.path:
        value = value.get(step) if isinstance(value, dict) else None
    if value is None or cell.mask is None:
        return value is not None
    return (
        cell.path != ()
        or masked(cell.mask, value, tag=row_tag(KEY, table=schedule.table, row_key=_key(schedule, row)))
        != value
    )


def _key(schedule: TableSchedule, row: Row) -> tuple[Any, ...]:
    return tuple(row[c] for c in schedule.key)


def _name(key: tuple[Any, ...]) -> str:
    return ", ".join(map(str, key))


def _day(day: date) -> str:
    return f"{day} {DAYS[day.weekday()]} {day:%a}"


def _moment(when: date | datetime) -> str:
    if not isinstance(when, datetime):
        return when.isoformat()
    local = when.astimezone(SEOUL)
    exact = f"{local:%Y-%m-%d %H:%M}"
    return exact if not (local.second or local.microsecond) else f"{exact}:{local:%S.%f}"
