"""Leaving, or taking a consent back, that is harder than joining was.

Who joins with a few clicks leaves with a few clicks. The law has rights used no harder than data was given, and
online sellers may not make leaving more complicated than joining nor only possible by another way. A letter to the
officer may be one way; a menu must be there, too.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.duties import RightRule
from jikim.policy.words import Right
from jikim.source import Severity

PROCEDURE: Final = ("kr.rights.procedure", "kr.rights.same-channel")
LEAVING: Final = "kr.ecommerce.leaving"
ONLINE: Final = frozenset({"menu", "web", "app"})
"""Channels of the same kind as those by which one joins."""


def online(rule: RightRule) -> bool:
    """Whether it can be asked for where one joined."""
    return rule.menu is not None or not ONLINE.isdisjoint(rule.channels)


def applies(reading: Reading) -> bool:
    """Where people join: that is done online."""
    return any(people.account for people in reading.policy.people.values())


def check(reading: Reading) -> Iterator[Finding]:
    """Each way out that does not begin where one came in."""
    obliged = reading.policy.controller.obliged_as
    sells = not obliged or "online-seller" in obliged
    for right in (Right.DELETION, Right.WITHDRAWAL, Right.LEAVING):
        rule = reading.policy.rights.rules.get(right)
        if rule is None or not rule.granted or online(rule):
            continue
        if right is not Right.LEAVING and not rule.channels:
            continue
        named = ", ".join(f"`{channel}`" for channel in rule.channels)
        channels = ", ".join(("menu", *rule.channels))
        yield Finding(
            ("rights", right.value, "channels") if named else ("rights", right.value),
            Words(
                f"온라인으로 가입하는데 {right.korean} 요구는 다른 방법({named})으로만 받는다고 합니다",
                f"one joins online, and `{right}` is asked for by {named} only",
            )
            if named
            else Words(
                f"온라인으로 가입하는데 {right.korean} 요구를 어디에서 하는지 밝히지 않았습니다",
                f"one joins online, and where to ask for `{right}` is not said",
            ),
            Words(
                f"가입한 곳에서도 할 수 있게 합니다: `channels: [{channels}]`",
                f"let it be done where one joined, too: `channels: [{channels}]`",
            ),
            at="value" if named else "key",
            rests_on=(LEAVING, *PROCEDURE) if right is Right.LEAVING and sells else PROCEDURE,
        )


RULE = Rule(
    code="L-60",
    name="leaving-harder",
    title=Words("가입보다 어려운 탈퇴·철회", "Harder to leave than to join"),
    severity=Severity.ERROR,
    rests_on=(*PROCEDURE, LEAVING),
    applies=applies,
    check=check,
    wrong="rights: {withdrawal: {channels: [post, email], menu: null}}\n",
    right="rights: {withdrawal: {channels: [menu, post, email], menu: {ko: 동의 관리, en: Consents}}}\n",
    about=Words(
        """
가입보다 어려운 탈퇴나 동의의 철회.

몇 번 눌러 가입했으면 몇 번 눌러 나갈 수 있어야 합니다. 권리를 행사하는 방법은 개인정보를 수집한 방법보다
어렵지 않아야 하고(「개인정보 보호법」 제38조제4항), 통신판매업자는 탈퇴를 가입보다 복잡하게 하거나 다른
방법으로만 하게 할 수 없습니다(「전자상거래 등에서의 소비자보호에 관한 법률」 제21조의2제1항제4호).
보호책임자에게 보내는 우편도 한 방법일 수 있으나 메뉴도 있어야 합니다.
""",
        __doc__,
    ),
)
