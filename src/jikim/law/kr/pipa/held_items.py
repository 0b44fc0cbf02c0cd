"""A record kept by law without a word about what is kept.

Whoever reads that contracts are kept for five years cannot tell whether that means a name or everything. The law
wants both the provision and the items; and what is not named may not be kept.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def applies(reading: Reading) -> bool:
    """Where something is kept by law."""
    return bool(reading.policy.kept_by_law)


def check(reading: Reading) -> Iterator[Finding]:
    """Each record without items; a law without a record is another rule's finding."""
    for name, kept in reading.policy.kept_by_law.items():
        if not kept.items and (kept.label or kept.as_stated):
            yield Finding(
                ("kept_by_law", name),
                Words(f"`{name}`에 보존 항목이 없습니다", f"`{name}` names no items"),
                Words("`items: [name, …]`을 적습니다", "write `items: [name, …]`"),
                at="key",
            )


RULE = Rule(
    code="L-07",
    name="held-items",
    title=Words("법령에 따라 보존하는 항목", "What a law has kept"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.held-by-law",),
    applies=applies,
    check=check,
    wrong="""
kept_by_law:
  payments: {label: 대금결제 등에 관한 기록, cites: 전자상거래법, as_stated: 5 years}
""",
    right="""
kept_by_law:
  payments: {law: kr.ecommerce.payment, after: payment settled, items: [name, email]}
""",
    about=Words(
        """
무엇을 보존하는지 적지 않은 법령상 보존.

계약에 관한 기록을 5년 동안 보존한다는 말만으로는 이름만 남는지 모두 남는지 알 수 없습니다. 「개인정보
보호법」 제30조제1항제3호의2는 보존의 근거와 보존하는 항목을 함께 밝히게 합니다. 밝히지 않은 항목은 보존할
수 없습니다.
""",
        __doc__,
    ),
)
