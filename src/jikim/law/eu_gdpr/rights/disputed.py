"""Data that is used while somebody says it is wrong.

Until it is clear who is right, data whose accuracy is disputed is kept and not used. Korean policies know it as an old
promise: neither used nor provided until corrected.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A right to correction that lets use go on meanwhile."""
    correction = reading.policy.rights.correction
    if correction is not None and correction.granted and not correction.freeze:
        yield Finding(
            ("rights", "correction"),
            Words(
                "정정을 다투는 동안 이용을 멈춘다는 말이 없습니다",
                "nothing says that use rests while accuracy is disputed",
            ),
            Words("이렇게 적습니다: `freeze: true`", "write `freeze: true`"),
            at="key",
        )


RULE = Rule(
    code="G-06",
    name="disputed-data",
    title=Words("다투는 동안의 처리 제한", "Use rests while accuracy is disputed"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.rights.restriction",),
    check=check,
    wrong="law: [kr, eu-gdpr]\n",
    right="""
law: [kr, eu-gdpr]
rights: {correction: {freeze: true}}
""",
    about=Words(
        """
틀렸다고 다투는 동안에도 쓰는 정보.

누가 옳은지 밝혀질 때까지, 정확성을 다투는 정보는 보관하되 쓰지 않습니다(GDPR 제18조제1항(a)). 우리
처리방침에도 오래된 약속으로 있습니다. 정정을 마칠 때까지 이용하거나 제공하지 않는다는 것입니다.
""",
        __doc__,
    ),
)
