"""Policies as they were published, faults included, can be said: tests/golden/published."""

from pathlib import Path

import pytest

from jikim.policy.digest import policy_digest
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.policy.period import Period
from jikim.policy.words import RefusalGround, Right

PUBLISHED = Path(__file__).parents[2] / "golden" / "published"


def read(name: str) -> Policy:
    return parse((PUBLISHED / f"{name}.yaml").read_bytes(), name=f"{name}.yaml")


@pytest.mark.parametrize("name", ["office", "shop", "chat", "search"])
def test_a_published_policy_is_read_and_has_a_digest(name: str) -> None:
    assert policy_digest(read(name)).startswith("sha256:")


def test_languages_that_differ_keep_both_meanings() -> None:
    office = read("office")
    assert office.destruction.as_said["en"].startswith("(iii)")
    assert office.processing["marketing"].as_said
    assert office.kept_by_law["log-in"].as_stated == Period(3, "months")


def test_an_item_used_but_not_listed_is_told_apart() -> None:
    assert [id for id, item in read("search").items.items() if item.unlisted] == [
        "card",
        "card-pin",
        "business-number",
    ]


def test_provision_on_a_contract_is_read_though_no_law_allows_it() -> None:
    provision = read("shop").provisions["trading-party"]
    assert (provision.basis, provision.items, provision.keep) == ("contract", None, None)


def test_grounds_of_one_right_used_for_others_stay_where_they_were_used() -> None:
    rules = read("chat").rights.rules
    grounds = {RefusalGround.LAW_FORBIDS, RefusalGround.HARM_TO_OTHERS}
    assert [right for right, rule in rules.items() if grounds <= set(rule.refuse)] == [
        Right.ACCESS,
        Right.CORRECTION,
        Right.LEAVING,
    ]


def test_a_right_refused_without_being_granted_is_told_apart() -> None:
    suspension = read("search").rights.rules[Right.SUSPENSION]
    assert not suspension.granted
    assert len(suspension.refuse) == 3


def test_a_promise_above_the_law_is_kept() -> None:
    withdrawal = read("search").rights.rules[Right.WITHDRAWAL]
    assert withdrawal.registered == withdrawal.act == "at once"
    assert withdrawal.confirm
