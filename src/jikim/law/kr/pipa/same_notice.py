"""A change that matters, announced no sooner than any other.

A text that speaks of important changes apart and gives both the same days says nothing by it. The law sets no number
here; standard terms give thirty days to a change for the worse. Less for what matters more is surely a slip.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

USUAL: Final = "kr.changes.standard-terms-unfavourable"


def check(reading: Reading) -> Iterator[Finding]:
    """A notice of what matters that is no longer than the ordinary one."""
    notice = reading.policy.notice
    if notice is None or notice.significant is None or may_outlast(notice.significant, notice.ordinary):
        return
    shorter = may_outlast(notice.ordinary, notice.significant)
    usual = reading.facts[USUAL].period
    yield Finding(
        ("notice", "significant"),
        Words(
            f"중요한 변경도 {notice.significant.korean()} 전에 알려 일반 변경보다 이르지 않습니다",
            f"a change that matters is announced `{notice.significant}` before, no sooner than an ordinary one",
        ),
        Words(f"`significant: {usual}`처럼 더 길게 씁니다", f"write more, such as `significant: {usual}`"),
        severity=Severity.WARNING if shorter else None,
    )


RULE = Rule(
    code="L-64",
    name="same-notice",
    title=Words("중요한 변경의 예고", "Notice of what matters"),
    severity=Severity.INFO,
    rests_on=("kr.changes.no-fixed-days", USUAL),
    check=check,
    wrong="notice: {ordinary: 7 days, significant: 7 days}\n",
    right="notice: {ordinary: 7 days, significant: 30 days}\n",
    about=Words(
        """
다른 변경보다 이르지 않게 알리는 중요한 변경.

중요한 변경을 따로 말하면서 같은 날수를 적으면 아무것도 말하지 않은 것입니다. 법에는 날수가 없고, 표준약관은
이용자에게 불리한 변경을 30일 전에 알리게 합니다. 더 중요한 것에 더 짧은 날수를 적었다면 틀림없이 잘못 적은
것입니다.
""",
        __doc__,
    ),
)
