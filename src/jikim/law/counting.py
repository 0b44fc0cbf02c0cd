"""Counts time as the Korean Civil Act does (민법 제155조–제161조). Pure.

The rules, in the order they apply:

- art. 156: a period in hours runs from the instant.
- art. 157: any other period leaves out its first day, unless it starts at midnight.
- art. 159: it ends with the end of its last day.
- art. 160: weeks, months and years run by the calendar and end on the day *before* the one that corresponds
  to the day they start from; where the last month has no such day, on its last day.
- art. 161: where the last day is a Saturday or a public holiday, on the next day that is neither.

So one month from any hour of 28 February ends with 31 March, not with 28 March: it is counted from 1 March.

Art. 161 lengthens. It applies to a minimum that a statute sets, and to nothing that a service promised as a
maximum: whoever counts a minimum hands in ``holidays``, whoever counts a maximum does not.

A trigger is an *instant* (an aware ``datetime``) or a *date*, whose hour nobody knows and which therefore
never starts at midnight. A day starts at the first instant at which the zone's clocks show it, whether or not
they show 00:00. Due dates never decrease as the trigger grows, so one cutoff is worth a whole rule.

Two datetimes of one zone compare by the face of the clock, which lies in the hour that clocks repeat; here
everything is compared in UTC.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from jikim.law.holidays import Holidays
from jikim.policy.period import NO_PERIOD, Period

Kind = Literal["instant", "date"]
NoticeReading = Literal["strict", "lenient"]
"""How many days lie between an announcement and what it announces: neither end day counts, or one of them does."""

_ONE_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=8192)  # an audit asks for the same few thousand days, row after row
def _start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of ``day`` in ``zone``, in UTC.

    That is 00:00; the first of two where clocks show it twice; the moment of the jump where they skip it.
    """
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    start, other = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if start <= other:
        return start
    # Clocks skip 00:00. Read by the offset after the jump it lies before it, and the other way round.
    seconds = range(int((start - other).total_seconds()))
    jump = bisect_left(seconds, day, key=lambda s: (other + timedelta(seconds=s)).astimezone(zone).date())
    return other + timedelta(seconds=jump)


