"""Periods counted by hand, each with its reason; and the edges where clocks jump."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from jikim.law.counting import (
    cutoff,
    days_of_notice,
    due_at,
    first_counted_day,
    first_effective_day,
    last_day,
    limit_at,
    longest,
    may_outlast,
)
from jikim.law.holidays import Holidays, HolidaysError, korea
from jikim.policy.period import NO_PERIOD, Period

SEOUL = ZoneInfo("Asia/Seoul")
HOLIDAYS = korea(range(2019, 2032))
MICROSECOND = timedelta(microseconds=1)


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("trigger", "period", "last", "why"),
    [
        ("2025-03-10 15:00", "1 day", "2025-03-11", "the day of the trigger does not count"),
        ("2025-03-10 15:00", "5 days", "2025-03-15", "11, 12, 13, 14, 15"),
        ("2025-03-10 15:00", "2 weeks", "2025-03-24", "counted from Tuesday the 11th: ends on a Monday"),
        ("2025-03-10 15:00", "1 month", "2025-04-10", "counted from the 11th: ends the day before 11 April"),
        ("2025-01-30 12:00", "1 month", "2025-02-28", "counted from 31 January; February has no 31st"),
        ("2025-01-29 12:00", "1 month", "2025-02-28", "counted from 30 January; February has no 30th"),
        ("2025-01-28 12:00", "1 month", "2025-02-28", "counted from 29 January; this February has no 29th"),
        ("2025-01-27 12:00", "1 month", "2025-02-27", "counted from 28 January; the day before 28 February"),
        ("2025-01-31 12:00", "1 month", "2025-02-28", "counted from 1 February: ends with the month"),
        ("2025-02-28 09:00", "1 month", "2025-03-31", "counted from 1 March: all of March"),
        ("2025-04-30 09:00", "1 month", "2025-05-31", "counted from 1 May: all of May"),
        ("2025-03-30 09:00", "1 month", "2025-04-30", "counted from 31 March; April has no 31st"),
        ("2024-11-29 09:00", "3 months", "2025-02-28", "counted from 30 November; February has no 30th"),
        ("2024-11-30 09:00", "3 months", "2025-02-28", "counted from 1 December: three whole months"),
        ("2024-12-31 23:59:59.999999", "1 year", "2025-12-31", "counted from New Year: the whole year"),
        ("2024-12-31 10:00", "5 days", "2025-01-05", "days run on into the new year"),
        ("2025-12-30 10:00", "2 months", "2026-02-28", "counted from 31 December; February has no 31st"),
        ("2024-02-27 10:00", "1 year", "2025-02-27", "counted from 28 February: the day before the next one"),
        ("2024-02-28 10:00", "1 year", "2025-02-28", "counted from 29 February; the next year has none"),
        ("2024-02-29 10:00", "1 year", "2025-02-28", "counted from 1 March: the day before is 28 February"),
        ("2023-02-28 10:00", "1 year", "2024-02-29", "counted from 1 March: the day before is 29 February"),
        ("2024-02-28 10:00", "4 years", "2028-02-28", "29 February corresponds: the day before it"),
        ("2020-02-29 10:00", "5 years", "2025-02-28", "counted from 1 March 2020"),
        ("2025-03-01 00:00", "1 month", "2025-03-31", "exact midnight: the first day counts"),
        ("2025-03-01 00:00:00.000001", "1 month", "2025-04-01", "a moment past midnight: it does not"),
        ("2025-02-28 23:59:59.999999", "1 month", "2025-03-31", "a moment before midnight: 1 March is next"),
        ("2025-03-10 00:00", "5 days", "2025-03-14", "exact midnight: 10, 11, 12, 13, 14"),
    ],
)
def test_a_promised_period_ends_with_its_last_day(trigger: str, period: str, last: str, why: str) -> None:
    expected = at(last) + timedelta(days=1)
    assert due_at(at(trigger), Period.parse(period), zone=SEOUL) == expected, why


@pytest.mark.parametrize(
    ("trigger", "period", "last", "why"),
    [
        ("2025-02-28", "1 month", "2025-03-31", "as at any hour of that day"),
        ("2025-03-01", "1 month", "2025-04-01", "a date never starts at midnight"),
        ("2025-03-10", "5 days", "2025-03-15", "the date itself does not count"),
    ],
)
def test_a_date_is_counted_like_an_hour_within_it(trigger: str, period: str, last: str, why: str) -> None:
    expected = at(last) + timedelta(days=1)
    assert due_at(day(trigger), Period.parse(period), zone=SEOUL) == expected, why


@pytest.mark.parametrize(
    ("trigger", "period", "last", "why"),
    [
        ("2020-03-12", "5 years", "2025-03-12", "a Wednesday: nothing is added"),
        ("2020-03-14", "5 years", "2025-03-14", "a Friday: nothing is added"),
        ("2020-03-15", "5 years", "2025-03-17", "Saturday the 15th: Monday is the next working day"),
        ("2020-03-16", "5 years", "2025-03-17", "Sunday the 16th: Monday"),
        (
            "2020-05-05",
            "5 years",
            "2025-05-07",
            "5 May is Children's Day and Buddha's birthday, 6 May the substitute",
        ),
        ("2020-05-03", "5 years", "2025-05-07", "Saturday 3 to Tuesday 6 May 2025 are all rest days"),
        ("2022-03-01", "3 years", "2025-03-04", "1 March a Saturday, 2 a Sunday, 3 the substitute"),
        (
            "2020-01-25",
            "5 years",
            "2025-01-31",
            "weekend, a day named at short notice, three days of Seollal",
        ),
        ("2020-10-03", "5 years", "2025-10-10", "National Day, weekend, Chuseok, its substitute, Hangul Day"),
        ("2024-12-31", "1 year", "2025-12-31", "a Wednesday that banks may close and the law does not"),
        ("2023-12-31", "1 year", "2024-12-31", "a Tuesday; New Year's Day comes after it"),
        ("2024-01-01", "1 year", "2025-01-02", "ends on New Year's Day: the day after"),
        ("2024-05-01", "1 year", "2025-05-01", "in 2025 1 May was no public holiday yet"),
        ("2025-05-01", "1 year", "2026-05-04", "in 2026 it is: Friday, then a weekend"),
        ("2026-05-01", "1 year", "2027-05-04", "in 2027 it is a Saturday; Monday 3 May is its substitute"),
        ("2025-07-17", "1 year", "2026-07-20", "Constitution Day is a public holiday again from 2026"),
        ("2025-06-06", "1 year", "2026-06-08", "Memorial Day on a Saturday has no substitute: Monday works"),
        ("2022-06-03", "3 years", "2025-06-04", "the election of 3 June 2025"),
        (
            "2020-02-28",
            "5 years",
            "2025-02-28",
            "leap year to common year: Friday 28 February, nothing is added",
        ),
    ],
)
def test_a_statutory_minimum_never_ends_on_a_rest_day(trigger: str, period: str, last: str, why: str) -> None:
    expected = at(last) + timedelta(days=1)
    assert due_at(day(trigger), Period.parse(period), zone=SEOUL, holidays=HOLIDAYS) == expected, why


def test_a_promised_maximum_may_end_on_a_rest_day() -> None:
    """The same five years, promised and not demanded, end on the Saturday."""
    assert due_at(day("2020-03-15"), Period(5, "years"), zone=SEOUL) == at("2025-03-16")


def test_hours_run_from_the_instant_over_rest_days() -> None:
    """72 hours from Friday evening before Seollal end on Monday evening, a public holiday."""
    due = due_at(at("2025-01-24 18:30"), Period(72, "hours"), zone=SEOUL, holidays=HOLIDAYS)
    assert due == at("2025-01-27 18:30")


def test_hours_pass_while_clocks_jump() -> None:
    """In New York 24 hours from noon before the clocks go forward end at one o'clock."""
    zone = ZoneInfo("America/New_York")
    due = due_at(at("2025-03-08 12:00", zone), Period(24, "hours"), zone=zone)
    assert due.isoformat() == "2025-03-09T13:00:00-04:00"


