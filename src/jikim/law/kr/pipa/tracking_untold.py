"""People are followed for advertising, and nothing says by whom or how to refuse.

Where others may collect what people do on a site or in an app, the drafting guideline has a policy say so and tell how
to refuse, step by step. A chapter that speaks of target marketing and names no cookie leaves open who watches. List the
cookies, with who else sets or reads them, and give the steps. The guideline recommends this and was not seen itself, so
this is a warning.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.duties import Cookies
from jikim.source import Severity

_LIST = "`each: {ads: {purpose: …, keep: …, needed: false, third_party: …}}`"


def applies(reading: Reading) -> bool:
    """Where cookies are spoken of."""
    return reading.policy.cookies is not None


def check(reading: Reading) -> Iterator[Finding]:
    """Tracking without a list of cookies; and each cookie of others, not needed, that nobody can refuse."""
    cookies = reading.policy.cookies
    if cookies is None:
        return
    if cookies.tracking and not cookies.each:
        yield Finding(
            ("cookies", "tracking"),
            Words(
                "광고를 위하여 행태정보를 수집한다면서 어떤 쿠키로 누가 수집하는지 적지 않았습니다",
                "people are followed for advertising, and by whom and with which cookies is not said",
            ),
            Words(
                f"쿠키마다 적고, 제3자가 수집하면 누구인지 밝힙니다: {_LIST}",
                f"list the cookies, with who else reads them: {_LIST}",
            ),
        )
    for name, cookie in cookies.each.items():
        if cookie.third_party and not cookie.needed and not _refusable(cookies):
            yield Finding(
                ("cookies", "each", name, "third_party"),
                Words(
                    "제3자가 행태정보를 수집하게 하면서 거부하는 방법을 적지 않았습니다",
                    "others collect what people do, and how to refuse that is not said",
                ),
                Words(
                    "거부하는 단계를 적습니다: `refuse: [{browser: chrome, steps: …}]`",
                    "write the steps: `refuse: [{browser: chrome, steps: …}]`",
                ),
            )


def _refusable(cookies: Cookies) -> bool:
    return bool(cookies.refuse or cookies.choices)


RULE = Rule(
    code="L-85",
    name="tracking-untold",
    title=Words("행태정보의 수집과 거부", "Tracking: by whom, and how to refuse"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.behaviour-tracking", "kr.guideline.tracking-steps"),
    applies=applies,
    check=check,
    wrong="""
cookies:
  used: true
  tracking: true
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    right="""
cookies:
  used: true
  tracking: true
  each:
    ads:
      purpose: {ko: 맞춤형 광고, en: Advertising that fits}
      keep: 30 days after recorded
      needed: false
      third_party: {ko: 예시광고 주식회사, en: Example Ads Inc.}
  refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]
""",
    about=Words(
        """
광고를 위하여 따라다니면서 누가 하는지, 어떻게 거부하는지 말하지 않는 처리방침.

제3자가 사이트나 앱에서 행태정보를 수집하게 하면, 「개인정보 처리방침 작성지침」은 그 사실과 거부하는 방법을
단계별로 안내하게 합니다. 타겟 마케팅을 말하면서 쿠키를 하나도 적지 않은 장으로는 누가 보고 있는지 알 수
없습니다. 쿠키를 적고, 그것을 설치하거나 읽는 제3자를 밝히고, 거부하는 단계를 적습니다. 지침이 권고하는
사항이고 지침의 원문을 확인하지 못했으므로 경고입니다.
""",
        __doc__,
    ),
)
