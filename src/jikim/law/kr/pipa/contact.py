"""A privacy officer whom nobody can call, or who goes by an old title.

The law wants the officer's name or the department, and a telephone number or the like: an e-mail address alone is
thin. Names of people change, so a role and a department are enough. 관리책임자 and 취급책임자 are titles of laws
that are gone.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.duties import Contact
from jikim.source import Severity

REACHED: Final = "kr.contents.officer"
TITLE: Final = "kr.governance.officer"


def applies(reading: Reading) -> bool:
    """Where an officer is named at all."""
    return reading.policy.contacts.officer is not None


def check(reading: Reading) -> Iterator[Finding]:
    """What the officer lacks: a name, a telephone, the title of today."""
    contacts = reading.policy.contacts
    officer = contacts.officer or Contact()
    if not (officer.title or officer.department):
        yield Finding(
            ("contacts", "officer"),
            Words(
                "보호책임자의 직책이나 부서가 없습니다", "the officer has neither a title nor a department"
            ),
            Words("`officer`에 적습니다: `department: …`", "write under `officer`: `department: …`"),
            at="key",
            rests_on=(REACHED,),
        )
    if not officer.phone and not (contacts.handler and contacts.handler.phone):
        reachable = officer.email or officer.post or officer.web
        yield Finding(
            ("contacts", "officer"),
            Words("보호책임자에게 연락할 전화번호가 없습니다", "the officer has no telephone number"),
            Words("`officer`에 적습니다: `phone: …`", "write under `officer`: `phone: …`"),
            at="key",
            rests_on=(REACHED,),
            severity=Severity.WARNING if reachable else Severity.ERROR,
        )
    yield from _old_title(reading, officer)


def _old_title(reading: Reading, officer: Contact) -> Iterator[Finding]:
    today = reading.facts[TITLE]
    title = officer.title.of("ko") if officer.title else None
    if title and today.called and any(old in title.replace(" ", "") for old in today.words):
        yield Finding(
            ("contacts", "officer", "title"),
            Words(f"`{title}`의 지금 명칭은 `{today.called.ko}`입니다", f"`{title}` is an old title"),
            Words(f"`{today.called.ko}`로 고칩니다", f"write `{today.called.ko}`"),
            severity=Severity.WARNING,
            rests_on=(TITLE,),
        )


RULE = Rule(
    code="L-19",
    name="contact",
    title=Words("보호책임자의 연락처", "How to reach the privacy officer"),
    severity=Severity.ERROR,
    rests_on=(REACHED, TITLE),
    applies=applies,
    check=check,
    wrong="""
contacts:
  officer: {title: 개인정보 관리책임자, department: null, phone: null, email: officer@tea.example}
  handler: null
""",
    right="""
contacts:
  officer: {title: 개인정보 보호책임자, department: null, phone: 02-0000-0000, email: officer@tea.example}
""",
    about=Words(
        """
전화할 수 없거나 옛 직책으로 불리는 보호책임자.

보호책임자의 성명이나 담당 부서의 명칭, 전화번호 등의 연락처를 밝혀야 하며(「개인정보 보호법」
제30조제1항제6호), 전자우편 주소만으로는 모자랍니다. 사람은 바뀌므로 직책과 부서로 충분합니다. 관리책임자와
취급책임자는 없어진 법의 직책이며, 법은 2011년부터 개인정보 보호책임자라고 부릅니다(제31조제1항).
""",
        __doc__,
    ),
)
