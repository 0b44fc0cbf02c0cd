"""An item on the list that nothing needs.

Only the least that a purpose needs may be collected, and the service must be able to show that it is. An item that no
processing takes, no law has recorded and nobody receives is collected for nothing. Take it off the list, or say what
it is for.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each item that is listed and used nowhere."""
    policy = reading.policy
    needed = {name for processing in policy.processing.values() for name in processing.items.all}
    others: tuple[Mapping[str, Any], ...] = (
        policy.kept_by_law,
        policy.provisions,
        policy.entrustments,
        policy.transfers,
        policy.safeguards,
    )
    needed |= {name for parts in others for part in parts.values() for name in part.items or ()}
    needed |= {item.derived.origin for item in policy.items.values() if item.derived}
    for name, item in policy.items.items():
        if name not in needed and not item.unlisted:
            label = reading.called([name])
            yield Finding(
                ("items", name),
                Words(f"{label.ko} 항목이 필요한 목적이 없습니다", f"{label.en} is needed for nothing"),
                Words(
                    f"`items`에서 `{name}` 항목을 지우거나, 이 항목이 필요한 `processing`에 적습니다",
                    f"remove `{name}` from `items`, or list it where a `processing` needs it",
                ),
                at="key",
            )


RULE = Rule(
    code="L-30",
    name="unneeded-item",
    title=Words("쓰이지 않는 항목", "An item that nothing needs"),
    severity=Severity.ERROR,
    rests_on=("kr.bases.minimum", "kr.contents.items-named"),
    check=check,
    wrong="""
items:
  birth-date: {label: {ko: 생년월일, en: Date of birth}, category: demographic}
""",
    right="""
items:
  birth-date: {label: {ko: 생년월일, en: Date of birth}, category: demographic}
processing:
  birthdays:
    about: member
    purpose: {ko: 생일 축하 쿠폰의 제공, en: To give a coupon on birthdays}
    basis: consent
    items: {optional: [birth-date]}
    keep: {until first of: [consent withdrawn, membership ended, service closed]}
    if_refused: {ko: 쿠폰을 받지 못합니다., en: No coupon is given.}
""",
    about=Words(
        """
아무 데도 쓰이지 않는 항목.

목적에 필요한 최소한만 수집해야 하며, 최소한이라는 것은 개인정보처리자가 입증합니다(「개인정보 보호법」
제16조제1항). 어느 처리에도 쓰이지 않고, 법령에 따라 기록하지도 않고, 아무에게도 제공하지 않는 항목은 까닭
없이 수집하는 것입니다. 목록에서 빼거나 무엇에 쓰는지 적습니다.
""",
        __doc__,
    ),
)