def test_hours_from_a_date_are_refused() -> None:
    with pytest.raises(ValueError, match="`72 hours` runs from an instant"):
        due_at(day("2025-01-24"), Period(72, "hours"), zone=SEOUL)
    with pytest.raises(ValueError, match="`72 hours` runs from an instant"):
        cutoff(Period(72, "hours"), at("2025-01-24 00:00"), kind="date", zone=SEOUL)


def test_until_ends_with_the_instant_or_with_the_date() -> None:
    """Nothing is added, not even for a rest day."""
    saturday = "2025-03-15"
    assert due_at(at("2025-03-15 15:00"), NO_PERIOD, zone=SEOUL, holidays=HOLIDAYS) == at("2025-03-15 15:00")
    assert due_at(day(saturday), NO_PERIOD, zone=SEOUL, holidays=HOLIDAYS) == at("2025-03-16 00:00")


def test_the_day_is_that_of_the_services_zone() -> None:
    """20:00 in London is 05:00 of the next day in Seoul."""
    trigger = datetime(2025, 1, 30, 20, tzinfo=UTC)
    assert first_counted_day(trigger, zone=SEOUL) == day("2025-02-01")
    assert first_counted_day(trigger, zone=ZoneInfo("Europe/London")) == day("2025-01-31")


def test_midnight_is_midnight_whatever_offset_it_is_written_in() -> None:
    assert first_counted_day(datetime(2025, 2, 28, 15, tzinfo=UTC), zone=SEOUL) == day("2025-03-01")
    assert first_counted_day(
        datetime(2025, 2, 28, 10, tzinfo=timezone(-timedelta(hours=5))), zone=SEOUL
    ) == day("2025-03-01")


