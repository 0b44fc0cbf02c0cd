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
    "visit": ("post", Words("찾아갈 주소", "address")),
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
                        f"요구를 받는 방법(`{channel}`)에 필요한 {what.ko}가 어디에도 없습니다",
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
    about=Words(
        """
번호나 주소를 적지 않은 창구.

전화나 우편으로 정정을 요구할 수 있다고 읽은 사람은 번호와 주소를 찾습니다. 처리방침은 권리를 행사하는
방법을 밝히는 글입니다(「개인정보 보호법」 제30조제1항제5호). 창구에 필요한 것을 적거나 그 창구를 뺍니다.
""",
        __doc__,
    ),
)
