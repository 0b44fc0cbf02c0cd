"""A resident registration number without a statute that asks for it.

Nobody may take it on consent: an act or a decree must ask for it, or somebody's life, body or property must be in
urgent need. Name the provision, or take something else that tells people apart. To say that it is not taken "unless
the person agrees" announces what the law forbids.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import DataCategory
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that takes it on another basis, and a promise that consent undoes."""
    policy = reading.policy
    bases = (*reading.facts["kr.bases.law"].words, *reading.facts["kr.bases.vital-interest"].words)
    numbers = {name for name, item in policy.items.items() if item.category is DataCategory.RESIDENT_NUMBER}
    for name, processing in policy.processing.items():
        if numbers & processing.items.all and processing.basis not in bases:
            yield Finding(
                ("processing", name, "basis"),
                Words(
                    f"`{name}` 처리는 주민등록번호를 법령의 근거 없이 받습니다",
                    f"`{name}` takes a resident registration number, and no statute asks for it",
                ),
                Words(
                    "주민등록번호를 받지 않거나, `basis: law`와 `under`에 처리를 요구하는 조문을 적습니다",
                    "stop taking it, or write `basis: law` and the article that asks for it in `under`",
                ),
            )
    for place, never in enumerate(policy.never_collect):
        if never.what == DataCategory.RESIDENT_NUMBER.value and never.unless:
            yield Finding(
                ("never_collect", place, "unless"),
                Words(
                    "동의를 받으면 주민등록번호를 받을 수 있는 것처럼 적었습니다",
                    "a resident registration number is said to be taken of who agrees",
                ),
                Words("`unless: consent`를 지웁니다", "remove `unless: consent`"),
            )


RULE = Rule(
    code="L-39",
    name="resident-number",
    title=Words("주민등록번호", "Resident registration numbers"),
    severity=Severity.ERROR,
    rests_on=("kr.bases.resident-number", "kr.bases.law", "kr.bases.vital-interest"),
    check=check,
    wrong="""
never_collect: [under-14, {what: resident-number, unless: consent}]
""",
    right="""
never_collect: [under-14, resident-number]
""",
    about=Words(
        """
법령의 근거가 없는 주민등록번호.

주민등록번호는 동의로 받을 수 없습니다. 법률이나 대통령령 등이 구체적으로 요구하거나 허용하거나, 급박한
생명·신체·재산의 이익을 위하여 명백히 필요해야 합니다(「개인정보 보호법」 제24조의2제1항). 조문을 적거나
다른 것으로 사람을 구분합니다. “동의하지 않는 한 수집하지 않는다”는 말은 법이 금지한 것을 예고하는 것입니다.
""",
        __doc__,
    ),
)
