"""The Korean pack says what the statutes say, and a pack that contradicts itself is refused."""

import tomllib
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from jikim.law.facts import every_fact
from jikim.law.pack import NAMES, PACKS, LawPackError, NotInForceError, UnknownNameError, pack, read
from jikim.law.reference import page
from jikim.policy.period import Period

ROOT = Path(__file__).parents[3]
KR = pack("kr")
TODAY = date(2026, 11, 21)

# key: id, period or the law's words, kind, article, mark. Written by hand, not taken from the file.
EXPECTED = {
    "kr.ecommerce.advertising": ("RET-EC-1", "6개월", "minimum", "제6조, 시행령 제6조제1항제1호", "V"),
    "kr.ecommerce.contract": ("RET-EC-2", "5년", "minimum", "제6조, 시행령 제6조제1항제2호", "V"),
    "kr.ecommerce.payment": ("RET-EC-3", "5년", "minimum", "제6조, 시행령 제6조제1항제3호", "V"),
    "kr.ecommerce.complaint": ("RET-EC-4", "3년", "minimum", "제6조, 시행령 제6조제1항제4호", "V"),
    "kr.telecom.log": ("RET-CP-1", "3개월", "minimum", "제15조의2제2항, 시행령 제41조제2항제2호", "V"),
    "kr.telecom.call": ("RET-CP-2", "12개월", "minimum", "제15조의2제2항, 시행령 제41조제2항제1호 본문", "V"),
    "kr.telecom.landline-call": (
        "RET-CP-2",
        "6개월",
        "minimum",
        "제15조의2제2항, 시행령 제41조제2항제1호 단서",
        "V",
    ),
    "kr.telecom.disclosure-register": ("RET-CP-3", "7년", "minimum", "제13조제7항", "V"),
    "kr.electronic-finance.transaction": ("RET-EF-1", "5년", "fixed", "제22조, 시행령 제12조제1항제1호", "V"),
    "kr.electronic-finance.small-transaction": (
        "RET-EF-2",
        "1년",
        "fixed",
        "제22조, 시행령 제12조제1항제2호",
        "V",
    ),
    "kr.electronic-finance.duplicate": ("RET-EF-3", "3년", "fixed", "제22조, 시행령 제12조제2항", "V"),
    "kr.electronic-finance.destruction": ("RET-EF-4", "5년", "maximum", "제22조제2항", "V"),
    "kr.tax.books": ("RET-TX-1", "5년", "minimum", "제85조의3제2항", "V°"),
    "kr.tax.offshore-books": ("RET-TX-1", "7년", "minimum", "제85조의3제2항", "V°"),
    "kr.tax.vat": ("RET-TX-2", "5년", "minimum", "제71조제3항", "V°"),
    "kr.tax.corporate": ("RET-TX-3", "5년", "minimum", "제116조", "V°"),
    "kr.commercial.books": ("RET-CC-1", "10년", "minimum", "제33조제1항 본문, 제2항", "V°"),
    "kr.commercial.important-document": ("RET-CC-1", "10년", "minimum", "제33조제1항 본문", "V°"),
    "kr.commercial.voucher": ("RET-CC-2", "5년", "minimum", "제33조제1항 단서", "V°"),
    "kr.credit.processing-record": ("RET-CR-1", "3년", "minimum", "제20조제2항", "V"),
    "kr.credit.after-relationship": ("RET-CR-2", "5년", "maximum", "제20조의2, 시행령 제17조의2", "V"),
    "kr.credit.after-purpose": ("RET-CR-2", "3개월", "maximum", "제20조의2, 시행령 제17조의2", "V"),
    "kr.location.confirmation": ("RET-LB-1", "자동으로 기록·보존", "minimum", "제16조제2항", "V"),
    "kr.location.after-purpose": ("RET-LB-2", "즉시", "maximum", "제23조", "V"),
    "kr.location.after-withdrawal": ("RET-LB-3", "지체 없이", "maximum", "제24조제4항", "V"),
    "kr.phone-billing.transaction": ("RET-PH-1", "5년", "minimum", "시행령 제66조의7", "V"),
    "kr.phone-billing.small-transaction": ("RET-PH-1", "1년", "minimum", "시행령 제66조의7", "V"),
    "kr.youth.harmful-media": ("RET-YM-1", "6개월", "minimum", "시행령 제28조제2항", "V"),
    "kr.medical.patient-register": ("RET-MD-1", "5년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.chart": ("RET-MD-1", "10년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.prescription": ("RET-MD-1", "2년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.operation": ("RET-MD-1", "10년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.examination": ("RET-MD-1", "5년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.radiology": ("RET-MD-1", "5년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.nursing": ("RET-MD-1", "5년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.midwifery": ("RET-MD-1", "5년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.medical.certificate": ("RET-MD-1", "3년", "minimum", "시행규칙 제15조제1항", "V°"),
    "kr.labour.roster": ("RET-LA-1", "3년", "minimum", "제42조", "M"),
    "kr.pipa.access-right-log": ("RET-PI-1", "3년", "minimum", "제5조", "V"),
    "kr.pipa.access-log": ("RET-PI-2", "1년", "minimum", "제8조", "V"),
    "kr.pipa.access-log-extended": ("RET-PI-2", "2년", "minimum", "제8조", "V"),
    "kr.pipa.pseudonym-record": ("RET-PI-3", "3년", "minimum", "제28조의4제3항", "V"),
    "kr.pipa.transmission-record": ("RET-PI-4", "3년", "minimum", "시행령 제42조의6제11항", "V"),
    "kr.pipa.source-notice-proof": (
        "RET-PI-5",
        "해당 개인정보를 파기할 때까지",
        "minimum",
        "시행령 제15조의2제4항",
        "V",
    ),
    "kr.pipa.destruction": ("DES-2", "5일", "maximum", "제10조", "V"),
}


@pytest.mark.parametrize("key", EXPECTED)
def test_a_row_says_what_its_statute_says(key: str) -> None:
    row = KR.retention(key, in_force_on=TODAY)
    said = row.period.korean() if row.period else row.wording.ko if row.wording else ""
    assert (row.id, said, row.kind, row.basis.article.ko, row.mark) == EXPECTED[key]


def test_the_pack_holds_these_rows_and_no_others() -> None:
    assert set(KR.names()) == set(EXPECTED)


def test_names_are_sorted_and_occur_once() -> None:
    assert list(KR.names()) == sorted(set(KR.names()))


def test_no_two_layers_of_a_name_answer_for_one_day() -> None:
    layers = sorted(KR.rows, key=lambda row: (row.key, row.in_force_from))
    for row, after in pairwise(layers):
        if row.key == after.key:
            assert row.in_force_to is not None
            assert row.in_force_to < after.in_force_from


def test_no_row_answers_for_a_day_after_the_pack_was_checked() -> None:
    assert all(row.in_force_from <= KR.as_of for row in KR.rows)


@pytest.mark.parametrize("law", ["contract", "payment", "complaint", "advertising"])
def test_a_kept_trade_record_may_name_its_party_and_lies_apart(law: str) -> None:
    """전상법 제6조제2항 and 시행령 제6조제2항제3호."""
    row = KR.retention(f"kr.ecommerce.{law}", in_force_on=TODAY)
    assert row.identity is not None
    assert row.separate is not None
    assert row.identity.items == ("name", "address", "email")
    assert row.identity.basis.article.ko == "제6조제2항"
    assert row.separate.article.ko == "시행령 제6조제2항제3호"
    assert row.basis.law.ko == "전자상거래 등에서의 소비자보호에 관한 법률"


def test_whatever_a_law_has_kept_lies_apart() -> None:
    """개인정보 보호법 제21조제3항."""
    assert KR.separate_storage.law.ko == "개인정보 보호법"
    assert KR.separate_storage.article.ko == "제21조제3항"


@pytest.mark.parametrize(
    ("key", "trigger"),
    [
        ("kr.electronic-finance.transaction", "transaction made"),
        ("kr.tax.books", "return due"),
        ("kr.commercial.books", "books closed"),
        ("kr.credit.after-relationship", "relationship ended"),
        ("kr.location.after-withdrawal", "consent withdrawn"),
        ("kr.pipa.access-log", "recorded"),
        ("kr.ecommerce.contract", None),
        ("kr.commercial.voucher", None),
        ("kr.telecom.log", None),
    ],
)
def test_only_a_start_that_the_law_names_is_stated(key: str, trigger: str | None) -> None:
    assert KR.retention(key, in_force_on=TODAY).starts == trigger


def test_electronic_finance_does_not_oblige_an_online_seller() -> None:
    rows = [row for row in KR.rows if row.id.startswith("RET-EF")]
    assert all("online-seller" not in row.obliged for row in rows)
    assert {who for row in rows for who in row.obliged} <= KR.obliged.keys()


def test_the_trade_periods_hold_since_their_decree_took_effect() -> None:
    """Decree 17684 of 2002-07-24, art. 6: three months after promulgation."""
    first = date(2002, 10, 25)
    assert KR.retention("kr.ecommerce.contract", in_force_on=first).period == Period(5, "years")
    with pytest.raises(NotInForceError, match="from 2002-10-25 to now, not on 2002-10-24"):
        KR.retention("kr.ecommerce.contract", in_force_on=first - timedelta(days=1))


@pytest.mark.parametrize(
    ("key", "period", "ended"),
    [
        ("kr.network.identity-check", Period(6, "months"), date(2014, 11, 29)),
        ("kr.pipa.dormant-account", Period(1, "years"), date(2023, 9, 15)),
    ],
)
def test_a_dead_law_can_be_cited_and_not_relied_on(key: str, period: Period, ended: date) -> None:
    law = KR.dead(key)
    assert (law.period, law.ended) == (period, ended)
    with pytest.raises(UnknownNameError) as refusal:
        KR.retention(key, in_force_on=TODAY)
    assert refusal.value.fix.startswith(f"it ended on {ended}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kr.telekom.log", "kr.telecom.log"),
        ("kr.ecommerce.contracts", "kr.ecommerce.contract"),
        ("kr.ecommerce.dispute", "kr.ecommerce.complaint"),  # the record is called so
        ("kr.ecommerce.소비자의 불만", "kr.ecommerce.complaint"),
        ("kr.ecommerce.zzz", None),  # near by its beginning only
        ("ecommerce", None),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_and_the_list(written: str, meant: str | None) -> None:
    with pytest.raises(UnknownNameError, match="names no statutory period") as refusal:
        KR.retention(written, in_force_on=TODAY)
    question = f"did you mean `{meant}`? " if meant else ""
    assert refusal.value.fix == f"{question}all names are in docs/reference/law.md"


def test_a_misspelt_dead_law_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as refusal:
        KR.dead("kr.network.identity-cheque")
    assert refusal.value.fix == "did you mean `kr.network.identity-check`?"


def test_the_page_of_names_is_the_generated_one_and_names_every_law() -> None:
    """With article, period, days in force and confidence, all in one line each."""
    committed = (ROOT / NAMES).read_text("utf-8")
    assert committed == page(), "run the command in jikim/law/reference.py"
    for name in PACKS:
        for row in pack(name).rows:
            [line] = [each for each in committed.splitlines() if f"`{row.key}`" in each]
            assert f" {row.basis.article.ko}<br>" in line
            assert f" {row.period or (row.wording and row.wording.en)} ({row.kind}) " in line
            assert line.endswith(f" {row.in_force_from} to {row.in_force_to or 'now'} | {row.mark} |")
        for law in pack(name).dead_laws:
            assert f"`{law.key}`" in committed
        for fact in every_fact(name):
            assert f"`{fact.name}`" in committed
            assert fact.says.ko in committed or fact.topic == "retention"


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="`fr` names no law pack"):
        pack("fr")


SMALL = """
name = "small"
as_of = 2026-11-21

[obliged]
shop = {ko = "가게", en = "shop"}

[laws.act]
ko = "법"
en = "Act"
version = "1"

[separate.general]
law = "act"
article = {ko = "제2조", en = "art. 2"}

[identity.party]
law = "act"
article = {ko = "제3조", en = "art. 3"}
items = ["name"]
others = {ko = "등", en = "and the like"}

[[retention]]
key = "small.bill"
id = "RET-1"
record = {ko = "영수증", en = "bills"}
law = "act"
article = {ko = "제1조", en = "art. 1"}
period = "1 year"
kind = "minimum"
obliged = ["shop"]
starts = "recorded"
identity = "party"
mark = "S"
in_force_from = 2020-01-01
in_force_to = 2023-12-31

[[retention]]
key = "small.bill"
id = "RET-1"
record = {ko = "영수증", en = "bills"}
law = "act"
article = {ko = "제1조", en = "art. 1"}
period = "2년"
kind = "minimum"
obliged = ["shop"]
mark = "S"
in_force_from = 2024-01-01

[[dead]]
key = "small.stamp"
scheme = {ko = "인지", en = "stamps"}
cited_for = {ko = "인지", en = "stamps"}
law = "act"
article = {ko = "구 제9조", en = "former art. 9"}
period = "3 months"
ended = 2019-01-01
why = {ko = "삭제", en = "deleted"}
mark = "M"
"""


def test_each_layer_answers_for_its_own_days() -> None:
    small = read(SMALL.encode(), name="small")
    answers = [
        str(small.retention("small.bill", in_force_on=day).period)
        for day in (date(2020, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2090, 1, 1))
    ]
    assert answers == ["1 year", "1 year", "2 years", "2 years"]


def test_the_digest_follows_the_facts_and_not_the_comments() -> None:
    small, commented, changed = (
        read(text.encode(), name="small").digest
        for text in (SMALL, "# a remark\n" + SMALL, SMALL.replace('"1 year"', '"13 months"'))
    )
    assert small == commented
    assert small != changed


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        (
            "in_force_to = 2023-12-31",
            "in_force_to = 2024-01-01",
            "two rows of `small.bill` answer for 2024-01-01",
        ),
        ("in_force_to = 2023-12-31", "", "two rows of `small.bill` answer for 2024-01-01"),
        ("in_force_to = 2023-12-31", "in_force_to = 2019-12-31", "`small.bill` ends before it begins"),
        ('key = "small.stamp"', 'key = "small.bill"', "`small.bill` is named twice"),
        ('period = "1 year"', "", "`small.bill` needs a period or a wording"),
        ('period = "1 year"', "period = 1", "`1` is no period"),
        ('period = "1 year"', 'period = "a year"', "`a year` is no period"),
        ('starts = "recorded"', 'starts = "printed"', "`printed`, which is no trigger"),
        ('obliged = ["shop"]', 'obliged = ["bank"]', "`bank` names no obligation"),
        ('obliged = ["shop"]', "obliged = []", "at least 1 item"),
        ('identity = "party"', 'identity = "guest"', "`guest` names no identity"),
        ('identity = "party"', 'separate = "attic"', "`attic` names no separate store"),
        ("[separate.general]", "[separate.special]", "`general` names no separate store"),
        ('law = "act"', 'law = "bill"', "`bill` names no law"),
        ('kind = "minimum"', 'kind = "floor"', "retention.0.kind"),
        ('mark = "S"', 'mark = "X"', "retention.0.mark"),
        ('mark = "S"', 'mark = "S"\ncolour = "red"', "retention.0.colour"),
        ("as_of = 2026-11-21", "", "as_of: field required"),
        ("[obliged]", "[obliged", "cannot be read as TOML"),
    ],
)
def test_a_pack_that_does_not_hold_together_is_refused(written: str, instead: str, complaint: str) -> None:
    assert written in SMALL
    with pytest.raises(LawPackError) as refusal:
        read(SMALL.replace(written, instead, 1).encode(), name="small")
    assert complaint in str(refusal.value)


def test_the_file_states_nothing_that_no_row_uses() -> None:
    """Laws are cited by topics, too: see test_facts."""
    file = tomllib.loads(resources.files("jikim.law").joinpath("kr", "retention.toml").read_text("utf-8"))
    assert file["identity"].keys() == {row["identity"] for row in file["retention"] if "identity" in row}
    assert file["separate"].keys() - {"general"} == {
        r["separate"] for r in file["retention"] if "separate" in r
    }
    assert file["obliged"].keys() == {who for row in file["retention"] for who in row["obliged"]}
