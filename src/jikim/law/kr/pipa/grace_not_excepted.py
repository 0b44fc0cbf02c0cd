"""A grace that the list of exceptions forgets.

The chapter on destruction says what is not destroyed at once, and a grace promised elsewhere is not on its list.
Read as written, nothing is exempt but what is listed. Put the grace on the list.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.triggers import TRIGGERS
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """The list of exceptions, where a grace is missing in it."""
    destruction = reading.policy.destruction
    if destruction.grace and destruction.exceptions and "grace" not in destruction.exceptions:
        ko = "·".join(TRIGGERS[trigger].ko for trigger in destruction.grace)
        en = ", ".join(f"`{trigger}`" for trigger in destruction.grace)
        yield Finding(
            ("destruction", "exceptions"),
            Words(
                f"파기의 예외에 {ko} 뒤의 유예가 들어 있지 않습니다",
                f"the grace after {en} is not among the exceptions from destruction",
            ),
            Words("`exceptions`에 `grace`를 더합니다", "add `grace` to `exceptions`"),
        )


RULE = Rule(
    code="L-53",
    name="grace-not-excepted",
    title=Words("예외에 없는 유예", "A grace that is no exception"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.destruction", "kr.contents.better-binds"),
    check=check,
    wrong="""
destruction:
  grace: {membership ended: {period: 3 days, use: none, undo: true}}
  exceptions: [kept-by-law]
""",
    right="""
destruction:
  grace: {membership ended: {period: 3 days, use: none, undo: true}}
  exceptions: [kept-by-law, grace]
""",
    about=Words(
        """
파기의 예외에 적지 않은 유예.

파기에 관한 장은 곧바로 파기하지 않는 것을 열거하는데, 다른 곳에서 약속한 유예가 거기에 없습니다. 적힌 대로
읽으면 열거한 것 말고는 예외가 없습니다. 유예를 예외에 적습니다.
""",
        __doc__,
    ),
)
