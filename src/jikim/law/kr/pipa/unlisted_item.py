"""An item that the service uses, and the list of items does not name.

The text shows a photo, hands on a card number or speaks of a password; the chapter on items knows nothing of it.
Whoever reads the list believes that it is whole. List the item under what takes it, or stop using it. What only a law
has recorded is listed with that record.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.source import Path, Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Items that the text uses without listing them, then those given or entrusted that nothing takes."""
    policy = reading.policy
    taken = {name for processing in policy.processing.values() for name in processing.items.all}
    for name, item in policy.items.items():
        if item.unlisted:
            add = (
                Words("", "")
                if name in taken
                else Words(f"`{name}` 항목을 쓰는 목적에도 적고 ", f", in what uses `{name}`")
            )
            yield _found(
                reading,
                ("items", name),
                name,
                Words(
                    f"처리하는 항목의 목록에 적고, {add.ko}`unlisted: true`를 지웁니다",
                    f"name it among the items that are processed{add.en}, and remove `unlisted: true`",
                ),
            )
    held = {name for record in policy.kept_by_law.values() for name in record.items}
    listed = taken | held | {name for name, item in policy.items.items() if item.unlisted}
    for path, name in _used(policy):
        if name not in listed:
            listed.add(name)
            yield _found(
                reading,
                path,
                name,
                Words(
                    f"`processing`에서 `{name}` 항목을 쓰는 목적의"
                    " `items`에 적고, 쓰지 않으면 여기에서도 지웁니다",
                    f"add `{name}` to the `items` of the purpose that needs it, or remove it here",
                ),
            )


def _used(policy: Policy) -> Iterator[tuple[Path, str]]:
    chapters: Mapping[str, Mapping[str, Any]] = {
        "provisions": policy.provisions,
        "entrustments": policy.entrustments,
        "transfers": policy.transfers,
        "safeguards": policy.safeguards,
    }
    for chapter, parts in chapters.items():
        for id, part in parts.items():
            for place, name in enumerate(part.items or ()):
                yield (chapter, id, "items", place), name


def _found(reading: Reading, path: Path, name: str, fix: Words) -> Finding:
    item = reading.called([name])
    return Finding(
        path,
        Words(
            f"{item.ko} 항목을 쓰면서 처리하는 항목에는 적지 않았습니다",
            f"{item.en} is used, and is not among the items that are processed",
        ),
        fix,
        at="key" if path[0] == "items" else "value",
    )


RULE = Rule(
    code="L-09",
    name="unlisted-item",
    title=Words("목록에 없는 항목", "Items that no list names"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.items", "kr.contents.items-named"),
    check=check,
    wrong="""
items:
  card: {label: {ko: 신용카드 번호, en: Card number}, category: payment, stored: never}
provisions:
  payment:
    recipient: {name: {ko: 예시은행, en: Example Bank}, country: KR}
    basis: consent
    purpose: {ko: 신용카드 결제, en: To charge the card}
    items: [card]
    keep: until payment settled
""",
    right="""
items:
  card: {label: {ko: 신용카드 번호, en: Card number}, category: payment, stored: never}
processing:
  settlement:
    about: member
    purpose: {ko: 요금 결제, en: To charge payments}
    basis: contract
    items: {required: [card]}
    keep: until payment settled
provisions:
  payment:
    recipient: {name: {ko: 예시은행, en: Example Bank}, country: KR}
    basis: consent
    purpose: {ko: 신용카드 결제, en: To charge the card}
    items: [card]
    keep: until payment settled
""",
    about=Words(
        """
서비스가 쓰는데 항목의 목록에는 없는 개인정보.

사진을 보여 주고, 카드번호를 넘기고, 비밀번호를 말하면서 수집하는 항목에는 그것이 없습니다. 읽는 사람은
목록이 전부라고 믿습니다. 그 항목을 수집하는 처리 아래에 적거나, 쓰지 않습니다. 법령 때문에만 기록하는 것은
그 기록과 함께 적습니다.
""",
        __doc__,
    ),
)
