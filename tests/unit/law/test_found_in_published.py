"""What other laws, the promise itself and its own words have to say of the five policies as they were published."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from jikim.law.rules import lint
from jikim.policy.parse import parse
from jikim.source import Diagnostic

EXAMPLES = Path(__file__).parents[3] / "examples"
TODAY = date(2026, 11, 21)

# clause: where it is found. By hand, from the reading of each text.
FOUND = {
    "0-04": ("lets", "L-21", "items.cookie"),
    "0-06": ("lets", "L-28", "processing.payment.items.open"),
    "0-10, 0-19": ("lets", "L-69", "processing.advertising.marketing"),
    "0-15": ("lets", "L-71", "processing.profile-display.shown_to"),
    "0-18": ("lets", "L-70", "processing.statistics.form"),
    "0-19": ("lets", "L-22", "processing.advertising.basis"),
    "0-23": ("lets", "L-06", "kept_by_law.electronic-finance.cites"),
    "0-25 opting out": ("lets", "L-24", "processing.marketing.as_said.en"),
    "0-25 records": ("lets", "L-24", "kept_by_law.logins.as_said.en"),
    "0-25 triggers": ("lets", "L-24", "destruction.as_said.en"),
    "1-01": ("litecam", "L-68", "statements.0.cites.0"),
    "1-02": ("litecam", "L-75", "contents.listed.6"),
    "1-04": ("litecam", "L-77", "items.card"),
    "1-11": ("litecam", "L-22", "processing.marketing.basis"),
    "1-22": ("litecam", "L-66", "kept_by_law.commercial.cites"),
    "1-31": ("litecam", "L-26", "rights.correction.freeze"),
    "1-35": ("litecam", "L-16", "statements.1.text"),
    "1-37": ("litecam", "L-80", "statements.3.text"),
    "1-38": ("litecam", "L-76", "statements.4.text"),
    "1-41": ("litecam", "L-72", "cookies.identifying"),
    "1-43": ("litecam", "L-21", "cookies.refuse.0.browser"),
    "1-45": ("litecam", "L-73", "safeguards.holder-only.text"),
    "1-46": ("litecam", "L-76", "safeguards.renewed-passwords.kind"),
    "1-46 intruders": ("litecam", "L-78", "safeguards"),
    "1-47": ("litecam", "L-16", "statements.7.text"),
    "1-49": ("litecam", "L-23", "agencies.2.name"),
    "2-05": ("talk_with_me", "L-28", "processing.improvement.open"),
    "2-08": ("talk_with_me", "L-22", "processing.marketing.basis"),
    "2-15": ("talk_with_me", "L-26", "destruction.paper"),
    "2-22": ("talk_with_me", "L-21", "cookies"),
    "3-01": ("casenote", "L-68", "statements.0.cites.1"),
    "3-02": ("casenote", "L-21", "cookies"),
    "3-03": ("casenote", "L-28", "processing.membership.open"),
    "3-07": ("casenote", "L-22", "processing.advertising.basis"),
    "3-10": ("casenote", "L-28", "statements.1.text"),
    "3-16": ("casenote", "L-67", "kept_by_law.visits.label"),
    "3-21": ("casenote", "L-26", "rights.withdrawal.act"),
    "4-01": ("plask", "L-68", "statements.0.cites.2"),
    "4-02": ("plask", "L-75", "contents.listed.1"),
    "4-05": ("plask", "L-28", "processing.extra-interests.items.open"),
    "4-08": ("plask", "L-06", "processing.payment-records.cites.0"),
    "4-12": ("plask", "L-03", "processing.member-management.cites.0"),
    "4-13": ("plask", "L-22", "processing.marketing.basis"),
    "4-17": ("plask", "L-16", "statements.1.text"),
    "4-18": ("plask", "L-71", "entrustments.card.contract"),
    "4-21": ("plask", "L-66", "kept_by_law.commercial.cites"),
    "4-23": ("plask", "L-03", "kept_by_law.identity-checks.cites"),
    "4-24": ("plask", "L-04", "kept_by_law.visits.as_stated"),
    "4-30": ("plask", "L-26", "rights.correction.tell"),
    "4-33": ("plask", "L-74", "processing.abuse-prevention.purpose"),
    "4-34": ("plask", "L-21", "cookies.refuse.0.browser"),
    "4-37": ("plask", "L-76", "safeguards.renewed-passwords.kind"),
    "4-38": ("plask", "L-16", "statements.3.text"),
    "4-38 holder": ("plask", "L-73", "safeguards.holder-only.text"),
    "4-40": ("plask", "L-23", "agencies.0.name"),
}
CODES = {code for _, code, _ in FOUND.values()} | {"L-05", "L-79", "L-81"}


@cache
def report(service: str) -> tuple[Diagnostic, ...]:
    """What is found in the policy of a service as it was published."""
    policy = parse((EXAMPLES / service / "as-published.yaml").read_bytes(), name="as-published.yaml")
    return lint(policy, in_force_on=TODAY).findings


@pytest.mark.parametrize("clause", FOUND)
def test_a_fault_is_found_once_and_where_it_stands(clause: str) -> None:
    service, code, place = FOUND[clause]
    at = [each for each in report(service) if ".".join(map(str, each.path)) == place and each.code == code]
    assert len(at) == (2 if code == "L-78" else 1)
    assert at[0].span is not None


@pytest.mark.parametrize(
    ("service", "errors"),
    [
        ("lets", {"L-22", "L-24", "L-69", "L-70", "L-71"}),
        ("litecam", {"L-22", "L-66", "L-72", "L-73"}),
        ("talk_with_me", {"L-22"}),
        ("casenote", {"L-22"}),
        ("plask", {"L-03", "L-04", "L-22", "L-66", "L-71", "L-73"}),
    ],
)
def test_of_these_rules_no_others_make_an_error_of_a_published_policy(service: str, errors: set[str]) -> None:
    assert {each.code for each in report(service) if each.severity == "error"} & CODES == errors
