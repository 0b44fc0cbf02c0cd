"""Passwords and card numbers of which nothing says how they are stored.

Passwords are hashed one way; numbers of cards and accounts, passports and the like are encrypted. A policy need not
describe the machinery, but a chapter on safeguards that passes over just these makes a reader wonder. Say it at the
item (`protect`), by a safeguard that names it, or that it is never stored.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import DataItem
from jikim.policy.words import DataCategory
from jikim.source import Severity

HASHED, ENCRYPTED = "kr.safeguards.passwords", "kr.safeguards.encryption"
_NUMBERS: Final = frozenset({DataCategory.UNIQUE_IDENTIFIER, DataCategory.RESIDENT_NUMBER})
_OF_PAYMENT: Final = ("신용카드", "카드번호", "카드 정보", "계좌", "card number", "credit card", "account")
"""Of what belongs to payment, the numbers of cards and accounts: not a card's expiry, nor a token of it."""
_FIX: Final = {HASHED: "one-way", ENCRYPTED: "encrypted"}


def applies(reading: Reading) -> bool:
    """Where there is a chapter on safeguards: one that is missing is a finding of its own."""
    return bool(reading.policy.safeguards)


def check(reading: Reading) -> Iterator[Finding]:
    """Each such item that neither says how it is stored nor is named by a safeguard."""
    for name, item in reading.policy.items.items():
        duty = _duty(item)
        if duty and not item.protect and not item.stored and not _covered(reading, name, duty):
            how = _FIX[duty]
            yield Finding(
                ("items", name),
                Words(
                    f"`{name}` 항목을 어떻게 암호화하여 저장하는지 말하지 않았습니다",
                    f"nothing says that `{name}` is stored {how}",
                ),
                Words(f"이렇게 적습니다: `protect: {how}`", f"write `protect: {how}`, or `stored: never`"),
                at="key",
                rests_on=(duty,),
            )


def _duty(item: DataItem) -> str | None:
    if item.category is DataCategory.CREDENTIAL and mentioned(item.label, ("비밀번호", "password")):
        return HASHED
    numbered = item.category is DataCategory.PAYMENT and mentioned(item.label, _OF_PAYMENT)
    return ENCRYPTED if numbered or item.category in _NUMBERS else None


def _covered(reading: Reading, name: str, duty: str) -> bool:
    """Whether a safeguard of the kind that is due names the item, or names none and so means all."""
    kinds = reading.facts[duty].words
    return any(
        safeguard.kind in kinds and (not safeguard.items or name in safeguard.items)
        for safeguard in reading.policy.safeguards.values()
    )


RULE = Rule(
    code="L-77",
    name="unprotected-item",
    title=Words("암호화하여 저장할 항목", "Items to be stored encrypted"),
    severity=Severity.WARNING,
    rests_on=(HASHED, ENCRYPTED),
    applies=applies,
    check=check,
    wrong="items: {card: {label: {ko: 신용카드 번호, en: Card number}, category: payment}}\n",
    right="""
items: {card: {label: {ko: 신용카드 번호, en: Card number}, category: payment, protect: encrypted}}
processing: {orders: {items: {required: [name, email, card], automatic: [order-history]}}}
""",
    about=Words(
        """
어떻게 저장하는지 말하지 않은 비밀번호와 카드번호.

비밀번호는 일방향으로 암호화하고, 카드번호와 계좌번호, 여권번호 등은 암호화하여 저장합니다(「개인정보의
안전성 확보조치 기준」 제7조). 처리방침에 기술을 자세히 적을 필요는 없으나, 안전조치를 말하면서 바로
이것들을 지나치면 의심하게 합니다. 항목(`protect`)에 적거나, 그 항목을 밝힌 안전조치에 적거나, 저장하지
않는다고 적습니다.
""",
        __doc__,
    ),
)
