"""A controller abroad that names nobody in Korea.

A controller without a Korean address and with enough sales or users here appoints a domestic agent and names them in
the policy: name, address, telephone, e-mail address. How large the controller is stands in no policy, so this is a
warning. Name the agent, or accept the finding with the reason why none is due.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def applies(reading: Reading) -> bool:
    """Where the controller is established abroad."""
    return reading.policy.controller.country != "KR"


def check(reading: Reading) -> Iterator[Finding]:
    """The country, where no agent is named."""
    controller = reading.policy.controller
    if controller.domestic_agent is None:
        yield Finding(
            ("controller", "country"),
            Words(
                f"개인정보처리자가 `{controller.country}` 국가에 있고 국내대리인이 없습니다",
                f"the controller is in `{controller.country}`, and names no agent in Korea",
            ),
            Words(
                "대상이면 `domestic_agent: {name: …, address: …, phone: …, email: …}`을"
                " 적고, 아니면 그 이유를 적어 허용합니다",
                "write `domestic_agent: {name: …, address: …, phone: …, email: …}`"
                " if one is due; else allow this with the reason",
            ),
        )


RULE = Rule(
    code="L-45",
    name="domestic-agent",
    title=Words("국내대리인", "The domestic agent"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.domestic-agent", "kr.governance.agent"),
    applies=applies,
    check=check,
    wrong="""
controller: {country: US}
""",
    right="""
controller:
  country: US
  domestic_agent:
    name: {ko: 찻집코리아 주식회사, en: Tea House Korea Inc.}
    address: {ko: 서울특별시 예시구 예시로 1, en: "1 Example-ro, Seoul"}
    phone: 02-0000-0009
    email: agent@tea.example
""",
    about=Words(
        """
국내에 아무도 지정하지 않은 국외의 개인정보처리자.

국내에 주소나 영업소가 없고 매출이나 이용자가 일정한 규모에 이르는 개인정보처리자는 국내대리인을 지정하여
성명(법인은 명칭), 주소, 전화번호, 전자우편 주소를 처리방침에 적습니다(「개인정보 보호법」 제31조의2).
규모는 처리방침에 나타나지 않으므로 경고입니다. 국내대리인을 적거나, 지정할 의무가 없는 이유를 적어 이
지적을 받아들입니다.
""",
        __doc__,
    ),
)
