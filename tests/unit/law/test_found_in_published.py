"""What lint finds in the five policies as they were published, against what a reader of each text wrote down."""

from collections import Counter

import pytest
from tests.clauses import CLAUSES
from tests.findings import (
    GOLDEN,
    LANGUAGES,
    PAGE,
    REASONS,
    ROOT,
    RULE_PAGES,
    SERVICES,
    TODAY,
    counted,
    expected,
    found,
    generated,
    missed,
    place,
    table,
)

from jikim.law.rules import RULES, lint
from jikim.lint.fact import Language
from jikim.policy.parse import parse
from jikim.source import Severity

DEMANDED = {
    "lets": "L-01 L-02 L-06 L-07 L-08 L-09 L-22 L-24 L-25",
    "litecam": "L-07 L-09 L-10 L-11 L-12 L-13 L-14 L-16 L-17 L-21 L-22 L-23 L-25",
    "talk_with_me": "L-01 L-08 L-10 L-15 L-17 L-18 L-19 L-20 L-21 L-22 L-25",
    "casenote": "L-01 L-07 L-09 L-11 L-12 L-17 L-19 L-20 L-21 L-22 L-25",
    "plask": "L-02 L-03 L-04 L-07 L-11 L-12 L-13 L-14 L-16 L-17 L-20 L-21 L-22 L-23 L-25 L-27",
}
"""The rules that a reading of each text against the law called for."""
CONFLICTS = {
    "lets": "01 02 04 11 15 20 22",
    "litecam": "11 16 19 21 23 35 47",
    "talk_with_me": "03 08 12 17 22 24",
    "casenote": "07 08 11 14",
    "plask": "01 12 13 15 16 17 18 22 23 24 38 42",
}
"""The clauses that conflict with the law in force."""
CONTRADICTIONS = {
    "lets": [("10", "L-69"), ("18", "L-70"), ("15", "L-09"), ("05", "L-71"), ("25", "L-24")],
    "litecam": [
        *(("20", "L-11"), ("20", "L-50"), ("41", "L-72"), ("09", "L-09")),
        *(("45", "L-73"), ("06", "L-20"), ("51", "L-64")),
    ],
    "talk_with_me": [("16", "L-61"), ("20", "L-20"), ("22", "L-21")],
    "casenote": [("21", "L-54"), ("18", "L-11"), ("11", "L-09"), ("23", "L-56"), ("03", "L-28")],
    "plask": [
        *(("19", "L-11"), ("25", "L-53"), ("12", "L-10"), ("18", "L-51")),
        *(("01", "L-02"), ("33", "L-74"), ("38", "L-73")),
    ],
}
"""Clauses that another clause of the same text contradicts, and the rule that says so."""


@pytest.mark.parametrize("service", SERVICES)
def test_all_that_is_expected_is_found_and_nothing_else(service: str) -> None:
    said = {place(each) for each in found(service)}
    assert expected(service) - said == set()
    assert said - expected(service) == set()


def test_nothing_is_said_to_be_missed_but_these() -> None:
    """A rule that is written for one of them takes it off the list."""
    assert {service: counted(service)["missed"] for service in SERVICES} == {
        "lets": 15,
        "litecam": 7,
        "talk_with_me": 8,
        "casenote": 4,
        "plask": 8,
    }
    assert {row.because for service in SERVICES for row in missed(service)} == set(REASONS)


@pytest.mark.parametrize("service", SERVICES)
def test_no_place_is_found_twice_by_one_rule_and_each_has_its_line(service: str) -> None:
    assert {at: n for at, n in Counter(map(place, found(service))).items() if n > 1} == {}
    assert all(each.span and each.span.length and each.fix and each.why for each in found(service))


@pytest.mark.parametrize("service", SERVICES)
def test_of_the_corrected_policy_nothing_is_left_but_hints(service: str) -> None:
    """Such as what is promised above the law, and must be kept."""
    policy = parse((ROOT / "examples" / service / "policy.yaml").read_bytes(), name="policy.yaml")
    left = lint(policy, in_force_on=TODAY)
    assert {each.severity for each in left.findings} == {Severity.INFO}
    assert left.accepted == ()


@pytest.mark.parametrize("service", SERVICES)
def test_no_clause_names_a_place_twice(service: str) -> None:
    assert len(set(table(service))) == len(table(service))


@pytest.mark.parametrize("service", SERVICES)
def test_every_rule_that_the_reading_called_for_finds_something(service: str) -> None:
    assert set(DEMANDED[service].split()) <= {each.code for each in found(service)}


@pytest.mark.parametrize(("number", "service"), list(enumerate(SERVICES)))
def test_every_clause_in_conflict_with_the_law_and_every_contradiction_is_told(
    number: int, service: str
) -> None:
    told = {(row.clause, row.code) for row in table(service) if hasattr(row, "code")}
    assert {f"{number}-{id}" for id in CONFLICTS[service].split()} <= {clause for clause, _ in told}
    assert {(f"{number}-{id}", code) for id, code in CONTRADICTIONS[service]} <= told


@pytest.mark.parametrize(("number", "service"), list(enumerate(SERVICES)))
def test_the_tables_name_clauses_that_there_are(number: int, service: str) -> None:
    known = {f"{number}-{id:02}" for id in range(1, CLAUSES[number] + 1)} | {f"{number}-missing"}
    assert {row.clause for row in table(service)} <= known


@pytest.mark.parametrize("service", SERVICES)
def test_both_languages_tell_the_same_findings(service: str) -> None:
    assert [place(each) for each in found(service, "ko")] == [place(each) for each in found(service, "en")]


@pytest.mark.parametrize("service", SERVICES)
def test_korean_reports_are_korean(service: str) -> None:
    """Each sentence has more than the words that it quotes, and none of them is English."""
    for each in found(service, "ko"):
        unquoted = "".join(each.message.split("`")[::2])
        assert any("가" <= char <= "힣" for char in unquoted), each.message
        assert not any(char.isascii() and char.isalpha() for char in unquoted), each.message


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("service", SERVICES)
def test_the_report_is_the_one_that_was_read(service: str, language: Language) -> None:
    """Made anew by `python -m tests.findings`."""
    path = GOLDEN / f"{service}.{language}.txt"
    assert path.read_text(encoding="utf-8") == generated()[path]


def test_the_page_of_findings_and_the_pages_of_rules_are_what_the_files_say() -> None:
    """Made anew by `python -m tests.findings`."""
    for path, text in generated().items():
        assert path.read_text(encoding="utf-8") == text, path.name
    assert {path.name for path in RULE_PAGES.iterdir()} == {"README.md", *(f"{code}.md" for code in RULES)}
    assert PAGE.read_text(encoding="utf-8").count("| missed, ") == sum(len(missed(each)) for each in SERVICES)


@pytest.mark.parametrize("code", RULES)
def test_a_rules_page_says_how_to_accept_what_it_finds(code: str) -> None:
    assert f"# jikim: allow {code} because" in (RULE_PAGES / f"{code}.md").read_text(encoding="utf-8")


def test_what_rests_on_doubt_is_no_error() -> None:
    """Of the agencies' old names, known from memory only, lint warns."""
    agencies = [each for service in SERVICES for each in found(service) if each.code == "L-23"]
    assert agencies
    assert all(each.severity is not Severity.ERROR for each in agencies)
