"""What each rule of contents, items, purposes and bases finds and leaves alone, beyond its own two examples."""

from datetime import date

import pytest
from tests.unit.law.test_rules import TODAY, policy_with

from jikim.law.rules import lint
from jikim.source import Path, Severity

PLACE = "{label: {ko: 현재 위치, en: Place}, category: location}"
HEALTH = "{label: {ko: 혈압, en: Blood pressure}, category: sensitive}"
PASSPORT = "{label: {ko: 여권번호, en: Passport number}, category: unique-identifier}"
RESIDENT = "{label: {ko: 주민등록번호, en: Resident number}, category: resident-number}"
CARD = "{label: {ko: 카드 번호, en: Card number}, category: payment, stored: never}"


def paths(code: str, parts: str) -> list[Path]:
    """Where a rule finds something in the right policy with these parts."""
    report = lint(policy_with(parts), in_force_on=TODAY)
    return [each.path for each in report.findings if each.code == code]


FOUND: list[tuple[str, str, list[Path]]] = [
    ("L-01", "rights: null", [("rights",)]),
    ("L-01", "rights: {refusal: null}", [("rights", "refusal", "objection")]),
    ("L-01", "rights: {refusal: {objection: null}}", [("rights", "refusal", "objection")]),
    ("L-01", "contacts: {officer: null}", [("contacts", "officer")]),
    ("L-01", "contacts: {access_desk: null}", [("contacts", "access_desk")]),
    ("L-01", "safeguards: null", [("safeguards",)]),
    ("L-01", "notice: null", [("notice",)]),
    ("L-01", "agencies: []", [("agencies",)]),
    ("L-01", "destruction: {procedure: null}", [("destruction", "procedure")]),
    ("L-01", "destruction: {paper: unstated}", [("destruction", "paper")]),
    ("L-01", "destruction: {paper: unstated, procedure: null}", [("destruction",)]),
    (
        "L-01",
        "processing: {membership: null, orders: null, abuse-prevention: null, newsletter: null}",
        [("processing",)],
    ),
    ("L-09", "items: {name: {unlisted: true}}", [("items", "name")]),
    (
        "L-09",
        f"{{items: {{card: {CARD}}}, safeguards: {{cards: {{kind: encryption-in-transit, items: card, text: x}}}}}}",
        [("safeguards", "cards", "items", 0)],
    ),
    ("L-10", "processing: {orders: {purpose: {ko: 유료 회원의 본인 인증}}, membership: null}", []),
    (
        "L-10",
        "{items: {name: {category: contact}}, processing: {orders: {purpose: {ko: 유료 회원의 본인 인증}}}}",
        [("processing", "orders", "purpose")],
    ),
    ("L-10", "processing: {orders: {purpose: 인구통계 분석}}", [("processing", "orders", "purpose")]),
    (
        "L-10",
        "processing: {orders: {purpose: {en: Location-based offers}}}",
        [("processing", "orders", "purpose")],
    ),
    ("L-10", "processing: {membership: {purpose: 가입횟수 제한}}", [("processing", "membership", "purpose")]),
    ("L-10", "processing: {abuse-prevention: {purpose: 가입횟수 제한}}", []),
    ("L-10", "processing: {orders: {purpose: 청구서 등의 발송}}", []),
    (
        "L-29",
        "processing: {abuse-prevention: {keep: {last of: [1 year after unstated, until membership ended]}}}",
        [("processing", "abuse-prevention", "keep")],
    ),
    (
        "L-30",
        f"{{items: {{card: {CARD}}}, safeguards: {{cards: {{kind: malware, items: card, text: x}}}}}}",
        [],
    ),
    ("L-33", "processing: {newsletter: {basis: unstated}}", []),
    ("L-34", "destruction: {exceptions: [kept-by-law, internal-policy]}", [("destruction", "exceptions", 1)]),
    ("L-35", "processing: {orders: {basis: law, under: 상법}}", [("processing", "orders", "under")]),
    ("L-36", f"{{items: {{card: {CARD}}}, processing: {{orders: {{items: {{required: [card]}}}}}}}}", []),
    (
        "L-36",
        f"{{items: {{card: {CARD}}}, processing: {{membership: {{items: {{required: [email, password, card]}}}}}}}}",
        [("processing", "membership", "items", "required", 2)],
    ),
    ("L-38", "never_collect: [{what: sensitive, unless: consent}]", [("never_collect", 0, "unless")]),
    (
        "L-38",
        f"{{items: {{health: {HEALTH}}}, processing: {{newsletter: {{items: {{optional: [email, health]}}}}}}}}",
        [("processing", "newsletter", "items", "optional", 1)],
    ),
    (
        "L-38",
        f"{{items: {{passport: {PASSPORT}}}, processing: {{orders: {{items: {{required: [name, passport]}}}}}}}}",
        [("processing", "orders", "items", "required", 1)],
    ),
    (
        "L-38",
        f"{{items: {{health: {HEALTH}}}, never_collect: [sensitive],"
        " processing: {newsletter: {marketing: null, items: {optional: [health]}}}}",
        [("never_collect", 0)],
    ),
    (
        "L-39",
        f"{{items: {{number: {RESIDENT}}}, processing: {{newsletter: {{items: {{optional: [number]}}}}}}}}",
        [("processing", "newsletter", "basis")],
    ),
    (
        "L-39",
        f"{{items: {{number: {RESIDENT}}}, processing: {{orders: {{basis: law, items: {{required: [number]}}}}}}}}",
        [],
    ),
    (
        "L-40",
        "processing: {orders: {shown_to: [member], items: {required: [name], automatic: [order-history]}}}",
        [("processing", "orders", "shown_to")],
    ),
    ("L-40", "processing: {orders: {basis: legitimate-interest, shown_to: [member]}}", []),
    (
        "L-40",
        "{items: {email: {category: content}}, processing: {orders: {shown_to: [member],"
        " items: {required: [name, email], automatic: []}}}}",
        [],
    ),
    (
        "L-40",
        "provision_rule: {exceptions: [{ground: consent, text: 사전에 공개에 동의한 경우}]}",
        [("provision_rule", "exceptions", 0, "text")],
    ),
    (
        "L-43",
        "statements: [{kind: automated-decisions, text: 자동으로 결정합니다.}]",
        [("statements", 0)],
    ),
    ("L-44", "rights: {transmission: {granted: false}}", []),
    ("L-46", "processing: {orders: {purpose: 추가 이용 요금의 정산}}", []),
    ("L-46", "processing: {orders: {purpose: 추가적인 이용}}", [("processing", "orders", "purpose")]),
    ("L-82", f"{{items: {{place: {PLACE}}}}}", []),
]


