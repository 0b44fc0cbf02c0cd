"""A threat about a number that nobody collects.

Old policies warn that using another's resident registration number is punished. Such numbers may be taken only where
a law says so, and a service that takes none frightens its readers with a field it does not have. Leave it out.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import DataCategory
from jikim.source import Severity

_NUMBER = ("주민등록번호", "resident registration number", "resident number")


def applies(reading: Reading) -> bool:
    """Where no resident registration number is taken."""
    items = reading.policy.items.values()
    return all(item.category is not DataCategory.RESIDENT_NUMBER for item in items)


def check(reading: Reading) -> Iterator[Finding]:
    """Each warning and each duty that speaks of the number."""
    for place, statement in enumerate(reading.policy.statements):
        if statement.kind in {"legal-warning", "user-duty"} and mentioned(statement.text, _NUMBER):
            yield Finding(
                ("statements", place, "text"),
                Words(
                    "수집하지 않는 주민등록번호를 말합니다", "this speaks of a number that is not collected"
                ),
                Words("문장을 지웁니다", "take the sentence out"),
            )


RULE = Rule(
    code="L-80",
    name="legal-threat",
    title=Words("수집하지 않는 번호", "A number that is not collected"),
    severity=Severity.INFO,
    rests_on=("kr.bases.resident-number",),
    applies=applies,
    check=check,
    wrong="""
statements:
  - kind: legal-warning
    text: {ko: 타인의 주민등록번호를 도용하면 처벌됩니다., en: Use of another's resident number is punished.}
""",
    right="""
statements:
  - kind: user-duty
    text: {ko: 다른 사람의 이름으로 가입하지 마세요., en: Do not join in somebody else's name.}
""",
    about=Words(
        """
아무도 수집하지 않는 번호에 관한 경고.

옛 처리방침은 남의 주민등록번호를 쓰면 처벌받는다고 경고합니다. 주민등록번호는 법령에 근거가 있어야 받을 수
있고(「개인정보 보호법」 제24조의2제1항), 받지 않는 서비스는 있지도 않은 칸으로 읽는 사람을 겁줄 뿐입니다.
그 문장을 지웁니다.
""",
        __doc__,
    ),
)
