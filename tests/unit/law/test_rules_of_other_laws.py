"""What the rules on records, on other laws and on promises find besides their examples, and what they leave alone."""

from datetime import date

import pytest
from tests.unit.law.test_rules import policy_with

from jikim.law.rules import lint

TODAY = date(2026, 11, 21)
COOKIES = (
    "cookies: {used: true, refuse: [{browser: chrome, steps: {ko: 설정 > 쿠키, en: Settings > Cookies}}]%s}"
)

ADS = "purpose: {ko: 맞춤 광고, en: Ads}, keep: 30 days after recorded, third_party: {ko: 예시광고, en: Example Ads}"
TWICE = "{listed: [쿠키, 보호책임자 및 담당자], headings: [쿠키, 보호책임자 및 담당자]}"


def places(code: str, parts: str, *, on: date = TODAY) -> list[str]:
    """Where a rule finds something in the right policy with these parts laid over it."""
    report = lint(policy_with(parts), in_force_on=on)
    return [".".join(map(str, each.path)) for each in report.findings if each.code == code]


@pytest.mark.parametrize(
    ("code", "parts", "place"),
    [
        ("L-03", "kept_by_law: {old: {law: kr.network.identity-check, after: recorded, items: [ip]}}", "law"),
        (
            "L-03",
            "processing: {orders: {purpose: {ko: 제한적 본인확인제에 따른 확인, en: Checks}}}",
            "purpose",
        ),
        ("L-03", "processing: {orders: {cites: [개인정보 유효기간제]}}", "cites.0"),
        ("L-04", "kept_by_law: {tax: {law: kr.tax.vat, after: recorded, items: [order-history]}}", "after"),
        (
            "L-04",
            "kept_by_law: {contracts: {law: kr.ecommerce.contract, as_stated: 3 years}}",
            "kept_by_law.contracts.as_stated",
        ),
        (
            "L-05",
            "items: {log: {label: 취급자 접속기록, category: record}}\n"
            "processing: {orders: {items: {automatic: [log]}, keep: 6 months after recorded}}",
            "processing.orders.keep",
        ),
        ("L-06", "processing: {orders: {basis: law, under: 신용정보법 제20조}}", "processing.orders.under"),
        ("L-16", "statements: [{kind: promise, text: {ko: 회사는 책임지지 않습니다., en: So.}}]", "0.text"),
        ("L-21", "cookies: {used: true}", "cookies"),
        (
            "L-22",
            "processing: {orders: {purpose: {ko: 주문 처리와 타겟 마케팅, en: To do more}}}",
            "processing.orders.basis",
        ),
        ("L-24", "service: {name: {ko: 찻집, en: null}}", "service.name"),
        ("L-24", "service: {name: 찻집}", "service.name"),
        ("L-26", "destruction: {within: 1 day}", "destruction.within"),
        ("L-26", "destruction: {when: [purpose met, deletion requested]}", "destruction.when"),
        ("L-26", "provision_rule: {without: never}", "provision_rule.without"),
        ("L-26", "notice: {with_reasons: true}", "notice.with_reasons"),
        (
            "L-85",
            f"cookies: {{used: true, each: {{ads: {{{ADS}, needed: false}}}}}}",
            "cookies.each.ads.third_party",
        ),
        ("L-86", f"contacts: {{handler: null}}\ncontents: {TWICE}", "contents.headings.1"),
        (
            "L-87",
            "collected_by: [event]\nprocessing: {orders: {purpose: {ko: 가, en: It prevents loss}}}",
            "collected_by.0",
        ),
        ("L-26", "processing: {orders: {nothing_else: true}}", "processing.orders.nothing_else"),
        (
            "L-66",
            "kept_by_law: {tea: {label: 차, cites: 차법, as_stated: 1 year, items: [name]}}",
            "tea.cites",
        ),
        (
            "L-67",
            "kept_by_law: {visits: {law: kr.telecom.log, after: recorded, items: [ip, email]}}",
            "kept_by_law.visits.items.1",
        ),
        (
            "L-71",
            "provisions: {a: {recipient: unstated, basis: contract, purpose: unstated, items: unstated, "
            "keep: unstated}}\nprovision_rule: {without: never}",
            "provisions.a",
        ),
        ("L-72", COOKIES % ", identifying: false, tracking: true", "cookies.identifying"),
        ("L-75", "contents: {listed: [가], headings: [가, 나]}", "contents.headings.1"),
        ("L-75", "contents: {listed: [가, 나], headings: [가]}", "contents.listed.1"),
        (
            "L-77",
            "items: {pin: {label: 비밀번호, category: credential}}\nsafeguards: {passwords: null}",
            "items.pin",
        ),
        ("L-81", 'version: "1.1"', "version"),
        ("L-84", "kept_by_law: {contracts: null}", "items.order-history"),
        ("L-81", 'version: "2"\neditions: [{version: "1", effective: 2025-01-02}]', "editions.0"),
    ],
)
def test_a_rule_finds(code: str, parts: str, place: str) -> None:
    assert [each.endswith(place) for each in places(code, parts)] == [True]


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("L-04", "kept_by_law: {a: {label: 계약 기록, cites: 전상법, as_stated: 60 months, items: [name]}}"),
        ("L-05", "kept_by_law: {a: {law: kr.pipa.access-log, after: recorded, label: 접속기록, items: [ip]}}"),
        ("L-06", "kept_by_law: {a: {law: kr.ecommerce.payment, after: payment settled, items: [name]}}"),
        ("L-16", "statements: [{kind: linked-sites, text: {ko: 책임을 지지 않습니다., en: Not liable.}}]"),
        ("L-22", "processing: {orders: {purpose: {ko: 광고 중복 발송의 방지, en: To send nothing twice}}}"),
        ("L-24", "processing: {orders: {purpose: {ko: 1만원 이상의 주문, en: 'Orders over 10,000 won'}}}"),
        ("L-24", "processing: {orders: {purpose: {ko: 5일 안의 배송, en: To deliver within five days}}}"),
        ("L-24", "service: {name: Tea}"),
        ("L-66", "kept_by_law: {a: {law: kr.commercial.voucher, after: transaction made, items: [name]}}"),
        ("L-67", "kept_by_law: {a: {law: kr.telecom.log, after: recorded, items: [ip]}}"),
        ("L-68", "statements: [{kind: user-duty, text: {ko: 가, en: a}, cites: [정보통신망법]}]"),
        ("L-69", "processing: {orders: {marketing: {channels: [screen]}}}"),
        ("L-70", "processing: {orders: {form: anonymous, purpose: {ko: 통계, en: To count}}}"),
        ("L-72", COOKIES % ", identifying: true, tracking: true"),
        ("L-73", "safeguards: {a: {kind: holder-only, text: {ko: 본인만, en: Alone}}}\n"
         "rights: {access: {channels: [menu]}, correction: {channels: [menu]}}"),
        ("L-74", COOKIES % ", purposes: [{ko: 로그인, en: Sign-in}]"),
        ("L-85", f"cookies: {{used: true, each: {{ads: {{{ADS}, needed: true}}}}}}"),
        ("L-85", f"cookies: {{used: true, choices: refuse-all, each: {{ads: {{{ADS}, needed: false}}}}}}"),
        ("L-86", f"contacts: {{handler: {{department: 상담팀, phone: 02-0000-0009}}}}\ncontents: {TWICE}"),
        ("L-87", "collected_by: [event]\nprocessing: {orders: {purpose: {ko: 경품 발송, en: Prizes}}}"),
        ("L-75", "contents: {listed: [수집·이용], headings: [수집 이용]}"),
        ("L-77", "items: {card: {label: 카드번호, category: payment, stored: never}}"),
        ("L-77", "items: {expiry: {label: 카드 유효기간, category: payment}}"),
        ("L-79", "processing: {newsletter: {permission: contacts}, orders: {permission: contacts}}"),
        ("L-80", "items: {rrn: {label: 주민등록번호, category: resident-number}}\n"
         "statements: [{kind: legal-warning, text: {ko: 주민등록번호 도용, en: a}}]"),
        ("L-81", 'version: "1.0"'),
        ("L-81", "version: unstated"),
        ("L-84", "kept_by_law: {contracts: null}\nitems: {order-history: {category: usage}}"),
    ],
)  # fmt: skip
def test_a_rule_leaves_alone(code: str, parts: str) -> None:
    assert places(code, parts) == []


