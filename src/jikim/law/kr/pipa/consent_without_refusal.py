"""Consent that is asked for without saying what refusing means.

Whoever asks for consent tells four things: the purpose, the items, the period, and that one may refuse, with what
refusing costs. The first three stand in the policy. The fourth belongs beside them, for what the consent form says is
taken from there; the law asks for it when consent is taken and not in the policy itself, so this is a warning.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import LegalBasis
from jikim.source import Severity

_OPTIONAL: Final = Words(
    "`if_refused: {ko: 동의하지 않아도 서비스를 그대로 이용할 수 있습니다.}`처럼 적습니다",
    "write such as `if_refused: {en: The service is the same without it.}`",
)
_REQUIRED: Final = Words(
    "무엇을 이용할 수 없는지 적습니다: `if_refused: {ko: 동의하지 않으면 … 이용할 수 없습니다.}`",
    "say what cannot be had without it: `if_refused: {en: Without it, … cannot be used.}`",
)


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing on consent that does not say it."""
    for name, processing in reading.policy.processing.items():
        if processing.basis is LegalBasis.CONSENT and processing.if_refused is None:
            yield Finding(
                ("processing", name, "basis"),
                Words(
                    f"`{name}` 처리는 동의를 받는데, 거부하면 어떻게 되는지 적지 않았습니다",
                    f"`{name}` asks for consent and does not say what refusing means",
                ),
                _REQUIRED if processing.items.required else _OPTIONAL,
            )


RULE = Rule(
    code="L-37",
    name="consent-without-refusal",
    title=Words("거부할 권리와 불이익", "What refusing a consent means"),
    severity=Severity.WARNING,
    rests_on=("kr.bases.consent-notice",),
    check=check,
    wrong="""
processing:
  newsletter: {if_refused: null}
""",
    right="""
processing:
  newsletter:
    if_refused: {ko: 동의하지 않아도 서비스를 그대로 이용할 수 있습니다., en: The service is the same without it.}
""",
    about=Words(
        """
거부하면 어떻게 되는지 말하지 않고 받는 동의.

동의를 받을 때에는 목적, 항목, 기간과 함께 거부할 수 있다는 것과 거부하면 생기는 불이익을
알립니다(「개인정보 보호법」 제15조제2항). 앞의 세 가지는 처리방침에 있습니다. 넷째도 그 옆에 적어 두면
동의서가 그대로 옮겨 쓸 수 있습니다. 법은 동의를 받을 때 알리게 할 뿐 처리방침에 적게 하지는 않으므로
경고입니다.
""",
        __doc__,
    ),
)
