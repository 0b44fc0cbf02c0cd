"""Paid for, and no record that a law has kept.

Who sells on line keeps what was contracted, paid and complained of, for five, five and three years, whatever a policy
says. A text that takes payments and names no such record promises to destroy what must stay; and people who leave
believe that nothing is left of them. Write the records under `kept_by_law`, each with its items. Whether the service
sells in the sense of the law is for whoever knows it to say, so this is a warning.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule, both
from jikim.policy.words import DataCategory
from jikim.source import Severity

_PAID: Final = (DataCategory.PAYMENT, DataCategory.TRANSACTION)
_RECORDS: Final = ("kr.ecommerce.payment", "kr.ecommerce.contract", "kr.ecommerce.complaint")


def applies(reading: Reading) -> bool:
    """Where nothing is kept by law."""
    return not reading.policy.kept_by_law


def check(reading: Reading) -> Iterator[Finding]:
    """The first item that only somebody who is paid takes."""
    policy = reading.policy
    taken = {name for processing in policy.processing.values() for name in processing.items.all}
    for name, item in policy.items.items():
        if name in taken and item.category in _PAID:
            label = both(item.label)
            records = ", ".join(f"`law: {record}`" for record in _RECORDS)
            yield Finding(
                ("items", name),
                Words(
                    f"대가를 받으면서(`{label.ko}`) 법령에 따라 보존하는 기록을 하나도 적지 않았습니다",
                    f"people pay (`{label.en}`), and no record is named that a law has kept",
                ),
                Words(
                    f"`kept_by_law`에 해당하는 기록을 항목과 함께 적습니다: {records}",
                    f"write those that apply under `kept_by_law`, with their items: {records}",
                ),
                at="key",
            )
            return


RULE = Rule(
    code="L-84",
    name="no-records",
    title=Words("적지 않은 보존 기록", "Records that a law has kept and the policy does not name"),
    severity=Severity.WARNING,
    rests_on=("kr.contents.held-by-law", *_RECORDS),
    applies=applies,
    check=check,
    wrong="kept_by_law: {contracts: null}\n",
    right="""
kept_by_law:
  payments: {law: kr.ecommerce.payment, after: payment settled, items: [name, email]}
""",
    about=Words(
        """
대금을 받으면서 법령이 보존하게 한 기록을 적지 않은 처리방침.

통신판매를 하면 처리방침에 무엇이라고 적든 계약에 관한 기록과 대금결제에 관한 기록을 5년, 소비자의 불만과
분쟁처리에 관한 기록을 3년 보존해야 합니다(「전자상거래 등에서의 소비자보호에 관한 법률」 제6조, 같은 법
시행령 제6조제1항). 결제를 받으면서 그 기록을 적지 않은 글은 남아야 할 것을 파기하겠다고 약속하고, 탈퇴한
사람은 아무것도 남지 않는다고 믿게 됩니다. 기록마다 항목과 함께 `kept_by_law`에 적습니다. 그 법에서 말하는
판매인지는 서비스를 아는 사람이 판단할 일이므로 경고입니다.
""",
        __doc__,
    ),
)
