"""A right that a text refuses and never grants.

A chapter that only lists when a request may be refused has people guess that they could make one. Grant the right
first, and say where and by when; the grounds of refusal come after.
"""

from collections.abc import Iterator

from jikim.law.kr.pipa.rights_gap import CHAPTER, DEMANDED
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each such right."""
    for right, fact in DEMANDED.items():
        rule = reading.policy.rights.rules.get(right)
        if rule and not rule.granted:
            says = (
                Words(
                    f"{right.korean} 요구를 거절할 사유만 있고 그 권리를 인정하지 않습니다",
                    f"`{right}` is refused on grounds, and never granted",
                )
                if rule.refuse
                else Words(
                    f"{right.korean} 권리를 인정하지 않습니다", f"the right of `{right}` is not granted"
                )
            )
            yield Finding(
                ("rights", right.value, "granted"),
                says,
                Words(
                    "`granted: false`를 지우고 `channels`와 `act`를 적습니다",
                    "remove `granted: false`, and write `channels` and `act`",
                ),
                rests_on=(fact, CHAPTER),
            )


RULE = Rule(
    code="L-56",
    name="refused-not-granted",
    title=Words("거절만 있는 권리", "Refused and never granted"),
    severity=Severity.ERROR,
    rests_on=(CHAPTER, *dict.fromkeys(DEMANDED.values())),
    check=check,
    wrong="rights: {suspension: {granted: false, refuse: [legal-duty, harm-to-others]}}\n",
    right="rights: {suspension: {granted: true, refuse: [legal-duty, harm-to-others]}}\n",
    about=Words(
        """
거절만 하고 인정하지 않는 권리.

요구를 거절할 수 있는 경우만 적은 장을 읽으면 요구할 수 있다는 것을 짐작해야 합니다. 먼저 권리를 인정하고
어디에서 언제까지 할 수 있는지 적은 다음에 거절하는 사유를 적습니다.
""",
        __doc__,
    ),
)
