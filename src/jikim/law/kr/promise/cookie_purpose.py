"""Cookies used for what their chapter does not say.

The chapter on cookies names their purposes, and people decide by it whether to allow them. A processing elsewhere
that takes cookies for something else makes that chapter untrue. Name every purpose there.

Purposes are compared by their words: what is said in two quite different ways may be found here wrongly.
"""

import re
from collections.abc import Iterator
from typing import Final

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.parts import LocalText
from jikim.source import Severity

_COOKIE: Final = ("쿠키", "cookie")
_WORD: Final = re.compile(r"[가-힣]{2}|[a-z]{5}")
_EMPTY: Final = frozenset({"정보", "제공", "이용", "사용", "서비", "관리", "파악", "유지", "위한", "따른"})
"""Beginnings of words that stand in every purpose."""


def applies(reading: Reading) -> bool:
    """Where the chapter names purposes."""
    cookies = reading.policy.cookies
    return cookies is not None and bool(cookies.purposes)


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that takes a cookie and shares no word with the chapter's purposes."""
    policy = reading.policy
    cookies = {name for name, item in policy.items.items() if mentioned(item.label, _COOKIE)}
    named = (
        frozenset().union(*(_words(each) for each in policy.cookies.purposes))
        if policy.cookies
        else frozenset()
    )
    for name, each in policy.processing.items():
        if each.purpose and each.items.all & cookies and _words(each.purpose).isdisjoint(named):
            yield Finding(
                ("processing", name, "purpose"),
                Words(
                    "쿠키의 이용목적에 없는 목적으로 쿠키를 씁니다",
                    "cookies serve a purpose that their chapter does not name",
                ),
                Words(
                    f"`cookies`의 `purposes`에 이 목적을 더합니다: `{each.purpose.of('ko') or name}`",
                    f"add this purpose to `purposes` of `cookies`: `{each.purpose.of('en') or name}`",
                ),
            )


def _words(text: LocalText) -> frozenset[str]:
    """How the words of a text begin: two syllables or five letters tell them apart."""
    said = (re.split(r"[^가-힣a-z]+", each.lower()) for each in text.root.values())
    begun = (match[0] for words in said for word in words if (match := _WORD.match(word)))
    return frozenset(begun) - _EMPTY


RULE = Rule(
    code="L-74",
    name="cookie-purpose",
    title=Words("쿠키의 이용목적", "What cookies are for"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.cookies", "kr.contents.better-binds"),
    applies=applies,
    check=check,
    wrong="""
items: {cookie: {label: {ko: 쿠키, en: Cookie}, category: device}}
processing: {abuse-prevention: {items: {automatic: [ip, cookie]}}}
cookies:
  used: true
  purposes: [{ko: 로그인 상태 유지, en: To keep people signed in}]
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    right="""
items: {cookie: {label: {ko: 쿠키, en: Cookie}, category: device}}
processing: {abuse-prevention: {items: {automatic: [ip, cookie]}}}
cookies:
  used: true
  purposes: [{ko: 부정 이용 방지, en: To prevent abuse}]
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    about=Words(
        """
쿠키에 관한 장이 말하지 않는 쿠키의 이용.

쿠키에 관한 장은 그 목적을 밝히고, 정보주체는 그것을 보고 허용할지 정합니다(「개인정보 보호법」
제30조제1항제7호). 다른 곳의 처리가 쿠키를 다른 일에 쓰면 그 장은 거짓이 됩니다. 모든 목적을 거기에
적습니다.

목적은 낱말로 견주므로, 전혀 다른 말로 적은 같은 목적을 잘못 지적할 수 있습니다.
""",
        __doc__,
    ),
)
