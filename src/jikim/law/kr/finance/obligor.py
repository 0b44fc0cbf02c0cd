"""A law that binds others.

The law of electronic finance obliges financial companies and those who run electronic payment; a shop that has a
payment firm collect its money is none of them, and cannot keep records for five years by that law. The same goes for
the laws of credit information and of location. Say what the service is (`obliged_as`), or leave the law out: as a
rule the record of payment in e-commerce law is the one that fits.
"""

from collections.abc import Iterator

from jikim.law.cited import law_meant, law_of
from jikim.law.pack import pack
from jikim.lint.fact import Fact, Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Path, Severity

KR = pack("kr")
PAYMENT = "kr.ecommerce.payment"
OBLIGED = ("kr.obliged.electronic-finance", "kr.obliged.credit-information", "kr.obliged.location")


def check(reading: Reading) -> Iterator[Finding]:
    """Each record and each processing that rests on the law of a trade that the service is not said to be in."""
    of_others = {
        reading.facts[name].basis.law.ko: reading.facts[name]
        for name in OBLIGED
        if name.rpartition(".")[2] not in reading.policy.controller.obliged_as
    }
    for path, law in _cited(reading):
        if fact := of_others.get(law or ""):
            yield _finding(path, fact)


def _cited(reading: Reading) -> Iterator[tuple[Path, str | None]]:
    """Every place at which a law is given as the reason to keep or to process, with the law."""
    for name, kept in reading.policy.kept_by_law.items():
        yield ("kept_by_law", name, "law" if kept.law else "cites"), law_of(kept, of="kr")
    for name, each in reading.policy.processing.items():
        path: Path = ("processing", name)
        yield (*path, "under"), law_meant(each.under or "", of="kr")
        for place, words in enumerate(each.cites):
            yield (*path, "cites", place), law_meant(words, of="kr")


def _finding(path: Path, fact: Fact) -> Finding:
    trade = fact.name.rpartition(".")[2]
    rows = [row.key for row in KR.rows if row.basis.law == fact.basis.law and row.kind != "maximum"]
    names = ", ".join(f"`{name}`" for name in rows[:2])
    return Finding(
        path,
        Words(
            f"이 서비스가 {fact.basis.law.ko}상 의무자라는 말이 없습니다",
            f"nothing says that the {fact.basis.law.en} obliges this service",
        ),
        Words(
            f"의무자이면 `obliged_as: [{trade}]`를 적고 기록을 나눕니다({names}). 아니면 지우고, "
            f"결제 기록은 `{PAYMENT}`에 따릅니다",
            f"write `obliged_as: [{trade}]` and each record by itself ({names}); else take this out, and keep a record "
            f"of payment by `{PAYMENT}`",
        ),
        rests_on=(fact.name,),
    )


RULE = Rule(
    code="L-06",
    name="obligor",
    title=Words("의무자가 아닌 법", "A law that binds others"),
    severity=Severity.WARNING,
    rests_on=OBLIGED,
    check=check,
    wrong="""
kept_by_law:
  transactions: {law: kr.electronic-finance.transaction, after: transaction made, items: [order-history]}
""",
    right="""
controller: {obliged_as: [online-seller, value-added-telecom, electronic-finance]}
kept_by_law:
  transactions: {law: kr.electronic-finance.transaction, after: transaction made, items: [order-history]}
""",
    about=Words(
        """
다른 사업자에게 의무를 지우는 법.

「전자금융거래법」 제22조는 금융회사와 전자금융업자 등에게 의무를 지웁니다. 결제대행사에 대금의 수납을 맡긴
쇼핑몰은 여기에 해당하지 않으므로 그 법에 따라 5년 동안 보존할 수 없습니다. 신용정보와 위치정보에 관한 법도
같습니다. 어떤 사업자인지 `obliged_as`에 적거나 그 법을 뺍니다. 대개는 「전자상거래 등에서의 소비자보호에
관한 법률」의 대금결제 기록이 맞습니다.
""",
        __doc__,
    ),
)
