"""Pseudonymised data is processed, and the policy does not speak of it.

Pseudonymised data is still personal data. Who processes it for statistics, research or archives may do so without
consent and says so in the policy: for what, which items, how long, who receives it, how what undoes the pseudonym is
kept apart. Write that statement, or count with data about nobody.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def applies(reading: Reading) -> bool:
    """Where nothing is said of pseudonyms."""
    return all(statement.kind != "pseudonyms" for statement in reading.policy.statements)


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that uses them."""
    for name, processing in reading.policy.processing.items():
        if processing.form == "pseudonymous":
            yield Finding(
                ("processing", name, "form"),
                Words(
                    f"`{name}` 처리는 가명정보를 쓰는데 가명정보 처리에 관한 사항이 없습니다",
                    f"`{name}` uses pseudonymised data, and nothing is said of that",
                ),
                Words(
                    "`statements`에 `{kind: pseudonyms, text: …}`를"
                    " 더하여 목적, 항목, 기간, 안전 조치를 적습니다",
                    "add `{kind: pseudonyms, text: …}` to `statements`:"
                    " for what, which items, how long, how it is kept safe",
                ),
            )


RULE = Rule(
    code="L-42",
    name="pseudonyms",
    title=Words("가명정보의 처리", "Pseudonymised data"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.pseudonyms",),
    applies=applies,
    check=check,
    wrong="""
processing:
  abuse-prevention: {form: pseudonymous}
""",
    right="""
processing:
  abuse-prevention: {form: identified}
""",
    about=Words(
        """
가명정보를 처리하면서 말하지 않는 처리방침.

가명정보도 개인정보입니다. 통계작성, 과학적 연구, 공익적 기록보존 등을 위하여 동의 없이 가명정보를 처리하는
자는 그에 관한 사항을 처리방침에 밝힙니다(「개인정보 보호법」 제30조제1항제4호의2). 목적, 항목, 기간, 받는
자, 추가 정보를 따로 관리하는 방법입니다. 그 내용을 적거나, 누구의 것도 아닌 정보로 셉니다.
""",
        __doc__,
    ),
)
