"""Only the holder may change it, and staff do when asked.

"Nobody but who knows the password can see or change data" cannot stand beside a telephone number at which people ask
for a correction: somebody else then sees and changes it. Say who may, when asked, and that it is recorded.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import Right
from jikim.source import Severity

_ALONE: Final = frozenset({"menu", "web", "app"})
"""Channels at which people do it themselves, signed in."""


def check(reading: Reading) -> Iterator[Finding]:
    """Each such promise, where a right is also exercised through staff."""
    rules = reading.policy.rights.rules
    through_staff = sorted(
        {
            channel
            for right in (Right.ACCESS, Right.CORRECTION)
            if right in rules
            for channel in rules[right].channels
        }
        - _ALONE
    )
    for name, safeguard in reading.policy.safeguards.items():
        if safeguard.kind == "holder-only" and through_staff:
            ways = ", ".join(f"`{channel}`" for channel in through_staff)
            yield Finding(
                ("safeguards", name, "text"),
                Words(
                    f"본인만 보고 고친다면서 직원을 통한 열람과 정정도 받습니다: {ways}",
                    f"only the holder may see and change data, and staff do, too, through {ways}",
                ),
                Words(
                    "이렇게 씁니다: `본인과, 본인의 요청을 처리하는 담당자만 접근하며 그 기록을 남깁니다.`",
                    "write `Only you, and who handles your request, have access; it is recorded.`",
                ),
            )


RULE = Rule(
    code="L-73",
    name="holder-only",
    title=Words("본인만이라는 약속", "Only the holder"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.better-binds", "kr.rights.procedure"),
    check=check,
    wrong="""
safeguards:
  alone: {kind: holder-only, text: {ko: 본인만 접근합니다., en: Only the holder has access.}}
""",
    right="""
safeguards:
  alone: {kind: access-control, text: {ko: 담당자만 접근합니다., en: Only those in charge have access.}}
""",
    about=Words(
        """
본인만 바꿀 수 있다면서 요구하면 직원이 바꾸는 정보.

“비밀번호를 아는 본인만 보고 고칠 수 있다”는 말은 전화로 정정을 받는다는 말과 함께 설 수 없습니다. 그때에는
다른 사람이 보고 고칩니다. 요구가 있으면 누가 고칠 수 있는지, 그것이 기록된다는 것을 적습니다.
""",
        __doc__,
    ),
)
