"""Sensitive data that others may see, without a word on how to hide it.

Where a service shows what people write or choose, sensitive data may become public with it. The policy says so before
it happens, and how to choose that it does not. Write that statement, or show such items to nobody.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import DataCategory
from jikim.source import Severity


def applies(reading: Reading) -> bool:
    """Where nothing is said of it."""
    return all(statement.kind != "sensitive-publication" for statement in reading.policy.statements)


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that shows sensitive items to others."""
    items = reading.policy.items
    for name, processing in reading.policy.processing.items():
        sensitive = [
            each for each in processing.items.listed if items[each].category is DataCategory.SENSITIVE
        ]
        if processing.shown_to and sensitive:
            called = reading.called(sensitive)
            yield Finding(
                ("processing", name, "shown_to"),
                Words(
                    f"민감정보인 {called.ko} 항목이 공개될 수 있는데 비공개를 선택하는 방법이 없습니다",
                    f"{called.en}, which is sensitive, may become public, and nothing says how to hide it",
                ),
                Words(
                    "`statements`에 `{kind: sensitive-publication, text: …}`를"
                    " 더하여 공개될 수 있다는 사실과 비공개로 하는 방법을 적습니다",
                    "add `{kind: sensitive-publication, text: …}` to"
                    " `statements`: that it may be seen, and how to hide it",
                ),
            )


RULE = Rule(
    code="L-47",
    name="sensitive-publication",
    title=Words("민감정보의 공개 가능성", "Sensitive data that may become public"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.sensitive-publication",),
    applies=applies,
    check=check,
    wrong="""
items:
  belief: {label: {ko: 종교, en: Religion}, category: sensitive}
processing:
  groups:
    about: member
    purpose: {ko: 모임의 소개, en: To introduce groups}
    basis: consent
    items: {optional: [belief]}
    keep: {until first of: [consent withdrawn, membership ended, service closed]}
    shown_to: [member]
    if_refused: {ko: 종교가 표시되지 않습니다., en: Religion is not shown.}
""",
    right="""
items:
  belief: {label: {ko: 종교, en: Religion}, category: sensitive}
processing:
  groups:
    about: member
    purpose: {ko: 모임의 소개, en: To introduce groups}
    basis: consent
    items: {optional: [belief]}
    keep: {until first of: [consent withdrawn, membership ended, service closed]}
    shown_to: [member]
    if_refused: {ko: 종교가 표시되지 않습니다., en: Religion is not shown.}
statements:
  - kind: sensitive-publication
    text:
      ko: 모임 소개에 적은 종교는 다른 회원이 볼 수 있으며, 설정 > 공개 범위에서 보이지 않게 할 수 있습니다.
      en: Other members can see the religion you write; hide it under Settings > Visibility.
""",
    about=Words(
        """
감추는 방법을 말하지 않고 남에게 보일 수 있는 민감정보.

이용자가 쓰거나 고른 것을 보여 주는 서비스에서는 민감정보가 함께 공개될 수 있습니다. 서비스를 제공하기 전에
그 가능성과 비공개를 선택하는 방법을 알리고 처리방침에 적습니다(「개인정보 보호법」 제23조제3항,
제30조제1항제3호의3). 그 내용을 적거나 그러한 항목을 아무에게도 보이지 않습니다.
""",
        __doc__,
    ),
)
