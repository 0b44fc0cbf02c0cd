"""A policy that is not called by its name in the law.

People look for 개인정보 처리방침, and a search engine or an inspector does, too. Older names (취급방침, 보호정책)
come from laws that are gone. Write the legal name; other languages may translate it.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import LEGAL_TITLE
from jikim.source import Severity

LEGAL = LEGAL_TITLE.root["ko"]


def check(reading: Reading) -> Iterator[Finding]:
    """The title, and every other name that the text gives itself."""
    title = reading.policy.title.of("ko")
    if title and title != LEGAL:
        yield Finding(
            ("title",),
            Words(f"제목이 `{title}`입니다", f"the title is `{title}`"),
            Words(f"`title`을 지우거나 `{LEGAL}`으로 씁니다", f"write `{LEGAL}`, or leave `title` out"),
            instead=LEGAL,
        )
    for place, name in enumerate(reading.policy.also_called):
        if name.replace(" ", "") != LEGAL.replace(" ", ""):
            yield Finding(
                ("also_called", place),
                Words(f"본문은 `{name}`이라고도 합니다", f"the text also calls itself `{name}`"),
                Words(f"`{LEGAL}`으로 통일합니다", f"call it `{LEGAL}` throughout"),
            )


RULE = Rule(
    code="L-02",
    name="legal-title",
    title=Words("처리방침의 명칭", "The policy's name"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.title",),
    check=check,
    wrong="title: 개인정보 취급방침\n",
    right="title: 개인정보 처리방침\n",
    about=__doc__,
)