def _day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The latest day begun by ``instant`` (UTC): clocks set back over midnight bring no yesterday back."""
    tomorrow = instant.astimezone(zone).date() + _ONE_DAY
    return tomorrow if _start_of_day(tomorrow, zone) <= instant else tomorrow - _ONE_DAY


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone, and this one is naive")
    return instant.astimezone(UTC)


def _elapsed(period: Period) -> timedelta | None:
    """What passes between an instant and the end of its period, where days do not matter; else None."""
    if period == NO_PERIOD:
        return timedelta(0)
    return timedelta(hours=period.count) if period.unit == "hours" else None


def first_counted_day(trigger: date | datetime, *, zone: ZoneInfo) -> date:
    """The first day that counts (art. 157): the trigger's own if it is that day's very start, else the next.

    :raises ValueError: the instant is naive.
    """
    if not isinstance(trigger, datetime):
        return trigger + _ONE_DAY
    instant = _utc(trigger)
    day = _day_of(instant, zone)
    return day if instant == _start_of_day(day, zone) else day + _ONE_DAY


def last_day(period: Period, first_day: date) -> date:
    """The last day of a period whose first counted day is ``first_day`` (art. 160).

    :raises ValueError: the period is in hours.
    """
    match period.unit:
        case "hours":
            raise ValueError(f"`{period}` runs from an instant, not from a date")
        case "days":
            return first_day + timedelta(days=period.count - 1)
        case "weeks":
            return first_day + timedelta(days=7 * period.count - 1)
        case "months":
            months = period.count
        case "years":
            months = 12 * period.count
    year, month = divmod(12 * first_day.year + first_day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    if first_day.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, first_day.day) - _ONE_DAY


def due_at(
    trigger: date | datetime, period: Period, *, zone: ZoneInfo, holidays: Holidays | None = None
) -> datetime:
    """The instant at which a period has wholly passed, in ``zone``.

    :param holidays: given for a statutory minimum, which then ends on no rest day (art. 161). A period in
        hours, and no period at all, end when they end.
    :raises ValueError: the instant is naive, or a period in hours is to run from a date.
    :raises HolidaysError: the last day lies outside the years that ``holidays`` cover.
    """
    elapsed = _elapsed(period)
    if isinstance(trigger, datetime) and elapsed is not None:
        return (_utc(trigger) + elapsed).astimezone(zone)
    last = last_day(period, first_counted_day(trigger, zone=zone))
    if holidays is not None and period != NO_PERIOD:
        last = holidays.next_working_day(last)
    return _start_of_day(last + _ONE_DAY, zone).astimezone(zone)


def cutoff(
    period: Period, as_of: datetime, *, kind: Kind, zone: ZoneInfo, holidays: Holidays | None = None
) -> datetime | date | None:
    """The greatest trigger whose period has passed: ``t <= cutoff`` exactly when ``due_at(t) <= as_of``.

    :param kind: what the triggers are. For instants the answer is one, in UTC and to the microsecond; for
        dates it is a date.
    :returns: None when no trigger since the year 1 has passed.
    :raises ValueError: ``as_of`` is naive, or a period in hours is to run from dates.
    :raises HolidaysError: ``as_of``, or a rest day before it, lies outside the years ``holidays`` cover.
    """
    instant, elapsed = _utc(as_of), _elapsed(period)
    try:
        if kind == "instant" and elapsed is not None:
            return instant - elapsed
        first = _latest_first_day(period, instant, zone=zone, holidays=holidays)
        if first is None:
            return None
        if kind == "date":
            return first - _ONE_DAY
        start = _start_of_day(first, zone)
    except OverflowError:
        return None
    if first_counted_day(start, zone=zone) == first:
        return start
    return start - datetime.resolution  # the zone skipped the whole day: its start is already the next one's


def _latest_first_day(
    period: Period, instant: datetime, *, zone: ZoneInfo, holidays: Holidays | None
) -> date | None:
    """The greatest first counted day whose period has wholly passed by ``instant`` (UTC).

    The steps of :func:`due_at` are undone, the last one first. None of them ever decreases, so each has a
    greatest day that still fits; and the only holidays asked about are those just before ``instant``.
    """
    today = _day_of(instant, zone)
    last = today - _ONE_DAY
    if holidays is not None and period != NO_PERIOD:
        last = holidays.last_working_day(last)
    # A period ends no earlier than the eve of its first day, so no first day after today can fit.
    days = range(date.min.toordinal(), today.toordinal() + 1)
    fitting = bisect_right(days, last, key=lambda ordinal: last_day(period, date.fromordinal(ordinal)))
    return date.fromordinal(days[fitting - 1]) if fitting else None


def longest(trigger: date | datetime, *periods: Period, zone: ZoneInfo) -> Period:
    """The one of several promised periods that ends last from this trigger; the first of them where they tie.

    Whether 30 days or 1 month is longer depends on the month. Raises as :func:`due_at`.
    """
    return max(periods, key=lambda period: due_at(trigger, period, zone=zone).astimezone(UTC))


def shorter(period: Period, than: Period) -> bool:
    """Whether one period is shorter than another, as seen from the first day of a year.

    Enough to judge what a text says; what is due is never judged by it, for months differ.
    """
    return _days(period) < _days(than)


def _days(period: Period) -> float:
    if period.unit == "hours":
        return period.count / 24
    return (last_day(period, date(2001, 1, 1)) - date(2000, 12, 31)).days

@lru_cache(maxsize=1024)  # a policy has few periods, and rules compare them again and again
def may_outlast(period: Period, other: Period) -> bool:
    """Whether a period can end after another that starts with it, on whichever day that is.

    A month may outlast 30 days, and 30 days may outlast a month.
    """
    zone = ZoneInfo("UTC")
    starts = [datetime(year, month, 1, tzinfo=UTC) for year in (2023, 2024) for month in range(1, 13)]
    return any(due_at(start, period, zone=zone) > due_at(start, other, zone=zone) for start in starts)


def days_of_notice(announced: date, effective: date, *, reading: NoticeReading) -> int:
    """The days between an announcement and what it announces.

    By the strict reading, the full days that lie wholly between: the day of the announcement does not count (민법
    제157조), nor does that on which the change already holds. By the lenient one, one of the two end days counts.
    """
    days = (effective - announced).days
    return max(days - 1 if reading == "strict" else days, 0)


def first_effective_day(period: Period, announced: date, *, reading: NoticeReading) -> date:
    """The first day on which what was announced may hold, once a promised period of notice has wholly passed.

    The hour of an announcement is not known: a period in hours runs from the end of its day by the strict reading,
    from its start by the lenient one.
    """
    first = announced + _ONE_DAY if reading == "strict" else announced
    if period.unit == "hours":
        return first + timedelta(days=-(-period.count // 24))
    return last_day(period, first) + _ONE_DAY


def limit_at(
    trigger: date | datetime,
    *,
    keep: Period,
    within: Period,
    grace: Period | None = None,
    zone: ZoneInfo,
    holidays: Holidays | None = None,
) -> datetime:
    """The instant from which it is late not to have destroyed, in ``zone``.

    ``within`` runs from the end of ``keep``. A grace runs from the trigger and counts inside it: one that
    outlasts it is waited for, and nothing is added. Both are maxima: ``holidays`` touch ``keep`` alone.

    Raises as :func:`due_at`.
    """
    kept = due_at(trigger, keep, zone=zone, holidays=holidays)
    limits = [due_at(kept, within, zone=zone)]
    if grace is not None:
        limits.append(due_at(trigger, grace, zone=zone))
    return max(limits, key=lambda limit: limit.astimezone(UTC))
