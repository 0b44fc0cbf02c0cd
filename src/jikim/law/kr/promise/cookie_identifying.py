"""Cookies that identify nobody, and follow people.

A cookie that recognises a browser for advertising, or is listed among the personal data collected, is personal data.
To say beside it that cookies identify nobody misleads, and whoever relies on it was promised that they do not.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

_COOKIE = ("쿠키", "cookie")


def applies(reading: Reading) -> bool:
    """Where the text says that its cookies identify nobody."""
    cookies = reading.policy.cookies
    return cookies is not None and cookies.identifying is False


def check(reading: Reading) -> Iterator[Finding]:
    """That sentence, where people are followed or cookies are an item."""
    policy = reading.policy
    listed = any(mentioned(item.label, _COOKIE) for item in policy.items.values())
    if listed or (policy.cookies and policy.cookies.tracking):
        yield Finding(
            ("cookies", "identifying"),
            Words(
                "쿠키로 개인을 식별하지 않는다면서 쿠키를 수집하거나 이용자를 추적합니다",
                "cookies are said to identify nobody, and are collected or follow people",
            ),
            Words("이렇게 적습니다: `identifying: true`", "write `identifying: true`"),
        )


RULE = Rule(
    code="L-72",
    name="cookie-identifying",
    title=Words("개인을 식별하는 쿠키", "Cookies that identify"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.cookies", "kr.contents.better-binds"),
    applies=applies,
    check=check,
    wrong="""
cookies:
  used: true
  identifying: false
  tracking: true
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    right="""
cookies:
  used: true
  identifying: false
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    about=Words(
        """
누구도 식별하지 않는다면서 사람을 따라다니는 쿠키.

광고를 위하여 브라우저를 알아보거나 수집하는 개인정보의 항목에 적힌 쿠키는 개인정보입니다. 그 옆에 쿠키는
개인을 식별하지 않는다고 적으면 오해하게 하고, 그 말을 믿은 사람에게는 그것이 약속이 됩니다(「개인정보
보호법」 제30조제3항).
""",
        __doc__,
    ),
)
