"""A change of hands that is told too late, or in part.

Before a business passes to another, everybody learns three things: that it does; who receives the data, and how to
reach them; and what to do when one does not want that. Told afterwards, or told the bare fact, nobody can object in
time.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule, lacking
from jikim.source import Severity

TOLD: Final = "kr.recipients.business-transfer"


def applies(reading: Reading) -> bool:
    """Where the text speaks of it."""
    return reading.policy.business_transfer is not None


def check(reading: Reading) -> Iterator[Finding]:
    """Too late, or too little."""
    transfer = reading.policy.business_transfer
    if transfer is None:
        return
    if transfer.tell != "before":
        yield Finding(
            ("business_transfer", "tell"),
            Words("영업을 양도한 뒤에 알린다고 합니다", "people are told after the business has passed on"),
            Words("`tell: before`로 씁니다", "write `tell: before`"),
            severity=Severity.ERROR,
        )
    told = {*transfer.contents, *(["how-to-object"] if transfer.choice else [])}
    if lacks := [word for word in reading.facts[TOLD].words if word not in told]:
        yield lacking(
            ("business_transfer", "contents"),
            transfer.contents,
            lacks,
            says=Words("영업 양도 때 알리는 것에 빠진 것이 있습니다: {}", "what people are told lacks {}"),
        )


RULE = Rule(
    code="L-62",
    name="transfer-of-business",
    title=Words("영업의 양도", "When the business changes hands"),
    severity=Severity.WARNING,
    rests_on=(TOLD,),
    applies=applies,
    check=check,
    wrong="business_transfer: {tell: before, contents: [fact]}\n",
    right="business_transfer: {tell: before, contents: [fact, recipient, how-to-object]}\n",
    about=Words(
        """
늦게 알리거나 일부만 알리는 영업의 양도.

영업을 넘기기 전에 세 가지를 알립니다. 이전한다는 사실, 이전받는 자와 그 연락처, 원하지 않는 경우에 할 수
있는 방법과 절차입니다(「개인정보 보호법」 제27조제1항). 넘긴 뒤에 알리거나 사실만 알리면 제때 거부할 수
없습니다.
""",
        __doc__,
    ),
)
