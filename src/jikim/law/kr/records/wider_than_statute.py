"""More than the statute has kept.

A law that has a record kept is a licence for that record and for nothing else. E-commerce law keeps the transaction
and what identifies its party; the law on communications keeps log and place of access, and not how somebody used the
service. What goes beyond that is kept without a basis once its purpose is met. Name the record as the law does, and
keep the items that it is made of.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.law.cited import mentioned, record_meant
from jikim.law.pack import StatutoryRetention
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.model import StatutoryRetention as Kept
from jikim.policy.words import DataCategory
from jikim.source import Path, Severity

_TRADE: Final = frozenset(
    {DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.TRANSACTION, DataCategory.RECORD}
)
_MADE_OF: Final[Mapping[str, frozenset[DataCategory]]] = {
    "kr.ecommerce.contract": _TRADE,
    "kr.ecommerce.payment": _TRADE,
    "kr.ecommerce.complaint": _TRADE | {DataCategory.COMMUNICATION},
    "kr.ecommerce.advertising": _TRADE,
    "kr.telecom.log": frozenset({DataCategory.NETWORK}),
}
"""What kinds of items a record can be made of: the law names the record, the kinds are our reading of it."""
_WIDER: Final[Mapping[str, tuple[str, ...]]] = {
    "kr.telecom.log": ("서비스 이용에", "서비스 이용기록", "이용 내역", "use of the service"),
    "kr.ecommerce.contract": ("회원정보", "모든 정보"),
}
"""Words by which texts make a record wider than it is."""


def applies(reading: Reading) -> bool:
    """Where something is kept by law."""
    return bool(reading.policy.kept_by_law)


def check(reading: Reading) -> Iterator[Finding]:
    """Records called wider than the law calls them, and items that are no part of them."""
    for name, kept in reading.policy.kept_by_law.items():
        row = record_meant(kept, of="kr", in_force_on=reading.day)
        if row is not None:
            yield from _of_label(("kept_by_law", name, "label"), kept, row)
            yield from _of_items(("kept_by_law", name, "items"), kept, row, reading.policy)


def _of_label(path: Path, kept: Kept, row: StatutoryRetention) -> Iterator[Finding]:
    if kept.label and mentioned(kept.label, _WIDER.get(row.key, ())):
        called = next(iter(kept.label.root.values()))
        yield Finding(
            path,
            Words(
                f"기록의 이름이 법이 보존하게 한 것보다 넓습니다: `{called}`",
                f"`{called}` is wider than what the law has kept",
            ),
            Words(
                f"법의 이름으로 적습니다: `{row.record.ko}`", f"call it as the law does: `{row.record.en}`"
            ),
            severity=Severity.WARNING,
            rests_on=(row.key,),
        )


def _of_items(path: Path, kept: Kept, row: StatutoryRetention, policy: Policy) -> Iterator[Finding]:
    parts = _MADE_OF.get(row.key)
    if parts is None:
        return
    named = set(row.identity.items) if row.identity else set()
    for place, item in enumerate(kept.items):
        if item in named or item not in policy.items or policy.items[item].category in parts:
            continue
        identity = ("kr.ecommerce.what-survives",) if row.identity else ()
        yield Finding(
            (*path, place),
            Words(
                f"이 법이 보존하게 한 기록에 `{item}` 항목은 없습니다", f"`{item}` is no part of that record"
            ),
            Words(f"`items`에서 이 항목을 뺍니다: `{item}`", f"take `{item}` out of `items`"),
            rests_on=(row.key, *identity),
        )


RULE = Rule(
    code="L-67",
    name="wider-than-statute",
    title=Words("법보다 넓은 보존", "More than the law has kept"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.held-by-law",),
    applies=applies,
    check=check,
    wrong="""
kept_by_law:
  contracts: {law: kr.ecommerce.contract, after: contract completed, items: [name, email, order-history, password]}
""",
    right="""
kept_by_law:
  contracts: {law: kr.ecommerce.contract, after: contract completed, items: [name, email, order-history]}
""",
    about=Words(
        """
법이 정한 것보다 넓은 보존.

기록을 보존하게 하는 법은 그 기록만 허용합니다. 전자상거래법은 거래의 기록과 거래의 주체를 식별하는 정보를,
통신비밀보호법은 로그기록과 접속지를 보존하게 할 뿐 서비스를 어떻게 이용했는지까지 보존하게 하지 않습니다.
그 밖의 것은 목적을 이루면 근거 없이 남는 것입니다. 법이 부르는 대로 기록을 적고 그 기록을 이루는 항목만
보존합니다.
""",
        __doc__,
    ),
)
