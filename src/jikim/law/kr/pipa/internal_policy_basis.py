"""An internal policy in the place of a legal basis.

What a company decides for itself allows it nothing: data is processed on one of the seven bases of the act, and what
has become unnecessary stays only where another law has it kept. "By our internal policy" is neither, and nobody
outside can read it. Name the basis that really carries it (often a legitimate interest, with the least items and a
short period), ask for consent, or destroy the data.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import LegalBasis
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each processing on it, and the exception from destruction."""
    policy = reading.policy
    for name, processing in policy.processing.items():
        if processing.basis is LegalBasis.INTERNAL_POLICY:
            yield Finding(
                ("processing", name, "basis"),
                Words(
                    f"`{name}` 처리의 근거가 내부 방침입니다",
                    f"what allows `{name}` is an internal policy",
                ),
                Words(
                    "`basis: legitimate-interest`나 `basis: consent`처럼"
                    " 법이 정한 근거를 적고, 없으면 처리하지 않습니다",
                    "write a basis that the act knows, such as"
                    " `basis: legitimate-interest` or `basis: consent`, or stop",
                ),
                rests_on=("kr.bases.closed",),
            )
    exceptions = policy.destruction.exceptions
    if "internal-policy" in exceptions:
        yield Finding(
            ("destruction", "exceptions", exceptions.index("internal-policy")),
            Words(
                "파기의 예외로 내부 방침을 듭니다",
                "an internal policy stands among the exceptions from destruction",
            ),
            Words(
                "`internal-policy`를 지우고, 더 보관할 것은 근거와 기간을 정하여 `processing`에 적습니다",
                "remove `internal-policy`; what has to stay longer"
                " gets a basis and a period under `processing`",
            ),
            rests_on=("kr.destruction.exception",),
        )


RULE = Rule(
    code="L-34",
    name="internal-policy-basis",
    title=Words("근거가 아닌 내부 방침", "An internal policy is no basis"),
    severity=Severity.ERROR,
    rests_on=("kr.bases.closed", "kr.destruction.exception"),
    check=check,
    wrong="""
processing:
  abuse-prevention: {basis: internal-policy}
""",
    right="""
processing:
  abuse-prevention: {basis: legitimate-interest}
""",
    about=Words(
        """
법적 근거의 자리에 적힌 내부 방침.

회사가 스스로 정한 것은 회사에 아무것도 허용하지 않습니다. 개인정보는 「개인정보 보호법」 제15조제1항의 일곱
가지 근거로 처리하고, 필요 없게 된 것은 다른 법령이 보존하게 할 때에만 남습니다(제21조제1항 단서). “내부
방침에 따라”는 어느 것도 아니며, 밖에서는 그 방침을 읽을 수도 없습니다. 실제의 근거(대개 최소한의 항목과
짧은 기간을 갖춘 정당한 이익)를 적거나, 동의를 받거나, 파기합니다.
""",
        __doc__,
    ),
)
