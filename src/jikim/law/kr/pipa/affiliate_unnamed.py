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
    about=Words(
        """
누구에게서 무엇을 받는지 말하지 않는 제휴사.

정보주체 이외로부터 수집한 개인정보는 정보주체가 요구하면 즉시 그 출처를 알려야 합니다(「개인정보 보호법」
제20조제1항). “제휴사로부터”라고만 적은 처리방침에는 준비된 답이 없고, 읽는 사람도 어느 회사에 물어야 할지
모릅니다. 제휴사의 이름을 목적에 적고 거기에서 받는 항목을 밝히거나, 그 수집 방법을 지웁니다. 법은 물으면
답하게 할 뿐 미리 적게 하지는 않으므로 경고입니다.
""",
        __doc__,
    ),
)
