"""What people write for a length of time, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.policy.period import NO_PERIOD, Period, Unit

UNITS: tuple[Unit, ...] = ("hours", "days", "weeks", "months", "years")


@pytest.mark.parametrize(
    ("written", "count", "unit"),
    [
        ("5 days", 5, "days"),
        ("1 year", 1, "years"),
        ("3 months", 3, "months"),
        ("2weeks", 2, "weeks"),
        ("72 hours", 72, "hours"),
        (" 10  Days ", 10, "days"),
        ("5일", 5, "days"),
        ("3개월", 3, "months"),
        ("2주", 2, "weeks"),
        ("5년", 5, "years"),
        ("72시간", 72, "hours"),
        ("5 년", 5, "years"),
        ("100 years", 100, "years"),
        ("1200개월", 1200, "months"),
    ],
)
def test_english_and_korean_periods_are_read(written: str, count: int, unit: Unit) -> None:
    assert Period.parse(written) == Period(count, unit)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no period"),
        ("days", "no period"),
        ("six months", "write digits"),
        ("-5 days", "no period"),
        ("1.5 years", "no period"),
        ("1 year 2 months", "no period"),
        ("５일", "no period"),
        ("5", "no period"),
        ("5 fortnights", "no unit"),
        ("5회", "no unit"),
        ("6월", "6개월"),
        ("0 days", "at least one"),
        ("00일", "at least one"),
        ("101 years", "100 years"),
        ("1201 months", "100 years"),
        ("99999999999999999999999999 hours", "100 years"),
    ],
)
def test_what_is_no_period_is_refused_with_its_reason(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Period.parse(written)


@pytest.mark.parametrize(("count", "unit"), [(0, "years"), (0, "hours"), (-1, "days"), (101, "years")])
def test_a_period_out_of_bounds_cannot_be_made(count: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="period"):
        Period(count, unit)


def test_one_is_singular_and_more_are_plural_in_english() -> None:
    assert [str(Period(1, "years")), str(Period(5, "days")), str(NO_PERIOD)] == ["1 year", "5 days", "0 days"]


def test_korean_has_one_form() -> None:
    assert [Period(count, unit).korean() for count, unit in zip((72, 5, 2, 3, 1), UNITS, strict=True)] == [
        "72시간",
        "5일",
        "2주",
        "3개월",
        "1년",
    ]


@given(count=st.integers(1, 100), unit=st.sampled_from(UNITS))
def test_what_is_printed_is_read_back(count: int, unit: Unit) -> None:
    period = Period(count, unit)
    assert Period.parse(str(period)) == Period.parse(period.korean()) == period
