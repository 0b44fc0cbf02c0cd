"""A purpose that nothing on the list of items could serve.

Nothing is delivered without an address, and nobody is sorted by age whose age is not asked. Where the text names such
a purpose and takes no such item, one of the two is wrong: something is collected that is not listed, or the purpose
was copied from elsewhere. List the item, or drop the purpose. To limit how often a person signs up, something must
stay after they left, for a time that the text says.

The words looked for are a short list made from published policies; a purpose in other words is not understood.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import DataItem, Policy, Processing
from jikim.policy.period import NO_PERIOD
from jikim.policy.retention import Clock
from jikim.policy.words import DataCategory
from jikim.source import Severity

_LIST_IT: Final = Words(
    "필요한 항목을 `items`에 적거나, 하지 않는 일이면 목적에서 지웁니다",
    "list the item that serves it, or drop the purpose if nothing of the kind is done",
)


@dataclass(frozen=True)
class _Need:
    """:param purpose: words of a purpose. :param lacks: what it needs. :param met: whether a policy has that."""

    purpose: re.Pattern[str]
    lacks: Words
    met: Callable[[Policy, Processing], bool]
    fix: Words = _LIST_IT


def _taken(policy: Policy) -> Iterator[DataItem]:
    names = {name for processing in policy.processing.values() for name in processing.items.all}
    return (policy.items[name] for name in sorted(names))


def _of(*categories: DataCategory) -> Callable[[Policy, Processing], bool]:
    def met(policy: Policy, processing: Processing) -> bool:
        del processing
        return any(item.category in categories for item in _taken(policy))

    return met


_ADDRESS: Final = re.compile(
    r"(?<!메일)(?<!메일 )(?<!IP )주소|배송지|(?<!mail )(?<!IP )\baddress", re.IGNORECASE
)


def _address(policy: Policy, processing: Processing) -> bool:
    del processing
    contacts = (item for item in _taken(policy) if item.category is DataCategory.CONTACT)
    return any(_ADDRESS.search(label) for item in contacts for label in item.label.root.values())


def _outlives_leaving(policy: Policy, processing: Processing) -> bool:
    del policy
    left = Clock("membership ended", NO_PERIOD)
    keep = processing.keep
    ends = keep is None or (left in keep.clocks and (keep.combine == "first" or len(keep.clocks) == 1))
    return bool(processing.items.all) and not ends


NEEDS: Final = (
    _Need(
        re.compile(r"배송|배달|deliver(y|ing)? (of )?(goods|parcels|products)|shipping", re.IGNORECASE),
        Words("물건을 받을 주소", "an address to deliver to"),
        _address,
    ),
    _Need(
        re.compile(
            r"본인\s*(인증|확인)|identity (check|verification)|verif\w+ (of )?identity", re.IGNORECASE
        ),
        Words("누구인지 확인할 수 있는 정보", "an item that tells who somebody is"),
        _of(DataCategory.IDENTITY, DataCategory.UNIQUE_IDENTIFIER, DataCategory.RESIDENT_NUMBER),
    ),
    _Need(
        re.compile(r"인구\s*통계|demograph", re.IGNORECASE),
        Words("나이나 성별 같은 정보", "demographic items such as age or sex"),
        _of(DataCategory.DEMOGRAPHIC),
    ),
    _Need(
        re.compile(r"위치\s*기반|location-based", re.IGNORECASE),
        Words("위치 정보", "an item of location"),
        _of(DataCategory.LOCATION),
    ),
    _Need(
        re.compile(r"가입\s*횟수|재가입|반복\s*가입|(repeated|number of) sign-?ups", re.IGNORECASE),
        Words("탈퇴한 뒤에도 남는 정보와 그 기간", "an item that stays after leaving, and for how long"),
        _outlives_leaving,
        Words(
            "따로 `purpose`를 두어 `items: {automatic: [rejoin-key]}`,"
            " `keep: 1 year after recorded`처럼 적거나, 목적에서 지웁니다",
            "give it a purpose of its own, such as with"
            " `items: {automatic: [rejoin-key]}` and `keep: 1 year after recorded`,"
            " or drop it",
        ),
    ),
)


def check(reading: Reading) -> Iterator[Finding]:
    """Each purpose that needs what nobody takes."""
    for name, processing in reading.policy.processing.items():
        said: Iterable[str] = processing.purpose.root.values() if processing.purpose else ()
        for need in NEEDS:
            words = next((found[0] for text in said if (found := need.purpose.search(text))), None)
            if words and not need.met(reading.policy, processing):
                yield Finding(
                    ("processing", name, "purpose"),
                    Words(
                        f"목적에는 `{words}` 업무가 있는데 그에 필요한 항목이 없습니다: {need.lacks.ko}",
                        f"the purpose speaks of `{words}`, and nothing is taken for it: {need.lacks.en}",
                    ),
                    need.fix,
                )


RULE = Rule(
    code="L-10",
    name="purpose-without-item",
    title=Words("항목 없이 이룰 수 없는 목적", "A purpose that no item serves"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.items",),
    check=check,
    wrong="""
processing:
  orders: {purpose: {ko: 주문한 상품의 배송, en: Delivery of goods}}
""",
    right="""
items:
  address: {label: {ko: 배송 주소, en: Delivery address}, category: contact}
processing:
  orders:
    purpose: {ko: 주문한 상품의 배송, en: Delivery of goods}
    items: {required: [name, email, address]}
""",
    about=Words(
        """
목록에 있는 어떤 항목으로도 이룰 수 없는 목적.

주소 없이는 배송할 수 없고, 나이를 묻지 않고는 연령별로 나눌 수 없습니다. 그러한 목적을 적으면서 필요한
항목을 수집하지 않는다면 둘 가운데 하나가 잘못입니다. 적지 않은 것을 수집하고 있거나, 목적을 다른 곳에서
옮겨 온 것입니다. 항목을 적거나 목적을 지웁니다. 재가입을 제한하려면 탈퇴한 뒤에도 무엇인가 남아야 하고, 그
기간을 적어야 합니다.

공개된 처리방침에서 뽑은 낱말의 짧은 목록으로 찾으므로, 다른 낱말로 쓴 목적은 알아보지 못합니다.
""",
        __doc__,
    ),
)
