"""For every trigger, period, zone and calendar: due dates never decrease, and cutoffs undo them."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from jikim.law.counting import cutoff, due_at, first_counted_day, last_day, limit_at, longest
from jikim.law.holidays import Holidays, korea
from jikim.policy.period import NO_PERIOD, Period

MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
SEOUL = ZoneInfo("Asia/Seoul")
KOREA = korea(range(1960, 2060))
"""Wide enough for every last day drawn below."""

ZONES = [
    SEOUL,  # summer time in 1987 and 1988; midnights skipped before 1961
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Sao_Paulo"),  # midnights skipped
    ZoneInfo("America/Havana"),  # midnights that come twice
    ZoneInfo("America/St_Johns"),  # clocks set back over midnight
    ZoneInfo("Pacific/Apia"),  # a whole day skipped
    ZoneInfo("UTC"),
]
JUMPS = {
    "Asia/Seoul": (date(1987, 5, 10), date(1987, 10, 11), date(1988, 5, 8), date(1988, 10, 9)),
    "America/New_York": (date(2024, 3, 10), date(2024, 11, 3)),
    "America/Sao_Paulo": (date(2018, 2, 18), date(2018, 11, 4)),
    "America/Havana": (date(2024, 3, 10), date(2024, 11, 3)),
    "America/St_Johns": (date(2006, 4, 2), date(2006, 10, 29)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 12, 31)),
    "UTC": (),
}
LEAP = (date(2024, 2, 29), date(2023, 2, 28), date(2000, 2, 29), date(2025, 3, 1))


def days(zone: ZoneInfo) -> st.SearchStrategy[date]:
    """Any day of half a century, and often one near a month's end, a leap day, or a jump of the clocks."""
    any_day = st.dates(date(1975, 1, 1), date(2030, 12, 31))
    month_ends = st.builds(
        lambda y, m: date(y, m, monthrange(y, m)[1]), st.integers(1980, 2028), st.integers(1, 12)
    )
    notable = month_ends | st.sampled_from((*LEAP, *JUMPS[zone.key]))
    near = st.builds(lambda day, step: day + step * ONE_DAY, notable, st.integers(-2, 2))
    return any_day | near


def instants(zone: ZoneInfo) -> st.SearchStrategy[datetime]:
    """Any instant of such a day, and often one within a few microseconds of a clock's hour or half hour."""
    near = st.builds(
        lambda halves, step: halves * timedelta(minutes=30) + step * MICROSECOND,
        st.integers(0, 48),
        st.integers(-2, 2),
    )
    into = near | st.timedeltas(timedelta(0), ONE_DAY)
    return st.builds(
        lambda day, into: datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) + into,
        days(zone),
        into,
    )


calendar_periods = st.one_of(
    st.builds(Period, st.integers(1, 400), st.just("days")),
    st.builds(Period, st.integers(1, 60), st.just("weeks")),
    st.builds(Period, st.integers(1, 60), st.just("months")),
    st.builds(Period, st.integers(1, 20), st.just("years")),
    st.just(NO_PERIOD),
)
periods = calendar_periods | st.builds(Period, st.integers(1, 20_000), st.just("hours"))
zones = st.sampled_from(ZONES)
calendars = st.sampled_from([None, KOREA])


@st.composite
def instant_cases(draw: st.DrawFn) -> tuple[ZoneInfo, datetime, datetime]:
    """A zone and two instants of it, often close together."""
    zone = draw(zones)
    one = draw(instants(zone))
    close = st.builds(lambda gap: one + gap, st.timedeltas(timedelta(hours=-50), timedelta(hours=50)))
    return zone, one, draw(close | instants(zone))


@st.composite
def date_cases(draw: st.DrawFn) -> tuple[ZoneInfo, date, datetime]:
    """A zone, a date and an instant."""
    zone = draw(zones)
    return zone, draw(days(zone)), draw(instants(zone))


@given(case=instant_cases(), period=periods, holidays=calendars)
@example(
    # 23:30 of the 28th, shown again after 00:00:30 of the 29th
    case=(
        ZoneInfo("America/St_Johns"),
        datetime(2006, 10, 29, 2, 30, 30, tzinfo=UTC),
        datetime(2006, 10, 29, 3, 0, tzinfo=UTC),
    ),
    period=Period(1, "days"),
    holidays=None,
)
def test_due_dates_never_decrease_as_the_instant_grows(
    case: tuple[ZoneInfo, datetime, datetime], period: Period, holidays: Holidays | None
) -> None:
    zone, *pair = case
    early, late = sorted(pair)
    dues = [due_at(each, period, zone=zone, holidays=holidays).astimezone(UTC) for each in (early, late)]
    assert dues == sorted(dues)


@given(zone=zones, data=st.data(), period=calendar_periods, holidays=calendars)
def test_due_dates_never_decrease_from_one_date_to_the_next(
    zone: ZoneInfo, data: st.DataObject, period: Period, holidays: Holidays | None
) -> None:
    day = data.draw(days(zone))
    dues = [
        due_at(day + n * ONE_DAY, period, zone=zone, holidays=holidays).astimezone(UTC) for n in range(40)
    ]
    assert dues == sorted(dues)


@given(zone=zones, data=st.data(), period=calendar_periods)
def test_a_date_is_due_when_the_latest_instant_of_it_is(
    zone: ZoneInfo, data: st.DataObject, period: Period
) -> None:
    """An hour nobody knows is taken to be the last one; the next midnight would already count its own day."""
    day = data.draw(days(zone))
    midnight = due_at(day, NO_PERIOD, zone=zone).astimezone(UTC)
    if period != NO_PERIOD and midnight > due_at(day - ONE_DAY, NO_PERIOD, zone=zone).astimezone(UTC):
        assert due_at(day, period, zone=zone) == due_at(midnight - MICROSECOND, period, zone=zone)


