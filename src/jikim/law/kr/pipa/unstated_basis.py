"""Data that is processed on a basis that is not named.

Without consent data may be processed on six other bases, and the law wants those items and their basis published, or
told, apart from what people agreed to. A policy that names no basis leaves its readers to guess what they could refuse.
As the law also lets a service tell this in another way, such as by e-mail, it is a warning and no error. Marketing has
one basis only, and a rule of its own.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

_USUAL: Final = ("kr.bases.consent", "kr.bases.contract", "kr.bases.law", "kr.bases.legitimate-interest")
"""Those of the seven that a private service may have."""
_DEMANDED: Final = ("kr.contents.without-consent", "kr.bases.closed")


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing whose basis is unstated, marketing aside."""
    bases = ", ".join(f"`{word}`" for name in _USUAL for word in reading.facts[name].words)
    for name, processing in reading.policy.processing.items():
        if processing.basis is None and processing.marketing is None:
            yield Finding(
                ("processing", name, "basis"),
                Words(f"`{name}` 처리의 법적 근거를 적지 않았습니다", f"nothing says what allows `{name}`"),
                Words(
                    f"이 처리를 허용하는 근거를 `basis`에 적습니다: {bases} 등",
                    f"write in `basis` what allows it: {bases} or another",
                ),
                rests_on=_DEMANDED,
            )


RULE = Rule(
    code="L-33",
    name="unstated-basis",
    title=Words("근거가 없는 처리", "Processing without a legal basis"),
    severity=Severity.WARNING,
    rests_on=(*_DEMANDED, *_USUAL),
    check=check,
    wrong="""
processing:
  abuse-prevention: {basis: unstated}
""",
    right="""
processing:
  abuse-prevention: {basis: legitimate-interest}
""",
    about=Words(
        """
근거를 밝히지 않은 처리.

동의 없이 처리할 수 있는 근거는 여섯 가지이며, 그러한 항목과 처리의 근거는 동의를 받아 처리하는 것과
구분하여 공개하거나 알려야 합니다(「개인정보 보호법」 제22조제3항). 근거를 밝히지 않으면 읽는 사람은 무엇을
거부할 수 있는지 짐작할 뿐입니다. 전자우편 등 다른 방법으로 알릴 수도 있으므로 오류가 아니라 경고입니다.
광고의 근거는 하나뿐이어서 다른 규칙이 봅니다.
""",
        __doc__,
    ),
)
