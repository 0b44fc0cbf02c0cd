"""Whether a version of the policy may be published."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from jikim.notices.publishing import Judgement, judge
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.source import Diagnostic, Severity

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()
BEFORE = parse(TEXT.encode(), name="before.yaml")
TODAY = date(2027, 3, 2)
PHONE = ("phone: 02-0000-0001", "phone: 02-0000-0002")
PERIOD = ("keep: 3 months after recorded", "keep: 6 months after recorded")
NEWS = ("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 광고성 정보의 전송과 맞춤 추천, en:")


def next_version(*changes: tuple[str, str], days: int, announced: date = TODAY) -> Policy:
    """The right policy with some places written anew, in effect so many days after its announcement."""
    text = TEXT.replace('version: "1.0"', 'version: "1.1"').replace("2026-01-02", str(announced))
    text = text.replace("2026-01-12", str(announced + timedelta(days=days)))
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return parse(text.encode(), name="after.yaml")


def judged(policy: Policy, **said: Any) -> Judgement:
    return judge(policy, **{"before": BEFORE, "found": (), "today": TODAY, **said})


def reasons(judgement: Judgement) -> str:
    return "; ".join(refusal.reason for refusal in judgement.refusals)


@pytest.mark.parametrize(
    ("changes", "days", "reading", "refused"),
    [
        ([PHONE], 8, "strict", False),
        ([PHONE], 7, "strict", True),
        ([PHONE], 7, "lenient", False),
        ([PHONE], 6, "lenient", True),
        ([PHONE, PERIOD], 30, "strict", True),
        ([PHONE, PERIOD], 31, "strict", False),
        ([PERIOD], 30, "lenient", False),
    ],
)
def test_the_promised_days_lie_between_by_the_chosen_reading(
    changes: list[tuple[str, str]], days: int, reading: str, refused: bool
) -> None:
    """Seven for an ordinary change, thirty for a significant one; the strict reading counts full days between."""
    judgement = judged(
        next_version(*changes, days=days), reading=reading, because="counted as terms of use are"
    )
    assert bool(judgement.refusals) is refused


def test_a_borderline_of_seven_days_is_refused_with_both_readings_and_the_way_out() -> None:
    [refusal] = judged(next_version(PHONE, days=7)).refusals
    assert "strict" in refusal.reason
    assert str(TODAY + timedelta(days=8)) in refusal.reason
    assert str(TODAY + timedelta(days=7)) in refusal.reason
    assert "--reading lenient --because" in refusal.fix


def test_the_lenient_reading_needs_a_reason() -> None:
    assert "needs a reason" in reasons(judged(next_version(PHONE, days=7), reading="lenient", because=" "))


def test_consent_that_must_be_asked_again_must_be_planned() -> None:
    after = next_version(NEWS, days=40)
    assert "`newsletter`" in reasons(judged(after))
    assert not judged(after, planned=["newsletter"]).refusals


def test_errors_of_lint_refuse_and_warnings_do_not() -> None:
    after = next_version(PHONE, days=10)
    error = Diagnostic("L-04", Severity.ERROR, "a period that is not the law's")
    warning = Diagnostic("L-21", Severity.WARNING, "a browser that is gone")
    assert "1 error: L-04" in reasons(judged(after, found=[error, warning]))
    assert not judged(after, found=[warning]).refusals


def test_what_was_announced_elsewhere_counts_from_its_day_and_what_was_not_from_today() -> None:
    after = next_version(PHONE, days=10, announced=TODAY - timedelta(days=5))
    assert "publishing it on 2027-03-02 is what announces it" in reasons(judged(after))
    assert not judged(after, elsewhere=True).refusals


def test_a_version_that_says_the_same_is_not_published_again() -> None:
    assert "says what version 1.0 says" in reasons(judged(next_version(days=10)))


def test_a_first_version_waits_for_nothing() -> None:
    assert not judge(BEFORE, before=None, found=(), today=TODAY).refusals


def test_a_policy_without_its_dates_is_not_published() -> None:
    undated = parse(
        TEXT.replace("effective: 2026-01-12", "effective: unstated").encode(), name="undated.yaml"
    )
    assert "states no effective" in reasons(judged(undated))


@pytest.mark.parametrize(
    ("days", "reading", "refused"),
    [(30, "strict", True), (31, "strict", False), (29, "lenient", True), (30, "lenient", False)],
)
def test_of_a_month_and_thirty_days_the_longer_counts_from_the_day_of_the_announcement(
    days: int, reading: str, refused: bool
) -> None:
    """February is shorter than thirty days: the month that the older policy promises ends first."""
    month = parse(TEXT.replace("significant: 30 days", "significant: 1 month").encode(), name="month.yaml")
    february = date(2027, 2, 1)
    after = next_version(PERIOD, days=days, announced=february)
    judgement = judged(after, before=month, today=february, reading=reading, because="so it is counted")
    assert bool(judgement.refusals) is refused


def test_a_notice_in_hours_is_counted_in_the_days_it_takes() -> None:
    hours = ("ordinary: 7 days", "ordinary: 48 hours")
    before = parse(TEXT.replace(*hours).encode(), name="hours.yaml")
    assert "takes effect" not in reasons(judged(next_version(PHONE, hours, days=3), before=before))
    assert "48 hours are promised" in reasons(judged(next_version(PHONE, hours, days=2), before=before))


def test_the_policy_of_another_service_is_refused() -> None:
    after = next_version(PHONE, ("service: {id: ", "service: {id: not-"), days=10)
    assert "is the policy of `not-" in reasons(judged(after))


def test_a_version_of_a_name_or_an_address_that_was_published_is_refused() -> None:
    after = next_version(PHONE, days=10)
    assert reasons(judged(after, namesake="1.1")) == "version `1.1` was published and stays as it is"
    assert "and `1.1` would have its address" in reasons(judged(after, namesake="1 1"))


def test_a_version_takes_effect_after_the_one_before_it() -> None:
    after = next_version(PHONE, days=10, announced=date(2025, 12, 1))
    assert "takes effect on 2026-01-12, and this one on 2025-12-11" in reasons(judged(after, elsewhere=True))


def test_nobody_was_told_tomorrow() -> None:
    after = next_version(PHONE, days=10, announced=TODAY + timedelta(days=1))
    assert "still to come" in reasons(judged(after, elsewhere=True))
    assert not judged(after).refusals


def test_consent_is_asked_again_only_to_what_is_there() -> None:
    assert "called `newsleter`" in reasons(judged(next_version(PHONE, days=10), planned=["newsleter"]))
