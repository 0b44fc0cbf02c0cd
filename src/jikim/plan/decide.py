"""The disposition of one row: what its claims still entitle the service to, and until when. Pure.

This is the meaning of the promise, small enough to read in one sitting. A claim ends when its clocks have run.
A processing that lives keeps the row in use; a statutory record that lives while no processing does moves the
row to the archive; a cell that nothing covers is masked; a row that nothing covers is destroyed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from jikim.datamap.schema import TimeType
from jikim.law.counting import due_at, limit_at, longest
from jikim.plan.schedule import BoundClock, Calendar, Cell, Claim, FactRef, StoreFact, Variant
from jikim.policy.period import NO_PERIOD

Moment = date | datetime
Reader = Callable[[FactRef | StoreFact], Moment | None]
"""Reads a clock's trigger for one row; None: it has not happened."""


_WRITTEN: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?P<time>[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?",
    re.ASCII,
)

LONG_AGO = datetime(2, 1, 1, tzinfo=UTC)
"""When the owner of an orphan left, where the map says that orphans go at once; an instant, for clocks in hours."""


class Disposition(StrEnum):
    """처리 결정: what becomes of a row."""

    RETAIN = "retain"
    ARCHIVE = "archive"
    MASK = "mask"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Ending:
    """When a claim ends, and when acting on that end is late. Both None: it has not begun to end."""

    claim: Claim
    due: datetime | None
    limit: datetime | None

    def lives(self, as_of: datetime) -> bool:
        """Whether the claim still keeps its cells."""
        return self.due is None or self.due > _utc(as_of)


@dataclass(frozen=True)
class Decision:
    """What becomes of a row at one instant, and why.

    ``cells`` are those to mask: of a living row the ones nothing covers, of any other all of them.
    ``since`` is when the last basis ended; ``limit`` when acting on it is late; ``until`` when the next
    change falls due, None while that waits for something to happen.
    """

    disposition: Disposition
    cells: tuple[Cell, ...] = ()
    records: tuple[Ending, ...] = ()
    since: datetime | None = None
    limit: datetime | None = None
    until: datetime | None = None
    waiting: bool = False
    endings: tuple[Ending, ...] = ()


def moment(value: object, *, time_type: TimeType, zone: ZoneInfo) -> Moment | None:
    """A stored time as a date or an aware instant. Naive instants are UTC when epochs or said to be, local otherwise.

    A store that has no type for times keeps them as text (ISO 8601, the calendar's form).

    :raises ValueError: the value is no time of that type.
    """
    if value is None:
        return None
    if isinstance(value, str) and (written := _WRITTEN.fullmatch(value)):
        if time_type == "date":
            return date.fromisoformat(written["day"])
        value = datetime.fromisoformat(value) if written["time"] else value
    if time_type in ("epoch", "epoch-ms") and isinstance(value, int | float):
        scale = 1 if time_type == "epoch" else 1000
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value) / scale)
    if time_type == "date" and isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC if time_type == "utc" else zone)
    raise ValueError(f"a stored time is no `{time_type}`")


def _utc(instant: datetime) -> datetime:
    """For comparing: instants of one zone compare by the face of the clock, which shows one hour twice a year."""
    return instant.astimezone(UTC)


def is_never(when: Moment, never: tuple[str, ...], *, zone: ZoneInfo) -> bool:
    """Whether a stored time is a sentinel, such as 9999-12-31, that says it has not happened."""
    try:
        day = when.astimezone(zone).date() if isinstance(when, datetime) else when
    except OverflowError:  # the last hours of the year 9999, where the zone's clocks already show the next
        return bool(never)
    return day.isoformat() in never


def has_happened(value: Moment, *, as_of: datetime, zone: ZoneInfo) -> bool:
    """Whether a trigger lies at or before ``as_of``; a date has happened once it has begun."""
    if isinstance(value, datetime):
        return value <= _utc(as_of)
    return value <= as_of.astimezone(zone).date()


