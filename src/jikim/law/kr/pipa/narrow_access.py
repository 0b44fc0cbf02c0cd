"""Access to less than the five things that the law lets one see.

Access covers the items with their content, the purpose, the period, to whom they were provided, and what was
consented to and when. A list that leaves one of them out tells people that they cannot ask for it. Complete it, or
give no list.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule, lacking
from jikim.source import Severity

SCOPE: Final = "kr.rights.access-scope"
_COVERS: Final[Mapping[str, str]] = {"own-data": "items", "use-and-provision": "provision"}
"""Words of published texts, and which of the five they are."""


def applies(reading: Reading) -> bool:
    """Where the text lists what one may see."""
    access = reading.policy.rights.access
    return access is not None and bool(access.scope)


def check(reading: Reading) -> Iterator[Finding]:
    """A list that is too short."""
    access = reading.policy.rights.access
    scope = access.scope if access else ()
    covered = {_COVERS.get(word, word) for word in scope}
    if lacks := [word for word in reading.facts[SCOPE].words if word not in covered]:
        yield lacking(
            ("rights", "access", "scope"),
            scope,
            lacks,
            says=Words("열람할 수 있는 것에 빠진 것이 있습니다: {}", "what one may see lacks {}"),
        )


RULE = Rule(
    code="L-59",
    name="narrow-access",
    title=Words("열람의 범위", "What access covers"),
    severity=Severity.WARNING,
    rests_on=(SCOPE,),
    applies=applies,
    check=check,
    wrong="rights: {access: {scope: [own-data, use-and-provision, consent]}}\n",
    right="rights: {access: {scope: [own-data, purpose, period, use-and-provision, consent]}}\n",
    about=Words(
        """
법이 볼 수 있게 한 다섯 가지보다 좁은 열람.

열람할 수 있는 것은 항목과 내용, 수집·이용의 목적, 보유 및 이용기간, 제3자 제공 현황, 동의한 사실과
내용입니다(「개인정보 보호법 시행령」 제41조제1항). 하나라도 빠진 목록은 그것을 요구할 수 없다고 말하는 것과
같습니다. 모두 적거나 목록을 두지 않습니다.
""",
        __doc__,
    ),
)
