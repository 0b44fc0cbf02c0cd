"""A contract with processors that lacks what the law puts into it.

The contract is in writing and says what the work is for and what it covers, how data is kept safe, whether others
may be entrusted in turn, how the work is supervised, and who is liable. A policy need not list all that; one that
lists a part shows that the rest is missing. Supervision, training the processor and looking at its work, is what is
forgotten most.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.examples import entrusted_to_a_mailer
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity

CONTRACT: Final = "kr.recipients.contract"


def applies(reading: Reading) -> bool:
    """Where anything is entrusted."""
    return bool(reading.policy.entrustments)


def check(reading: Reading) -> Iterator[Finding]:
    """Each contract that is described and lacks something; or, once, that none is described."""
    demanded = reading.facts[CONTRACT].words
    entrustments = reading.policy.entrustments
    for id, entrustment in entrustments.items():
        lacking = [word for word in demanded if word not in entrustment.contract]
        if entrustment.contract and lacking:
            names = ", ".join(f"`{word}`" for word in lacking)
            whole = ", ".join((*entrustment.contract, *lacking))
            yield Finding(
                ("entrustments", id, "contract"),
                Words(
                    f"`{id}` 위탁계약에 빠진 것이 있습니다: {names}", f"the contract of `{id}` lacks {names}"
                ),
                Words(
                    f"계약에 담고 다음과 같이 적습니다: `contract: [{whole}]`",
                    f"agree on it and write `contract: [{whole}]`",
                ),
            )
    if not any(entrustment.contract for entrustment in entrustments.values()):
        yield Finding(
            ("entrustments",),
            Words(
                "위탁계약의 내용과 수탁자에 대한 감독을 말하지 않습니다",
                "nothing is said of the contracts with processors and of their supervision",
            ),
            Words(
                f"계약에 있는지 확인하고 수탁자마다 적습니다: `contract: [{', '.join(demanded)}]`",
                f"make sure of the contracts and write for each processor `contract: [{', '.join(demanded)}]`",
            ),
            at="key",
            severity=Severity.INFO,
        )


RULE = Rule(
    code="L-49",
    name="processor-contract",
    title=Words("위탁계약의 내용", "What a contract with a processor says"),
    severity=Severity.WARNING,
    rests_on=(CONTRACT, "kr.recipients.supervision"),
    applies=applies,
    check=check,
    wrong=entrusted_to_a_mailer(contract="[purpose, secrecy, no-provision, liability]"),
    right=entrusted_to_a_mailer(),
    about=Words(
        """
법이 넣게 한 것이 빠진 위탁계약.

위탁은 문서로 하며, 위탁하는 업무의 목적과 범위, 안전성 확보, 재위탁의 제한, 관리·감독, 손해배상 등의 책임을
담습니다(「개인정보 보호법」 제26조제1항, 같은 법 시행령 제28조제1항). 처리방침에 이를 모두 적어야 하는 것은
아니지만, 일부만 적으면 나머지가 없다는 것이 드러납니다. 수탁자를 교육하고 처리 현황을 살피는
감독(제26조제4항)이 가장 자주 빠집니다.
""",
        __doc__,
    ),
)
