"""An answer that comes too late.

Whoever asks is told the outcome within a month; two more may be taken where a request is hard, and the person is told
so within the first. A policy that takes longer from the start does not keep that.
"""

from collections.abc import Iterator

from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

ANSWER = "eu-gdpr.rights.answer"


def check(reading: Reading) -> Iterator[Finding]:
    """Each right whose answer is promised for later."""
    most = reading.facts[ANSWER].period
    for right, rule in reading.policy.rights.rules.items():
        if most and rule.answer and may_outlast(rule.answer, most):
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
rights: {access: {answer: 10 days}}
""",
    about=Words(
        """
너무 늦은 답.

요구한 사람에게는 한 달 안에 결과를 알립니다(GDPR 제12조제3항). 복잡한 요구에는 두 달을 더 쓸 수 있으나 첫
달 안에 그렇다는 것을 알립니다. 처음부터 더 긴 기간을 적은 처리방침은 이를 지키지 못합니다.
""",
        __doc__,
    ),
)
