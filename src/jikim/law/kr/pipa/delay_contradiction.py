"""Destroyed without delay, and yet kept for a while.

A text that promises destruction without delay, and elsewhere keeps the same data for some days more or stores all
of it apart for a time, says two things that cannot both hold. People may rely on the one that is better for them.
Make the days a limit that holds for every destruction (`within`), or name the grace among the exceptions; and move
to the archive only what a law has kept.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.triggers import TRIGGERS
from jikim.source import Severity

WHEN: Final = "kr.destruction.when"
LIMIT: Final = "kr.pipa.destruction"
PROMISE: Final = {"at once": "즉시", "without delay": "지체 없이"}


def applies(reading: Reading) -> bool:
    """Where destruction is promised in words that allow of no waiting."""
    return reading.policy.destruction.pace is not None


def check(reading: Reading) -> Iterator[Finding]:
    """Each grace that the promise does not allow for, and an archive that takes everything first."""
    destruction = reading.policy.destruction
    promise = PROMISE[destruction.pace or "without delay"]
    limit = reading.facts[LIMIT].period
    for trigger, grace in destruction.grace.items():
        if "grace" in destruction.exceptions:
            continue
        if destruction.within and not may_outlast(grace.period, destruction.within):
            continue
        enough = limit if limit and not may_outlast(grace.period, limit) else grace.period
        meaning = TRIGGERS[trigger]
        yield Finding(
            ("destruction", "grace", trigger, "period"),
            Words(
                f"{promise} 파기한다면서 {meaning.ko} 뒤 {grace.period.korean()} 동안 둔다고 합니다",
                f"destroyed {destruction.pace}, and yet kept for `{grace.period}` after `{trigger}`",
            ),
            Words(
                f"`exceptions`에 `grace`를 더하고 한도를 정합니다: `within: {enough}`",
                f"add `grace` to `exceptions`, and set a limit: `within: {enough}`",
            ),
        )
    if destruction.archive == "everything":
        yield Finding(
            ("destruction", "pace"),
            Words(
                f"{promise} 파기한다면서 모두 따로 옮겨 한동안 보관한다고 합니다",
                f"destroyed {destruction.pace}, and yet everything is first stored apart for a time",
            ),
            Words(
                "`archive: held-only`로 바꾸고, 나머지는 옮기지 않고 파기한다고 적습니다",
                "write `archive: held-only`, and that the rest is destroyed without being moved",
            ),
            rests_on=(WHEN,),
        )


RULE = Rule(
    code="L-11",
    name="delay-contradiction",
    title=Words("지체 없는 파기와 유예의 모순", "Without delay, and yet later"),
    severity=Severity.ERROR,
    rests_on=(WHEN, LIMIT),
    applies=applies,
    check=check,
    wrong="""
destruction:
  pace: without delay
  within: null
  grace: {membership ended: {period: 5 days, use: none, undo: true}}
""",
    right="""
destruction:
  pace: without delay
  within: 5 days
  grace: {membership ended: {period: 5 days, use: none, undo: true}}
  exceptions: [kept-by-law, grace]
""",
    about=Words(
        """
지체 없이 파기한다면서 얼마 동안 가지고 있는 개인정보.

한 곳에서는 지체 없이 파기한다고 하고 다른 곳에서는 같은 것을 며칠 더 두거나 모두 따로 옮겨 저장한다고 하면,
두 말은 함께 참일 수 없습니다. 정보주체는 자기에게 유리한 쪽을 주장할 수 있습니다(「개인정보 보호법」
제30조제3항). 모든 파기에 미치는 기한(`within`)으로 고치거나, 유예를 파기의 예외로 적습니다. 분리하여
보관하는 것은 법령이 보존하게 한 것에 한합니다.
""",
        __doc__,
    ),
)
