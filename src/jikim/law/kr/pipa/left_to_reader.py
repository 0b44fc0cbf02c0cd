"""Readers who are told to look again at every visit.

A change is made known by whoever makes it. That people were told to check for themselves replaces neither the
notice nor, where consent was the basis, the new consent. Leave the sentence out.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """That sentence."""
    notice = reading.policy.notice
    if notice and notice.left_to_reader:
        yield Finding(
            ("notice", "left_to_reader"),
            Words(
                "바뀐 내용을 이용자가 방문할 때마다 확인하라고 합니다",
                "people are told to look for changes at each visit",
            ),
            Words(
                "이 문장을 지우고, 동의받은 내용이 바뀌면 다시 동의를 받습니다(`consent: required`)",
                "remove the sentence; where consent was the basis ask for a new one (`consent: required`)",
            ),
        )


RULE = Rule(
    code="L-63",
    name="left-to-reader",
    title=Words("이용자에게 맡긴 변경 확인", "Changes that readers are to find"),
    severity=Severity.WARNING,
    rests_on=("kr.changes.new-consent",),
    check=check,
    wrong="notice: {left_to_reader: true}\n",
    right="notice: {left_to_reader: false}\n",
    about=Words(
        """
방문할 때마다 다시 확인하라는 말.

변경은 그것을 하는 쪽이 알립니다. 스스로 확인하라고 말했다고 하여 고지한 것이 되지 않고, 동의를 근거로 하는
경우의 새 동의를 갈음하지도 못합니다(「개인정보 보호법」 제15조제2항). 그 문장을 지웁니다.
""",
        __doc__,
    ),
)
