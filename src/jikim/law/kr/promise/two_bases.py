"""The same thing on two bases.

Advertising by consent in one line and as part of the contract in another: whoever refuses the first gets it by the
second, and so the consent was none. One purpose has one basis.
"""

from collections.abc import Iterator
from itertools import combinations

from jikim.law.cited import plain
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.policy.words import LegalBasis
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that does without consent what another does with it."""
    for one, other in combinations(reading.policy.processing.items(), 2):
        asked, unasked = (one, other) if one[1].basis is LegalBasis.CONSENT else (other, one)
        if asked[1].basis is not LegalBasis.CONSENT or unasked[1].basis in {None, LegalBasis.CONSENT}:
            continue
        if key := _same(asked[1], unasked[1]):
            yield Finding(
                ("processing", unasked[0], key),
                Words(
                    f"`{asked[0]}`에서는 동의를 받아 하는 일을 여기서는 동의 없이 합니다",
                    f"`{asked[0]}` does this with consent, and this one without",
                ),
                Words(
                    f"이 목적을 지우고 `{asked[0]}`의 동의에 따릅니다",
                    f"take this purpose out; `{asked[0]}` and its consent cover it",
                ),
                at="key",
            )


def _same(asked: Processing, unasked: Processing) -> str | None:
    """The key that says so, if both advertise on one channel or name one purpose, to the same people."""
    if not set(asked.about) & set(unasked.about):
        return None
    if (
        asked.marketing
        and unasked.marketing
        and set(asked.marketing.channels) & set(unasked.marketing.channels)
    ):
        return "marketing"
    if asked.purpose and unasked.purpose:
        purposes = ({plain(text) for text in each.root.values()} for each in (asked.purpose, unasked.purpose))
        if set.intersection(*purposes):
            return "purpose"
    return None


RULE = Rule(
    code="L-69",
    name="two-bases",
    title=Words("한 목적의 두 근거", "One purpose on two bases"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.without-consent", "kr.contents.better-binds"),
    check=check,
    wrong="""
processing:
  members-offers:
    about: member
    purpose: {ko: 회원 할인 안내, en: To tell members of discounts}
    basis: contract
    items: {required: [email]}
    keep: until membership ended
    marketing: {channels: [email]}
""",
    right="""
processing:
  members-offers:
    about: member
    purpose: {ko: 주문 처리 안내, en: To tell members how their order goes}
    basis: contract
    items: {required: [email]}
    keep: until membership ended
""",
    about=Words(
        """
한 가지 일에 든 두 근거.

한 줄에서는 동의를 받아 광고하고 다른 줄에서는 계약의 내용으로 광고하면, 앞에서 거부한 사람이 뒤의 것으로
광고를 받게 되어 동의는 동의가 아니었던 것이 됩니다(「개인정보 보호법」 제22조제3항). 한 목적에는 한 근거를
둡니다.
""",
        __doc__,
    ),
)
