"""A channel that is offered, and no number or address for it.

Whoever reads that a correction may be asked for by telephone or by letter looks for the number and the address. A
policy says how to use a right: give what the channel needs, or take the channel off the list.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.words import Channel
from jikim.source import Severity

NEEDS: Final[Mapping[Channel, tuple[str, Words]]] = {
    "phone": ("phone", Words("전화번호", "telephone number")),
    "email": ("email", Words("이메일 주소", "e-mail address")),
    "post": ("post", Words("우편 주소", "postal address")),
    "visit": ("post", Words("주소", "address")),
}
"""The key of a contact that a channel needs, and what it is."""


def check(reading: Reading) -> Iterator[Finding]:
    """Each channel without its number or address: once, at the first right that it is offered for."""
    policy = reading.policy
    for channel, (key, what) in NEEDS.items():
        if _given(policy, key):
            continue
        for right, rule in policy.rights.rules.items():
            if channel in rule.channels:
                yield Finding(
                    ("rights", right.value, "channels", rule.channels.index(channel)),
                    Words(
                        f"`{channel}` 방법으로 요구하라면서 {what.ko}가 어디에도 없습니다",
                        f"`{channel}` is offered as a channel, and no {what.en} is given",
                    ),
                    Words(
                        f"`contacts.officer`에 더하거나(`{key}: …`) 이 방법을 지웁니다",
                        f"add `{key}: …` to `contacts.officer`, or take `{channel}` off the list",
                    ),
                )
                break


def _given(policy: Policy, key: str) -> bool:
    contacts = (policy.contacts.officer, policy.contacts.handler, policy.contacts.access_desk)
    return any(getattr(contact, key) for contact in contacts if contact)


RULE = Rule(
    code="L-65",
    name="unreachable-channel",
    title=Words("연락처가 없는 창구", "A channel without a number or address"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.rights", "kr.rights.procedure"),
    check=check,
    wrong="rights: {access: {channels: [menu, post]}}\n",
    right="""
contacts: {officer: {post: {ko: 서울특별시 예시구 예시로 9, en: 9 Example-ro Seoul}}}
rights: {access: {channels: [menu, post]}}
""",
    about=__doc__,
)
