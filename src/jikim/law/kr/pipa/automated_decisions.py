"""Decisions that no person makes, of which only half is told.

Who lets machines decide about people publishes five things: that it does and why, which kinds of data count, how it
goes, whether sensitive or children's data is used, and how to refuse the decision or ask for it to be explained. The
last stands under `rights`, the others in a statement: neither will do without the other.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

ANSWER: Final = "kr.rights.automated-answer"


def check(reading: Reading) -> Iterator[Finding]:
    """The right without the statement, or the statement without the right."""
    policy = reading.policy
    rule = policy.rights.automated_decision
    answer = reading.facts[ANSWER].period
    told = [place for place, each in enumerate(policy.statements) if each.kind == "automated-decisions"]
    if rule and rule.granted and not told:
        yield Finding(
            ("rights", "automated-decision"),
            Words(
                "자동화된 결정을 거부할 수 있다고 하면서, 어떤 결정을 어떻게 하는지 적지 않았습니다",
                "automated decisions may be refused, and nothing says which are made and how",
            ),
            Words(
                "`statements`에 `{kind: automated-decisions, text: …}`를"
                " 더하여 사실과 목적, 주요 정보, 절차, 민감·아동 정보를 적습니다",
                "add `{kind: automated-decisions, text: …}` to `statements`: that and why, main data,"
                " procedure, sensitive and children's data",
            ),
            at="key",
        )
    for place in told:
        if not (rule and rule.granted):
            yield Finding(
                ("statements", place),
                Words(
                    "자동화된 결정을 하면서, 거부하거나 설명을 요구하는 방법을 적지 않았습니다",
                    "decisions are automated, and nothing says how to refuse one or ask for it to be explained",
                ),
                Words(
                    "`rights`에"
                    f" `automated-decision: {{channels: [menu, email], answer: {answer}}}`처럼 적습니다",
                    f"write such as `automated-decision: {{channels: [menu, email], answer: {answer}}}`"
                    " under `rights`",
                ),
            )


RULE = Rule(
    code="L-43",
    name="automated-decisions",
    title=Words("자동화된 결정", "Automated decisions"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.automated-decisions", ANSWER),
    check=check,
    wrong="""
rights:
  automated-decision: {channels: [menu, email], act: without delay, answer: 30 days}
""",
    right="""
rights:
  automated-decision: {channels: [menu, email], act: without delay, answer: 30 days}
statements:
  - kind: automated-decisions
    text:
      ko: 부정 이용을 막기 위하여 접속 IP 주소로 이용 제한을 자동으로 결정하며, 민감정보와 아동의 정보는 쓰지 않습니다.
      en: Limits of use are decided by IP address, to prevent abuse; no sensitive or children's data is used.
""",
    about=Words(
        """
절반만 알린 자동화된 결정.

사람이 개입하지 않는 결정을 하는 자는 다섯 가지를 공개합니다. 그러한 결정을 한다는 사실과 그 목적, 고려하는
개인정보의 유형, 처리 과정, 민감정보나 아동의 개인정보를 쓰는지, 거부하거나 설명을 요구하는
방법입니다(「개인정보 보호법」 제37조의2제4항). 마지막 것은 `rights`에, 나머지는 `statements`에 적으며, 어느
한쪽만으로는 모자랍니다.
""",
        __doc__,
    ),
)
