"""No day of effect, no version, or a change that is announced too late.

People must be able to tell which text holds since when. And a policy that promises to announce changes seven days
before has promised seven whole days: neither the day of the announcement nor that on which the change already holds
is one of them. Read leniently, one of the two counts; the finding shows both readings. An ordinary change is
measured here: whether a change matters more is known to whoever compares two versions.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.counting import days_of_notice, first_effective_day
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.source import Severity

VERSIONS: Final = "kr.contents.versions"
PROMISE: Final = ("kr.contents.better-binds", "kr.counting.first-day")


def check(reading: Reading) -> Iterator[Finding]:
    """What is missing, and a notice that is shorter than promised."""
    policy = reading.policy
    if policy.effective is None:
        yield Finding(
            ("effective",),
            Words("시행일이 없습니다", "the day of effect is missing"),
            Words("`effective: 2026-01-12`처럼 적습니다", "write such as `effective: 2026-01-12`"),
            rests_on=(VERSIONS,),
        )
    if policy.version is None:
        yield Finding(
            ("version",),
            Words("판 번호가 없습니다", "the version is missing"),
            Words('`version: "1.0"`처럼 적습니다', 'write such as `version: "1.0"`'),
            rests_on=(VERSIONS,),
        )
    if policy.notice is None:
        return
    if policy.announced is None:
        yield Finding(
            ("announced",),
            Words(
                f"변경 {policy.notice.ordinary.korean()} 전에 알린다면서 알린 날이 없습니다",
                f"a change is announced `{policy.notice.ordinary}` before, and the day of announcement is missing",
            ),
            Words("`announced: 2026-01-02`처럼 적습니다", "write such as `announced: 2026-01-02`"),
            severity=Severity.WARNING,
            rests_on=(VERSIONS, PROMISE[0]),
        )
    yield from _too_late(policy)


def _too_late(policy: Policy) -> Iterator[Finding]:
    """The notice that was promised of an ordinary change, held against the days there are."""
    announced, effective, notice = policy.announced, policy.effective, policy.notice
    if not (announced and effective and notice):
        return
    first = first_effective_day(notice.ordinary, announced, reading="strict")
    if effective >= first:
        return
    strict = days_of_notice(announced, effective, reading="strict")
    lenient = days_of_notice(announced, effective, reading="lenient")
    borderline = effective >= first_effective_day(notice.ordinary, announced, reading="lenient")
    yield Finding(
        ("effective",),
        Words(
            f"{notice.ordinary.korean()} 전에 알린다고 하였으나 두 날 사이의 온전한 날은 {strict}일이고, "
            f"한쪽 끝을 세어야 {lenient}일입니다",
            f"`{notice.ordinary}` were promised; {strict} full days lie between, and {lenient} if one end is counted",
        ),
        Words(f"`effective: {first}` 또는 그 뒤로 합니다", f"write `effective: {first}` or later"),
        severity=Severity.WARNING if borderline else Severity.ERROR,
        rests_on=PROMISE,
    )


RULE = Rule(
    code="L-25",
    name="dates",
    title=Words("시행일과 알린 날", "Since when, and announced when"),
    severity=Severity.ERROR,
    rests_on=(VERSIONS, *PROMISE),
    check=check,
    wrong="""
announced: 2026-01-02
effective: 2026-01-09
notice: {ordinary: 7 days}
""",
    right="""
announced: 2026-01-02
effective: 2026-01-10
notice: {ordinary: 7 days}
""",
    about=Words(
        """
시행일이나 버전이 없거나 너무 늦게 알린 변경.

어느 글이 언제부터 적용되는지 알 수 있어야 합니다(「표준 개인정보 보호지침」 제21조). 7일 전에 알린다고
약속했다면 온전한 이레를 약속한 것이며, 알린 날과 시행하는 날은 거기에 들지 않습니다(「민법」 제157조).
느슨하게 읽으면 둘 가운데 하루는 셀 수 있고, 두 가지 셈을 함께 보입니다. 여기에서는 일반 변경의 기간으로
셉니다. 중요한 변경인지는 두 버전을 견주어 보아야 알 수 있습니다.
""",
        __doc__,
    ),
)
