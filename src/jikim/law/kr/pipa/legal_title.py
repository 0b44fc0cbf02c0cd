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
            ("title", "ko") if "ko" in reading.policy.title.root else ("title",),
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
    about=Words(
        """
법이 정한 명칭을 쓰지 않는 처리방침.

「표준 개인정보 보호지침」 제20조는 “개인정보 처리방침”이라는 명칭을 쓰게 합니다. 정보주체도, 검색도,
점검하는 사람도 그 이름을 찾습니다. 취급방침, 보호정책과 같은 이름은 없어진 법에서 온 것입니다. 법이 정한
명칭으로 고칩니다. 다른 언어판에서는 번역해도 됩니다.
""",
        __doc__,
    ),
)
