"""Every rule by its code: the one table of codes, of which none is ever used again for another rule. Pure.

A rule stands in a file of its own, in the folder of the obligation that it comes from.
"""

import importlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Final

from jikim.errors import JikimError
from jikim.law.facts import every_fact, facts
from jikim.lint.fact import Fact, Language, Words
from jikim.lint.report import CALLED
from jikim.lint.rule import Rule
from jikim.lint.run import Report, run
from jikim.policy.model import Policy
from jikim.shape import did_you_mean

RULES: Final[Mapping[str, str]] = {
    "L-01": "kr.pipa.missing_chapter",
    "L-02": "kr.pipa.legal_title",
    "L-03": "kr.records.dead_law",
    "L-04": "kr.records.wrong_period",
    "L-05": "kr.records.floor_as_cap",
    "L-06": "kr.finance.obligor",
    "L-07": "kr.pipa.held_items",
    "L-08": "kr.pipa.item_without_period",
    "L-09": "kr.pipa.unlisted_item",
    "L-10": "kr.pipa.purpose_without_item",
    "L-11": "kr.pipa.delay_contradiction",
    "L-12": "kr.pipa.move_all",
    "L-13": "kr.pipa.overseas",
    "L-14": "kr.pipa.provision_basis",
    "L-15": "kr.pipa.consent_optional",
    "L-16": "kr.terms.disclaimer",
    "L-17": "kr.pipa.rights_gap",
    "L-18": "kr.pipa.refusal_grounds",
    "L-19": "kr.pipa.contact",
    "L-20": "kr.pipa.children",
    "L-21": "kr.pipa.cookie_refusal",
    "L-22": "kr.network.marketing",
    "L-23": "kr.pipa.stale_agency",
    "L-24": "kr.promise.drift",
    "L-25": "kr.pipa.dates",
    "L-26": "kr.promise.above_law",
    "L-27": "kr.pipa.blank_processor",
    "L-28": "kr.pipa.open_wording",
    "L-29": "kr.pipa.period_without_start",
    "L-30": "kr.pipa.unneeded_item",
    "L-31": "kr.pipa.purpose_without_items",
    "L-32": "kr.pipa.unstated_purpose",
    "L-33": "kr.pipa.unstated_basis",
    "L-34": "kr.pipa.internal_policy_basis",
    "L-35": "kr.pipa.law_without_article",
    "L-36": "kr.pipa.more_than_needed",
    "L-37": "kr.pipa.consent_without_refusal",
    "L-38": "kr.pipa.sensitive_data",
    "L-39": "kr.pipa.resident_number",
    "L-40": "kr.pipa.publication",
    "L-41": "kr.pipa.affiliate_unnamed",
    "L-42": "kr.pipa.pseudonyms",
    "L-43": "kr.pipa.automated_decisions",
    "L-44": "kr.pipa.transmission",
    "L-45": "kr.pipa.domestic_agent",
    "L-46": "kr.pipa.further_use",
    "L-47": "kr.pipa.sensitive_publication",
    "L-48": "kr.pipa.provision_stated",
    "L-49": "kr.pipa.processor_contract",
    "L-50": "kr.pipa.copy_outlives",
    "L-51": "kr.pipa.provision_by_processor",
    "L-52": "kr.pipa.destruction_deadline",
    "L-53": "kr.pipa.grace_not_excepted",
    "L-54": "kr.pipa.at_once_against_hold",
    "L-55": "kr.pipa.late_answer",
    "L-56": "kr.pipa.refused_not_granted",
    "L-57": "kr.pipa.weak_identity",
    "L-58": "kr.pipa.public_board",
    "L-59": "kr.pipa.narrow_access",
    "L-60": "kr.pipa.leaving_harder",
    "L-61": "kr.pipa.scattered_channels",
    "L-62": "kr.pipa.transfer_of_business",
    "L-63": "kr.pipa.left_to_reader",
    "L-64": "kr.pipa.same_notice",
    "L-65": "kr.pipa.unreachable_channel",
    "L-66": "kr.records.law_without_record",
    "L-67": "kr.records.wider_than_statute",
    "L-68": "kr.network.moved_law",
    "L-69": "kr.promise.two_bases",
    "L-70": "kr.promise.anonymous",
    "L-71": "kr.promise.never_but_shown",
    "L-72": "kr.promise.cookie_identifying",
    "L-73": "kr.promise.holder_only",
    "L-74": "kr.promise.cookie_purpose",
    "L-75": "kr.pipa.contents_differ",
    "L-76": "kr.pipa.outdated_safeguard",
    "L-77": "kr.pipa.unprotected_item",
    "L-78": "kr.pipa.thin_safeguards",
    "L-79": "kr.network.permission",
    "L-80": "kr.pipa.legal_threat",
    "L-81": "kr.pipa.editions",
    "L-82": "kr.location.location_chapter",
    "L-83": "kr.pipa.ai_use",
    "L-84": "kr.records.no_records",
    "L-85": "kr.pipa.tracking_untold",
    "L-86": "kr.pipa.promised_handler",
    "L-87": "kr.pipa.event_items",
    "L-88": "kr.pipa.leaving_not_an_end",
    "G-01": "eu_gdpr.notice.period",
    "G-02": "eu_gdpr.rights.answer",
    "G-03": "eu_gdpr.consent.withdrawal",
    "G-04": "eu_gdpr.rights.missing_right",
    "G-05": "eu_gdpr.rights.recipients",
    "G-06": "eu_gdpr.rights.disputed",
    "G-07": "eu_gdpr.rights.objection",
    "G-08": "eu_gdpr.rights.automated",
    "G-09": "eu_gdpr.authority.complaint",
}


