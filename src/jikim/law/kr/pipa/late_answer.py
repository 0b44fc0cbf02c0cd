"""An answer that comes later than the law allows, or for which no day is named.

Access is given, and the result of a request to correct, delete or stop is told, within ten days; a request about an
automated decision is answered within thirty. A policy may promise less time, not more. Say how many days, so that
people know when to ask again.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.period import Period
from jikim.policy.words import Right
from jikim.source import Path, Severity

ANSWERED: Final[Mapping[Right, str]] = {
    Right.ACCESS: "kr.rights.access",
    Right.CORRECTION: "kr.rights.correction-result",
    Right.DELETION: "kr.rights.correction-result",
    Right.SUSPENSION: "kr.rights.suspension-result",
    Right.AUTOMATED_DECISION: "kr.rights.automated-answer",
}
"""The fact that says by when a request is answered."""
REFUSED: Final = "kr.rights.access-refusal-told"


def applies(reading: Reading) -> bool:
    """Where rights are spoken of."""
    return bool(reading.policy.rights.rules)


def check(reading: Reading) -> Iterator[Finding]:
    """Each deadline that is too late; and, once, the rights that have none."""
    rights = reading.policy.rights
    granted = {right: rule for right, rule in rights.rules.items() if right in ANSWERED and rule.granted}
    for right, rule in granted.items():
        if rule.answer:
            yield from _late(reading, ("rights", right.value, "answer"), rule.answer, ANSWERED[right])
    if rights.refusal and rights.refusal.within:
        yield from _late(reading, ("rights", "refusal", "within"), rights.refusal.within, REFUSED)
    open_ended = [right for right, rule in granted.items() if not rule.answer]
    if open_ended:
        names = ", ".join(f"`{right}`" for right in open_ended)
        korean = "·".join(right.korean for right in open_ended)
        yield Finding(
            ("rights",),
            Words(
                f"{korean} 요구에 언제까지 답하는지 밝히지 않았습니다",
                f"no day is named by which these are answered: {names}",
            ),
            Words(
                f"권리마다 `answer: {reading.facts[ANSWERED[open_ended[0]]].period}`처럼 적습니다",
                f"write it for each right: `answer: {reading.facts[ANSWERED[open_ended[0]]].period}`",
            ),
            at="key",
            severity=Severity.WARNING,
            rests_on=tuple(dict.fromkeys(ANSWERED[right] for right in open_ended)),
        )


def _late(reading: Reading, path: Path, promised: Period, fact: str) -> Iterator[Finding]:
    limit = reading.facts[fact].period
    if limit and may_outlast(promised, limit):
        yield Finding(
            path,
            Words(
                f"`{promised}` 기한은 법이 정한 {limit.korean()}보다 늦습니다",
                f"`{promised}` is later than the {limit} that the law sets",
            ),
            Words(f"그 안으로 줄입니다: `{limit}`", f"make it `{limit}` or less"),
            rests_on=(fact,),
        )


RULE = Rule(
    code="L-55",
    name="late-answer",
    title=Words("답하는 기한", "By when a request is answered"),
    severity=Severity.ERROR,
    rests_on=(*dict.fromkeys(ANSWERED.values()), REFUSED),
    applies=applies,
    check=check,
    wrong="rights: {access: {answer: 14 days}}\n",
    right="rights: {access: {answer: 10 days}}\n",
    about=Words(
        """
법이 정한 것보다 늦거나 날을 말하지 않는 답.

열람은 10일 이내에 하게 하고, 정정·삭제·처리정지의 결과도 10일 이내에 알립니다(「개인정보 보호법 시행령」
제41조제4항, 제43조제3항, 제44조제2항). 자동화된 결정에 관한 요구에는 30일 이내에 답합니다(제44조의3제5항).
더 짧게 약속할 수는 있어도 길게 할 수는 없습니다. 언제 다시 물어야 할지 알 수 있도록 날수를 적습니다.
""",
        __doc__,
    ),
)
