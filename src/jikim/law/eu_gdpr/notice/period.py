"""Data of which nobody says how long it is kept.

The notice names the period or, where no period can be given, the criteria that determine it: an event such as the end
of membership is one. `unstated` is neither.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.triggers import UNSTATED
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing without a period, or with one that nothing starts."""
    for name, each in reading.policy.processing.items():
        if each.keep is None or UNSTATED in each.keep.triggers:
            yield Finding(
                ("processing", name, "keep"),
                Words("보유기간도 그 기준도 없습니다", "neither a period nor a criterion is named"),
                Words("이렇게 적습니다: `keep: until …`", "write `keep: until …`"),
            )


RULE = Rule(
    code="G-01",
    name="period-or-criteria",
    title=Words("보유기간이나 기준", "A period, or criteria"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.notice.period",),
    check=check,
    wrong="""
law: [kr, eu-gdpr]
processing: {orders: {keep: unstated}}
""",
    right="""
law: [kr, eu-gdpr]
processing: {orders: {keep: until contract completed}}
""",
    about=Words(
        """
언제까지인지 아무도 말하지 않는 개인정보.

보유기간을 알리고, 기간을 말할 수 없으면 그것을 정하는 기준을 알립니다(GDPR 제13조제2항(a), 제14조제2항(a)).
회원 탈퇴와 같은 사실도 기준입니다. `unstated`는 어느 것도 아닙니다.
""",
        __doc__,
    ),
)