class UnknownRuleError(JikimError):
    """No rule has this code."""


@cache
def rule(code: str) -> Rule:
    """The rule of that code. Raises :class:`UnknownRuleError`, which names the nearest."""
    if code not in RULES:
        near = did_you_mean(code, RULES) or f"from {min(RULES)} to {max(RULES)}"
        raise UnknownRuleError(f"there is no rule `{code}`", fix=near)
    found: Rule = importlib.import_module(f"jikim.law.{RULES[code]}").RULE
    return found


def rules_of(packs: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of these packs, in the order of their codes."""
    folders = tuple(f"{name.replace('-', '_')}." for name in packs)
    return tuple(rule(code) for code, module in RULES.items() if module.startswith(folders))


def lint(policy: Policy, *, in_force_on: date, language: Language = "en") -> Report:
    """What the rules of its packs find in a policy, by the law in force on a day.

    :param policy: one that was read from a file, so that findings have their place.
    """
    known = facts(policy.law, in_force_on=in_force_on)
    return run(policy, rules_of(policy.law), facts=known, in_force_on=in_force_on, language=language)


_ACCEPTING: Final = Words(
    """
## 그대로 두려면

그 줄의 끝이나 바로 위의 줄에 이유를 적습니다. 모든 보고서가 그 이유를 보여 줍니다.

```yaml
# jikim: allow {code} because 이유
```""",
    """
## Accepting it

Write the reason at the end of the line, or on a line of its own above it. Every report lists it.

```yaml
# jikim: allow {code} because the reason
```""",
)


def page(rule: Rule, *languages: Language) -> str:
    """A rule's page in Markdown: what it demands, by which article, and wrong and right beside each other.

    :param languages: in which it is told, one after the other.
    """

    def said(words: Words) -> str:
        return " · ".join(words.of(each) for each in languages)

    facts = [_latest(name) for name in rule.rests_on]
    told = (
        "\n".join([*(_fact(fact, language) for fact in facts), f"{rule.about.of(language).strip()}\n"])
        for language in languages
    )
    examples = ((Words("틀림", "Wrong"), rule.wrong), (Words("맞음", "Right"), rule.right))
    return "\n".join(
        [
            f"# {rule.code} {said(rule.title)}\n",
            f"`{rule.name}` · {said(CALLED[rule.severity])}\n",
            *told,
            *(f"## {said(words)}\n\n```yaml\n{yaml.strip(chr(10))}\n```\n" for words, yaml in examples),
            *(_ACCEPTING.of(each).strip().format(code=rule.code) + "\n" for each in languages),
        ]
    )


def _fact(fact: Fact, language: Language) -> str:
    """What it demands, and where that stands: ``「개인정보 보호법」 제21조제1항``."""
    law = f"「{fact.basis.law.ko}」" if language == "ko" else fact.basis.law.en
    return f"> {fact.says.of(language)} ({law} {fact.basis.article.of(language)}) [{fact.mark}]\n"


def _latest(name: str) -> Fact:
    """The newest layer of a fact."""
    layers = [fact for fact in every_fact(name.partition(".")[0]) if fact.name == name]
    return max(layers, key=lambda fact: fact.in_force_from)
