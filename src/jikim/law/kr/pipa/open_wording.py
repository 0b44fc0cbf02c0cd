"""Words that leave a list open.

"등" at the end of a list of items, "may be collected", "as needed": whoever reads them cannot know what is collected,
and consent to them is consent to nothing in particular. Close the list; what is really collected only sometimes gets
a line of its own that says when. A reservation such as "we may entrust work in future" discloses nothing: who does
the work is named when it happens.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.parts import LocalText
from jikim.source import Path, Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each purpose and each list of items left open, and each reservation."""
    for name, each in reading.policy.processing.items():
        for path, words in ((("open",), each.open), (("items", "open"), each.items.open)):
            if words is not None:
                yield _finding(("processing", name, *path), words)
    for place, statement in enumerate(reading.policy.statements):
        if statement.kind == "reservation":
            yield Finding(
                ("statements", place, "text"),
                Words("앞으로 할 수 있다는 말은 공개가 아닙니다", "to say that one may is not to disclose"),
                Words("지우고, 하게 될 때 그 내용을 적습니다", "take it out, and say it when it happens"),
            )


def _finding(path: Path, words: LocalText) -> Finding:
    said = Words(*(words.of(language) or "" for language in ("ko", "en")))
    return Finding(
        path,
        Words(f"열린 표현입니다: `{said.ko or said.en}`", f"`{said.en or said.ko}` leaves the list open"),
        Words("모두 적고 `open`을 지웁니다", "name everything, and remove `open`"),
    )


RULE = Rule(
    code="L-28",
    name="open-wording",
    title=Words("열린 표현", "Open wording"),
    severity=Severity.INFO,
    rests_on=("kr.contents.items-named",),
    check=check,
    wrong="""
processing:
  orders: {open: {ko: 등, en: and the like}}
""",
    right="""
processing:
  orders: {purpose: {ko: 주문의 이행과 환불, en: To carry out orders and refund them}}
""",
    about=Words(
        """
목록을 열어 두는 말.

항목의 끝에 붙은 “등”, “수집될 수 있습니다”, “필요에 따라”로는 무엇을 수집하는지 알 수 없고, 그에 대한
동의는 아무것도 특정하지 않은 동의입니다. 목록을 닫고, 실제로 때에 따라 수집하는 것은 언제인지를 밝혀 따로
적습니다. “앞으로 위탁할 수 있습니다”와 같은 유보는 아무것도 알리지 않습니다. 누가 하는지는 그때에 밝힙니다.
""",
        __doc__,
    ),
)
