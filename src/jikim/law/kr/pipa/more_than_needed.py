"""More than the service needs, demanded of everybody.

A contract allows what it cannot be kept without, and the service must be able to show that it could not. Hardly any
service needs to know an occupation or a nationality; and a card is needed of those who pay, when they pay, not of
everybody who joins. Make such items optional, on a consent that costs nothing to refuse, or ask for them only where
they are needed. Whether an item is needed is a judgement, so this is a warning.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.policy.words import DataCategory, LegalBasis
from jikim.source import Severity

_FIX: Final = {
    DataCategory.DEMOGRAPHIC: Words(
        "`optional`로 옮겨 따로 동의를 받거나(`basis: consent`), 받지 않습니다",
        "make it `optional` in a processing of its own on `basis: consent`, or do not ask for it",
    ),
    DataCategory.PAYMENT: Words(
        "결제할 때에만 받는 처리를 따로 두고 `keep: until payment settled`처럼 적습니다",
        "take it in a processing of its own, only of who pays, with `keep: until payment settled`",
    ),
}


def applies(reading: Reading) -> bool:
    """Where something is required without consent."""
    return any(map(_unasked, reading.policy.processing.values()))


def check(reading: Reading) -> Iterator[Finding]:
    """Demographic items that are required, and payment items required of whoever signs in."""
    for name, processing in reading.policy.processing.items():
        signs_in = bool(_of(reading, processing, DataCategory.CREDENTIAL))
        for category, fix in _FIX.items():
            items = _of(reading, processing, category)
            if category is DataCategory.PAYMENT and not signs_in:
                continue
            if items and _unasked(processing):
                called = reading.called(items)
                yield Finding(
                    ("processing", name, "items", "required", processing.items.required.index(items[0])),
                    Words(
                        f"{called.ko} 항목을 모두에게 필수로 요구합니다",
                        f"demanded of everybody: {called.en}",
                    ),
                    fix,
                )


def _unasked(processing: Processing) -> bool:
    return processing.basis in (None, LegalBasis.CONTRACT) and bool(processing.items.required)


def _of(reading: Reading, processing: Processing, category: DataCategory) -> list[str]:
    items = reading.policy.items
    return [name for name in processing.items.required if items[name].category is category]


RULE = Rule(
    code="L-36",
    name="more-than-needed",
    title=Words("필요한 것보다 많은 항목", "More than is needed"),
    severity=Severity.WARNING,
    rests_on=("kr.bases.minimum", "kr.bases.optional-harmless"),
    applies=applies,
    check=check,
    wrong="""
items:
  occupation: {label: {ko: 직업, en: Occupation}, category: demographic}
processing:
  membership: {items: {required: [name, email, password, occupation]}}
""",
    right="""
items:
  occupation: {label: {ko: 직업, en: Occupation}, category: demographic}
processing:
  membership: {items: {required: [name, email, password]}}
  profile:
    about: member
    purpose: {ko: 직업에 맞춘 안내, en: To fit guidance to the occupation}
    basis: consent
    items: {optional: [occupation]}
    keep: {until first of: [consent withdrawn, membership ended, service closed]}
    if_refused: {ko: 동의하지 않아도 서비스를 그대로 이용할 수 있습니다., en: The service is the same without it.}
""",
    about=Words(
        """
서비스에 필요한 것보다 많이, 모두에게 요구하는 항목.

계약은 그것 없이는 이행할 수 없는 것만 허용하며, 그러하다는 것은 개인정보처리자가 입증합니다(「개인정보
보호법」 제16조제1항). 직업이나 국적을 알아야 하는 서비스는 드뭅니다. 카드는 가입하는 모두가 아니라 결제하는
사람에게, 결제할 때 필요합니다. 그러한 항목은 거부하여도 불이익이 없는 동의로 선택 항목으로 하거나, 필요한
곳에서만 받습니다. 필요한지는 판단할 일이므로 경고입니다.
""",
        __doc__,
    ),
)