@given(case=instant_cases(), period=periods, holidays=calendars)
def test_an_instant_lies_at_or_before_the_cutoff_exactly_when_it_is_due(
    case: tuple[ZoneInfo, datetime, datetime], period: Period, holidays: Holidays | None
) -> None:
    zone, trigger, near = case
    as_of = due_at(near, period, zone=zone, holidays=holidays)
    latest = cutoff(period, as_of, kind="instant", zone=zone, holidays=holidays)
    assert isinstance(latest, datetime)
    due = due_at(trigger, period, zone=zone, holidays=holidays).astimezone(UTC)
    assert (trigger <= latest) == (due <= as_of.astimezone(UTC))


@given(case=instant_cases(), period=periods, holidays=calendars)
def test_the_cutoff_is_the_greatest_instant_that_is_due_to_the_microsecond(
    case: tuple[ZoneInfo, datetime, datetime], period: Period, holidays: Holidays | None
) -> None:
    zone, as_of, _ = case
    latest = cutoff(period, as_of, kind="instant", zone=zone, holidays=holidays)
    assert isinstance(latest, datetime)
    assert due_at(latest, period, zone=zone, holidays=holidays) <= as_of
    assert due_at(latest + MICROSECOND, period, zone=zone, holidays=holidays) > as_of


@given(case=date_cases(), period=calendar_periods, holidays=calendars)
def test_the_cutoff_for_dates_is_what_trying_every_date_finds(
    case: tuple[ZoneInfo, date, datetime], period: Period, holidays: Holidays | None
) -> None:
    zone, _, as_of = case
    latest = cutoff(period, as_of, kind="date", zone=zone, holidays=holidays)
    assert isinstance(latest, date)
    around = [latest + n * ONE_DAY for n in range(-45, 46)]
    due = [day for day in around if due_at(day, period, zone=zone, holidays=holidays) <= as_of]
    assert max(due) == latest


@given(case=date_cases(), period=calendar_periods, holidays=calendars)
def test_a_date_lies_at_or_before_the_cutoff_exactly_when_it_is_due(
    case: tuple[ZoneInfo, date, datetime], period: Period, holidays: Holidays | None
) -> None:
    zone, day, as_of = case
    latest = cutoff(period, as_of, kind="date", zone=zone, holidays=holidays)
    assert isinstance(latest, date)
    assert (day <= latest) == (due_at(day, period, zone=zone, holidays=holidays) <= as_of)


@given(zone=zones, data=st.data(), count=st.integers(1, 240))
def test_months_end_as_article_160_says(zone: ZoneInfo, data: st.DataObject, count: int) -> None:
    """Read off the calendar: the last month's corresponding day is the first that no longer counts."""
    first = data.draw(days(zone))
    after = last_day(Period(count, "months"), first) + ONE_DAY
    months = [date(first.year + n // 12, n % 12 + 1, 1) for n in range(first.month - 1, first.month + count)]
    final = months[-1]
    length = monthrange(final.year, final.month)[1]
    if first.day <= length:
        assert after == final.replace(day=first.day)
    else:
        assert after == final + length * ONE_DAY


@given(zone=zones, data=st.data(), years=st.integers(1, 50))
def test_a_year_is_twelve_months(zone: ZoneInfo, data: st.DataObject, years: int) -> None:
    first = data.draw(days(zone))
    assert last_day(Period(years, "years"), first) == last_day(Period(12 * years, "months"), first)


@given(zone=zones, data=st.data(), period=calendar_periods.filter(lambda p: p != NO_PERIOD))
def test_a_minimum_ends_on_the_first_working_day_not_before_the_promised_end(
    zone: ZoneInfo, data: st.DataObject, period: Period
) -> None:
    trigger = data.draw(instants(zone))
    promised = last_day(period, first_counted_day(trigger, zone=zone))
    skipped = 0
    while KOREA.is_rest_day(promised + skipped * ONE_DAY):
        skipped += 1
    due = due_at(trigger, period, zone=zone, holidays=KOREA)
    assert due == due_at(promised + skipped * ONE_DAY, NO_PERIOD, zone=zone)


@given(case=instant_cases(), keep=periods, within=calendar_periods, grace=st.none() | periods)
def test_lateness_too_has_one_cutoff(
    case: tuple[ZoneInfo, datetime, datetime], keep: Period, within: Period, grace: Period | None
) -> None:
    """Cutoffs compose: what must have ended for ``within`` to have passed, and the grace beside it."""
    zone, trigger, near = case
    as_of = limit_at(near, keep=keep, within=within, grace=grace, zone=zone).astimezone(UTC)
    ended = cutoff(within, as_of, kind="instant", zone=zone)
    assert isinstance(ended, datetime)
    latest = [cutoff(keep, ended, kind="instant", zone=zone)]
    if grace is not None:
        latest.append(cutoff(grace, as_of, kind="instant", zone=zone))
    limit = limit_at(trigger, keep=keep, within=within, grace=grace, zone=zone).astimezone(UTC)
    assert all(isinstance(each, datetime) and trigger <= each for each in latest) == (limit <= as_of)


@given(case=instant_cases(), several=st.lists(periods, min_size=1, max_size=4))
def test_the_longest_period_is_one_of_them_and_no_other_ends_later(
    case: tuple[ZoneInfo, datetime, datetime], several: list[Period]
) -> None:
    zone, trigger, _ = case
    chosen = longest(trigger, *several, zone=zone)
    dues = {each: due_at(trigger, each, zone=zone).astimezone(UTC) for each in several}
    assert dues[chosen] == max(dues.values())
