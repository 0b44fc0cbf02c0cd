"""The pack of the GDPR: what secondary sources vouch for, no error of anything, and no record kept."""

from datetime import date

import pytest
from tests.unit.law.test_rules import policy_with

from jikim.law.facts import every_fact
from jikim.law.pack import pack
from jikim.law.resolve import ResolveError, resolve
from jikim.law.rules import lint, rules_of
from jikim.policy.period import Period
from jikim.source import Severity

TODAY = date(2026, 11, 21)
FACTS = {fact.name: fact for fact in every_fact("eu-gdpr")}


def test_each_fact_is_known_from_secondary_sources_and_is_marked_so() -> None:
    assert {fact.mark for fact in FACTS.values()} == {"S"}
    assert {fact.basis.law.en for fact in FACTS.values()} == {
        "General Data Protection Regulation (EU) 2016/679"
    }


@pytest.mark.parametrize(
    ("name", "article", "length"),
    [
        ("notice.period", "arts. 13(2)(a) and 14(2)(a)", ""),
        ("records.erasure", "art. 30(1)(f)", ""),
        ("consent.withdrawal", "art. 7(3)", ""),
        ("rights.answer", "art. 12(3)", "1 month"),
        ("rights.restriction", "art. 18(1)(a)", ""),
        ("rights.recipients", "art. 19", ""),
        ("rights.objection", "art. 21(2) and (3)", ""),
        ("breach.authority", "art. 33(1)", "72 hours"),
        ("breach.persons", "art. 34", "without delay"),
        ("authority.complaint", "art. 77", ""),
    ],
)
def test_a_fact_is_that_of_its_article(name: str, article: str, length: str) -> None:
    fact = FACTS[f"eu-gdpr.{name}"]
    assert (fact.basis.article.en, str(fact.period or fact.pace or "")) == (article, length)


def test_the_pack_has_no_record_and_a_policy_can_be_bound_to_it_alone_or_beside_another() -> None:
    assert pack("eu-gdpr").rows == ()
    assert pack("eu-gdpr").separate_storage is None
    both = resolve(policy_with("law: [kr, eu-gdpr]"), in_force_on=TODAY)
    assert set(both.digests) == {"policy", "law:kr", "law:eu-gdpr"}
    assert both.records["contracts"].retention.period == Period(5, "years")
    alone = policy_with("law: eu-gdpr")
    with pytest.raises(ResolveError, match="belongs to no pack this policy is read against"):
        resolve(alone, in_force_on=TODAY)


def test_a_policy_is_read_by_the_rules_of_the_packs_it_names_and_by_no_others() -> None:
    assert {rule.code[0] for rule in rules_of(("kr",))} == {"L"}
    assert {rule.code[0] for rule in rules_of(("eu-gdpr",))} == {"G"}
    parts = "processing: {orders: {keep: unstated, marketing: {channels: [email]}}}\n"
    found = {
        law: {
            each.code[0]: each.severity for each in lint(policy_with(parts + law), in_force_on=TODAY).findings
        }
        for law in ("law: kr", "law: eu-gdpr", "law: [kr, eu-gdpr]")
    }
    assert {law: set(codes) for law, codes in found.items()} == {
        "law: kr": {"L"},
        "law: eu-gdpr": {"G"},
        "law: [kr, eu-gdpr]": {"L", "G"},
    }
    assert found["law: eu-gdpr"]["G"] is Severity.WARNING
