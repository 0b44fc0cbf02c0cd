"""A new consent that is asked for "if needed".

Where consent is what allows the processing, a change of its purpose, items, period or recipient needs a new
consent. It is not for the controller to decide whether to ask, and no notice stands in for it, however long.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A consent that is described as optional."""
    notice = reading.policy.notice
    if notice and notice.consent == "optional":
        yield Finding(
            ("notice", "consent"),
            Words(
                "동의받은 내용이 바뀌어도 필요하면 동의를 받을 수 있다고만 합니다",
                "a new consent is described as optional, even where consent was the basis",
            ),
            Words("`consent: required`로 씁니다", "write `consent: required`"),
            instead="required",
        )


RULE = Rule(
    code="L-15",
    name="consent-optional",
    title=Words("변경에 대한 동의", "Consent to a change"),
    severity=Severity.ERROR,
    rests_on=("kr.changes.new-consent",),
    check=check,
    wrong="notice: {consent: optional}\n",
    right="notice: {consent: required}\n",
    about=Words(
        """
“필요하면” 받겠다는 새 동의.

동의를 근거로 처리하는 경우 목적, 항목, 기간이나 받는 자가 바뀌면 새로 동의를 받아야 합니다(「개인정보
보호법」 제15조제2항, 제17조제2항). 동의를 받을지는 개인정보처리자가 정할 일이 아니며, 아무리 오래
고지하여도 동의를 갈음하지 못합니다.
""",
        __doc__,
    ),
)
