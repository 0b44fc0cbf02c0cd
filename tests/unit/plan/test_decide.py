"""What becomes of one row: claims, clocks, graces, statutes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.unit.plan import small
from tests.unit.plan.small import at, clock, fact, processing, record

from jikim.law.holidays import korea
from jikim.plan.decide import Decision, Disposition, Moment, decide, has_happened, is_never, moment
from jikim.plan.schedule import Calendar, Claim, StoreFact

LEFT, DONE, CLOSED = fact("left_at"), fact("done_at"), StoreFact("service closed")
CELLS = small.cells(name="fixed(-)", note="null", amount="fixed(0)")
NEW_YORK = ZoneInfo("America/New_York")


def decided(
    *claims: Claim,
    as_of: str | datetime,
    facts: Mapping[Any, Moment],
    calendar: Calendar | None = None,
) -> Decision:
    """The decision on a row under these claims."""
    when = at(as_of) if isinstance(as_of, str) else as_of
    variant = small.variant(small.PERSON, *claims)
    return decide(variant, CELLS, facts.get, calendar=calendar or small.calendar(), as_of=when)


def membership(*, grace: str | None = "5 days", period: str = "") -> Claim:
    """Everything, until the member leaves or the service closes."""
    ended = clock("membership ended", period, LEFT, grace=grace)
    return processing("membership", ["name", "note", "amount"], ended, clock("service closed", "", CLOSED))


def five_years(cells: tuple[str, ...] = ("name", "note"), name: str = "contract") -> Claim:
    """A statute of five years."""
    return record(name, cells, clock("contract completed", "5 years", DONE))


# -- processings ------------------------------------------------------------------------------------------


def test_a_trigger_that_has_not_happened_retains_and_waits() -> None:
    decision = decided(membership(), as_of="2026-03-02", facts={})
    assert (decision.disposition, decision.waiting, decision.until) == (Disposition.RETAIN, True, None)


def test_a_grace_keeps_the_row_until_the_end_of_its_last_day() -> None:
    left = {LEFT: at("2026-03-02 15:00")}
    assert decided(membership(), as_of="2026-03-07 23:59", facts=left).disposition is Disposition.RETAIN
    assert decided(membership(), as_of="2026-03-08", facts=left).disposition is Disposition.DESTROY


def test_a_grace_counts_inside_the_days_allowed_for_destruction() -> None:
    decision = decided(membership(), as_of="2026-03-08", facts={LEFT: at("2026-03-02 15:00")})
    assert decision.limit == at("2026-03-08")


def test_without_a_grace_the_row_is_due_at_once_and_late_after_five_days() -> None:
    decision = decided(membership(grace=None), as_of="2026-03-02 15:00", facts={LEFT: at("2026-03-02 15:00")})
    assert (decision.disposition, decision.since, decision.limit) == (
        Disposition.DESTROY,
        at("2026-03-02 15:00"),
        at("2026-03-08"),
    )


def test_a_grace_is_not_added_to_a_period_that_is_longer() -> None:
    claim = membership(period="1 years")
    decision = decided(claim, as_of="2026-03-09", facts={LEFT: at("2026-03-02 15:00")})
    assert decision.until == at("2027-03-03")


def test_at_midnight_sharp_the_first_day_counts() -> None:
    assert decided(membership(), as_of="2026-03-07", facts={LEFT: at("2026-03-02")}).since == at("2026-03-07")


def test_a_date_never_starts_at_midnight() -> None:
    decision = decided(membership(), as_of="2026-03-07", facts={LEFT: date(2026, 3, 2)})
    assert decision.until == at("2026-03-08")


def test_a_date_with_no_period_ends_with_its_day() -> None:
    claim = membership(grace=None)
    assert not decided(claim, as_of="2026-03-02 23:59", facts={LEFT: date(2026, 3, 2)}).waiting
    assert (
        decided(claim, as_of="2026-03-03", facts={LEFT: date(2026, 3, 2)}).disposition is Disposition.DESTROY
    )


def test_a_period_in_hours_runs_from_the_instant() -> None:
    claim = membership(grace=None, period="24 hours")
    left = {LEFT: at("2026-03-02 15:00")}
    assert decided(claim, as_of="2026-03-03 14:59", facts=left).disposition is Disposition.RETAIN
    assert decided(claim, as_of="2026-03-03 15:00", facts=left).disposition is Disposition.DESTROY


def test_a_trigger_in_the_future_has_not_happened() -> None:
    decision = decided(membership(), as_of="2026-03-02", facts={LEFT: at("2026-04-01")})
    assert decision.waiting


def test_a_date_has_happened_once_it_has_begun() -> None:
    assert not has_happened(date(2026, 3, 2), as_of=at("2026-03-01 23:59"), zone=small.SEOUL)
    assert has_happened(date(2026, 3, 2), as_of=at("2026-03-02"), zone=small.SEOUL)


def test_first_of_ends_with_the_first_clock_to_run() -> None:
    facts = {LEFT: at("2026-03-02 15:00"), CLOSED: at("2026-03-04")}
    assert decided(membership(), as_of="2026-03-04", facts=facts).disposition is Disposition.DESTROY


def test_a_second_event_does_not_lengthen_the_limit_of_the_first() -> None:
    """The service closes on day 5: the leaving must be dealt with by day 6 all the same."""
    facts = {LEFT: at("2026-03-02 15:00"), CLOSED: at("2026-03-07 12:00")}
    decision = decided(membership(), as_of="2026-03-07 12:00", facts=facts)
    assert (decision.since, decision.limit) == (at("2026-03-07 12:00"), at("2026-03-08"))


def test_last_of_waits_until_every_clock_has_started() -> None:
    claim = processing("p", ["name"], clock("a", "", LEFT), clock("b", "1 months", DONE), combine="last")
    facts: dict[Any, Moment] = {LEFT: at("2026-03-02 15:00")}
    assert decided(claim, as_of="2030-01-01", facts=facts).waiting
    facts[DONE] = at("2026-04-10 09:00")
    assert decided(claim, as_of="2026-04-10 09:00", facts=facts).disposition is Disposition.MASK
    assert decided(claim, as_of="2026-05-11", facts=facts).since == at("2026-05-11")


def test_a_row_lives_while_any_of_its_processings_does() -> None:
    short = processing("short", ["note"], clock("a", "", DONE))
    decision = decided(membership(), short, as_of="2026-03-02", facts={DONE: at("2026-01-01 10:00")})
    assert decision.disposition is Disposition.RETAIN


def test_a_cell_that_nothing_covers_any_more_is_masked() -> None:
    one = processing("one", ["name", "note"], clock("a", "", LEFT))
    other = processing("other", ["amount"], clock("b", "", DONE))
    decision = decided(one, other, as_of="2026-03-02", facts={DONE: at("2026-03-01 10:00")})
    assert decision.disposition is Disposition.MASK
    assert [c.name for c in decision.cells] == ["amount"]
    assert (decision.since, decision.limit) == (at("2026-03-01 10:00"), at("2026-03-07"))


def test_twice_the_same_hour_ends_are_told_apart() -> None:
    """Clocks go back in New York on 1 November 2026: half past one comes twice."""
    first, second = (datetime(2026, 11, 1, 1, 30, fold=f, tzinfo=NEW_YORK) for f in (0, 1))
    quarter = datetime(2026, 11, 1, 1, 45, tzinfo=NEW_YORK)
    claim, calendar = membership(grace=None), small.calendar(NEW_YORK)
    before = decided(claim, as_of=first, facts={LEFT: quarter}, calendar=calendar)
    after = decided(claim, as_of=second, facts={LEFT: quarter}, calendar=calendar)
    assert (before.disposition, after.disposition) == (Disposition.RETAIN, Disposition.DESTROY)


# -- statutes ---------------------------------------------------------------------------------------------


def test_a_statute_that_runs_moves_the_row_when_no_processing_lives() -> None:
    facts = {LEFT: at("2026-03-02 15:00"), DONE: at("2026-02-10 10:00")}
    decision = decided(membership(), five_years(), as_of="2026-03-08", facts=facts)
    assert decision.disposition is Disposition.ARCHIVE
    assert [(e.claim.id, e.due) for e in decision.records] == [("contract", at("2031-02-11"))]


def test_a_statute_moves_nothing_while_the_row_is_in_use() -> None:
    decision = decided(membership(), five_years(), as_of="2030-01-01", facts={DONE: at("2026-02-10 10:00")})
    assert decision.disposition is Disposition.RETAIN


def test_a_statute_ends_on_no_rest_day() -> None:
    """1 March 2031 is a Saturday and a holiday, Monday its substitute: five years end with Tuesday 4 March."""
    facts = {LEFT: at("2026-03-02 15:00"), DONE: at("2026-03-01 09:00")}
    assert decided(membership(), five_years(), as_of="2026-03-08", facts=facts).until == at("2031-03-05")


def test_a_promise_ends_on_a_rest_day_like_on_any_other() -> None:
    claim = processing("p", ["name", "note", "amount"], clock("recorded", "3 months", DONE))
    assert decided(claim, as_of="2026-03-01", facts={DONE: at("2026-02-02 10:00")}).until == at("2026-05-03")


def test_a_statutory_clock_that_has_not_started_keeps_the_row_and_what_the_statute_covers() -> None:
    decision = decided(membership(), five_years(), as_of="2026-03-08", facts={LEFT: at("2026-03-02 15:00")})
    assert decision.disposition is Disposition.MASK
    assert [c.name for c in decision.cells] == ["amount"]
    assert decision.waiting


def test_two_statutes_on_one_row_are_two_records_each_with_its_own_date() -> None:
    three = record("complaint", ["note"], clock("complaint closed", "3 years", DONE))
    facts = {LEFT: at("2026-03-02 15:00"), DONE: at("2026-02-10 10:00")}
    decision = decided(membership(), five_years(), three, as_of="2026-03-08", facts=facts)
    assert [(e.claim.id, e.due) for e in decision.records] == [
        ("contract", at("2031-02-11")),
        ("complaint", at("2029-02-16")),  # Saturday 10 February 2029, then the lunar New Year, 12 to 14
    ]
    assert decision.until == at("2031-02-11")


def test_a_statute_that_ended_while_the_row_was_in_use_moves_nothing() -> None:
    facts = {LEFT: at("2026-03-02 15:00"), DONE: at("2020-02-10 10:00")}
    decision = decided(membership(), five_years(), as_of="2026-03-08", facts=facts)
    assert decision.disposition is Disposition.DESTROY
    assert decision.since == at("2026-03-08")


def test_of_two_statutes_only_the_one_that_still_runs_moves_the_row() -> None:
    three = record("complaint", ["note"], clock("complaint closed", "3 years", DONE))
    facts = {LEFT: at("2026-03-02 15:00"), DONE: at("2022-02-10 10:00")}
    decision = decided(membership(), five_years(), three, as_of="2026-03-08", facts=facts)
    assert [e.claim.id for e in decision.records] == ["contract"]


def test_a_statute_that_ended_before_the_calendar_begins_has_ended() -> None:
    facts = {LEFT: at("2026-03-02 15:00"), DONE: datetime(1970, 1, 1, tzinfo=UTC)}
    decision = decided(membership(), five_years(), as_of="2026-03-08", facts=facts)
    assert decision.disposition is Disposition.DESTROY


def test_a_statute_from_before_the_calendar_waits_for_the_rest_days_at_its_end() -> None:
    """Completed in 2018, before the calendar: 5 May 2023 is a holiday and a Friday, so Monday 8 May is the last day."""
    calendar = small.calendar(holidays=korea(range(2019, 2030)))
    facts = {LEFT: at("2023-01-02 15:00"), DONE: at("2018-05-05 10:00")}
    decision = decided(membership(), five_years(), as_of="2023-05-06", facts=facts, calendar=calendar)
    assert decision.until == at("2023-05-09")


# -- stored times -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "time_type", "read"),
    [
        (1772434800, "epoch", datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (1772434800500, "epoch-ms", datetime(2026, 3, 2, 7, 0, 0, 500000, tzinfo=UTC)),
        (datetime(2026, 3, 2, 16), "local", at("2026-03-02 16:00")),  # noqa: DTZ001
        (date(2026, 3, 2), "date", date(2026, 3, 2)),
        (at("2026-03-02 16:00"), "instant", at("2026-03-02 16:00")),
        (None, "instant", None),
    ],
)
def test_a_stored_time_is_read_as_its_type_says(value: Any, time_type: Any, read: Moment | None) -> None:
    assert moment(value, time_type=time_type, zone=small.SEOUL) == read


def test_a_value_that_is_no_time_of_its_type_is_refused_without_being_quoted() -> None:
    with pytest.raises(ValueError, match="no `epoch`") as refused:
        moment("홍길동", time_type="epoch", zone=small.SEOUL)
    assert "홍길동" not in str(refused.value)


@pytest.mark.parametrize(
    "stored",
    [
        date(9999, 12, 31),
        at("9999-12-31"),
        datetime(9999, 12, 31, 14, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),  # Seoul's clocks would show the year 10000
    ],
)
def test_a_sentinel_says_never_in_whatever_zone_it_was_written(stored: Moment) -> None:
    assert is_never(stored, ("9999-12-31",), zone=small.SEOUL)


def test_a_day_beside_the_sentinel_is_a_day() -> None:
    assert not is_never(date(9999, 12, 30), ("9999-12-31",), zone=small.SEOUL)
