"""A right to have data transmitted, without the way to use it.

Who must answer such requests publishes how to ask and how to see what was sent. A policy that grants the right names
the channel, and describes the steps up to where a person sees what became of the request. Most services need not
answer such requests at all; whether this one must cannot be seen in its policy, so this is a warning.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A grant that lacks the channel, or the steps."""
    rule = reading.policy.rights.transmission
    if rule is None or not rule.granted or (rule.channels and rule.steps):
        return
    yield Finding(
        ("rights", "transmission"),
        Words(
            "전송을 요구하는 방법과 전송 현황을 확인하는 방법을 모두 적지는 않았습니다",
            "it does not say both how to ask for transmission and how to see what was sent",
        ),
        Words(
            "`transmission: {channels: [menu], menu: …, steps: …}`처럼"
            " 적고 `steps`에 전송 현황을 확인하는 곳을 적습니다",
            "write such as `transmission: {channels: [menu], menu: …, steps: …}`,"
            " with where to see what was sent in `steps`",
        ),
        at="key",
    )


RULE = Rule(
    code="L-44",
    name="transmission",
    title=Words("전송 요구의 방법", "How to ask for transmission"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.transmission", "kr.rights.transmission"),
    check=check,
    wrong="""
rights:
  transmission: {act: without delay}
""",
    right="""
rights:
  transmission:
    channels: [menu]
    menu: {ko: 내 정보 > 전송 요구, en: My data > Transmission}
    act: without delay
    steps: {ko: 같은 화면에서 전송 현황을 확인할 수 있습니다., en: The same page shows what was sent.}
""",
    about=Words(
        """
행사하는 방법이 없는 전송요구권.

전송 요구에 응해야 하는 자는 요구하는 방법과 전송한 내역을 확인하는 방법을 공개합니다(「개인정보 보호법」
제35조의2, 같은 법 시행령 제42조의6제6항). 이 권리를 인정하는 처리방침은 창구를 밝히고, 요구가 어떻게
되었는지 볼 수 있는 데까지의 절차를 적습니다. 대부분의 서비스는 응할 의무가 없고, 의무가 있는지는
처리방침으로 알 수 없으므로 경고입니다.
""",
        __doc__,
    ),
)
