"""Recipients who are not told.

Whoever was given wrong data goes on using it until somebody tells them. Each recipient is told of a correction, an
erasure and a restriction, unless that is out of proportion.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import Right
from jikim.source import Severity

TOLD = (Right.CORRECTION, Right.DELETION, Right.SUSPENSION)


def applies(reading: Reading) -> bool:
    """Where somebody else receives data."""
    return bool(reading.policy.provisions or reading.policy.entrustments)


def check(reading: Reading) -> Iterator[Finding]:
    """Each of the three rights after which nobody is told."""
    rules = reading.policy.rights.rules
    for right in TOLD:
        if right in rules and rules[right].granted and rules[right].tell is None:
            yield Finding(
                ("rights", right.value),
                Words(
                    "정보를 받은 자에게 결과를 알린다는 말이 없습니다",
                    "nothing says that recipients are told the result",
                ),
                Words("이렇게 적습니다: `tell: recipients`", "write `tell: recipients`"),
                at="key",
            )


RULE = Rule(
    code="G-05",
    name="recipients-told",
    title=Words("정보를 받은 자에게 알림", "Recipients are told"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.rights.recipients",),
    applies=applies,
    check=check,
    wrong="""
law: [kr, eu-gdpr]
provisions:
  partner:
    recipient: {name: {ko: 예시상사, en: Example Trading}, country: KR}
    basis: consent
    purpose: {ko: 공동 행사, en: A joint event}
    items: [email]
    keep: until consent withdrawn
""",
    right="""
law: [kr, eu-gdpr]
provisions:
  partner:
    recipient: {name: {ko: 예시상사, en: Example Trading}, country: KR}
    basis: consent
    purpose: {ko: 공동 행사, en: A joint event}
    items: [email]
    keep: until consent withdrawn
rights:
  correction: {tell: recipients}
  deletion: {tell: recipients}
  suspension: {tell: recipients}
""",
    about=Words(
        """
알리지 않은 받은 자.

틀린 정보를 받은 자는 누가 알려 줄 때까지 그것을 씁니다. 정정, 삭제, 처리의 제한은 지나친 노력이 들지 않는
한 받은 자 모두에게 알립니다(GDPR 제19조).
""",
        __doc__,
    ),
)
