"""A request refused on grounds that belong to another right, or by word of mouth.

Each right has its own grounds of refusal. Access may be refused where an act forbids it or somebody else would be
harmed; a correction on no ground at all; a deletion only where another law wants the item collected; a stop and a
withdrawal on four others. And a refusal is told in writing, with the reason and the way to object.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
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


def check(reading: Reading) -> Iterator[Finding]:
    """Each right with grounds that are not its own, and a refusal that may be spoken."""
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
                f"{right.korean} 요구를 그 권리의 것이 아닌 사유로 거절할 수 있다고 합니다: {wrong}",
                f"`{right}` is refused on grounds that are not its own: {wrong}",
            ),
            Words(f"그 권리의 것만 남깁니다: `refuse: [{left}]`", f"keep its own only: `refuse: [{left}]`")
            if left
            else Words("`refuse`를 지웁니다", "remove `refuse`"),
            rests_on=(fact,),
        )
    if rights.refusal and rights.refusal.form != "written":
        yield Finding(
            ("rights", "refusal", "form"),
            Words("거절을 말로도 알릴 수 있다고 합니다", "a refusal may be told by word of mouth"),
            Words("`form: written`으로 씁니다", "write `form: written`"),
            rests_on=WRITTEN,
            instead="written",
        )


RULE = Rule(
    code="L-18",
    name="refusal-grounds",
    title=Words("거절 사유와 방식", "On what grounds, and in what form, a request is refused"),
    severity=Severity.ERROR,
    rests_on=(*dict.fromkeys(GROUNDS.values()), *WRITTEN),
    check=check,
    wrong="rights: {correction: {refuse: [law-forbids, harm-to-others]}}\n",
    right="rights: {access: {refuse: [law-forbids, harm-to-others]}, correction: {refuse: null}}\n",
    about=__doc__,
)
