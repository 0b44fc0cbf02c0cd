"""What a policy file says once it is read, on the example service and on small files."""

from datetime import date
from pathlib import Path

import pytest

from jikim.policy.model import Policy
from jikim.policy.parse import PolicyError, parse
from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.retention import Clock, RetentionRule
from jikim.policy.words import DataCategory, LegalBasis, Right
from jikim.source import Severity

PLASK = Path(__file__).parents[3] / "examples" / "plask"


def read(name: str) -> Policy:
    return parse((PLASK / name).read_bytes(), name=name)


def codes(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        parse(text.encode(), name="policy.yaml")
    assert all(finding.severity is Severity.ERROR for finding in caught.value.diagnostics)
    return [finding.code for finding in caught.value.diagnostics]


@pytest.fixture(scope="module")
def corrected() -> Policy:
    return read("policy.yaml")


@pytest.fixture(scope="module")
def published() -> Policy:
    return read("as-published.yaml")


def test_a_processing_says_for_whom_why_which_items_and_how_long(corrected: Policy) -> None:
    membership = corrected.processing["membership"]
    assert membership.id == "membership"
    assert membership.about == ("member",)
    assert membership.basis is LegalBasis.CONTRACT
    assert membership.items.all == {"name", "email", "password"}
    until = Period(0, "days")
    assert membership.keep == RetentionRule(
        "first", (Clock("membership ended", until), Clock("service closed", until))
    )


def test_abuse_records_end_a_year_after_the_membership_or_with_the_service(corrected: Policy) -> None:
    assert corrected.processing["abuse-prevention"].keep == RetentionRule(
        "first", (Clock("membership ended", Period(1, "years")), Clock("service closed", NO_PERIOD))
    )


def test_statutory_retention_names_law_start_and_items(corrected: Policy) -> None:
    visits = corrected.kept_by_law["visits"]
    assert (visits.id, visits.law, visits.after, visits.items) == (
        "visits",
        "kr.telecom.log",
        "recorded",
        ("ip", "visit-time"),
    )


def test_the_grace_lies_inside_the_days_allowed_for_destruction(corrected: Policy) -> None:
    grace = corrected.destruction.grace["membership ended"]
    assert corrected.destruction.within == grace.period == Period(5, "days")
    assert grace.use == "none"
    assert grace.undo


def test_the_corrected_policy_leaves_nothing_unstated(corrected: Policy) -> None:
    assert b"unstated" not in (PLASK / "policy.yaml").read_bytes()
    assert all(processing.keep and processing.basis for processing in corrected.processing.values())


def test_the_corrected_policy_is_written_in_every_language_it_declares(corrected: Policy) -> None:
    from jikim.policy.references import texts

    for path, text in texts(corrected):
        assert all(text.of(language) for language in corrected.languages), path


def test_every_item_of_the_corrected_policy_serves_a_processing_or_a_law(corrected: Policy) -> None:
    used = frozenset[str]().union(
        *(each.items.all for each in corrected.processing.values()),
        *(each.items for each in corrected.kept_by_law.values()),
    )
    assert used == frozenset(corrected.items)


def test_the_rights_a_published_text_lacks_are_absent_and_not_guessed(
    corrected: Policy, published: Policy
) -> None:
    assert Right.SUSPENSION in corrected.rights.rules
    assert set(published.rights.rules) == {Right.ACCESS, Right.CORRECTION, Right.LEAVING}
    assert published.rights.refusal is None


def test_a_published_fault_is_read_as_it_was_written(published: Policy) -> None:
    visits = published.kept_by_law["visits"]
    assert (visits.law, visits.cites, visits.as_stated) == (None, "통신비밀보호법", Period(3, "years"))
    assert published.kept_by_law["commercial"].as_stated is None
    assert published.title.of("ko") == "플라스크 개인정보 취급 방침"
    assert published.entrustments["identity-check"].processor is None
    assert published.processing["statistics"].keep is None
    assert published.processing["member-management"].items.all == frozenset()
    assert not published.processing["member-management"].items.stated
    assert published.processing["abuse-records"].keep == RetentionRule.parse("1 year after unstated")
    assert published.destruction.archive == "everything"
    assert published.destruction.within is None
    assert published.cookies is not None
    assert [steps.browser for steps in published.cookies.refuse] == ["internet-explorer"]


def test_every_value_knows_its_place(corrected: Policy) -> None:
    lines = (PLASK / "policy.yaml").read_text().splitlines()
    for id in corrected.processing:
        span = corrected.span(("processing", id), key=True)
        assert span is not None
        assert lines[span.line - 1].startswith(f"  {id}:")


def test_where_a_policy_was_written_is_no_part_of_what_it_says(corrected: Policy) -> None:
    moved = parse(b"# a comment\n\n" + (PLASK / "policy.yaml").read_bytes(), name="elsewhere.yaml")
    assert moved == corrected
    assert moved.span(("version",)) != corrected.span(("version",))


def test_dates_and_short_forms_are_read(corrected: Policy) -> None:
    assert corrected.effective == date(2026, 1, 12)
    assert [each.what for each in corrected.never_collect] == ["sensitive", "under-14"]
    assert corrected.items["password"].category is DataCategory.CREDENTIAL


def test_a_text_written_once_stands_for_every_language(published: Policy) -> None:
    label = published.items["name"].label
    assert label.of("ko") == label.of("en") == "실명"
    assert label.languages == frozenset()


def test_a_missing_language_is_none(corrected: Policy) -> None:
    assert corrected.items["name"].label.of("fr") is None


def test_an_empty_file_is_refused() -> None:
    assert codes("") == ["empty-value"]
    assert codes("[]") == ["wrong-type"]


def test_consent_beside_another_basis_is_refused() -> None:
    text = (
        (PLASK / "policy.yaml")
        .read_text()
        .replace("    consent: each\n", "")
        .replace("    basis: contract\n", "    basis: contract\n    consent: each\n", 1)
    )
    assert codes(text) == ["consent-without-basis"]


def test_a_transfer_under_no_entrustment_is_refused() -> None:
    text = (PLASK / "policy.yaml").read_text().replace("under: mail", "under: male", 1)
    assert codes(text) == ["unknown-name"]


def test_a_hyphen_stands_for_no_name() -> None:
    text = (PLASK / "as-published.yaml").read_text().replace("해외 채팅 서비스 회사", '"-"', 1)
    assert codes(text) == ["blank-text"]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("protect: one-way", "protect: one-way, stored: never"),
        ("derived: {from: email,", "derived: {from: emial,"),
        ("automatic: [rejoin-key]", "automatic: [rejoin-key], required: [rejoin-key]"),
    ],
)
def test_items_that_contradict_themselves_are_refused(given: str, wrong: str) -> None:
    text = (PLASK / "policy.yaml").read_text()
    assert given in text
    assert len(codes(text.replace(given, wrong, 1))) == 1
