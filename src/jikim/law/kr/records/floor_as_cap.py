"""A least period, used as if it were the most.

Logs are of two kinds that share a name. What a telecommunications operator keeps of its users' visits is kept three
months or longer. What the privacy standards want is the log of those who handle personal data: a year, or two where
many people or sensitive data are concerned. A line that keeps 접속기록 for three months promises to destroy the second
kind too early. Say which log is meant, and keep each for its own time.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned, record_meant
from jikim.law.counting import may_outlast
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.period import NO_PERIOD, Period
from jikim.source import Path, Severity

LOG = "kr.pipa.access-log"
_LOGS = ("접속기록",)
_HANDLERS = ("취급자", "관리자 접속", "처리시스템", "processing system")


def check(reading: Reading) -> Iterator[Finding]:
    """Logs of handlers, or logs that may be those, that go before their time."""
    least = reading.facts[LOG].period
    if least is None:
        return
    policy = reading.policy
    for name, kept in policy.kept_by_law.items():
        row = record_meant(kept, of="kr", in_force_on=reading.day)
        period = kept.as_stated or (row.period if row else None)
        labels = [kept.label, *(policy.items[item].label for item in kept.items if item in policy.items)]
        named = any(mentioned(label, (*_LOGS, *_HANDLERS)) for label in labels)
        if named and period and may_outlast(least, period):
            yield _finding(("kept_by_law", name), period, least)
    for name, each in policy.processing.items():
        named = any(
            mentioned(policy.items[item].label, _HANDLERS) for item in each.items.all & policy.items.keys()
        )
        for clock in each.keep.clocks if each.keep else ():
            if named and clock.period != NO_PERIOD and may_outlast(least, clock.period):
                yield _finding(("processing", name, "keep"), clock.period, least)


def _finding(path: Path, period: Period, least: Period) -> Finding:
    return Finding(
        path,
        Words(
            f"취급자의 접속기록까지 {period.korean()} 만에 파기하는 것으로 읽힙니다",
            f"this reads as if the log of those who handle personal data went after {period}",
        ),
        Words(
            f"이용자의 로그와 나누고, 취급자의 접속기록에는 이렇게 적습니다: `law: {LOG}`, `after: recorded`",
            f"set users' logs apart, and for the log of handlers write `law: {LOG}`, `after: recorded` ({least})",
        ),
    )


RULE = Rule(
    code="L-05",
    name="floor-as-cap",
    title=Words("하한을 상한처럼 적은 기간", "A least period used as the most"),
    severity=Severity.WARNING,
    rests_on=(LOG,),
    check=check,
    wrong="""
kept_by_law:
  logs: {label: 접속기록, law: kr.telecom.log, after: recorded, items: [ip]}
""",
    right="""
kept_by_law:
  logs: {label: 방문에 관한 기록, law: kr.telecom.log, after: recorded, items: [ip]}
""",
    about=Words(
        """
적어도 지켜야 하는 기간을 길어야 그만큼인 것처럼 적은 글.

접속기록이라고 불리는 것은 두 가지입니다. 전기통신사업자가 이용자의 접속에 관하여 남기는 통신사실확인자료는
3개월 이상 보존합니다. 「개인정보의 안전성 확보조치 기준」 제8조가 요구하는 것은 개인정보취급자의
접속기록으로서 1년 이상, 많은 사람의 정보나 민감정보 등을 다루면 2년 이상 보관합니다. 접속기록을 3개월
보관한다는 문장은 뒤의 것을 너무 일찍 파기하겠다는 약속이 됩니다. 어느 기록인지 밝히고 각각의 기간 동안
보관합니다.
""",
        __doc__,
    ),
)
