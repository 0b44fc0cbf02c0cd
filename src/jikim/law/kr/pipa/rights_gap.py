"""A right that the chapter on rights does not have.

Everybody may see their data, have it corrected or deleted, have its processing stopped, and take a consent back. A
policy says so and tells how to ask: a right that is not mentioned, or one without any way to use it, is hardly used.
Withdrawal is spoken of where consent is what allows a processing.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.law.kr.pipa.late_answer import ANSWERED
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.words import LegalBasis, Right
from jikim.source import Severity

DEMANDED: Final[Mapping[Right, str]] = {
    Right.ACCESS: "kr.rights.access",
    Right.CORRECTION: "kr.rights.correction",
    Right.DELETION: "kr.rights.correction",
    Right.SUSPENSION: "kr.rights.suspension",
    Right.WITHDRAWAL: "kr.rights.withdrawal",
}
"""The rights that every policy grants, and the fact that says so."""
CHAPTER: Final = "kr.contents.rights"


def applies(reading: Reading) -> bool:
    """Where the text grants any right at all."""
    return any(rule.granted for rule in reading.policy.rights.rules.values())


def check(reading: Reading) -> Iterator[Finding]:
    """Each right that is missing, and each that nobody is told how to use."""
    policy = reading.policy
    for right, fact in DEMANDED.items():
        rule = policy.rights.rules.get(right)
        terms = f"`{right}: {_terms(reading, right)}`"
        if rule is None:
            if not _said_elsewhere(policy, right):
                yield Finding(
                    ("rights", right.value),
                    Words(f"{right.korean} 권리를 밝히지 않았습니다", f"the right of `{right}` is missing"),
                    Words(f"`rights`에 더합니다: {terms}", f"add to `rights`: {terms}"),
                    at="key",
                    rests_on=(fact, CHAPTER),
                )
        elif rule.granted and not (rule.channels or rule.menu):
            yield Finding(
                ("rights", right.value),
                Words(
                    f"{right.korean} 권리를 어디에서 행사하는지 밝히지 않았습니다",
                    f"where to ask for `{right}` is not said",
                ),
                Words(f"{terms}처럼 적습니다", f"write such as {terms}"),
                at="key",
                rests_on=(CHAPTER, fact),
            )


def _said_elsewhere(policy: Policy, right: Right) -> bool:
    """A text that destroys on request grants deletion; where nothing rests on consent there is none to take back."""
    if right is Right.WITHDRAWAL:
        used, given = policy.processing.values(), policy.provisions.values()
        bases = {*(each.basis for each in used), *(each.basis for each in given)}
        return bases.isdisjoint({None, LegalBasis.CONSENT})
    return right is Right.DELETION and "deletion requested" in policy.destruction.when


def _terms(reading: Reading, right: Right) -> str:
    """What to write for a right: in the menus, where one gave the data, and by the channels of other rights."""
    used = [channel for rule in reading.policy.rights.rules.values() for channel in rule.channels]
    channels = dict.fromkeys(("menu", *(each for each in used if each != "board")))
    answer = reading.facts[ANSWERED[right]].period if right in ANSWERED else None
    terms = [
        f"channels: [{', '.join(channels)}]",
        "act: without delay",
        *([f"answer: {answer}"] if answer else []),
    ]
    return f"{{{', '.join(terms)}}}"


RULE = Rule(
    code="L-17",
    name="rights-gap",
    title=Words("빠진 권리", "Rights that are missing"),
    severity=Severity.ERROR,
    rests_on=(CHAPTER, *dict.fromkeys((*DEMANDED.values(), *ANSWERED.values()))),
    applies=applies,
    check=check,
    wrong="rights: {suspension: null}\n",
    right="rights: {suspension: {channels: [menu, email], act: without delay, answer: 10 days}}\n",
    about=Words(
        """
권리에 관한 장에 빠진 권리.

정보주체는 누구나 열람, 정정, 삭제, 처리정지를 요구하고 동의를 철회할 수 있습니다(「개인정보 보호법」
제35조부터 제37조까지). 처리방침은 그 권리와 행사하는 방법을 밝힙니다. 적혀 있지 않거나 방법이 없는 권리는
거의 쓰이지 않습니다. 동의의 철회는 동의를 근거로 하는 처리가 있을 때 봅니다.
""",
        __doc__,
    ),
)
