"""A list of contents that is not the contents.

The list sends readers to chapters that are called otherwise, or are not there. Make the list from the headings: the
page that `jikim render` writes has no other.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from jikim.law.cited import plain
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Path, Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each entry that differs from its heading, spaces and marks aside; small words alone are worth a remark."""
    contents = reading.policy.contents
    if contents is None:
        return
    for place, (listed, heading) in enumerate(zip_longest(contents.listed, contents.headings)):
        if listed is None or heading is None:
            yield _one_sided(place, listed, heading)
        elif plain(listed) != plain(heading):
            yield Finding(
                ("contents", "listed", place),
                Words(
                    f"목차(`{listed}`)가 본문 제목(`{heading}`)과 다릅니다",
                    f"the list says `{listed}`, the heading `{heading}`",
                ),
                Words(f"제목대로 적습니다: `{heading}`", f"write `{heading}`"),
                severity=Severity.INFO if _bare(listed) == _bare(heading) else None,
                instead=heading,
            )


def _one_sided(place: int, listed: str | None, heading: str | None) -> Finding:
    if heading is None:
        path: Path = ("contents", "listed", place)
        says = Words(f"목차에만 있는 장입니다: `{listed}`", f"`{listed}` is in the list and nowhere else")
        return Finding(path, says, Words("목차에서 지웁니다", "take it out of the list"))
    return Finding(
        ("contents", "headings", place),
        Words(f"목차에 없는 장입니다: `{heading}`", f"the list lacks `{heading}`"),
        Words("목차에 더합니다", "add it to the list"),
    )


def _bare(text: str) -> str:
    """Without the particle and the pronoun that change nothing."""
    return re.sub("[의그]", "", plain(text))


RULE = Rule(
    code="L-75",
    name="contents-differ",
    title=Words("목차와 본문의 제목", "The list of contents"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.items-named",),
    check=check,
    wrong="contents: {listed: [수집 및 이용방법], headings: [수집 및 이용목적]}\n",
    right="contents: {listed: [수집 및 이용목적], headings: [수집 및 이용 목적]}\n",
    about=Words(
        """
본문과 다른 차례.

차례가 가리키는 장이 다른 제목으로 되어 있거나 없습니다. 차례는 본문의 제목으로 만듭니다. `jikim render`가
만드는 글에는 그러한 차례밖에 없습니다.
""",
        __doc__,
    ),
)
