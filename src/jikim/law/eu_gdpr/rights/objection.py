"""Direct marketing without a way out.

Whoever receives advertising may object at any time, whatever it rests on, and then it stops. Where it rests on consent,
to withdraw it does the same.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import LegalBasis
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that advertises and that no right ends."""
    rights = reading.policy.rights
    stoppable = rights.suspension is not None and rights.suspension.granted
    withdrawable = rights.withdrawal is not None and rights.withdrawal.granted
    for name, each in reading.policy.processing.items():
        ends = stoppable or (withdrawable and each.basis is LegalBasis.CONSENT)
        if each.marketing and not ends:
            yield Finding(
                ("processing", name, "marketing"),
                Words("광고를 거부할 방법이 없습니다", "nothing says how to object to this advertising"),
                Words(
                    "이렇게 적습니다: `suspension: {channels: [menu, email], …}`",
                    "write `suspension: {channels: [menu, email], …}`",
                ),
                at="key",
            )


RULE = Rule(
    code="G-07",
    name="marketing-objection",
    title=Words("마케팅에 대한 반대", "Objecting to marketing"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.rights.objection",),
    check=check,
    wrong="""
law: [kr, eu-gdpr]
rights: {suspension: null, withdrawal: null}
""",
    right="law: [kr, eu-gdpr]\n",
    about=Words(
        """
빠져나갈 길이 없는 직접 마케팅.

광고를 받는 사람은 근거가 무엇이든 언제나 반대할 수 있고, 반대하면 그칩니다(GDPR 제21조제2항, 제3항). 동의를
근거로 한다면 동의를 철회하는 것이 같은 일을 합니다.
""",
        __doc__,
    ),
)
