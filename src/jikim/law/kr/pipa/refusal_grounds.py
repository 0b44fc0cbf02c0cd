"""A request refused on grounds that belong to another right, or by word of mouth.

Each right has its own grounds of refusal. Access may be refused where an act forbids it or somebody else would be
harmed; a correction on no ground at all; a deletion only where another law wants the item collected; a stop and a
withdrawal on four others. The public's interest is none of them. And a refusal is told in writing, with the reason and
the way to object.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule, both
from jikim.policy.words import Right
from jikim.source import Severity

GROUNDS: Final[Mapping[Right, str]] = {
    Right.ACCESS: "kr.rights.access-refusal",
    Right.CORRECTION: "kr.rights.correction-refusal",
    Right.DELETION: "kr.rights.deletion-refusal",
    Right.SUSPENSION: "kr.rights.suspension-refusal",
    Right.WITHDRAWAL: "kr.rights.withdrawal-refusal",
    Right.LEAVING: "kr.rights.withdrawal-refusal",
    Right.TRANSMISSION: "kr.rights.transmission-refusal",
}
"""The fact that lists a right's grounds. Who leaves takes back what they agreed to."""
WRITTEN: Final = (
    "kr.rights.access-refusal-told",
    "kr.rights.correction-result",
    "kr.rights.suspension-result",
)
_PUBLIC: Final = re.compile(r"공익|public('s)? interest", re.IGNORECASE)


def check(reading: Reading) -> Iterator[Finding]:
    """Each right with grounds that are not its own, a name that none of them has, and a refusal that may be spoken."""
    rights = reading.policy.rights
    for right, fact in GROUNDS.items():
        rule = rights.rules.get(right)
        allowed = reading.facts[fact].words
        if rule is None or set(rule.refuse) <= set(allowed):
            continue
        wrong = ", ".join(f"`{ground}`" for ground in rule.refuse if ground not in allowed)
        left = ", ".join(ground for ground in rule.refuse if ground in allowed)
        yield Finding(
            ("rights", right.value, "refuse"),
            Words(
                f"{right.korean} 요구를 법이 허용하지 않는 사유로 거절할 수 있다고 합니다: {wrong}",
                f"`{right}` is refused on grounds that are not its own: {wrong}",
            ),
            Words(
                f"법이 허용하는 사유만 남깁니다: `refuse: [{left}]`", f"keep its own only: `refuse: [{left}]`"
            )
            if left
            else Words("`refuse`를 지웁니다", "remove `refuse`"),
            rests_on=(fact,),
        )
    yield from _misnamed(reading)
    if rights.refusal and rights.refusal.form != "written":
        yield Finding(
            ("rights", "refusal", "form"),
            Words("거절을 말로도 알릴 수 있다고 합니다", "a refusal may be told by word of mouth"),
            Words("`form: written`으로 씁니다", "write `form: written`"),
            rests_on=WRITTEN,
            instead="written",
        )


def _misnamed(reading: Reading) -> Iterator[Finding]:
    """Grounds that are called the public's interest: once, at the first right that they stand with."""
    for right, rule in reading.policy.rights.rules.items():
        called = both(rule.refuse_as) if rule.refuse_as else None
        if called and _PUBLIC.search(f"{called.ko} {called.en}"):
            yield Finding(
                ("rights", right.value, "refuse_as"),
                Words(
                    f"거절 사유를 공익이라고 부릅니다: `{called.ko}`",
                    f"the grounds are called the public's interest: `{called.en}`",
                ),
                Words(
                    "이 이름을 지우고 법이 정한 사유를 그대로 적습니다",
                    "remove this name, and give the grounds as the law has them",
                ),
                rests_on=(GROUNDS.get(right, GROUNDS[Right.ACCESS]),),
            )
            return


RULE = Rule(
    code="L-18",
    name="refusal-grounds",
    title=Words("거절 사유와 방식", "On what grounds, and in what form, a request is refused"),
    severity=Severity.ERROR,
    rests_on=(*dict.fromkeys(GROUNDS.values()), *WRITTEN),
    check=check,
    wrong="rights: {correction: {refuse: [law-forbids, harm-to-others]}}\n",
    right="rights: {access: {refuse: [law-forbids, harm-to-others]}, correction: {refuse: null}}\n",
    about=Words(
        """
다른 권리의 사유로 거절하거나 말로만 알리는 거절.

거절할 수 있는 사유는 권리마다 다릅니다. 열람은 법률이 금지하거나 제한하는 경우와 다른 사람의 이익을 해칠
우려가 있는 경우 등에 거절할 수 있고(「개인정보 보호법」 제35조제4항), 정정에는 거절할 사유가 없으며, 삭제는
다른 법령이 수집 대상으로 명시한 경우에만(제36조제1항), 처리정지와 동의의 철회는 네 가지 경우에만 거절할 수
있습니다(제37조제2항). 공익은 그 어디에도 없습니다. 거절할 때에는 사유와 이의를 제기하는 방법을 서면으로
알립니다.
""",
        __doc__,
    ),
)
