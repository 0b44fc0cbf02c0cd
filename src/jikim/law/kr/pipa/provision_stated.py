"""A third party of whom less is said than the law wants.

Of everybody who receives data for their own purpose a policy tells four things: who it is, for what, which items, and
how long they keep them. A row that leaves one of them out does not let people judge what they agree to.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.law.examples import given_to_a_courier
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

TOLD: Final[Mapping[str, tuple[Words, str]]] = {
    "recipient": (Words("받는 자", "who receives the data"), "recipient: {name: …, country: KR}"),
    "purpose": (Words("받는 자의 목적", "the recipient's purpose"), "purpose: …"),
    "items": (Words("제공하는 항목", "which items are given"), "items: [name, …]"),
    "keep": (Words("받는 자의 보유 기간", "how long the recipient keeps them"), "keep: until purpose met"),
}
"""What is told of a provision, by its key, and how it is written."""


def applies(reading: Reading) -> bool:
    """Where anything is provided."""
    return bool(reading.policy.provisions)


def check(reading: Reading) -> Iterator[Finding]:
    """Each thing that is not told."""
    for id, provision in reading.policy.provisions.items():
        for key, (what, written) in TOLD.items():
            if getattr(provision, key) is None:
                yield Finding(
                    ("provisions", id, key),
                    Words(f"`{id}` 제공에 빠진 것이 있습니다: {what.ko}", f"`{id}` does not say {what.en}"),
                    Words(f"`{written}`처럼 적습니다", f"write such as `{written}`"),
                )


RULE = Rule(
    code="L-48",
    name="provision-stated",
    title=Words("제3자 제공에서 밝힐 것", "What is told of a provision"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.provision",),
    applies=applies,
    check=check,
    wrong=given_to_a_courier(keep="unstated"),
    right=given_to_a_courier(),
    about=Words(
        """
법이 요구하는 것보다 적게 말한 제3자 제공.

제3자에게 제공하면 네 가지를 밝힙니다. 받는 자, 받는 자의 이용 목적, 제공하는 항목, 받는 자의 보유 및
이용기간입니다(「개인정보 보호법」 제30조제1항제3호). 하나라도 빠지면 무엇에 동의하는지 판단할 수 없습니다.
""",
        __doc__,
    ),
)
