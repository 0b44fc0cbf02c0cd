"""The Korean rest days, checked against the announced calendars, and the file that amends them."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from jikim.law.holidays import Holidays, HolidaysError, korea

KOREA = korea(range(2007, 2031))


def day(text: str) -> date:
    return date.fromisoformat(text)


# The announced calendars (월력요항) of these years, weekends left out.
ANNOUNCED = {
    2025: "01-01 01-27 01-28 01-29 01-30 03-03 05-05 05-06 06-03 06-06 08-15 10-03 10-06 10-07 10-08 10-09 "
    "12-25",
    2026: "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 10-05 10-09 12-25",
    2027: "01-01 02-08 02-09 03-01 05-03 05-05 05-13 07-19 08-16 09-14 09-15 09-16 10-04 10-11 12-27",
}


@pytest.mark.parametrize("year", ANNOUNCED)
def test_the_rest_days_of_a_year_are_those_announced(year: int) -> None:
    """With substitutes, an election and a day named at short notice; all other weekdays are working days."""
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    rest = [f"{each:%m-%d}" for each in days if each.isoweekday() < 6 and KOREA.is_rest_day(each)]
    assert rest == ANNOUNCED[year].split()


@pytest.mark.parametrize("year", range(2007, 2026))
def test_may_day_was_no_public_holiday_before_2026(year: int) -> None:
    assert date(year, 5, 1) not in KOREA.dates


@pytest.mark.parametrize("year", range(2026, 2031))
def test_may_day_is_a_public_holiday_from_2026(year: int) -> None:
    assert date(year, 5, 1) in KOREA.dates


def test_constitution_day_was_no_public_holiday_from_2008_to_2025() -> None:
    years = [year for year in range(2007, 2031) if date(year, 7, 17) in KOREA.dates]
    assert years == [2007, *range(2026, 2031)]


def test_saturday_and_sunday_are_rest_days_without_being_listed() -> None:
    none = Holidays("none", 2025, 2025, frozenset())
    assert [none.is_rest_day(day(f"2025-03-{d}")) for d in (14, 15, 16, 17)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("from_day", "forward", "back"),
    [
        ("2025-03-14", "2025-03-14", "2025-03-14"),
        ("2025-10-05", "2025-10-10", "2025-10-02"),
        ("2025-01-29", "2025-01-31", "2025-01-24"),
        ("2025-12-25", "2025-12-26", "2025-12-24"),
    ],
)
def test_the_working_days_around_a_rest_day(from_day: str, forward: str, back: str) -> None:
    assert KOREA.next_working_day(day(from_day)) == day(forward)
    assert KOREA.last_working_day(day(from_day)) == day(back)


@pytest.mark.parametrize("outside", ["2006-12-31", "2031-01-01"])
def test_a_day_outside_the_known_years_is_no_working_day_but_an_error(outside: str) -> None:
    with pytest.raises(HolidaysError, match=f"`{outside}` lies outside the years 2007 to 2030"):
        KOREA.is_rest_day(day(outside))


def test_a_search_that_runs_out_of_the_known_years_is_an_error() -> None:
    """31 December 2022 is a Saturday, and whether Monday 2 January works is not known."""
    with pytest.raises(HolidaysError, match="2023-01-01"):
        korea([2022]).next_working_day(day("2022-12-31"))


def test_a_year_beyond_the_lunar_tables_is_refused_with_the_years_that_are_known() -> None:
    with pytest.raises(HolidaysError, match="year `2101`") as refused:
        korea([2100, 2101])
    assert "1948 to 2100" in refused.value.fix


@pytest.mark.parametrize("years", [[], [1947], [2101], [1940, 2020]])
def test_years_that_nobody_knows_are_refused(years: list[int]) -> None:
    with pytest.raises(HolidaysError):
        korea(years)


def test_gaps_between_years_are_filled() -> None:
    assert korea([2024, 2026]) == korea(range(2024, 2027))


def test_the_digest_tells_calendars_apart_by_what_they_answer() -> None:
    one, same, longer = korea([2025]), korea([2025]), korea([2025, 2026])
    amended = one.amended(b'[[added]]\ndate = 2025-12-26\nreason = "test"', name="a.toml")
    assert one.digest == same.digest
    assert len({one.digest, longer.digest, amended.digest}) == 3


AMENDMENTS = b"""
[[added]]
date = 2027-05-04
reason = "a temporary public holiday"

[[added]]
date = 2031-05-04
reason = "beyond the years asked for"

[[removed]]
date = 2027-05-03
reason = "the substitute was revoked"
"""


def test_amendments_add_and_remove_days() -> None:
    amended = KOREA.amended(AMENDMENTS, name="holidays.toml")
    assert amended.is_rest_day(day("2027-05-04"))
    assert not amended.is_rest_day(day("2027-05-03"))
    assert amended.dates ^ KOREA.dates == {day("2027-05-04"), day("2027-05-03")}


def test_to_add_what_is_known_changes_nothing() -> None:
    """So the file survives the package learning the same."""
    again = KOREA.amended(AMENDMENTS, name="a.toml").amended(AMENDMENTS, name="a.toml")
    assert again.digest == KOREA.amended(AMENDMENTS, name="b.toml").digest


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"[[added", "cannot be read as TOML"),
        (b"\xff", "cannot be read as TOML"),
        (b"[[extra]]", "`extra` in `h.toml` means nothing"),
        (b"added = 2027-05-04", "`added` in `h.toml` is no list"),
        (b"added = [2027-05-04]", "entry 1 of `added`"),
        (b"[[added]]\ndate = 2027-05-04", "entry 1 of `added` in `h.toml` is not complete"),
        (b'[[removed]]\ndate = "2027-05-04"\nreason = "x"', "the `date` of entry 1 of `removed`"),
        (b'[[added]]\ndate = 2027-05-04T00:00:00Z\nreason = "x"', "is no date"),
        (b'[[added]]\ndate = 2027-05-04\nreason = " "', "without a reason"),
        (
            b'[[added]]\ndate = 2027-05-04\nreason = "x"\n[[removed]]\ndate = 2027-05-04\nreason = "y"',
            "both added and removed",
        ),
    ],
)
def test_amendments_that_cannot_be_trusted_are_refused(text: bytes, complaint: str) -> None:
    with pytest.raises(HolidaysError) as refusal:
        KOREA.amended(text, name="h.toml")
    assert complaint in str(refusal.value)


def test_the_large_tables_are_not_read_before_they_are_asked_for() -> None:
    probe = "import sys, jikim.law.counting; print('holidays' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
