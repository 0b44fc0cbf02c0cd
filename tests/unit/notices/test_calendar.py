"""What falls due by the calendar."""

from datetime import UTC, date, datetime
from pathlib import Path

from icalendar import Calendar

from jikim.law.facts import facts
from jikim.notices.calendar import NOT_STATED, Duty, People, calendar
from jikim.policy.parse import parse
from jikim.render.ics import as_ics

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()
TODAY = date(2026, 11, 22)


def duties(text: str = TEXT, *, people: People = NOT_STATED, today: date = TODAY) -> dict[str, Duty]:
    policy = parse(text.encode(), name="policy.yaml")
    known = facts(policy.law, in_force_on=TODAY)
    return {duty.id: duty for duty in calendar(policy, facts=known, today=today, people=people)}


def test_a_version_to_come_has_its_days_and_one_in_force_has_none() -> None:
    coming = TEXT.replace("2026-01-02", "2026-12-01").replace("2026-01-12", "2026-12-15")
    assert duties(coming)["announcement-1.0"].on == date(2026, 12, 1)
    assert duties(coming)["effect-1.0"].on == date(2026, 12, 15)
    assert "effect-1.0" not in duties()


def test_consent_to_advertising_is_confirmed_each_month_of_whoever_comes_to_two_years() -> None:
    """The number is the law's; who only shows advertising on a screen sends none."""
    duty = duties()["marketing-confirmation"]
    assert (duty.on, str(duty.every)) == (date(2026, 12, 1), "1 month")
    assert "2 years" in duty.what.en
    assert [fact.id for fact in duty.because] == ["AD-10"]
    assert "marketing-confirmation" not in duties(
        TEXT.replace("channels: [email]}\n", "channels: [screen]}\n")
    )


def test_the_notice_of_use_binds_from_as_many_people_as_the_law_says() -> None:
    """Where nobody says how many there are, it says from how many on."""
    assert duties(people=People(1_000_000))["usage-notice"].conditional is None
    assert "usage-notice" not in duties(people=People(999_999))
    unknown = duties()["usage-notice"].conditional
    assert unknown
    assert "1,000,000" in unknown.en


def test_what_the_policy_promises_to_repeat_comes_back() -> None:
    text = TEXT.replace("plan: {kind: internal-plan,", "plan: {kind: internal-plan, every: 6 months,")
    assert str(duties(text)["safeguard-plan"].every) == "6 months"


def test_other_programs_read_the_calendar() -> None:
    found = tuple(duties().values())
    ics = as_ics(found, service="tea", stamp=datetime(2026, 11, 22, tzinfo=UTC), language="ko")
    events = Calendar.from_ical(ics).walk("VEVENT")
    assert {str(event["uid"]) for event in events} == {f"{duty.id}@tea.jikim" for duty in found}
    [monthly] = [event for event in events if "marketing" in event["uid"]]
    assert monthly["rrule"]["FREQ"] == ["MONTHLY"]
    assert monthly.decoded("dtstart") == date(2026, 12, 1)


def test_no_character_of_a_policy_breaks_a_calendar() -> None:
    version = TEXT.replace('version: "1.0"', 'version: "1\\x01\\u202e\\nEND:VEVENT"').replace(
        "2026-01-12", "2027-01-12"
    )
    found = duties(version).values()
    ics = as_ics(found, service="tea", stamp=datetime(2026, 11, 22, tzinfo=UTC), language="ko")
    assert len(Calendar.from_ical(ics).walk("VEVENT")) == len(found)
    assert not {char for char in ics.decode().replace("\r\n", "") if not char.isprintable()}
