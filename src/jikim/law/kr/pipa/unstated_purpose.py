"""Items that are taken for no purpose that anybody could read.

The purpose limits everything else: what may be taken, on which basis, how long, and what it may be used for. Without
one nothing is limited. Say what the items are for, or do not take them.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing whose purpose is unstated."""
    for name, processing in reading.policy.processing.items():
        if processing.purpose is None:
            yield Finding(
                ("processing", name, "purpose"),
                Words(f"`{name}` 처리의 목적을 적지 않았습니다", f"nothing says what `{name}` is for"),
                Words(
                    "`purpose: {ko: …, en: …}`에 무엇을 하려고 처리하는지 적습니다",
                    "write in `purpose: {ko: …, en: …}` what the items are for",
                ),
            )


RULE = Rule(
    code="L-32",
    name="unstated-purpose",
    title=Words("목적이 없는 처리", "Processing without a purpose"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.purpose",),
    check=check,
    wrong="""
processing:
  abuse-prevention: {purpose: unstated}
""",
    right="""
processing:
  abuse-prevention: {purpose: {ko: 부정 이용 방지, en: To prevent abuse}}
""",
    about=__doc__,
)
