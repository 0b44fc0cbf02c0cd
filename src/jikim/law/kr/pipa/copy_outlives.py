"""A processor's copy that outlives the promise.

A processor that keeps data until its own contract ends still has it when the person has left or asked for deletion.
What the policy promises holds for every copy: let the processor's end with the person's reasons, too. And where one
row of the table says when a copy ends, the others say so as well.
"""

from collections.abc import Iterator

from jikim.law.examples import entrusted_to_a_mailer
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.retention import RetentionRule
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.source import Severity

_EVERYBODYS = frozenset({"entrustment ended", "service closed"})
"""Triggers that have nothing to do with one person."""


def applies(reading: Reading) -> bool:
    """Where something ends with the person, and anything is entrusted."""
    return bool(_ends(reading.policy) and reading.policy.entrustments)


def check(reading: Reading) -> Iterator[Finding]:
    """Each copy that waits for the end of the contract, and each without an end beside others that have one."""
    ends = _ends(reading.policy)
    entrustments = reading.policy.entrustments
    some = next((id for id, each in entrustments.items() if each.keep), None)
    promised = {"ko": "·".join(TRIGGERS[end].ko for end in ends), "en": ", ".join(f"`{end}`" for end in ends)}
    write = f"keep: {{until first of: [{', '.join((*ends, 'entrustment ended'))}]}}"
    fix = Words(f"`{write}`처럼 적습니다", f"write such as `{write}`")
    for id, entrustment in entrustments.items():
        if entrustment.keep and _outlives(entrustment.keep):
            yield Finding(
                ("entrustments", id, "keep"),
                Words(
                    f"{promised['ko']} 때 파기한다면서 수탁자(`{id}`)의 사본은 그 뒤에도 남긴다고 합니다:"
                    f" `{entrustment.keep}`",
                    f"data is destroyed on {promised['en']}, and yet the copy of `{id}` stays: `{entrustment.keep}`",
                ),
                fix,
            )
        elif entrustment.keep is None and some:
            yield Finding(
                ("entrustments", id, "keep"),
                Words(
                    f"`{some}`의 사본은 언제 파기하는지 적었으나 `{id}`의 사본은 적지 않았습니다",
                    f"when the copy of `{some}` ends is said, and when that of `{id}` does is not",
                ),
                fix,
                severity=Severity.WARNING,
            )


def _ends(policy: Policy) -> list[str]:
    """What ends the keeping of one person's data, as the chapter on destruction says."""
    return [trigger for trigger in policy.destruction.when if trigger not in {*_EVERYBODYS, UNSTATED}]


def _outlives(keep: RetentionRule) -> bool:
    if keep.combine == "last" and len(keep.clocks) > 1:
        return "entrustment ended" in keep.triggers
    return keep.triggers <= _EVERYBODYS


RULE = Rule(
    code="L-50",
    name="copy-outlives",
    title=Words("수탁자의 사본", "The processor's copy"),
    severity=Severity.ERROR,
    rests_on=("kr.destruction.when", "kr.contents.better-binds"),
    applies=applies,
    check=check,
    wrong=entrusted_to_a_mailer(keep="until entrustment ended"),
    right=entrusted_to_a_mailer(),
    about=Words(
        """
약속보다 오래 남는 수탁자의 사본.

위탁계약이 끝날 때까지 가지고 있는 수탁자는, 정보주체가 탈퇴하거나 삭제를 요구한 뒤에도 그 정보를 가지고
있습니다. 처리방침의 약속은 모든 사본에 미칩니다. 수탁자의 사본도 정보주체에게 일어난 일로 끝나게 합니다.
표의 한 줄이 사본이 언제 끝나는지 말한다면 다른 줄도 말합니다.
""",
        __doc__,
    ),
)
