"""Advertising without a consent of its own.

Two laws ask for consent, and they ask for different things: one for using somebody's data to advertise, the other for
sending them messages. Neither is given with the contract, and no service may be refused for want of it. Split
advertising from other purposes, rest it on consent and say what refusing means.

Who got an address in a sale may, for six months, send advertisements of the same kind of goods without consent; that
is an exception to the second law, and it does not make the first one go away.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.cited import mentioned
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.policy.words import LegalBasis
from jikim.source import Severity

USE, SEND = "kr.bases.marketing-consent", "kr.advertising.prior-consent"
_ADVERTISES: Final = (
    *("광고성 정보", "광고 게재", "광고 발송", "맞춤 광고", "맞춤형 광고", "마케팅", "프로모션"),
    *("send advertis", "show advertis", "targeted advertis", "marketing"),
)


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing that advertises, or whose purpose says so, on another basis or on none."""
    for name, each in reading.policy.processing.items():
        if each.basis is LegalBasis.CONSENT or not (each.marketing or mentioned(each.purpose, _ADVERTISES)):
            continue
        yield Finding(
            ("processing", name, "basis"),
            _says(each),
            Words(
                "다른 목적과 나누고 이렇게 적습니다: `basis: consent`, `items: {optional: […]}`, `if_refused: …`",
                "split it from other purposes and write `basis: consent`, `items: {optional: […]}`, `if_refused: …`",
            ),
            rests_on=(USE, SEND) if _sends(each) else (USE,),
        )


def _says(each: Processing) -> Words:
    if each.basis is None:
        return Words(
            "광고를 위한 별도의 동의를 말하지 않았습니다",
            "advertising is announced without a consent of its own",
        )
    return Words(
        f"광고를 동의가 아닌 근거(`{each.basis}`)로 합니다",
        f"advertising rests on `{each.basis}` and not on consent",
    )


def _sends(each: Processing) -> bool:
    """Whether messages go out; what stands on the service's own screens is not sent."""
    return each.marketing is not None and any(channel != "screen" for channel in each.marketing.channels)


RULE = Rule(
    code="L-22",
    name="marketing-consent",
    title=Words("광고에 대한 별도 동의", "A consent of its own for advertising"),
    severity=Severity.ERROR,
    rests_on=(USE, SEND),
    check=check,
    wrong="""
processing:
  newsletter: {basis: contract, if_refused: null}
""",
    right="""
processing:
  newsletter: {basis: consent, marketing: {channels: [email, push]}}
""",
    about=Words(
        """
따로 동의를 받지 않는 광고.

두 법이 서로 다른 동의를 요구합니다. 하나는 광고하려고 개인정보를 이용하는 것에 대한 동의이고(「개인정보
보호법」 제22조제1항제7호), 다른 하나는 광고성 정보를 보내는 것에 대한 동의입니다(「정보통신망 이용촉진 및
정보보호 등에 관한 법률」 제50조제1항). 어느 것도 계약에 딸려 오지 않으며, 동의하지 않는다고 서비스를 거절할
수 없습니다. 광고를 다른 목적과 나누어 동의를 근거로 하고, 동의하지 않으면 어떻게 되는지 적습니다.

거래를 하면서 연락처를 받은 자는 6개월 동안 같은 종류의 재화에 관한 광고를 동의 없이 보낼 수 있으나, 이는
뒤의 법의 예외일 뿐 앞의 동의까지 없애지는 않습니다.
""",
        __doc__,
    ),
)
