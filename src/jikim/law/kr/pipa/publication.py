"""Data shown to others, or made public, without a consent that says so.

To show data to other people is to give it to them, and a contract is no basis for that. Who somebody is may have to be
seen where members work or talk together, and what they write to be read is read; an e-mail address need not be seen.
And to agree that data is given to a company is not to agree that it is published: that consent stands alone, with the
items it is about.
"""

import re
from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.recipients import ProvisionException
from jikim.policy.words import DataCategory, LegalBasis, ProvisionGround
from jikim.source import Severity

_PUBLIC: Final = re.compile(r"공개|publish|publication|ma(de|ke|king) public", re.IGNORECASE)
_SEEN: Final = (DataCategory.IDENTITY, DataCategory.CONTENT, DataCategory.COMMUNICATION)


def check(reading: Reading) -> Iterator[Finding]:
    """What others see, then the cases in which the text would publish."""
    policy = reading.policy
    allowed = reading.facts["kr.recipients.provision"].words
    for name, processing in policy.processing.items():
        basis = processing.basis.value if processing.basis else ""
        beyond = [item for item in processing.items.listed if not _meant_to_be_seen(reading, item)]
        if processing.shown_to and basis not in allowed and beyond:
            called = reading.called(beyond)
            yield Finding(
                ("processing", name, "shown_to"),
                Words(
                    f"{called.ko} 항목을 동의 없이 다른 사람에게 보입니다",
                    f"shown to others without consent: {called.en}",
                ),
                Words(
                    "이 항목을 `basis: consent`, `shown_to`,"
                    " `if_refused`가 있는 처리로 나누거나, 보이지 않게 합니다",
                    "move it to a processing with `basis: consent`,"
                    " `shown_to` and `if_refused`, or do not show it",
                ),
                rests_on=("kr.recipients.provision",),
            )
    if policy.provision_rule is None or any(
        each.shown_to and each.basis is LegalBasis.CONSENT for each in policy.processing.values()
    ):
        return
    for place, exception in enumerate(policy.provision_rule.exceptions):
        if _publishes(exception):
            yield Finding(
                ("provision_rule", "exceptions", place, "text"),
                Words(
                    "개인정보를 공개할 수 있다고 하면서, 무엇을"
                    " 누구에게 공개하는지 따로 동의받는 처리가 없습니다",
                    "data may be made public, and no consent of its own says what and to whom",
                ),
                Words(
                    "공개하지 않으면 `공개`라는 말을 지우고, 공개하면"
                    " `basis: consent`와 `shown_to`가 있는 처리를 적습니다",
                    "drop the words if nothing is published; else write"
                    " a processing with `basis: consent` and `shown_to`",
                ),
                severity=Severity.WARNING,
                rests_on=("kr.bases.separate-consents",),
            )


def _meant_to_be_seen(reading: Reading, name: str) -> bool:
    """Who somebody is and what they wrote, as far as the list of items says so."""
    item = reading.policy.items[name]
    return item.category in _SEEN and not item.unlisted


def _publishes(exception: ProvisionException) -> bool:
    return exception.ground is ProvisionGround.PUBLICATION or (
        exception.ground is ProvisionGround.CONSENT
        and any(_PUBLIC.search(text) for text in exception.text.root.values())
    )


RULE = Rule(
    code="L-40",
    name="publication",
    title=Words("공개에 대한 동의", "Consent to being seen"),
    severity=Severity.ERROR,
    rests_on=("kr.recipients.provision", "kr.bases.separate-consents"),
    check=check,
    wrong="""
processing:
  reviews:
    about: member
    purpose: {ko: 상품평의 표시, en: To show reviews}
    basis: contract
    items: {required: [name, email]}
    keep: {until first of: [membership ended, service closed]}
    shown_to: [member]
""",
    right="""
processing:
  reviews:
    about: member
    purpose: {ko: 상품평의 표시, en: To show reviews}
    basis: contract
    items: {required: [name]}
    keep: {until first of: [membership ended, service closed]}
    shown_to: [member]
""",
    about=Words(
        """
그렇게 말하는 동의 없이 남에게 보이거나 공개하는 개인정보.

다른 이용자에게 보이는 것은 제공하는 것이며, 계약은 그 근거가 되지 않습니다(「개인정보 보호법」
제17조제1항). 함께 일하거나 대화하는 곳에서는 누구인지 보여야 할 수 있고 읽으라고 쓴 글은 읽히지만, 전자우편
주소까지 보여야 하는 것은 아닙니다. 어느 회사에 제공하는 것에 동의했다고 공개에 동의한 것도 아닙니다. 공개에
대한 동의는 그 항목을 밝혀 따로 받습니다(제22조제1항).
""",
        __doc__,
    ),
)
