"""Decisions by machine that nobody may refuse.

Where a policy tells of decisions made by machine alone, it also tells how to have a human look at them.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each statement of such decisions, where the right is not granted."""
    right = reading.policy.rights.automated_decision
    if right is not None and right.granted:
        return
    for place, statement in enumerate(reading.policy.statements):
        if statement.kind == "automated-decisions":
            yield Finding(
                ("statements", place),
                Words(
                    "자동화된 결정을 거부할 방법이 없습니다",
                    "nothing says how to refuse an automated decision",
                ),
                Words(
                    "`rights`에 적습니다: `automated-decision: {channels: [menu, email], answer: …}`",
                    "write `automated-decision: {channels: [menu, email], answer: …}` under `rights`",
                ),
            )


RULE = Rule(
    code="G-08",
    name="automated-decision",
    title=Words("자동화된 결정의 거부", "Refusing an automated decision"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.rights.automated-decision",),
    check=check,
    wrong="""
law: [kr, eu-gdpr]
statements:
  - {kind: automated-decisions, text: {ko: 가입을 자동으로 심사합니다., en: Applications are decided by machine.}}
""",
    right="""
law: [kr, eu-gdpr]
statements:
  - {kind: automated-decisions, text: {ko: 가입을 자동으로 심사합니다., en: Applications are decided by machine.}}
rights: {automated-decision: {channels: [menu, email], answer: 30 days}}
""",
    about=Words(
        """
아무도 거부할 수 없는 기계의 결정.

오로지 기계가 하는 결정을 알리는 처리방침은 사람이 다시 보게 하는 방법도 알립니다(GDPR 제22조).
""",
        __doc__,
    ),
)