def clock_due(
    clock: BoundClock, trigger: Moment, *, claim: Claim, calendar: Calendar
) -> tuple[datetime, datetime]:
    """When one clock has run, and when acting on it is late.

    A statutory record is a minimum and waits for the next working day (민법 제161조); a promise is a
    maximum and does not. A grace counts inside the days allowed for destruction.
    """
    zone, grace = calendar.zone, clock.grace
    if claim.kind == "record":
        due = due_at(trigger, clock.period, zone=zone)
        if due.year >= calendar.holidays.first_year:  # what ended earlier has ended, whatever its rest days
            due = due_at(trigger, clock.period, zone=zone, holidays=calendar.holidays)
        return due, due_at(due, calendar.within, zone=zone)
    keep = longest(trigger, clock.period, grace or NO_PERIOD, zone=zone)
    due = due_at(trigger, keep, zone=zone)
    return due, limit_at(trigger, keep=clock.period, grace=grace, within=calendar.within, zone=zone)


def ending(claim: Claim, read: Reader, *, calendar: Calendar, as_of: datetime) -> Ending:
    """When a claim ends: with its first clock to run, or its last, as the promise says."""
    happened = []
    for clock in claim.clocks:
        trigger = read(clock.fact)
        if trigger is not None and has_happened(trigger, as_of=as_of, zone=calendar.zone):
            happened.append(clock_due(clock, trigger, claim=claim, calendar=calendar))
    if not happened or (claim.combine == "last" and len(happened) < len(claim.clocks)):
        return Ending(claim, None, None)
    dues, limits = zip(*happened, strict=True)
    of = min if claim.combine == "first" else max
    return Ending(claim, of(dues, key=_utc), of(limits, key=_utc))


def _last(moments: Iterable[datetime | None]) -> datetime | None:
    """The latest; None when any is open."""
    known = list(moments)
    return None if None in known else max((m for m in known if m is not None), default=None, key=_utc)


def decide(
    variant: Variant, cells: tuple[Cell, ...], read: Reader, *, calendar: Calendar, as_of: datetime
) -> Decision:
    """The disposition of one row of one owner at ``as_of``.

    :param cells: every personal cell of the row's table.
    :param read: reads a trigger for this row.
    """
    return decide_together([(variant, read)], cells, calendar=calendar, as_of=as_of)


def decide_together(
    owners: Iterable[tuple[Variant, Reader]], cells: tuple[Cell, ...], *, calendar: Calendar, as_of: datetime
) -> Decision:
    """The disposition of one row at ``as_of``: every basis of each of its owners keeps it.

    :param owners: the claims about each of them, and what reads a trigger as it is for them.
    """
    processings, records = list[Ending](), list[Ending]()
    for variant, read in owners:
        processings += [ending(c, read, calendar=calendar, as_of=as_of) for c in variant.processings]
        records += [ending(c, read, calendar=calendar, as_of=as_of) for c in variant.records]
    live = [e for e in processings if e.lives(as_of)]
    kept = [e for e in records if e.lives(as_of)]
    all_endings = (*processings, *records)

    if live or any(e.due is None for e in kept):
        return _stays(cells, live, kept, all_endings, as_of)
    ended = (*processings, *(() if kept else records))
    since, limit = _last(e.due for e in ended), _last(e.limit for e in ended)
    if kept:
        until = _last(e.due for e in kept)
        return Decision(Disposition.ARCHIVE, cells, tuple(kept), since, limit, until, endings=all_endings)
    return Decision(Disposition.DESTROY, cells, (), since, limit, endings=all_endings)


def _stays(
    cells: tuple[Cell, ...],
    live: list[Ending],
    kept: list[Ending],
    endings: tuple[Ending, ...],
    as_of: datetime,
) -> Decision:
    """A row with a living basis, or with a statutory clock that has not started: its bare cells are masked.

    A statute that has not begun to count keeps its row where the service can still complete it.
    """
    covered = frozenset[str]().union(*(e.claim.cells for e in (*live, *kept)))
    bare = tuple(c for c in cells if c.name not in covered)
    holding = live or [e for e in kept if e.due is None]
    until = _last(e.due for e in holding)
    if not bare:
        return Decision(Disposition.RETAIN, until=until, waiting=until is None, endings=endings)
    ended = [e for e in endings if not e.lives(as_of) and e.claim.cells & {c.name for c in bare}]
    return Decision(
        Disposition.MASK,
        bare,
        since=_last(e.due for e in ended),
        limit=_last(e.limit for e in ended),
        until=until,
        waiting=until is None,
        endings=endings,
    )
