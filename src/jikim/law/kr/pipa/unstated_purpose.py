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
    about=Words(
        """
무엇을 위한 것인지 읽을 수 없는 처리.

목적은 무엇을, 어떤 근거로, 얼마 동안, 어디까지 쓸 수 있는지를 모두 정합니다(「개인정보 보호법」
제30조제1항제1호). 목적이 없으면 아무런 한계가 없습니다. 무엇을 위한 것인지 적거나 수집하지 않습니다.
""",
        __doc__,
    ),
)
