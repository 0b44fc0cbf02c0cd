"""The Network Act cited for the protection of personal data.

Its chapter on personal data is gone since 2020, and most of what policies copied from it (the officer's old title,
the duty to destroy after a year) went with it. What remains there is advertising, permissions of devices and security.
Cite the Personal Information Protection Act for the rest.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.cited import law_meant
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Path, Severity

MOVED = "kr.network.privacy-chapter"
_OF_PEOPLE: Final = frozenset({"user-duty", "legal-warning"})
"""What such statements cite is what people must obey: that law is in force."""


def check(reading: Reading) -> Iterator[Finding]:
    """Each place at which it is cited for what the service itself does."""
    moved = reading.facts[MOVED].basis.law.ko
    for path, cites in _cited(reading):
        if law_meant(cites, of="kr") == moved:
            yield Finding(
                path,
                Words(
                    "개인정보 보호를 정보통신망법에 따른다고 합니다", "the Network Act is cited for privacy"
                ),
                Words("이렇게 고칩니다: `개인정보 보호법`", "cite `개인정보 보호법` instead"),
            )


def _cited(reading: Reading) -> Iterator[tuple[Path, str]]:
    for place, statement in enumerate(reading.policy.statements):
        if statement.kind not in _OF_PEOPLE:
            for at, cites in enumerate(statement.cites):
                yield ("statements", place, "cites", at), cites
    for name, each in reading.policy.processing.items():
        if each.marketing is None and not each.permission:
            for at, cites in enumerate(each.cites):
                yield ("processing", name, "cites", at), cites


RULE = Rule(
    code="L-68",
    name="moved-law",
    title=Words("옮겨진 법", "A law that moved"),
    severity=Severity.WARNING,
    rests_on=(MOVED,),
    check=check,
    wrong="""
statements:
  - {kind: preamble, text: {ko: 법을 지킵니다., en: We obey the law.}, cites: [정보통신망법]}
""",
    right="""
statements:
  - {kind: preamble, text: {ko: 법을 지킵니다., en: We obey the law.}, cites: [개인정보 보호법]}
""",
    about=Words(
        """
개인정보 보호의 근거로 든 정보통신망법.

그 법의 개인정보 보호에 관한 장은 2020년에 삭제되었고, 옛 직책이나 일 년 뒤의 파기와 같이 처리방침이
거기에서 옮겨 온 것도 대부분 함께 없어졌습니다. 남은 것은 광고, 기기의 접근권한, 보안에 관한 것입니다.
나머지는 「개인정보 보호법」을 듭니다.
""",
        __doc__,
    ),
)
