"""A right that is not mentioned.

Access, rectification, erasure, restriction and, for data processed by consent or contract, portability: each has an
article of its own, and people are told of each. What Korean policies call 처리정지 stands for restriction, 전송요구 for
portability.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import Right
from jikim.source import Severity

RIGHTS: Final[Mapping[Right, tuple[str, Words]]] = {
    Right.ACCESS: ("eu-gdpr.rights.access", Words("열람", "access")),
    Right.CORRECTION: ("eu-gdpr.rights.rectification", Words("정정", "rectification")),
    Right.DELETION: ("eu-gdpr.rights.erasure", Words("삭제", "erasure")),
    Right.SUSPENSION: ("eu-gdpr.rights.restriction", Words("처리의 제한", "restriction")),
    Right.TRANSMISSION: ("eu-gdpr.rights.portability", Words("정보의 이동", "portability")),
}


def check(reading: Reading) -> Iterator[Finding]:
    """Each right that is neither granted nor out of place."""
    rules = reading.policy.rights.rules
    for right, (fact, called) in RIGHTS.items():
        bases = reading.facts[fact].words
        due = not bases or any(each.basis in bases for each in reading.policy.processing.values())
        if due and not (right in rules and rules[right].granted):
            yield Finding(
                ("rights", right.value) if right in rules else ("rights",),
                Words(f"권리를 말하지 않았습니다: {called.ko}", f"nothing is said of {called.en}"),
                Words(
                    f"이렇게 적습니다: `{right}: {{channels: [menu, email], answer: …}}`",
                    f"write `{right}: {{channels: [menu, email], answer: …}}`",
                ),
                at="key",
                rests_on=(fact,),
            )


RULE = Rule(
    code="G-04",
    name="missing-right",
    title=Words("빠진 권리", "A right left out"),
    severity=Severity.WARNING,
    rests_on=tuple(fact for fact, _ in RIGHTS.values()),
    check=check,
    wrong="law: [kr, eu-gdpr]\n",
    right="""
law: [kr, eu-gdpr]
rights: {transmission: {channels: [menu, email], act: without delay, answer: 10 days}}
""",
    about=Words(
        """
말하지 않은 권리.

열람, 정정, 삭제, 처리의 제한, 그리고 동의나 계약을 근거로 처리하는 정보의 이동에는 저마다 조문이 있고(GDPR
제15조부터 제18조까지, 제20조) 정보주체에게 하나하나 알립니다. 우리 처리방침의 처리정지는 제한에, 전송요구는
이동에 해당합니다.
""",
        __doc__,
    ),
)
