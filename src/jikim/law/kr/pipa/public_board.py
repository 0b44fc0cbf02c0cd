"""A request that is made on a public board.

A request names the person and often what it is about. On a board that everybody reads it tells the world. Take such
requests on a private board, by mail or in a menu.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A board among the channels: once, at the first right that is asked for there."""
    rules = reading.policy.rights.rules
    there = [right for right, rule in rules.items() if "board" in rule.channels]
    if there:
        first = rules[there[0]].channels
        names = ", ".join(f"`{right}`" for right in there)
        korean = "·".join(right.korean for right in there)
        yield Finding(
            ("rights", there[0].value, "channels", first.index("board")),
            Words(
                f"누구나 보는 게시판에서 {korean} 요구를 받는다고 합니다",
                f"{names} may be asked for on a board that everybody can read",
            ),
            Words("`board`를 `private-board`로 바꿉니다", "write `private-board` in the place of `board`"),
        )


RULE = Rule(
    code="L-58",
    name="public-board",
    title=Words("공개 게시판에서의 요구", "Requests on a public board"),
    severity=Severity.WARNING,
    rests_on=("kr.safeguards.least-privilege",),
    check=check,
    wrong="rights: {access: {channels: [menu, board]}}\n",
    right="rights: {access: {channels: [menu, private-board]}}\n",
    about=Words(
        """
누구나 읽는 게시판에서 받는 요구.

요구에는 누구인지와 무엇에 관한 것인지가 드러납니다. 모두가 읽는 게시판에 적으면 모두에게 알려집니다. 비공개
게시판, 우편이나 전자우편, 메뉴에서 받습니다.
""",
        __doc__,
    ),
)
