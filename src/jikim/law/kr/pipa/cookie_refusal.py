"""Cookies without a way to refuse them.

A policy whose service sets cookies says how they work and how to refuse them. Steps for a browser that nobody can
install any more are no way. Name the browsers that people use, with the steps of each.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.words import Browser
from jikim.source import Severity

COOKIE: Final = ("쿠키", "cookie")
_GONE: Final[frozenset[Browser]] = frozenset({"internet-explorer"})
_STEPS: Final = Words(
    "`refuse: [{browser: chrome, steps: 설정 > 개인 정보 보호 및 보안 > 쿠키}, …]`",
    "`refuse: [{browser: chrome, steps: Settings > Privacy and security > Cookies}, …]`",
)


def check(reading: Reading) -> Iterator[Finding]:
    """Cookies collected without a word, or with no step, or with steps of a browser that is gone."""
    policy = reading.policy
    cookies = policy.cookies
    if cookies is None or not cookies.used:
        for item in _taken(policy):
            yield Finding(
                ("items", item),
                Words(
                    "쿠키를 수집하면서 설치와 거부 방법을 말하지 않았습니다",
                    "cookies are collected, and nothing says how to refuse them",
                ),
                Words(
                    f"이렇게 적습니다: `cookies: {{used: true, …}}`, {_STEPS.ko}",
                    f"write `cookies: {{used: true, …}}` with {_STEPS.en}",
                ),
                at="key",
            )
    elif not cookies.refuse:
        yield Finding(
            ("cookies",),
            Words("쿠키를 거부하는 방법이 없습니다", "nothing says how to refuse cookies"),
            Words(f"이렇게 적습니다: {_STEPS.ko}", f"write {_STEPS.en}"),
            at="key",
        )
    elif all(each.browser in _GONE for each in cookies.refuse):
        yield Finding(
            ("cookies", "refuse", 0, "browser"),
            Words(
                "이제 없는 브라우저의 설정 방법뿐입니다", "the only steps are those of a browser that is gone"
            ),
            Words(
                f"쓰이는 브라우저의 방법을 적습니다: {_STEPS.ko}",
                f"write the steps of browsers in use: {_STEPS.en}",
            ),
        )


def _taken(policy: Policy) -> Iterator[str]:
    """Items that are cookies, and that some processing takes."""
    taken = {item for each in policy.processing.values() for item in each.items.all}
    return (name for name, item in policy.items.items() if name in taken and mentioned(item.label, COOKIE))


RULE = Rule(
    code="L-21",
    name="cookie-refusal",
    title=Words("쿠키의 거부", "Refusing cookies"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.cookies",),
    check=check,
    wrong="""
cookies:
  used: true
  refuse: [{browser: internet-explorer, steps: {ko: 도구 > 인터넷 옵션, en: Tools > Internet options}}]
""",
    right="""
cookies:
  used: true
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    about=Words(
        """
거부하는 방법이 없는 쿠키.

쿠키를 설치하면 그 운영과 거부에 관한 사항을 처리방침에 적습니다(「개인정보 보호법」 제30조제1항제7호). 이제
설치할 수 없는 브라우저의 방법은 방법이 아닙니다. 사람들이 쓰는 브라우저와 그 방법을 적습니다.
""",
        __doc__,
    ),
)
