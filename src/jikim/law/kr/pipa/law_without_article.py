"""Processing that a law is said to allow, without saying which.

A legal duty is a basis only where a law sets it, and readers must be able to look it up. Write the law and the
article. Where the law has a record kept after its purpose is met, name it under `kept_by_law` instead, with its period.
"""

import re
from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import LegalBasis
from jikim.source import Severity

_ARTICLE: Final = re.compile(r"제\s*\d+\s*조|별표|\bart(icle|\.)?\s*\d+", re.IGNORECASE)


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing whose basis is a law, where no article is named."""
    for name, processing in reading.policy.processing.items():
        under = processing.under
        if processing.basis is LegalBasis.LAW and not (under and _ARTICLE.search(under)):
            named = f"`{under}`" if under else ""
            yield Finding(
                ("processing", name, "under" if under else "basis"),
                Words(
                    f"법령을 근거로 들면서 {named or '어느 법'}의 몇 조인지 적지 않았습니다",
                    f"the basis is {named or 'a law'}, and nothing says by which article",
                ),
                Words(
                    "`under: 국세기본법 제85조의3`처럼 법률과 조를 적습니다",
                    "write the law and the article, such as `under: 국세기본법 제85조의3`",
                ),
            )


RULE = Rule(
    code="L-35",
    name="law-without-article",
    title=Words("조문이 없는 법적 근거", "A law without its article"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.without-consent", "kr.bases.law"),
    check=check,
    wrong="""
processing:
  abuse-prevention: {basis: law}
""",
    right="""
processing:
  abuse-prevention: {basis: law, under: 개인정보 보호법 제29조}
""",
    about=Words(
        """
어느 법의 어느 조문인지 밝히지 않은 법적 의무.

법령상 의무는 법령이 정한 때에만 근거가 되며, 읽는 사람이 찾아볼 수 있어야 합니다(「개인정보 보호법」
제15조제1항제2호). 법률과 조문을 적습니다. 목적을 이룬 뒤에 법령이 보존하게 하는 것이라면 여기에 적지 않고
`kept_by_law`에 기간과 함께 적습니다.
""",
        __doc__,
    ),
)
