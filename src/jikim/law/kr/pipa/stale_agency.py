"""Agencies under names of another day.

Whoever looks for help finds an office that is gone. Names, addresses and numbers change: compare the list with the
agencies' own sites whenever the policy changes. No official list was read for the names that jikim knows.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned, plain
from jikim.lint.fact import Fact, Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.duties import Agency
from jikim.policy.parts import LocalText
from jikim.source import Severity

OLD = (
    "kr.agencies.old-ministry",
    "kr.agencies.old-portal",
    "kr.agencies.old-support-centre",
    "kr.agencies.old-information-agency",
    "kr.agencies.old-cyber-bureau",
    "kr.agencies.old-cyber-prosecution",
)
PROSECUTION, MEDIATION = "kr.agencies.old-prosecution", "kr.agencies.mediation"


def applies(reading: Reading) -> bool:
    """Where agencies are named."""
    return bool(reading.policy.agencies)


def check(reading: Reading) -> Iterator[Finding]:
    """Each agency whose name, or whose operator's, is an old one; and a list without mediation."""
    agencies = reading.policy.agencies
    old = [reading.facts[name] for name in (*OLD, PROSECUTION) if name in reading.facts]
    for place, agency in enumerate(agencies):
        stale = [fact for fact in (_old_name(agency.name, old), _old_name(agency.run_by, old)) if fact]
        if stale:
            yield _finding(place, stale, agencies)
    mediation = reading.facts[MEDIATION].called
    if mediation and not any(_called(agency, mediation) for agency in agencies):
        yield Finding(
            ("agencies",),
            Words("분쟁조정을 신청할 곳을 안내하지 않았습니다", "nobody is named who mediates"),
            Words(f"이렇게 더합니다: `{{name: {mediation.ko}, …}}`", f"add `{{name: {mediation.en}, …}}`"),
            at="key",
            severity=Severity.INFO,
            rests_on=(MEDIATION,),
        )


def _old_name(text: LocalText | None, old: list[Fact]) -> Fact | None:
    """The fact with the longest old name that the text has."""
    named = [(len(plain(word)), fact) for fact in old for word in fact.words if mentioned(text, [word])]
    return max(named, key=lambda each: each[0])[1] if named else None


def _called(agency: Agency, name: Words) -> bool:
    return mentioned(agency.name, [name.ko, name.en]) is not None


def _as_written(agency: Agency) -> str:
    texts = (text for text in (agency.name, agency.run_by) if text)
    return ", ".join(next(iter(text.root.values())) for text in texts)


def _finding(place: int, stale: list[Fact], agencies: tuple[Agency, ...]) -> Finding:
    today = stale[0].called
    listed = today is None or any(_called(other, today) for at, other in enumerate(agencies) if at != place)
    if listed or today is None:
        fix = Words(
            "목록에 그 일을 하는 곳이 있으므로 지웁니다", "remove it: the list has who does this today"
        )
    else:
        fix = Words(f"이렇게 고칩니다: `name: {today.ko}`", f"write `name: {today.en}`")
    return Finding(
        ("agencies", place, "name"),
        Words(
            f"옛 기관 이름입니다: `{_as_written(agencies[place])}`",
            f"`{_as_written(agencies[place])}` is gone",
        ),
        fix,
        rests_on=tuple(dict.fromkeys(fact.name for fact in stale)),
    )


RULE = Rule(
    code="L-23",
    name="stale-agency",
    title=Words("옛 기관 이름", "Agencies of another day"),
    severity=Severity.WARNING,
    rests_on=(*OLD, MEDIATION),
    applies=applies,
    check=check,
    wrong="""
agencies:
  - {name: {ko: 개인정보 분쟁조정위원회, en: Personal Information Dispute Mediation Committee}}
  - {name: {ko: 경찰청 사이버안전국, en: Cyber safety bureau of the police}}
""",
    right="""
agencies:
  - {name: {ko: 개인정보 분쟁조정위원회, en: Personal Information Dispute Mediation Committee}}
  - {name: {ko: 경찰청, en: National Police Agency}, phone: "182"}
""",
    about=Words(
        """
옛 이름으로 적은 기관.

도움을 구하는 사람이 없어진 기관을 만나게 됩니다. 이름, 주소, 전화번호는 바뀌므로 처리방침을 고칠 때마다 각
기관의 안내와 견주어 봅니다. jikim이 아는 이름은 공식 목록을 읽은 것이 아닙니다.
""",
        __doc__,
    ),
)
