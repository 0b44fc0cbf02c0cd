"""A length of time that begins nowhere.

"One year" ends on a day only if one knows on which it began. Name the fact that starts it: that the record was made,
that somebody left, that a contract was performed. The one that favours the person, usually the earliest, is the one
they may hold you to.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.retention import RetentionRule
from jikim.policy.triggers import UNSTATED
from jikim.source import Path, Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each clock of which nothing says when it starts."""
    for path, rule in _rules(reading.policy):
        for clock in rule.clocks if rule else ():
            if clock.trigger == UNSTATED:
                yield Finding(
                    path,
                    Words(
                        f"`{clock.period.korean()}`의 기산점이 없습니다",
                        f"nothing says when `{clock.period}` begins",
                    ),
                    Words(
                        f"`{clock.period} after recorded`처럼 시작하는 때를 적습니다",
                        f"write what starts it, such as `{clock.period} after recorded`",
                    ),
                )


def _rules(policy: Policy) -> Iterator[tuple[Path, RetentionRule | None]]:
    for id, processing in policy.processing.items():
        yield ("processing", id, "keep"), processing.keep
    for id, provision in policy.provisions.items():
        yield ("provisions", id, "keep"), provision.keep
    for id, entrustment in policy.entrustments.items():
        yield ("entrustments", id, "keep"), entrustment.keep
    for id, transfer in policy.transfers.items():
        yield ("transfers", id, "keep"), transfer.keep
    if policy.cookies:
        for id, cookie in policy.cookies.each.items():
            yield ("cookies", "each", id, "keep"), cookie.keep


RULE = Rule(
    code="L-29",
    name="period-without-start",
    title=Words("기산점이 없는 기간", "A period that does not say when it starts"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.period",),
    check=check,
    wrong="""
processing:
  abuse-prevention: {keep: 1 year after unstated}
""",
    right="""
processing:
  abuse-prevention: {keep: 1 year after recorded}
""",
    about=Words(
        """
어디에서 시작하는지 알 수 없는 기간.

“1년”은 어느 날부터인지 알아야 끝나는 날이 있습니다. 기록한 때, 탈퇴한 때, 계약을 이행한 때와 같이 기간을
시작하게 하는 사실을 적습니다. 적지 않으면 정보주체에게 유리한 것, 대개 가장 이른 것을 주장할 수 있습니다.
""",
        __doc__,
    ),
)
