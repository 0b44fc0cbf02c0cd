"""Everything is destroyed at once, and laws have some of it kept.

Who reads that a withdrawal has everything destroyed on the spot does not expect that records of contracts stay for
five years. Both are right, in an order: the request is written down, what a law has kept is set apart, the rest is
destroyed, and then the person is told what stays and why. Say so, in the steps of the right or in the procedure of
destruction.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.words import Right
from jikim.source import Severity

_ENDING = (Right.DELETION, Right.WITHDRAWAL, Right.LEAVING)


def applies(reading: Reading) -> bool:
    """Where laws have something kept, and nothing says how that is set apart."""
    policy = reading.policy
    return bool(policy.kept_by_law) and not _told_apart(policy)


def check(reading: Reading) -> Iterator[Finding]:
    """Each right that destroys at once without saying what stays."""
    rules = reading.policy.rights.rules
    for right in _ENDING:
        rule = rules.get(right)
        if rule and rule.granted and rule.act == "at once" and not rule.steps:
            yield Finding(
                ("rights", right.value, "act"),
                Words(
                    f"{right.korean} 요구에 즉시 파기한다면서 법령에 따라 보존하는 항목은 말하지 않습니다",
                    f"`{right}` destroys at once, and what a law has kept stays: which comes first is not said",
                ),
                Words(
                    "`steps`에 차례를 적습니다: 등록, 법령이 보존하게 한 항목의 분리, 나머지의 파기, 결과의 통지",
                    "write the order under `steps`: it is registered, what a law has kept is set apart, the rest is "
                    "destroyed, and the result is told",
                ),
            )


def _told_apart(policy: Policy) -> bool:
    return policy.destruction.archive == "held-only" and policy.destruction.procedure is not None


RULE = Rule(
    code="L-54",
    name="at-once-against-hold",
    title=Words("즉시 파기와 법령상 보존의 순서", "At once, and yet kept by law"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.held-by-law", "kr.destruction.apart"),
    applies=applies,
    check=check,
    wrong="""
destruction: {procedure: null}
rights: {withdrawal: {act: at once}}
""",
    right="""
rights:
  withdrawal:
    act: at once
    steps:
      ko: 접수 즉시 등록하고, 법령이 보존하게 한 항목을 분리한 뒤 나머지를 파기하며, 결과를 알립니다.
      en: It is registered, what a law has kept is set apart, the rest is destroyed, and the result is told.
""",
    about=Words(
        """
모두 즉시 파기한다면서 법령에 따라 일부를 보존하는 처리방침.

동의를 철회하면 그 자리에서 모두 파기한다고 읽은 사람은 계약에 관한 기록이 5년 동안 남으리라고 생각하지
않습니다. 둘 다 옳으나 순서가 있습니다. 요구를 적어 두고, 법령이 보존하게 한 것을 분리하고(「개인정보
보호법」 제21조제3항), 나머지를 파기한 다음, 무엇이 왜 남는지 알립니다. 권리의 절차나 파기의 절차에 그렇게
적습니다.
""",
        __doc__,
    ),
)
