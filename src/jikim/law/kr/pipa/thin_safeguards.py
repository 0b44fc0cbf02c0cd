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
    """Those of the three that are missing, together."""
    there = {safeguard.kind for safeguard in reading.policy.safeguards.values()}
    lacking = [name for name in DUE if there.isdisjoint(reading.facts[name].words)]
    if not lacking:
        return
    kinds = [reading.facts[name].words[0] for name in lacking]
    add = ", ".join(f"`{kind}: {{kind: {kind}, text: …}}`" for kind in kinds)
    yield Finding(
        ("safeguards",),
        Words(
            f"안전조치에 빠진 것이 있습니다: {', '.join(DUE[name].ko for name in lacking)}",
            f"the safeguards lack {' and '.join(DUE[name].en for name in lacking)}",
        ),
        Words(f"이렇게 더합니다: {add}", f"add {add}"),
        at="key",
        rests_on=tuple(lacking),
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
    about=Words(
        """
누구나 해야 하는 것이 빠진 안전조치.

기준이 요구하는 것은 많고 처리방침이 모두 되풀이할 필요는 없습니다. 그러나 세 가지는 날마다 모든 사람의
정보에 미치고 규모와 관계없이 모두에게 의무입니다. 접근하는 사람을 줄이는 것, 누가 접근했는지 기록하는 것,
전송할 때 암호화하는 것입니다(「개인정보의 안전성 확보조치 기준」 제5조, 제7조, 제8조). 교육과 서약만 적고
이 세 가지를 적지 않은 장은 시스템이 아니라 사무실을 말합니다.
""",
        __doc__,
    ),
)