def test_a_due_date_speaks_the_zone_of_the_service() -> None:
    due = due_at(datetime(2025, 3, 10, tzinfo=UTC), Period(5, "days"), zone=SEOUL)
    assert due.isoformat() == "2025-03-16T00:00:00+09:00"


def test_naive_instants_are_refused() -> None:
    naive = datetime(2025, 3, 10)  # noqa: DTZ001 - the very thing refused
    with pytest.raises(ValueError, match="naive"):
        due_at(naive, Period(5, "days"), zone=SEOUL)
    with pytest.raises(ValueError, match="naive"):
        due_at(naive, NO_PERIOD, zone=SEOUL)
    with pytest.raises(ValueError, match="naive"):
        cutoff(Period(5, "days"), naive, kind="instant", zone=SEOUL)


@pytest.mark.parametrize(
    ("zone", "trigger", "due", "why"),
    [
        (
            "Asia/Seoul",
            "1948-05-31 12:00",
            "1948-06-01T01:00:00+10:00",
            "summer time began at 00:00: no midnight",
        ),
        (
            "Asia/Seoul",
            "1987-05-09 12:00",
            "1987-05-10T00:00:00+09:00",
            "clocks jump at 02:00, midnight stands",
        ),
        ("Asia/Seoul", "1988-10-08 12:00", "1988-10-09T00:00:00+10:00", "clocks fall back later that night"),
        ("America/Sao_Paulo", "2018-11-03 12:00", "2018-11-04T01:00:00-02:00", "00:00 was skipped"),
        ("America/Havana", "2024-11-02 12:00", "2024-11-03T00:00:00-04:00", "00:00 came twice: the first"),
        (
            "America/Toronto",
            "1919-03-30 12:00",
            "1919-03-31T00:30:00-04:00",
            "23:30 to 00:30: the day starts late",
        ),
    ],
)
def test_until_a_date_ends_with_the_first_instant_of_the_next_day(
    zone: str, trigger: str, due: str, why: str
) -> None:
    where = ZoneInfo(zone)
    assert due_at(at(trigger, where).date(), NO_PERIOD, zone=where).isoformat() == due, why


def test_the_first_instant_of_a_day_without_midnight_counts_as_its_midnight() -> None:
    """São Paulo, 4 November 2018 began at 01:00: what starts then has the whole day, so the day counts."""
    zone = ZoneInfo("America/Sao_Paulo")
    assert first_counted_day(at("2018-11-04 01:00", zone), zone=zone) == day("2018-11-04")
    assert first_counted_day(at("2018-11-04 01:00:01", zone), zone=zone) == day("2018-11-05")


def test_clocks_set_back_over_midnight_do_not_bring_yesterday_back() -> None:
    """St. John's, 29 October 2006: 00:01 became 23:01 again, and the 29th had begun already."""
    zone = ZoneInfo("America/St_Johns")
    again = datetime(2006, 10, 28, 23, 30, tzinfo=zone, fold=1)
    assert first_counted_day(again, zone=zone) == day("2006-10-30")
    assert first_counted_day(again.replace(fold=0), zone=zone) == day("2006-10-29")


