"""A law and a record are recognised under the names that published texts give them, and under no others."""

from datetime import date

import pytest

from jikim.law.cited import dead_meant, law_meant, law_of, mentioned, record_meant
from jikim.law.counting import shorter
from jikim.policy.model import StatutoryRetention
from jikim.policy.parts import LocalText
from jikim.policy.period import Period

TODAY = date(2026, 11, 21)
ECOMMERCE = "전자상거래 등에서의 소비자보호에 관한 법률"
NETWORK = "정보통신망 이용촉진 및 정보보호 등에 관한 법률"


@pytest.mark.parametrize(
    ("cites", "law"),
    [
        ("전자상거래 등에서 소비자 보호에 관한 법률", ECOMMERCE),
        ("「전자상거래 등에서의 소비자보호에 관한 법률」 제6조", ECOMMERCE),
        ("전상법", ECOMMERCE),
        ("정보통신 이용촉진 및 정보보호 등에 관한 법률", NETWORK),
        ("정보통신망법 시행령 제61조", NETWORK),
        ("상법 등", "상법"),
        ("개인정보보호법", "개인정보 보호법"),
        ("전자금융거래", "전자금융거래법"),
        ("Electronic Financial Transactions Act art. 22", "전자금융거래법"),
        ("주민등록법", None),
        ("통신사업법", None),
        ("", None),
    ],
)
def test_a_law_is_meant_by_its_name_by_a_short_one_and_by_one_slip_of_the_hand(
    cites: str, law: str | None
) -> None:
    assert law_meant(cites, of="kr") == law


def cited(label: str, cites: str) -> StatutoryRetention:
    """An entry as a published text has it."""
    return StatutoryRetention(label=LocalText({"ko": label}), cites=cites)


@pytest.mark.parametrize(
    ("label", "cites", "record"),
    [
        ("계약 또는 청약철회 등에 관한 기록", "전상법", "kr.ecommerce.contract"),
        ("대금결제 및 재화 등의 공급에 관한 기록", "전상법", "kr.ecommerce.payment"),
        ("표시/광고에 관한 기록", "전상법", "kr.ecommerce.advertising"),
        ("웹사이트 방문에 관한 기록", "통신비밀보호법", "kr.telecom.log"),
        ("로그인 기록", "통비법", "kr.telecom.log"),
        ("전자금융에 관한 기록", "전자금융거래법", "kr.electronic-finance.transaction"),
        ("1만원 이하 전자금융거래 기록", "전자금융거래법", "kr.electronic-finance.small-transaction"),
        ("상업장부", "상법", "kr.commercial.books"),
        ("방문에 관한 기록", "전상법", None),
        ("로그인 기록", "주민등록법", None),
    ],
)
def test_a_record_is_meant_by_its_law_and_its_words(label: str, cites: str, record: str | None) -> None:
    row = record_meant(cited(label, cites), of="kr", in_force_on=TODAY)
    assert (row and row.key) == record


def test_a_record_that_names_its_row_needs_no_words() -> None:
    kept = StatutoryRetention(law="kr.tax.vat", after="return due", items=("bill",))
    row = record_meant(kept, of="kr", in_force_on=TODAY)
    assert (row and row.key, law_of(kept, of="kr")) == ("kr.tax.vat", "부가가치세법")
    assert record_meant(kept, of="kr", in_force_on=date(2000, 1, 1)) is None


@pytest.mark.parametrize(
    ("kept", "dead"),
    [
        (cited("본인 확인에 관한 기록", "정보통신망법"), "kr.network.identity-check"),
        (cited("본인확인에 관한 기록", "전상법"), None),
        (cited("로그인 기록", "정보통신망법"), None),
        (cited("휴면 회원의 정보", "개인정보 보호법"), "kr.pipa.dormant-account"),
    ],
)
def test_a_law_no_longer_in_force_is_meant_by_its_record(kept: StatutoryRetention, dead: str | None) -> None:
    law = dead_meant(kept, of="kr")
    assert (law and law.key) == dead


def test_words_are_found_in_any_language_whatever_the_spaces() -> None:
    text = LocalText({"ko": "제한적 본인 확인제", "en": "Targeted  Marketing"})
    assert mentioned(text, ["제한적본인확인제"]) == "제한적본인확인제"
    assert mentioned(text, ["none", "targeted marketing"]) == "targeted marketing"
    assert mentioned(text, ["본인인증"]) is None
    assert mentioned(None, ["본인"]) is None


@pytest.mark.parametrize(
    ("one", "than", "is_shorter"),
    [
        (Period(3, "months"), Period(1, "years"), True),
        (Period(12, "months"), Period(1, "years"), False),
        (Period(45, "days"), Period(1, "months"), False),
        (Period(23, "hours"), Period(1, "days"), True),
        (Period(2, "weeks"), Period(14, "days"), False),
    ],
)
def test_a_period_is_shorter_that_ends_earlier_in_the_same_year(
    one: Period, than: Period, is_shorter: bool
) -> None:
    assert shorter(one, than) is is_shorter
