"""Data that comes from an affiliate, and nothing says from whom and what.

People are told on request, at once, from where their data came. A policy that says only "from affiliates" has no
answer ready, and its readers cannot ask the right company. Name the affiliate in the purpose, with the items that come
from there; or take the way off the list. The law asks for the answer and not for the policy to give it unasked, so
this is a warning.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def applies(reading: Reading) -> bool:
    """Where affiliates are among the ways in which data is collected."""
    return "affiliate" in reading.policy.collected_by


def check(reading: Reading) -> Iterator[Finding]:
    """That way, unless some processing says what comes by it."""
    policy = reading.policy
    if not any({"affiliate", "partner-account"} & set(each.origin) for each in policy.processing.values()):
        yield Finding(
            ("collected_by", policy.collected_by.index("affiliate")),
            Words(
                "제휴사에서 수집한다고 하면서 어느 제휴사에서 어떤 항목을 받는지 적지 않았습니다",
                "data is collected from affiliates, and nothing says from which and what",
            ),
            Words(
                "`affiliate`를 지우거나, 받는 항목과 제휴사를 적은 처리에 `from: affiliate`를 적습니다",
                "remove `affiliate`, or write `from: affiliate` in"
                " a processing that names the affiliate and the items",
            ),
        )


RULE = Rule(
    code="L-41",
    name="affiliate-unnamed",
    title=Words("이름 없는 제휴사", "Affiliates without a name"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.items-named", "kr.notices.source-asked"),
    applies=applies,
    check=check,
    wrong="""
collected_by: [site, purchase, affiliate]
""",
    right="""
collected_by: [site, purchase, affiliate]
items:
  coupon: {label: {ko: 제휴 쿠폰 번호, en: Coupon of an affiliate}, category: transaction}
processing:
  coupons:
    about: member
    purpose: {ko: 예시카드가 발급한 쿠폰의 적용, en: To honour coupons of Example Card}
    basis: contract
    items: {required: [coupon]}
    from: affiliate
    keep: {until first of: [contract completed, service closed]}
""",
    about=__doc__,
)
