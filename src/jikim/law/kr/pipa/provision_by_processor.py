"""Work entrusted to a processor that includes giving data away.

A processor works on the controller's behalf and for its purpose. Where the same contract forbids it to give data to
others, the two cannot both hold; where it does not, the others are third parties, and the policy names them.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each entrustment that includes provision."""
    for id, entrustment in reading.policy.entrustments.items():
        if "provision" not in entrustment.includes:
            continue
        path = ("entrustments", id, "includes", entrustment.includes.index("provision"))
        if "no-provision" in entrustment.contract:
            yield Finding(
                path,
                Words(
                    f"`{id}` 계약은 제3자 제공을 금지한다면서 제공 업무를 위탁한다고 합니다",
                    f"the contract of `{id}` forbids provision, and yet provision is entrusted",
                ),
                Words("`includes`에서 `provision`을 지웁니다", "remove `provision` from `includes`"),
            )
        elif not reading.policy.provisions:
            yield Finding(
                path,
                Words(
                    f"`{id}` 업무에 제공이 들어 있는데 누구에게 제공하는지 밝히지 않았습니다",
                    f"`{id}` includes provision, and nobody is named who receives the data",
                ),
                Words(
                    "`includes`에서 `provision`을 지우거나 받는 자를 `provisions`에 적습니다",
                    "remove `provision` from `includes`, or name the recipient under `provisions`",
                ),
                severity=Severity.WARNING,
                rests_on=("kr.contents.provision",),
            )


RULE = Rule(
    code="L-51",
    name="provision-by-processor",
    title=Words("위탁에 포함된 제공", "Provision that is entrusted"),
    severity=Severity.ERROR,
    rests_on=("kr.recipients.contract", "kr.contents.provision"),
    check=check,
    wrong="""
entrustments:
  card:
    processor: {name: Example Cards, country: KR}
    tasks: {ko: 결제 처리, en: Payments}
    items: [order-history]
    keep: until contract completed
    includes: [storage, use, provision]
    contract: [purpose, secrecy, no-provision, liability, supervision, sub-processing, safeguards]
""",
    right="""
entrustments:
  card:
    processor: {name: Example Cards, country: KR}
    tasks: {ko: 결제 처리, en: Payments}
    items: [order-history]
    keep: until contract completed
    includes: [storage, use]
    contract: [purpose, secrecy, no-provision, liability, supervision, sub-processing, safeguards]
""",
    about=Words(
        """
제공을 포함하는 위탁.

수탁자는 개인정보처리자를 위하여 그 목적으로 처리합니다. 같은 계약이 제3자 제공을 금지한다면 두 말은 함께
참일 수 없고, 금지하지 않는다면 받는 자는 제3자이므로 처리방침에 밝혀야 합니다(「개인정보 보호법」
제30조제1항제3호).
""",
        __doc__,
    ),
)
