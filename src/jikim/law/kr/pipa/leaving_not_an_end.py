"""Leaving ends the keeping in one chapter, and the chapter on destruction does not know it.

The table of periods keeps data until somebody leaves. The chapter on destruction lists what ends the keeping, and
leaving is not among it: whoever reads that chapter alone expects that their data stays. Of the two, what is better for
the person applies. Put the end on the list. Where leaving stands in neither chapter, that is worth a remark.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

LEAVING: Final = "membership ended"


def applies(reading: Reading) -> bool:
    """Where people may join, and the chapter on destruction lists what ends the keeping without leaving."""
    policy = reading.policy
    ends = policy.destruction.when
    return bool(ends) and LEAVING not in ends and any(each.account for each in policy.people.values())


def check(reading: Reading) -> Iterator[Finding]:
    """Once: a contradiction where leaving ends a period, and a remark where it ends nothing."""
    policy = reading.policy
    ended = [id for id, each in policy.processing.items() if each.keep and LEAVING in each.keep.triggers]
    if ended:
        says = Words(
            f"`{ended[0]}` 처리는 회원이 탈퇴하면 끝난다면서 파기하는 때에는 탈퇴가 없습니다",
            f"`{ended[0]}` ends when somebody leaves, and the list of what ends the keeping lacks it",
        )
    else:
        says = Words(
            "회원이 탈퇴하면 파기한다는 말이 없습니다",
            "nothing says that data is destroyed when somebody leaves",
        )
    whole = ", ".join((LEAVING, *policy.destruction.when))
    yield Finding(
        ("destruction", "when"),
        says,
        Words(f"이렇게 적습니다: `when: [{whole}]`", f"write `when: [{whole}]`"),
        severity=None if ended else Severity.INFO,
    )


RULE = Rule(
    code="L-88",
    name="leaving-not-an-end",
    title=Words("파기하는 때에서 빠진 탈퇴", "Leaving is not among what ends the keeping"),
    severity=Severity.WARNING,
    rests_on=("kr.destruction.when", "kr.contents.better-binds"),
    applies=applies,
    check=check,
    wrong="destruction: {when: [consent withdrawn, purpose met]}\n",
    right="destruction: {when: [membership ended, consent withdrawn, purpose met]}\n",
    about=Words(
        """
탈퇴하면 끝난다고 하면서 파기에 관한 장에는 탈퇴가 없는 처리방침.

보유기간의 표는 탈퇴할 때까지라고 합니다. 파기에 관한 장은 보유를 끝내는 사실을 열거하는데 탈퇴가 없어, 그 장만
읽은 사람은 탈퇴해도 남는다고 생각합니다. 둘 가운데 정보주체에게 유리한 것을 적용합니다(「개인정보 보호법」
제30조제3항). 탈퇴를 목록에 적습니다. 어느 장에도 탈퇴가 없으면 참고로 알립니다.
""",
        __doc__,
    ),
)
