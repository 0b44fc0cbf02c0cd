"""A law that is cited without the record it has kept.

"We keep data as the Commercial Act and others demand" tells nobody what is kept and until when, and it can hide
everything. Each law stands with its record, its items and its period; a law under which nothing is kept is left out.
"""

from collections.abc import Iterator

from jikim.law.cited import dead_meant, law_of, record_meant
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import StatutoryRetention as Kept
from jikim.source import Path, Severity

_ROW = "`law: kr.…`, `after: …`, `items: […]`"


def applies(reading: Reading) -> bool:
    """Where something is kept by law."""
    return bool(reading.policy.kept_by_law)


def check(reading: Reading) -> Iterator[Finding]:
    """Laws without record or period; and, for information, laws and records that the pack does not have."""
    for name, kept in reading.policy.kept_by_law.items():
        path: Path = ("kept_by_law", name, "cites")
        if kept.law is not None:
            continue
        if lacking := _lacking(kept):
            yield Finding(
                path,
                Words(
                    f"법(`{kept.cites}`)만 들고 {lacking.ko}을 적지 않았습니다",
                    f"`{kept.cites}` is cited without {lacking.en}",
                ),
                Words(
                    f"보존하는 기록이 있으면 이렇게 적고, 없으면 `{name}` 항목을 지웁니다: {_ROW}",
                    f"write {_ROW} for what is kept, or remove `{name}`",
                ),
            )
        elif not dead_meant(kept, of="kr") and record_meant(kept, of="kr", in_force_on=reading.day) is None:
            yield _unknown(path, kept)


def _lacking(kept: Kept) -> Words | None:
    lacking = [
        words
        for words, value in (
            (Words("기록", "the record"), kept.label),
            (Words("기간", "its period"), kept.as_stated),
        )
        if value is None
    ]
    if not lacking:
        return None
    return Words("과 ".join(each.ko for each in lacking), " and ".join(each.en for each in lacking))


def _unknown(path: Path, kept: Kept) -> Finding:
    law = law_of(kept, of="kr")
    label = kept.label.of("ko") if kept.label else ""
    if law is None:
        says = Words(
            f"jikim이 모르는 법(`{kept.cites}`)입니다", f"`{kept.cites}` is a law that jikim does not know"
        )
    else:
        says = Words(
            f"{law}에서 이 기록(`{label}`)을 찾지 못했습니다",
            f"`{label}` is no record that jikim knows of that law",
        )
    check_it = Words(
        "조항과 기간을 확인하고, 근거가 없으면 지웁니다",
        "check article and period; without a basis, remove it",
    )
    return Finding(path, says, check_it, severity=Severity.INFO)


RULE = Rule(
    code="L-66",
    name="law-without-record",
    title=Words("기록 없이 든 법", "A law without its record"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.held-by-law",),
    applies=applies,
    check=check,
    wrong="kept_by_law: {commercial: {cites: 상법}}\n",
    right="""
kept_by_law:
  vouchers: {law: kr.commercial.voucher, after: transaction made, items: [order-history]}
""",
    about=Words(
        """
보존하는 기록을 말하지 않고 든 법.

“상법 등 관계 법령에 따라 보존합니다”라는 말로는 무엇이 언제까지 남는지 알 수 없고, 그 뒤에 무엇이든 숨을 수
있습니다. 법마다 기록과 항목과 기간을 함께 적습니다(「개인정보 보호법」 제30조제1항제3호의2). 그 법에 따라
보존하는 것이 없으면 그 법을 뺍니다.
""",
        __doc__,
    ),
)
