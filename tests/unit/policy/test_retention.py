"""How a retention rule is written, and what is refused."""

import pytest

from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.retention import Clock, RetentionError, RetentionRule

UNTIL_LEFT = Clock("membership ended", NO_PERIOD)
YEAR = Clock("recorded", Period(1, "years"))
BOTH = ["until membership ended", "1 year after recorded"]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("until membership ended", RetentionRule("first", (UNTIL_LEFT,))),
        ("1 year after recorded", RetentionRule("first", (YEAR,))),
        ("1년 after recorded", RetentionRule("first", (YEAR,))),
        ("  1  year   after recorded ", RetentionRule("first", (YEAR,))),
        (
            {"until first of": ["membership ended", "service closed"]},
            RetentionRule("first", (UNTIL_LEFT, Clock("service closed", NO_PERIOD))),
        ),
        (
            {"first of": ["until membership ended", "1 year after recorded"]},
            RetentionRule("first", (UNTIL_LEFT, YEAR)),
        ),
        (
            {"last of": ["until membership ended", "1 year after recorded"]},
            RetentionRule("last", (UNTIL_LEFT, YEAR)),
        ),
    ],
)
def test_a_rule_is_read_as_people_say_it(written: object, rule: RetentionRule) -> None:
    assert RetentionRule.parse(written) == rule


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("1 year", "1 year after recorded"),
        ("until membership endet", "did you mean `membership ended`?"),
        ("untill membership ended", "did you mean `until`?"),
        ("until unstated", "write `unstated` alone"),
        ("soon", "write `until"),
        (5, "write `until"),
        ({}, "write `until"),
        ({"until first of": ["membership ended"]}, "write `until"),
        ({"until frist of": ["membership ended", "service closed"]}, "did you mean `until first of`?"),
        ({"first of": ["until membership ended", "until membership ended"]}, "keep one of the two"),
        ({"first of": ["membership ended", "service closed"]}, "write `until"),
    ],
)
def test_what_cannot_be_kept_to_is_refused_with_its_remedy(written: object, fix: str) -> None:
    with pytest.raises(RetentionError) as caught:
        RetentionRule.parse(written)
    assert fix in caught.value.fix


def test_a_wrong_entry_is_shown_at_its_place() -> None:
    with pytest.raises(RetentionError) as caught:
        RetentionRule.parse({"last of": ["until purpose met", "1 year after record"]})
    assert caught.value.at == ("last of", 1)


def test_one_spelling_stands_for_every_way_of_writing_a_rule() -> None:
    one = RetentionRule.parse({"first of": ["1년 after recorded", "until membership ended"]})
    other = RetentionRule.parse({"first of": ["until membership ended", "1 year after recorded"]})
    assert str(one) == str(other) == "first of: 1 year after recorded, until membership ended"
    assert one.triggers == {"recorded", "membership ended"}
