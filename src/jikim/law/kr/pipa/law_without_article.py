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
                    "`under: 개인정보 보호법 제36조`처럼 법률과 조를 적습니다",
                    "write the law and the article, such as `under: 개인정보 보호법 제36조`",
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
    about=__doc__,
)
