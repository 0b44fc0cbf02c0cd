"""Consent that is easily given and hard to take back.

Whoever agreed with a tick on a page can take it back on a page. A letter or a telephone call may be offered besides,
and does not do alone.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import LegalBasis
from jikim.source import Severity

_ONLINE: Final = frozenset({"menu", "web", "app"})
_JOINED_ONLINE: Final = frozenset({"site", "app", "use"})


def applies(reading: Reading) -> bool:
    """Where something rests on consent."""
    return any(each.basis is LegalBasis.CONSENT for each in reading.policy.processing.values())


def check(reading: Reading) -> Iterator[Finding]:
    """No withdrawal at all, or none where consent is given."""
    withdrawal = reading.policy.rights.withdrawal
    fix = Words(
        "이렇게 적습니다: `withdrawal: {channels: [menu, …], menu: …}`",
        "write `withdrawal: {channels: [menu, …], menu: …}`",
    )
    if withdrawal is None or not withdrawal.granted:
        yield Finding(
            ("rights",) if withdrawal is None else ("rights", "withdrawal"),
            Words("동의를 철회하는 방법이 없습니다", "nothing says how consent is withdrawn"),
            fix,
            at="key",
        )
    elif _JOINED_ONLINE & set(reading.policy.collected_by) and _ONLINE.isdisjoint(withdrawal.channels):
        yield Finding(
            ("rights", "withdrawal", "channels"),
            Words(
                "동의는 온라인으로 받고 철회는 받지 않습니다",
                "consent is given online and cannot be withdrawn there",
            ),
            fix,
        )


RULE = Rule(
    code="G-03",
    name="withdrawal-as-easy",
    title=Words("동의만큼 쉬운 철회", "Withdrawal as easy as consent"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.consent.withdrawal",),
    applies=applies,
    check=check,
    wrong="""
law: [kr, eu-gdpr]
rights: {withdrawal: {channels: [post], menu: null}}
""",
    right="""
law: [kr, eu-gdpr]
rights: {withdrawal: {channels: [menu, post]}}
""",
    about=Words(
        """
주기는 쉽고 거두기는 어려운 동의.

페이지에서 표시하여 동의한 사람은 페이지에서 철회할 수 있어야 합니다(GDPR 제7조제3항). 우편이나 전화는
덧붙일 수 있을 뿐 그것만으로는 모자랍니다.
""",
        __doc__,
    ),
)
