"""No last day by which data is destroyed, or one that is too late.

The law says "without delay", and the Standard Guidelines make of it five days, unless there is just cause. A policy
may promise less time. One that says "without delay" says enough; with a number people know what they may count on.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

LIMIT: Final = "kr.pipa.destruction"


def check(reading: Reading) -> Iterator[Finding]:
    """A limit that is too late, and one that is missing."""
    destruction = reading.policy.destruction
    limit = reading.facts[LIMIT].period
    if limit is None:
        return
    if destruction.within and may_outlast(destruction.within, limit):
        yield Finding(
            ("destruction", "within"),
            Words(
                f"`{destruction.within}` 기한은 {limit.korean()}보다 늦습니다",
                f"`{destruction.within}` is later than {limit}",
            ),
            Words(f"그 안으로 줄입니다: `within: {limit}`", f"make it `within: {limit}` or less"),
        )
    elif destruction.within is None and destruction.pace != "at once":
        yield Finding(
            ("destruction",),
            Words("언제까지 파기하는지 밝히지 않았습니다", "no last day is named by which data is destroyed"),
            Words(f"`destruction`에 더합니다: `within: {limit}`", f"add to `destruction`: `within: {limit}`"),
            at="key",
            severity=Severity.INFO if destruction.pace else Severity.WARNING,
        )


RULE = Rule(
    code="L-52",
    name="destruction-deadline",
    title=Words("파기 기한", "By when data is destroyed"),
    severity=Severity.ERROR,
    rests_on=(LIMIT, "kr.destruction.when"),
    check=check,
    wrong="destruction: {within: 30 days}\n",
    right="destruction: {within: 5 days}\n",
    about=Words(
        """
파기의 마지막 날이 없거나 너무 늦은 처리방침.

「개인정보 보호법」 제21조제1항은 지체 없이 파기하게 하고, 「표준 개인정보 보호지침」 제10조는 정당한 사유가
없으면 5일 이내로 정합니다. 더 짧게 약속할 수는 있습니다. 지체 없이 파기한다고만 하여도 되지만, 날수를
적으면 정보주체가 무엇을 기대할 수 있는지 압니다.
""",
        __doc__,
    ),
)
