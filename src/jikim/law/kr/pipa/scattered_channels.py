"""One right in the menus, its neighbour by letter only.

Who sees their data in a menu wants to correct it there. Where one right is used online and another, which needs no
more, only through the officer, people look in vain; and asking is harder than giving the data was.
"""

from collections.abc import Iterator

from jikim.law.kr.pipa.leaving_harder import PROCEDURE, online
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import Right
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each right that is left out of what is online."""
    rules = {right: rule for right, rule in reading.policy.rights.rules.items() if rule.granted}
    there = next((right for right, rule in rules.items() if online(rule)), None)
    if there is None:
        return
    for right in (Right.ACCESS, Right.CORRECTION, Right.SUSPENSION):
        rule = rules.get(right)
        if rule and rule.channels and not online(rule):
            yield Finding(
                ("rights", right.value, "channels"),
                Words(
                    f"{there.korean} 요구는 서비스 안에서 받으면서 {right.korean} 요구는 서비스 밖에서만 받습니다",
                    f"`{there}` is asked for in the service, and `{right}` only outside of it",
                ),
                Words(
                    f"서비스 안에서도 받습니다: `channels: [{', '.join(('menu', *rule.channels))}]`",
                    f"take it in the service, too: `channels: [{', '.join(('menu', *rule.channels))}]`",
                ),
            )


RULE = Rule(
    code="L-61",
    name="scattered-channels",
    title=Words("흩어진 창구", "Channels that differ from right to right"),
    severity=Severity.WARNING,
    rests_on=PROCEDURE,
    check=check,
    wrong="rights: {correction: {channels: [post, email], menu: null}}\n",
    right="rights: {correction: {channels: [menu, post, email], menu: {ko: 내 정보, en: My data}}}\n",
    about=Words(
        """
한 권리는 메뉴에 있고 이웃한 권리는 우편으로만 되는 창구.

메뉴에서 자기의 정보를 보는 사람은 거기에서 고치려고 합니다. 한 권리는 서비스 안에서 쓰고 그보다 더 필요한
것이 없는 다른 권리는 보호책임자를 거쳐야만 한다면 찾지 못하고, 수집할 때보다 어려워집니다(「개인정보
보호법」 제38조제4항).
""",
        __doc__,
    ),
)
