"""A safeguard that the standard no longer asks for.

To renew passwords at fixed intervals is no duty of the present standard: it makes people choose weaker ones. As a
promise it binds all the same, and somebody must be able to show that it is kept. Keep it with its interval, or
replace it by what the standard does ask for: limits on failed sign-ins and strong authentication from outside.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Path, Severity

NO_DUTY = "kr.safeguards.not-monthly"
_RENEW = (
    *("비밀번호의 주기적 변경", "비밀번호를 주기적으로 변경", "비밀번호를 정기적으로 변경"),
    "change your password regularly",
)


def check(reading: Reading) -> Iterator[Finding]:
    """Each such measure, and each statement that asks the same of people."""
    kinds = reading.facts[NO_DUTY].words
    for name, safeguard in reading.policy.safeguards.items():
        if safeguard.kind in kinds:
            yield _finding(("safeguards", name, "kind"))
    for place, statement in enumerate(reading.policy.statements):
        if mentioned(statement.text, _RENEW):
            yield _finding(("statements", place, "text"))


def _finding(path: Path) -> Finding:
    return Finding(
        path,
        Words(
            "비밀번호의 주기적 변경은 이제 의무가 아닙니다",
            "to renew passwords at intervals is no duty any more",
        ),
        Words(
            "약속으로 두려면 주기(`every`)를 적고, 아니면 지웁니다",
            "as a promise, say how often (`every`); else take it out",
        ),
    )


RULE = Rule(
    code="L-76",
    name="outdated-safeguard",
    title=Words("의무가 아닌 안전조치", "A safeguard of another day"),
    severity=Severity.INFO,
    rests_on=(NO_DUTY,),
    check=check,
    wrong="""
safeguards:
  renewal: {kind: password-renewal, text: {ko: 비밀번호를 석 달마다 바꿉니다., en: Passwords are renewed.}}
""",
    right="""
safeguards:
  lock: {kind: access-control, text: {ko: 인증에 실패하면 접근을 제한합니다., en: Failed sign-ins are limited.}}
""",
    about=Words(
        """
이제 기준이 요구하지 않는 안전조치.

비밀번호를 일정한 주기로 바꾸게 하는 것은 지금의 「개인정보의 안전성 확보조치 기준」이 요구하는 것이 아니며,
오히려 더 약한 비밀번호를 고르게 합니다. 그래도 약속하면 구속되고 지키고 있음을 보일 수 있어야 합니다.
주기와 함께 그대로 두거나, 기준이 요구하는 것, 곧 인증에 거듭 실패할 때의 제한과 외부에서 접속할 때의 안전한
인증으로 바꿉니다.
""",
        __doc__,
    ),
)
