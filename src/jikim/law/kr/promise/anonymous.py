"""Anonymous data for somebody in particular.

Data in which nobody can be recognised cannot make a service fit a person, nor reach one. Either it is anonymous and
serves counts only, or it is about people, pseudonymous perhaps, and needs a basis, a period and all the rest.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

_OF_SOMEBODY: Final = ("맞춤", "개인화", "추천", "customi", "personali", "tailored", "recommend")


def check(reading: Reading) -> Iterator[Finding]:
    """Each anonymous processing that reaches a person: by its purpose, by messages, or on others' screens."""
    for name, each in reading.policy.processing.items():
        reaches = mentioned(each.purpose, _OF_SOMEBODY) or each.marketing or each.shown_to
        if each.form == "anonymous" and reaches:
            yield Finding(
                ("processing", name, "form"),
                Words(
                    "익명정보로는 특정한 사람에게 맞출 수 없습니다",
                    "anonymous data cannot serve anybody in particular",
                ),
                Words(
                    "통계만 남기고 목적을 나누거나, 이렇게 적습니다: `form: pseudonymous`",
                    "keep the counts and split off the rest, or write `form: pseudonymous`",
                ),
            )


RULE = Rule(
    code="L-70",
    name="anonymous-but-personal",
    title=Words("익명이라는 개인정보", "Anonymous, and yet of somebody"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.purpose", "kr.recipients.pseudonyms"),
    check=check,
    wrong="""
processing:
  orders: {form: anonymous, purpose: {ko: 맞춤형 추천, en: To recommend what fits}}
""",
    right="""
processing:
  orders: {purpose: {ko: 주문의 이행, en: To carry out orders}}
""",
    about=Words(
        """
특정한 사람을 위한 익명정보.

누구인지 알아볼 수 없는 정보로는 한 사람에게 맞춘 서비스를 할 수도, 그 사람에게 무엇을 보낼 수도 없습니다.
익명이어서 통계에만 쓰거나, 사람에 관한 정보(가명정보일 수 있습니다)이어서 근거와 기간과 나머지가 모두
필요하거나, 둘 가운데 하나입니다.
""",
        __doc__,
    ),
)