def test_a_day_that_a_zone_skipped_takes_no_trigger_at_its_start() -> None:
    """Samoa had no 30 December 2011: its start is that of the 31st, which counts from there for itself."""
    zone = ZoneInfo("Pacific/Apia")
    as_of = datetime(2011, 12, 30, 10, tzinfo=UTC)  # 00:00 of the 31st there
    latest = cutoff(Period(1, "days"), as_of, kind="instant", zone=zone)
    assert latest == as_of - MICROSECOND
    assert due_at(as_of - MICROSECOND, Period(1, "days"), zone=zone) <= as_of
    assert due_at(as_of, Period(1, "days"), zone=zone) > as_of


@pytest.mark.parametrize(
    ("period", "as_of", "latest", "why"),
    [
        ("1 month", "2025-04-01 00:00", "2025-02-28", "28 February ends with 31 March"),
        (
            "1 month",
            "2025-03-31 23:59:59",
            "2025-02-27",
            "that day is not over: the day before ends on the 27th",
        ),
        (
            "1 month",
            "2025-03-01 00:00",
            "2025-01-31",
            "28 to 31 January all end with February: the last of them",
        ),
        ("1 year", "2025-03-01 00:00", "2024-02-29", "28 and 29 February 2024 end together"),
        ("5 days", "2025-03-16 00:00", "2025-03-10", "10 March ends with the 15th"),
    ],
)
def test_a_cutoff_is_the_latest_date_whose_period_has_passed(
    period: str, as_of: str, latest: str, why: str
) -> None:
    assert cutoff(Period.parse(period), at(as_of), kind="date", zone=SEOUL) == day(latest), why


def test_a_cutoff_for_instants_is_the_midnight_that_counts_its_own_day() -> None:
    """At 00:00 on 16 March five days have passed since any instant up to and at 00:00 of the 11th."""
    assert cutoff(Period(5, "days"), at("2025-03-16"), kind="instant", zone=SEOUL) == at("2025-03-11")


def test_a_cutoff_under_a_minimum_waits_for_the_working_day() -> None:
    """Five years from 13 March 2020 end on Thursday, from 14 on Friday, from 15 and 16 not before Monday."""
    cutoffs = [
        cutoff(Period(5, "years"), at(f"2025-03-{d}"), kind="date", zone=SEOUL, holidays=HOLIDAYS)
        for d in (14, 15, 16, 17, 18)
    ]
    friday, monday = day("2020-03-14"), day("2020-03-17")
    assert cutoffs == [day("2020-03-13"), friday, friday, friday, monday]


def test_a_cutoff_asks_only_about_holidays_before_its_moment() -> None:
    """The holidays of 2026 answer for ten years, whose other end no calendar need know."""
    latest = cutoff(
        Period(10, "years"), at("2026-11-21"), kind="date", zone=SEOUL, holidays=korea(range(2026, 2027))
    )
    assert latest == day("2016-11-20")


def test_a_due_date_beyond_the_known_holidays_is_no_guess() -> None:
    with pytest.raises(HolidaysError, match="outside the years 2019 to 2031"):
        due_at(day("2028-01-01"), Period(10, "years"), zone=SEOUL, holidays=HOLIDAYS)


def test_no_trigger_of_history_may_qualify() -> None:
    dawn = datetime(1, 3, 1, tzinfo=UTC)
    assert cutoff(Period(1, "years"), dawn, kind="date", zone=SEOUL) is None
    assert cutoff(Period(1, "years"), dawn, kind="instant", zone=SEOUL) is None
    assert cutoff(Period(1, "months"), datetime(1, 2, 1, tzinfo=UTC), kind="instant", zone=SEOUL) is None
    assert cutoff(Period(9000, "hours"), dawn, kind="instant", zone=SEOUL) is None


def test_a_period_in_hours_has_no_last_day() -> None:
    with pytest.raises(ValueError, match="`24 hours`"):
        last_day(Period(24, "hours"), day("2025-01-01"))


@pytest.mark.parametrize(
    ("trigger", "winner", "why"),
    [
        ("2025-01-31", "30 days", "February is short: the month ends with the 28th, 30 days on 2 March"),
        ("2025-02-28", "1 month", "March is long: the month ends with the 31st, 30 days on the 30th"),
        ("2025-03-31", "30 days", "April has 30: they tie, and the first stated is taken"),
    ],
)
def test_the_longest_of_two_periods_depends_on_the_trigger(trigger: str, winner: str, why: str) -> None:
    thirty, month = Period(30, "days"), Period(1, "months")
    assert str(longest(day(trigger), thirty, month, zone=SEOUL)) == winner, why


