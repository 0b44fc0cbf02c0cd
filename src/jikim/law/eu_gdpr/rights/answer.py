"""An answer that comes too late.

Whoever asks is told the outcome within a month; two more may be taken where a request is hard, and the person is told
so within the first. A policy that takes longer from the start does not keep that.
"""

from collections.abc import Iterator

from jikim.law.counting import shorter
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

ANSWER = "eu-gdpr.rights.answer"


def check(reading: Reading) -> Iterator[Finding]:
    """Each right whose answer is promised for later."""
    most = reading.facts[ANSWER].period
    for right, rule in reading.policy.rights.rules.items():
        if most and rule.answer and shorter(most, rule.answer):
            yield Finding(
                ("rights", right.value, "answer"),
                Words(
                    f"답을 {rule.answer.korean()} 안에 한다고 합니다",
                    f"the answer is promised within {rule.answer}",
                ),
                Words(f"이렇게 적습니다: `answer: {most}`", f"write `answer: {most}`, or less"),
            )


RULE = Rule(
    code="G-02",
    name="one-month",
    title=Words("한 달 안의 답", "An answer within one month"),
    severity=Severity.WARNING,
    rests_on=(ANSWER,),
    check=check,
    wrong="""
law: [kr, eu-gdpr]
rights: {access: {answer: 45 days}}
""",
    right="""
law: [kr, eu-gdpr]
rights: {access: {answer: 1 month}}
""",
    about=__doc__,
)
