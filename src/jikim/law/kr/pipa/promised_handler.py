"""A heading that promises somebody to turn to, and nobody is named.

"The privacy officer and the person in charge": whoever reads the heading looks for the second and finds only the first.
The officer or a department is enough for the law; a heading that names more promises more. Name who handles
complaints, or change the heading.
"""

from collections.abc import Iterator

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

_HANDLER = ("담당자", "person in charge")


def applies(reading: Reading) -> bool:
    """Where a text lists its headings and names no handler."""
    return reading.policy.contents is not None and reading.policy.contacts.handler is None


def check(reading: Reading) -> Iterator[Finding]:
    """The first heading that speaks of one."""
    contents = reading.policy.contents
    for place, heading in enumerate(contents.headings if contents else ()):
        if mentioned(heading, _HANDLER):
            yield Finding(
                ("contents", "headings", place),
                Words(f"`{heading}`에 담당자가 없습니다", f"`{heading}` names no such person"),
                Words(
                    "담당자나 부서를 적습니다: `handler: {department: …, phone: …}`",
                    "name one: `handler: {department: …, phone: …}`",
                ),
            )
            return


RULE = Rule(
    code="L-86",
    name="promised-handler",
    title=Words("제목에만 있는 담당자", "A person in charge in the heading only"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.items-named",),
    applies=applies,
    check=check,
    wrong="""
contents:
  listed: [보호책임자 및 담당자의 연락처]
  headings: [보호책임자 및 담당자의 연락처]
contacts: {handler: null}
""",
    right="""
contents:
  listed: [보호책임자의 연락처]
  headings: [보호책임자의 연락처]
contacts: {handler: null}
""",
    about=Words(
        """
제목은 담당자를 말하는데 아무도 적지 않은 장.

“보호책임자 및 담당자”라는 제목을 읽은 사람은 담당자를 찾지만 보호책임자밖에 없습니다. 법은 보호책임자나 담당
부서로 충분하지만(「개인정보 보호법」 제30조제1항제6호), 제목에 더 적으면 더 약속한 것입니다. 고충을 처리하는
담당자나 부서를 적거나 제목을 고칩니다.
""",
        __doc__,
    ),
)