def test_an_old_name_of_the_prosecutors_is_old_since_they_were_abolished() -> None:
    parts = "agencies: [{name: 개인정보 분쟁조정위원회}, {name: 대검찰청}]"
    assert places("L-23", parts, on=date(2026, 10, 1)) == []
    assert places("L-23", parts, on=date(2026, 10, 2)) == ["agencies.1.name"]


def test_messages_rest_on_the_law_that_they_break() -> None:
    """Advertisements on one's own screens are not sent: only the consent to use data is missing."""
    found = {}
    for channel in ("email", "screen"):
        parts = f"processing: {{newsletter: {{basis: contract, marketing: {{channels: [{channel}]}}}}}}"
        [found[channel]] = [
            each.why for each in lint(policy_with(parts), in_force_on=TODAY).findings if each.code == "L-22"
        ]
    assert "Network Act" in found["email"]
    assert "Network Act" not in found["screen"]


@pytest.mark.timeout(20)
def test_numbers_of_any_length_in_words_of_any_length_are_compared() -> None:
    """A file that nobody would write neither stops the linter nor keeps it for hours."""
    long = f"{'9' * 5000} {'a' * 100_000}"
    other = policy_with(f"processing: {{orders: {{purpose: {{ko: '{long} 7일', en: '{long} 8 days'}}}}}}")
    assert any(
        "7 there, 8 here" in each.message for each in lint(other, in_force_on=date(2026, 11, 22)).findings
    )
