"""Data that is taken for a purpose, and nothing says how long it is kept.

A period is one of the things that every policy states, and nobody can keep a promise that names no end: the data
stays for ever. Write what ends the keeping (a fact, such as leaving) or how long it lasts from which fact.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.policy.words import DataCategory, LegalBasis
from jikim.source import Severity

_TRACES: Final = (DataCategory.DEVICE, DataCategory.NETWORK, DataCategory.USAGE)
"""What use leaves behind: kept for a length of time rather than until something ends."""


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing whose period is unstated."""
    for name, processing in reading.policy.processing.items():
        if processing.keep is not None:
            continue
        items = reading.called(processing.items.listed)
        rule = _such_as(reading, processing)
        yield Finding(
            ("processing", name, "keep"),
            Words(
                f"`{name}` 처리의 보유기간을 적지 않았습니다" + (f": {items.ko}" if items.ko else ""),
                f"`{name}` has no period" + (f": {items.en}" if items.en else ""),
            ),
            Words(f"`keep: {rule}`처럼 끝나는 때를 적습니다", f"write when it ends, such as `keep: {rule}`"),
        )


def _such_as(reading: Reading, processing: Processing) -> str:
    policy = reading.policy
    agreed = processing.marketing or processing.basis is LegalBasis.CONSENT
    ends = ["consent withdrawn"] if agreed else []
    members = all(policy.people[name].account for name in processing.about)
    ends.append("membership ended" if members else "purpose met")
    if processing.items.all and all(policy.items[name].category in _TRACES for name in processing.items.all):
        return f"{{first of: [3 months after recorded, {', '.join(f'until {end}' for end in ends)}]}}"
    return f"{{until first of: [{', '.join((*ends, 'service closed'))}]}}"


RULE = Rule(
    code="L-08",
    name="item-without-period",
    title=Words("보유기간이 없는 항목", "Items without a period"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.period",),
    check=check,
    wrong="""
processing:
  abuse-prevention: {keep: unstated}
""",
    right="""
processing:
  abuse-prevention: {keep: 3 months after recorded}
""",
    about=Words(
        """
어떤 목적으로 처리하면서 언제까지인지 적지 않은 개인정보.

보유기간은 처리방침에 반드시 적는 사항입니다(「개인정보 보호법」 제30조제1항제2호). 끝을 말하지 않는 약속은
지킬 수 없고, 개인정보는 한없이 남습니다. 탈퇴와 같이 보유를 끝내는 사실을 적거나, 어떤 사실부터 얼마
동안인지 적습니다.
""",
        __doc__,
    ),
)
