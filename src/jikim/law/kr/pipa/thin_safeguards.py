"""A chapter on safeguards that lacks what everyone must do.

The standard asks a great deal, and a policy need not repeat it all. Three measures touch everybody's data every day
and bind controllers of every size: that few people may reach it, that it is recorded who did, and that it travels
encrypted. A chapter that names training and pledges and none of these three describes an office, not a system.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

DUE: Final = {
    "kr.safeguards.least-privilege": Words("접근권한의 최소화", "least privilege"),
    "kr.safeguards.access-log": Words("접속기록의 보관", "records of access"),
    "kr.safeguards.encryption-in-transit": Words("전송 구간의 암호화", "encryption in transit"),
}


def applies(reading: Reading) -> bool:
    """Where there is a chapter on safeguards: one that is missing is a finding of its own."""
    return bool(reading.policy.safeguards)


def check(reading: Reading) -> Iterator[Finding]:
    """Each of the three that is missing."""
    there = {safeguard.kind for safeguard in reading.policy.safeguards.values()}
    for name, called in DUE.items():
        kinds = reading.facts[name].words
        if there.isdisjoint(kinds):
            yield Finding(
                ("safeguards",),
                Words(f"안전조치에 빠져 있습니다: {called.ko}", f"the safeguards lack {called.en}"),
                Words(
                    f"이렇게 더합니다: `{kinds[0]}: {{kind: {kinds[0]}, text: …}}`",
                    f"add `{kinds[0]}: {{kind: {kinds[0]}, text: …}}`",
                ),
                at="key",
                rests_on=(name,),
            )


RULE = Rule(
    code="L-78",
    name="thin-safeguards",
    title=Words("빠진 안전조치", "Safeguards left out"),
    severity=Severity.WARNING,
    rests_on=tuple(DUE),
    applies=applies,
    check=check,
    wrong="safeguards: {records: null}\n",
    right="""
safeguards:
  records: {kind: access-record, text: {ko: 접속기록을 보관합니다., en: Records of access are kept.}}
""",
    about=__doc__,
)
