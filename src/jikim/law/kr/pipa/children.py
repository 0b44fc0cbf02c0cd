"""Guardians without children, or children without guardians.

Whoever is under 14 consents through a guardian, and the controller makes sure that it is the guardian. A text that
gives guardians rights, and says neither whether it takes children's data nor how a guardian is known, tells half of
it. So does one that takes no children and never asks anybody's age: say how it is asked. That a policy says nothing of
children at all, though people may join, is worth a remark.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.source import Path, Severity

CONSENT: Final = "kr.bases.children"
VERIFIED: Final = "kr.bases.guardian-verified"
GUARDIAN: Final = "kr.rights.guardian"
TOLD: Final = "kr.contents.children"

_AGE: Final = Words(
    "가입할 때 나이를 어떻게 확인하는지 `children: {under: 14, policy: refuse, check: …}`에 적습니다",
    "say how age is asked at sign-up: `children: {under: 14, policy: refuse, check: …}`",
)


def check(reading: Reading) -> Iterator[Finding]:
    """What is said of children without guardians, and the other way round."""
    policy = reading.policy
    children = policy.children
    refused = _refused(policy)
    if refused and not (children and children.check):
        yield Finding(
            refused,
            Words(
                "만 14세 미만의 정보를 수집하지 않는다면서 나이를 확인하는 방법을 밝히지 않았습니다",
                "no data of children under 14 is taken, and how age is made sure of is not said",
            ),
            _AGE,
            rests_on=(CONSENT,),
        )
    if children and children.policy == "guardian-consent":
        yield from _taken(policy)
    elif children and children.policy is None:
        yield Finding(
            ("children", "policy"),
            Words(
                "만 14세 미만의 정보를 수집하는지, 법정대리인의 동의를 어떻게 받는지 밝히지 않았습니다",
                "neither whether children's data is taken nor how a guardian consents is said",
            ),
            Words(
                "`policy: refuse` 또는 `policy: guardian-consent`와 `check: …`를 적습니다",
                "write `policy: refuse` or `policy: guardian-consent`, and `check: …`",
            ),
            rests_on=(CONSENT, VERIFIED),
        )
    elif children is None and policy.rights.guardian:
        yield _guardian_alone(refused=bool(refused))
    elif children is None and not refused and any(each.account for each in policy.people.values()):
        yield _nothing_said()


def _refused(policy: Policy) -> Path:
    """Where it is said that no data of children is taken; nowhere where that is not said."""
    if policy.children and policy.children.policy == "refuse":
        return ("children", "policy")
    never = [place for place, each in enumerate(policy.never_collect) if each.what == "under-14"]
    return ("never_collect", never[0]) if never else ()


def _taken(policy: Policy) -> Iterator[Finding]:
    if not (policy.children and policy.children.check):
        yield Finding(
            ("children", "policy"),
            Words(
                "법정대리인이 동의했는지 확인하는 방법을 밝히지 않았습니다",
                "how it is made sure that the guardian consented is not said",
            ),
            Words("확인하는 방법을 적습니다: `check: …`", "write how under `check: …`"),
            rests_on=(CONSENT, VERIFIED),
        )
    if not policy.rights.guardian:
        yield Finding(
            ("children", "policy"),
            Words(
                "아동의 정보를 수집하면서 법정대리인의 권리가 없습니다",
                "children's data is taken, and a guardian has no rights",
            ),
            Words(
                "`rights`에 더합니다: `guardian: [access, correction, deletion, suspension, withdrawal]`",
                "add `guardian: [access, correction, deletion, suspension, withdrawal]` to `rights`",
            ),
            rests_on=(GUARDIAN,),
        )


def _nothing_said() -> Finding:
    return Finding(
        ("people",),
        Words(
            "회원으로 가입할 수 있는데 만 14세 미만 아동에 관한 말이 없습니다",
            "people may join, and nothing is said of children under 14",
        ),
        _AGE,
        at="key",
        severity=Severity.INFO,
        rests_on=(TOLD,),
    )


def _guardian_alone(*, refused: bool) -> Finding:
    if refused:
        says = Words(
            "아동의 정보를 수집하지 않는다면서 법정대리인의 권리를 말합니다",
            "no children are taken, and yet guardians have rights",
        )
    else:
        says = Words(
            "법정대리인의 권리만 있고 아동의 정보를 수집하는지, 동의를 어떻게 받고 확인하는지 밝히지 않았습니다",
            "guardians have rights, and neither whether children's data is taken nor how they consent is said",
        )
    fix = Words(
        "`children`에 수집하는지(`policy`)와 확인하는 방법(`check`)을 적습니다",
        "say under `children` whether it is taken (`policy`) and how that is made sure of (`check`)",
    )
    return Finding(("rights", "guardian"), says, fix, rests_on=(GUARDIAN, CONSENT))


RULE = Rule(
    code="L-20",
    name="children",
    title=Words("아동과 법정대리인", "Children and guardians"),
    severity=Severity.WARNING,
    rests_on=(CONSENT, VERIFIED, GUARDIAN, TOLD),
    check=check,
    wrong="children: null\n",
    right="""
children: {under: 14, policy: refuse, check: {ko: 가입할 때 만 14세 이상임을 확인합니다., en: Age is asked at sign-up.}}
""",
    about=Words(
        """
아동이 없는 법정대리인, 또는 법정대리인이 없는 아동.

만 14세 미만 아동의 개인정보를 동의로 처리하려면 법정대리인의 동의를 받고, 그가 법정대리인인지 확인해야
합니다(「개인정보 보호법」 제22조의2제1항). 법정대리인의 권리를 말하면서 아동의 개인정보를 받는지,
법정대리인을 어떻게 확인하는지 말하지 않는 글은 절반만 말한 것입니다. 아동의 가입을 받지 않는다면서 나이를
묻지 않는 글도 같습니다. 어떻게 확인하는지 적습니다. 가입할 수 있는데 아동에 관한 말이 아예 없으면 참고로
알립니다.
""",
        __doc__,
    ),
)