@pytest.mark.parametrize(("code", "parts", "expected"), FOUND)
def test_a_rule_finds_each_place_and_no_other(code: str, parts: str, expected: list[Path]) -> None:
    assert paths(code, parts) == expected


def test_an_item_that_a_law_has_recorded_is_listed_with_its_record() -> None:
    """Neither unlisted nor unneeded: the record says why and how long."""
    parts = """
items: {visit-time: {label: {ko: 접속 일시, en: Time of visit}, category: network}}
kept_by_law:
  visits: {label: {ko: 로그기록, en: Logs}, law: kr.telecom.log, after: recorded, items: [ip, visit-time]}
"""
    assert paths("L-09", parts) == paths("L-30", parts) == []


def test_the_use_of_data_for_developing_ai_is_asked_about_from_the_day_on_which_the_law_asks() -> None:
    policy = policy_with("processing: {orders: {purpose: 추천 인공지능의 학습}}")
    before, after = (lint(policy, in_force_on=day).findings for day in (date(2027, 3, 8), date(2027, 3, 9)))
    assert "L-83" not in {each.code for each in before}
    assert "L-83" in {each.code for each in after}


def test_an_item_is_found_once_however_often_it_is_given_away() -> None:
    bank = "{recipient: {name: Bank, country: KR}, basis: consent, purpose: x, items: [card], keep: until purpose met}"
    parts = f"{{items: {{card: {CARD}}}, provisions: {{a: {bank}, b: {bank}}}}}"
    assert paths("L-09", parts) == [("provisions", "a", "items", 0)]


def test_that_agencies_are_missing_is_a_warning_for_it_is_recommended_only() -> None:
    report = lint(policy_with("agencies: []"), in_force_on=TODAY)
    assert [each.severity for each in report.findings if each.code == "L-01"] == [Severity.WARNING]


def test_the_period_that_is_proposed_fits_who_and_what_it_is_for() -> None:
    def proposed(parts: str) -> str:
        report = lint(policy_with(parts), in_force_on=TODAY)
        return next(each.fix for each in report.findings if each.code == "L-08")

    visitor = "people: {visitor: {label: Visitor}}"
    assert "consent withdrawn, membership ended" in proposed("processing: {newsletter: {keep: unstated}}")
    assert "3 months after recorded" in proposed("processing: {abuse-prevention: {keep: unstated}}")
    assert "purpose met" in proposed(
        f"{{{visitor}, processing: {{orders: {{about: visitor, keep: unstated}}}}}}"
    )


def test_of_many_items_a_finding_names_the_first_few() -> None:
    parts = "processing: {orders: {items: {required: [name, email, password, ip]}, keep: unstated}}"
    report = lint(policy_with(parts), in_force_on=TODAY, language="ko")
    found = next(each for each in report.findings if each.code == "L-08")
    assert found.message.endswith(": `이름`, `이메일`, `비밀번호` 외 2개")


def test_of_a_title_in_two_languages_only_the_korean_one_is_mended() -> None:
    report = lint(policy_with("title: {ko: 취급방침, en: Our policy}"), in_force_on=TODAY)
    (edit,) = report.edits
    assert (edit.text, edit.span.length) == ("개인정보 처리방침", len("취급방침"))
