"""Words that shut out every liability.

"The company is not liable for leaks through the internet" is the other way round in the law: the company is liable
unless it proves that it was not at fault, and terms that exclude more are void. Such words bind nobody and make a
reader doubt the rest. Leave them out, or say what the law says.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

_SHUT_OUT = ("책임을 지지 않", "책임지지 않", "책임이 없", "not liable", "no liability", "not responsible")


def check(reading: Reading) -> Iterator[Finding]:
    """Each statement that is a disclaimer, by its kind or by its words; other sites are theirs to answer for."""
    for place, statement in enumerate(reading.policy.statements):
        by_words = statement.kind != "linked-sites" and mentioned(statement.text, _SHUT_OUT)
        if statement.kind == "disclaimer" or by_words:
            yield Finding(
                ("statements", place, "text"),
                Words("책임을 전부 지지 않겠다고 합니다", "liability is excluded altogether"),
                Words(
                    "문장을 지우거나 이렇게 씁니다: `회사는 고의나 과실이 없음을 증명하지 못하면 손해를 배상합니다.`",
                    "take it out, or write `We are liable for damage unless we prove that we were not at fault.`",
                ),
            )


RULE = Rule(
    code="L-16",
    name="disclaimer",
    title=Words("책임의 배제", "Liability excluded"),
    severity=Severity.WARNING,
    rests_on=("kr.governance.liability", "kr.governance.disclaimers"),
    check=check,
    wrong="""
statements:
  - kind: disclaimer
    text: {ko: 회사는 인터넷상의 문제로 생긴 손해에 책임을 지지 않습니다., en: We are not liable for the internet.}
""",
    right="""
statements:
  - kind: user-duty
    text: {ko: 함께 쓰는 기기에서는 로그아웃해 주세요., en: Please sign out of a device you share.}
""",
    about=Words(
        """
모든 책임을 배제하는 말.

“인터넷상의 문제로 유출된 것은 회사가 책임지지 않는다”는 말은 법과 거꾸로입니다. 고의나 과실이 없음을 회사가
입증해야 책임을 면하고(「개인정보 보호법」 제39조제1항), 그보다 넓게 책임을 배제하는 약관은
무효입니다(「약관의 규제에 관한 법률」 제7조). 이러한 말은 아무도 구속하지 못하면서 나머지 글까지 의심하게
합니다. 지우거나 법이 말하는 대로 적습니다.
""",
        __doc__,
    ),
)