FIVE = Period(5, "days")


@pytest.mark.parametrize(
    ("keep", "grace", "limit", "why"),
    [
        (NO_PERIOD, None, "2025-03-16", "five days from the end: 11 to 15 March"),
        (NO_PERIOD, Period(5, "days"), "2025-03-16", "the grace lies inside the five days"),
        (NO_PERIOD, Period(3, "days"), "2025-03-16", "a shorter grace leaves the rest of the five days"),
        (NO_PERIOD, Period(10, "days"), "2025-03-21", "a longer grace is waited for; nothing is added"),
        (Period(1, "months"), None, "2025-04-16", "the month ends with 10 April; then 11 to 15 April"),
        (Period(1, "months"), Period(5, "days"), "2025-04-16", "a grace within the month changes nothing"),
        (Period(1, "days"), Period(10, "days"), "2025-03-21", "a grace beyond both is the limit"),
    ],
)
def test_a_grace_counts_inside_the_days_allowed(
    keep: Period, grace: Period | None, limit: str, why: str
) -> None:
    trigger = at("2025-03-10 15:00")
    assert limit_at(trigger, keep=keep, within=FIVE, grace=grace, zone=SEOUL) == at(limit), why


def test_until_a_date_allows_the_same_days_as_until_an_hour_of_it() -> None:
    assert limit_at(day("2025-03-10"), keep=NO_PERIOD, within=FIVE, zone=SEOUL) == at("2025-03-16")


def test_only_the_minimum_waits_for_a_working_day() -> None:
    """Five years end on Saturday 15 March, hence with Monday; the five days to destroy end on Saturday 22."""
    limit = limit_at(day("2020-03-15"), keep=Period(5, "years"), within=FIVE, zone=SEOUL, holidays=HOLIDAYS)
    assert limit == at("2025-03-23")


def test_a_calendar_of_ones_own_is_obeyed() -> None:
    """A holiday on Monday moves a Saturday's end to Tuesday."""
    own = Holidays("own", 2025, 2025, frozenset({day("2025-03-17")}))
    assert due_at(day("2020-03-15"), Period(5, "years"), zone=SEOUL, holidays=own) == at("2025-03-19")


@pytest.mark.parametrize(
    ("announced", "effective", "strict", "lenient"),
    [
        ("2017-10-17", "2017-10-24", 6, 7),  # the borderline: 18, 19, 20, 21, 22, 23
        ("2017-10-17", "2017-10-25", 7, 8),
        ("2024-02-28", "2024-03-01", 1, 2),
        ("2017-10-17", "2017-10-18", 0, 1),
        ("2017-10-17", "2017-10-17", 0, 0),
    ],
)
def test_the_days_of_a_notice_leave_out_both_ends_or_count_one(
    announced: str, effective: str, strict: int, lenient: int
) -> None:
    assert days_of_notice(day(announced), day(effective), reading="strict") == strict
    assert days_of_notice(day(announced), day(effective), reading="lenient") == lenient


@pytest.mark.parametrize(
    ("period", "strict", "lenient"),
    [
        ("7 days", "2017-10-25", "2017-10-24"),
        ("1 week", "2017-10-25", "2017-10-24"),
        ("1 month", "2017-11-18", "2017-11-17"),
        ("24 hours", "2017-10-19", "2017-10-18"),
        ("25 hours", "2017-10-20", "2017-10-19"),
    ],
)
def test_what_is_announced_may_hold_when_the_whole_notice_has_passed(
    period: str, strict: str, lenient: str
) -> None:
    announced = day("2017-10-17")
    assert first_effective_day(Period.parse(period), announced, reading="strict") == day(strict)
    assert first_effective_day(Period.parse(period), announced, reading="lenient") == day(lenient)


@pytest.mark.parametrize(
    ("period", "other", "may"),
    [
        ("1 month", "30 days", True),
        ("30 days", "1 month", True),
        ("1 month", "31 days", False),
        ("1 year", "365 days", True),
        ("1 year", "366 days", False),
        ("1 week", "7 days", False),
        ("120 hours", "5 days", False),
        ("121 hours", "5 days", True),
        ("2 months", "59 days", True),
        ("58 days", "2 months", False),
    ],
)
def test_one_period_may_outlast_another_on_some_day_of_the_calendar(
    period: str, other: str, may: bool
) -> None:
    assert may_outlast(Period.parse(period), Period.parse(other)) is may
