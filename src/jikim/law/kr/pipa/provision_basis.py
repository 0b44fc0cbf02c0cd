"""Data given to others on a ground that the law does not have.

Giving personal data to somebody for their own purpose needs consent, or one of the bases that the law names. That a
contract needs it is enough for using data, never for giving it away; nor is a rule of the company's own, nor that
consent would be hard to ask for, nor good faith. Ask for consent, name the law, or, where the other side only works
for you, make it a processor.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.examples import given_to_a_courier
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.recipients import Provision
from jikim.policy.words import ProvisionGround
from jikim.source import Severity

BASES: Final = "kr.recipients.provision"
GROUNDS: Final = "kr.recipients.provision-exceptions"
PSEUDONYMS: Final = "kr.recipients.pseudonyms"

_MEND: Final = Words(
    "동의를 받아 `basis: consent`로 하거나, 받는 자가 위탁받아 일할 뿐이면 `entrustments`로 옮깁니다",
    "ask for consent (`basis: consent`); or, where the recipient only works for you, move it to `entrustments`",
)


def applies(reading: Reading) -> bool:
    """Where anything is said of third parties."""
    return bool(reading.policy.provisions or reading.policy.provision_rule)


def check(reading: Reading) -> Iterator[Finding]:
    """Each provision without a basis, and each exception that is none."""
    for id, provision in reading.policy.provisions.items():
        if provision.basis not in reading.facts[BASES].words:
            yield Finding(("provisions", id, "basis"), _lacking(id, provision), _MEND, rests_on=(BASES,))
    rule = reading.policy.provision_rule
    for place, exception in enumerate(rule.exceptions if rule else ()):
        path = ("provision_rule", "exceptions", place, "ground")
        if exception.ground not in reading.facts[GROUNDS].words:
            yield Finding(
                path,
                Words(
                    f"`{exception.ground}` 사유로 동의 없이 제공할 수 있다고 합니다",
                    f"data is given away without consent on the ground of `{exception.ground}`",
                ),
                Words(
                    "이 예외를 지우고, 제공하려면 동의를 받거나 근거 법률을 밝힙니다",
                    "remove this exception; to give data away ask for consent, or name the law",
                ),
                rests_on=(GROUNDS,),
            )
        elif exception.ground is ProvisionGround.ANONYMOUS_STATISTICS:
            yield Finding(
                path,
                Words(
                    "식별할 수 없는 형태라는 것이 가명정보인지 익명정보인지 알 수 없습니다",
                    "whether what cannot be recognised is pseudonymised or anonymous is not said",
                ),
                Words(
                    "가명정보라면 통계·연구·공익적 기록 보존에 한하고, 아니라면 누구도 알아볼 수 없다고 적습니다",
                    "if pseudonymised: for statistics, research and archives only; if anonymous: say that nobody can "
                    "be recognised any more",
                ),
                severity=Severity.INFO,
                rests_on=(PSEUDONYMS,),
            )


def _lacking(id: str, provision: Provision) -> Words:
    if provision.basis is None:
        return Words(f"`{id}` 제공의 근거가 없습니다", f"the provision `{id}` names no basis")
    return Words(
        f"`{id}` 제공의 근거가 될 수 없습니다: `{provision.basis}`",
        f"`{provision.basis}` is no basis for the provision `{id}`",
    )


RULE = Rule(
    code="L-14",
    name="provision-basis",
    title=Words("제3자 제공의 근거", "What allows provision"),
    severity=Severity.ERROR,
    rests_on=(BASES, GROUNDS),
    applies=applies,
    check=check,
    wrong=given_to_a_courier(basis="contract", keep="until supply completed"),
    right=given_to_a_courier(keep="until supply completed"),
    about=Words(
        """
법에 없는 사유로 다른 사람에게 제공하는 개인정보.

받는 자의 목적을 위하여 제공하려면 동의를 받거나 「개인정보 보호법」 제17조제1항이 정한 근거가 있어야
합니다. 계약에 필요하다는 것은 이용의 근거일 뿐 제공의 근거가 아닙니다. 회사의 내부 방침, 동의를 받기
곤란하다는 사정, 선의의 판단도 근거가 아닙니다. 동의를 받거나 법률을 밝히거나, 받는 자가 위탁받아 일할
뿐이면 수탁자로 적습니다.
""",
        __doc__,
    ),
)
