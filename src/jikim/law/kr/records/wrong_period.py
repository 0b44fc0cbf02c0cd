"""A record kept by law, with a period that the law does not set.

Too short breaks that law; too long has no basis in it, so that the data ought to have been destroyed. Best is not to
write the number at all: `law:` names the record, and jikim reads its period, and what starts it, from the law.
"""

from collections.abc import Iterator

from jikim.law.cited import record_meant
from jikim.law.pack import StatutoryRetention
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import StatutoryRetention as Kept
from jikim.policy.period import Period
from jikim.source import Path, Severity


def applies(reading: Reading) -> bool:
    """Where something is kept by law."""
    return bool(reading.policy.kept_by_law)


def check(reading: Reading) -> Iterator[Finding]:
    """Each period, and each start, that differs from the law's."""
    for name, kept in reading.policy.kept_by_law.items():
        row = record_meant(kept, of="kr", in_force_on=reading.day)
        if row is not None:
            yield from _against(("kept_by_law", name), kept, row)


def _against(path: Path, kept: Kept, row: StatutoryRetention) -> Iterator[Finding]:
    if kept.as_stated and row.period and _in_months(kept.as_stated) != _in_months(row.period):
        more = {"minimum": ("이상", "at least "), "maximum": ("이내", "at most "), "fixed": ("", "")}[
            row.kind
        ]
        lawful = Words(f"{row.period.korean()} {more[0]}".strip(), f"{more[1]}{row.period}")
        yield Finding(
            (*path, "as_stated"),
            Words(
                f"적힌 기간({kept.as_stated.korean()})이 법이 정한 기간({lawful.ko})과 다릅니다",
                f"the period stated, {kept.as_stated}, is not the law's, which is {lawful.en}",
            ),
            Words(
                f"`cites`와 `as_stated` 대신 이렇게 적습니다: {_pasted(row)}",
                f"instead of `cites` and `as_stated` write {_pasted(row)}",
            ),
            rests_on=(row.key,),
        )
    if kept.after and row.starts and kept.after != row.starts:
        yield Finding(
            (*path, "after"),
            Words(
                f"기산점(`{kept.after}`)이 법과 다릅니다",
                f"`{kept.after}` is not what starts the law's period",
            ),
            Words(f"이렇게 적습니다: `after: {row.starts}`", f"write `after: {row.starts}`"),
            rests_on=(row.key,),
        )


def _in_months(period: Period) -> Period:
    return Period(12 * period.count, "months") if period.unit == "years" else period


def _pasted(row: StatutoryRetention) -> str:
    return f"`law: {row.key}`, `after: {row.starts or '…'}`, `items: […]`"


RULE = Rule(
    code="L-04",
    name="wrong-period",
    title=Words("법과 다른 보존기간", "A period that the law does not set"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.held-by-law",),
    applies=applies,
    check=check,
    wrong="""
kept_by_law:
  visits: {label: 방문에 관한 기록, cites: 통신비밀보호법, as_stated: 3 years, items: [ip]}
""",
    right="""
kept_by_law:
  visits: {law: kr.telecom.log, after: recorded, items: [ip]}
""",
    about=Words(
        """
법이 정한 것과 다른 기간으로 보존하는 기록.

너무 짧으면 그 법을 어기고, 너무 길면 보존할 근거가 없어 이미 파기했어야 합니다(「개인정보 보호법」 제21조).
숫자를 적지 않는 것이 가장 좋습니다. `law:`에 기록의 이름을 적으면 기간과 기산점을 법에서 읽습니다.
""",
        __doc__,
    ),
)
