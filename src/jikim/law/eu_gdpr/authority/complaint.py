"""Nobody to complain to.

People are told that they may complain to a supervisory authority. Name one: of a service's own country, or where its
people live.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A policy that names no agency."""
    if not reading.policy.agencies:
        yield Finding(
            ("agencies",),
            Words("민원을 낼 감독기관이 없습니다", "no authority is named to complain to"),
            Words(
                "이렇게 적습니다: `agencies: [{name: …, url: …}]`", "write `agencies: [{name: …, url: …}]`"
            ),
            at="key",
        )


RULE = Rule(
    code="G-09",
    name="authority-to-complain-to",
    title=Words("감독기관에 대한 민원", "An authority to complain to"),
    severity=Severity.WARNING,
    rests_on=("eu-gdpr.authority.complaint",),
    check=check,
    wrong="""
law: [kr, eu-gdpr]
agencies: null
""",
    right="law: [kr, eu-gdpr]\n",
    about=Words(
        """
민원을 낼 곳이 없는 처리방침.

감독기관에 민원을 낼 수 있다는 것을 알립니다(GDPR 제13조제2항(d), 제77조). 서비스가 있는 나라의 기관이나
이용자가 사는 나라의 기관을 적습니다.
""",
        __doc__,
    ),
)
