"""What a change of the policy demands: how long before, whose consent, and by which law."""

from datetime import date
from pathlib import Path

import pytest

from jikim.notices.change import Consent, Demand, consents, demands, least_notice, promised
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.policy.period import Period

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()
BEFORE = parse(TEXT.encode(), name="before.yaml")


def changed(old: str, new: str) -> Policy:
    """The right policy with one place written anew."""
    assert TEXT.count(old) == 1, (old, TEXT.count(old))
    return parse(TEXT.replace(old, new).encode(), name="after.yaml")


def demanded(old: str, new: str) -> tuple[Demand, ...]:
    return demands(BEFORE, changed(old, new))


def one(old: str, new: str) -> Demand:
    [demand] = demanded(old, new)
    return demand


@pytest.mark.parametrize(
    ("old", "new", "kind", "weight"),
    [
        ("keep: 3 months after recorded", "keep: 6 months after recorded", "period", "significant"),
        ("keep: 3 months after recorded", "keep: 1 month after recorded", "period", "ordinary"),
        ("keep: 3 months after recorded", "keep: until membership ended", "period", "significant"),
        ("items: {automatic: [ip]}", "items: {automatic: [ip, email]}", "item", "significant"),
        ("{ko: 부정 이용 방지, en:", "{ko: 부정 이용 방지와 통계, en:", "purpose", "significant"),
        ("{ko: 부정 이용 방지, en:", "{ko: 부정 이용 방지., en:", "wording", "ordinary"),
        ("To prevent abuse", "To keep abuse away", "wording", "ordinary"),
        ("basis: legitimate-interest", "basis: contract", "basis", "significant"),
        ("{ko: 접속 IP 주소, en: IP address}", "{ko: IP 주소, en: IP address}", "wording", "ordinary"),
        ("phone: 02-0000-0001", "phone: 02-0000-0002", "contact", "ordinary"),
        (
            "suspension: {channels: [menu, email], act: without delay, answer: 10 days}",
            "agent: true",
            "right",
            "x",
        ),
        ("never_collect: [under-14]", "never_collect: []", "item", "significant"),
        ("significant: 30 days", "significant: 14 days", "notice", "significant"),
        ('version: "1.0"', 'version: "1.1"', "identity", "none"),
    ],
)
def test_a_change_is_of_a_kind_and_weighs(old: str, new: str, kind: str, weight: str) -> None:
    if weight == "x":  # a right that is taken away, with the line that spoke of it
        old, new, weight = f"  {old}\n", "", "significant"
    demand = one(old, new)
    assert (demand.change.kind, demand.weight) == (kind, weight)


def test_what_only_is_written_otherwise_is_no_change() -> None:
    assert demanded("keep: 3 months after recorded", "keep: 3개월 after recorded  # the same") == ()


def test_a_purpose_that_rests_on_consent_needs_it_again() -> None:
    """And the law that says so is named."""
    demand = one("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 광고성 정보의 전송과 맞춤 추천, en:")
    assert demand.consent == (Consent(("member",), "newsletter", again=True),)
    assert demand.law == ("kr.changes.new-consent",)


def test_another_item_of_a_processing_on_consent_needs_it_again_and_one_under_the_contract_does_not() -> None:
    assert one("items: {optional: [email]}", "items: {optional: [email, name]}").consent
    assert not one("items: {automatic: [ip]}", "items: {automatic: [ip, name]}").consent


def test_a_new_processing_on_consent_is_asked_for_and_not_again() -> None:
    new = "survey: {about: member, purpose: 설문, basis: consent, items: {optional: [email]}, keep: until purpose met}"
    demand = one("  newsletter:\n", f"  {new}\n  newsletter:\n")
    assert demand.consent == (Consent(("member",), "survey", again=False),)


def test_a_marketing_processor_is_told_to_each_person() -> None:
    new = """
entrustments:
  ads: {processor: {name: 예시광고, country: KR}, tasks: 광고 전송, items: [email], keep: until entrustment ended}
provision_rule:"""
    demand = one("\nprovision_rule:", new)
    assert demand.individually
    assert demand.law == ("kr.recipients.marketing",)


def test_the_longer_of_two_promises_binds() -> None:
    """The older one where less is promised now, the newer where more is; the longer only for significant changes."""
    shorter = changed("ordinary: 7 days, significant: 30 days", "ordinary: 3 days, significant: 10 days")
    other_phone = changed("phone: 02-0000-0001", "phone: 02-0000-0002")
    for before, after, least in (
        (BEFORE, shorter, "30 days"),
        (shorter, BEFORE, "7 days"),
        (BEFORE, other_phone, "7 days"),
    ):
        assert str(least_notice(promised(before, after, demands(before, after)), date(2026, 3, 2))) == least
    assert promised(BEFORE, BEFORE, ()) == ()


@pytest.mark.parametrize(
    ("promises", "announced", "least"),
    [
        (("1 month", "30 days"), date(2027, 2, 1), "30 days"),
        (("1 month", "30 days"), date(2027, 3, 1), "1 month"),
        (("48 hours", "1 day"), date(2027, 3, 1), "48 hours"),
    ],
)
def test_which_notice_is_longer_depends_on_the_day_of_the_announcement(
    promises: tuple[str, ...], announced: date, least: str
) -> None:
    assert str(least_notice(map(Period.parse, promises), announced)) == least


def test_each_consent_is_named_once() -> None:
    after = changed(
        "items: {optional: [email]}\n    keep: {until first of: [consent withdrawn",
        "items: {optional: [email, name]}\n    keep: {until first of: [purpose met, consent withdrawn",
    )
    assert consents(demands(BEFORE, after)) == (Consent(("member",), "newsletter", again=True),)
