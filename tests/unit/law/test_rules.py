"""Every rule is tried on its own examples, laid over a policy in which no rule finds anything."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import jikim.law
from jikim.law.facts import every_fact
from jikim.law.pack import PACKS, pack
from jikim.law.rules import RULES, UnknownRuleError, lint, page, rule
from jikim.lint.fact import DOUBTS
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.source import Severity

RIGHT = Path(__file__).with_name("right.yaml").read_text()
TODAY = date(2026, 11, 22)
ROOM = Path(jikim.law.__file__).parent


def policy_with(parts: str) -> Policy:
    """The right policy with these parts in place of its own."""
    whole = laid_over(yaml.safe_load(RIGHT), yaml.safe_load(parts) or {})
    return parse(
        yaml.safe_dump(whole, allow_unicode=True, default_flow_style=None).encode(), name="policy.yaml"
    )


def laid_over(below: Any, above: Any) -> Any:
    """Maps key by key; a null takes the key away; anything else replaces what was there."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    kept = {key: value for key, value in below.items() if key not in above}
    laid = {key: laid_over(below.get(key), value) for key, value in above.items() if value is not None}
    return {**kept, **laid}


def found(parts: str, *, on: date) -> set[str]:
    """The codes of what is found."""
    report = lint(policy_with(parts), in_force_on=on)
    return {each.code for each in report.findings if each.severity is not Severity.INFO or each.code in parts}


def latest(code: str) -> date:
    """A day on which all that a rule rests on is in force."""
    facts = [fact for name in PACKS for fact in every_fact(name) if fact.name in rule(code).rests_on]
    return max([TODAY, *(fact.in_force_from for fact in facts)])


def test_no_rule_finds_anything_in_the_right_policy() -> None:
    report = lint(policy_with(""), in_force_on=TODAY)
    assert [each for each in report.findings if each.severity is not Severity.INFO] == []


@pytest.mark.parametrize("code", RULES)
def test_a_rule_finds_what_is_wrong_in_its_wrong_example_and_nothing_in_its_right_one(code: str) -> None:
    """And no other rule makes an error of the right one."""
    day = latest(code)
    wrong = lint(policy_with(rule(code).wrong), in_force_on=day)
    right = lint(policy_with(rule(code).right), in_force_on=day)
    assert code in {each.code for each in wrong.findings}
    assert code not in {each.code for each in right.findings}
    assert [each for each in right.findings if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize("code", RULES)
def test_a_rule_rests_on_facts_that_are_there_and_is_no_error_by_hearsay(code: str) -> None:
    known = {fact.name: fact for name in PACKS for fact in every_fact(name)}
    rests_on = [known[name] for name in rule(code).rests_on]
    if any(fact.mark in DOUBTS for fact in rests_on):
        assert rule(code).severity is not Severity.ERROR


@pytest.mark.parametrize("code", RULES)
def test_what_a_rule_finds_is_told_in_both_languages(code: str) -> None:
    policy, day = policy_with(rule(code).wrong), latest(code)
    both = [lint(policy, in_force_on=day, language=language).findings for language in ("ko", "en")]
    for korean, english in zip(*both, strict=True):
        assert korean.message
        assert english.message
        assert korean.message != english.message
        assert korean.fix
        assert english.fix


@pytest.mark.parametrize("code", RULES)
def test_a_rule_says_in_both_languages_what_it_demands_and_why(code: str) -> None:
    """The Korean text is Korean, and as long as what it says in English; its page has no English sentence."""
    each = rule(code)
    korean, english = each.about.ko.strip(), each.about.en.strip()
    assert re.search("[가-힣]", each.title.ko)
    assert not re.search("[가-힣]{2}", each.title.en)
    assert korean.count("\n\n") == english.count("\n\n")
    assert all(re.search("[가-힣]", sentence) for sentence in re.split(r"(?<=\.)\s", korean))
    assert 0.3 < len(korean) / len(english) < 0.9
    told = page(each, "ko").split("```")[0]
    assert english.splitlines()[0] not in told
    assert each.title.ko in told
    assert korean in told
    assert page(each, "ko", "en").count("```yaml") == page(each, "en").count("```yaml") + 1


def test_a_law_that_a_korean_text_names_is_one_that_its_packs_know() -> None:
    """And stands in the brackets of laws; an article of it is written as the law writes it."""
    laws = {law.ko for name in PACKS for law in pack(name).laws.values()}
    named = {law for code in RULES for law in re.findall("「(.*?)」", rule(code).about.ko)}
    assert {law.removesuffix(" 시행령") for law in named} <= laws
    for code in RULES:
        assert not re.search(r"제\d+조[의\d]* 제?\d", rule(code).about.ko), code


def test_each_file_of_a_rule_has_one_code_and_each_code_its_file() -> None:
    folders = [ROOM / name.replace("-", "_") for name in PACKS]
    files = {
        ".".join(path.relative_to(ROOM).with_suffix("").parts)
        for folder in folders
        for path in folder.rglob("*.py")
        if path.stem != "__init__"
    }
    assert files == set(RULES.values())
    assert [rule(code).code for code in RULES] == list(RULES)
    assert len({rule(code).name for code in RULES}) == len(RULES)


def test_an_unknown_code_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownRuleError, match="no rule `L-2`"):
        rule("L-2")
