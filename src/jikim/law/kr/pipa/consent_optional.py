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
    about=__doc__,
)
