"""A promise that goes beyond the law.

Nothing is wrong here. The law does not ask that data rest until it is corrected, that recipients be told, that a
withdrawal be carried out within the hour; a policy that promises it binds the service all the same. Whoever runs the
service must be able to show that it is done: this list says what.
"""

from collections.abc import Iterator

from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.duties import RightRule
from jikim.policy.words import Right
from jikim.source import Path, Severity

BINDS, FREEZE = "kr.contents.better-binds", "kr.rights.no-freeze"
PACE, WITHIN = "kr.rights.withdrawal", "kr.pipa.destruction"
WHEN, PAPER = "kr.destruction.when", "kr.destruction.paper"
OTHER_USE, CHECKED = "kr.bases.further-use", "kr.safeguards.yearly-check"
PROVISION, CHANGE = "kr.recipients.provision", "kr.changes.no-fixed-days"


def check(reading: Reading) -> Iterator[Finding]:
    """Each promise of which the law asks less, or nothing."""
    policy = reading.policy
    for right, rule in policy.rights.rules.items():
        yield from _of_right(("rights", right.value), right, rule)
    for name, each in policy.processing.items():
        if each.nothing_else:
            yield _finding(
                ("processing", name, "nothing_else"),
                Words("당초 목적과 관련된 추가 이용도 하지 않는다", "not even compatible further use"),
                OTHER_USE,
            )
    for name, safeguard in policy.safeguards.items():
        if safeguard.act == "at once":
            yield _finding(
                ("safeguards", name, "act"), Words("문제를 즉시 고친다", "faults are mended at once"), CHECKED
            )
    if policy.provision_rule and policy.provision_rule.without == "never":
        yield _finding(
            ("provision_rule", "without"),
            Words(
                "동의나 법률 없이는 절대 제공하지 않는다",
                "nothing is ever given away without consent or a law",
            ),
            PROVISION,
        )
    if policy.notice and policy.notice.with_reasons:
        yield _finding(
            ("notice", "with_reasons"),
            Words("변경하는 이유를 알린다", "the reasons of a change are told"),
            CHANGE,
        )
    destruction, most = policy.destruction, reading.facts[WITHIN].period
    if destruction.within and most and may_outlast(most, destruction.within):
        yield _finding(
            ("destruction", "within"),
            Words(
                f"{destruction.within.korean()} 이내에 파기한다", f"destruction within {destruction.within}"
            ),
            WITHIN,
        )
    if "deletion requested" in destruction.when:
        yield _finding(
            ("destruction", "when"),
            Words("요청만 있어도 파기한다", "a request alone is enough for destruction"),
            WHEN,
        )
    if destruction.paper == "shred and burn":
        yield _finding(
            ("destruction", "paper"),
            Words("종이를 파쇄하고 소각까지 한다", "paper is shredded and burnt as well"),
            PAPER,
        )


def _of_right(path: Path, right: Right, rule: RightRule) -> Iterator[Finding]:
    if rule.freeze:
        yield _finding(
            (*path, "freeze"),
            Words("처리할 때까지 이용하거나 제공하지 않는다", "no use until it is done"),
            FREEZE,
        )
    if rule.tell:
        yield _finding(
            (*path, "tell"), Words("제공받은 자에게 결과를 알린다", "recipients are told the result"), FREEZE
        )
    if right is Right.WITHDRAWAL and rule.act == "at once":
        yield _finding((*path, "act"), Words("즉시 처리한다", "it is done at once"), PACE)
    if right is Right.WITHDRAWAL and rule.confirm:
        yield _finding(
            (*path, "confirm"), Words("처리한 사실을 알린다", "the person is told that it was done"), PACE
        )


def _finding(path: Path, promise: Words, asked: str) -> Finding:
    return Finding(
        path,
        Words(f"법보다 넓은 약속입니다: {promise.ko}", f"the law asks less than this promise: {promise.en}"),
        Words(
            "그대로 두려면 시스템이 지키고 증거를 남겨야 합니다",
            "to keep it, the system must do it and show that it did",
        ),
        rests_on=(BINDS, asked),
    )


RULE = Rule(
    code="L-26",
    name="promise-above-law",
    title=Words("법보다 넓은 약속", "A promise above the law"),
    severity=Severity.INFO,
    rests_on=(BINDS, FREEZE, PACE, WITHIN, WHEN, PAPER, OTHER_USE, CHECKED, PROVISION, CHANGE),
    check=check,
    wrong="rights: {correction: {freeze: true, tell: recipients}}\n",
    right="rights: {correction: {act: without delay}}\n",
    about=Words(
        """
법보다 넓은 약속.

잘못된 것은 없습니다. 정정할 때까지 이용하지 않는 것, 받은 자에게 알리는 것, 동의의 철회를 곧바로 처리하는
것을 법이 그대로 요구하지는 않지만, 처리방침이 약속하면 서비스는 그 약속에 매입니다(「개인정보 보호법」
제30조제3항). 지키고 있음을 보일 수 있어야 하므로, 무엇을 보여야 하는지 알립니다.
""",
        __doc__,
    ),
)
