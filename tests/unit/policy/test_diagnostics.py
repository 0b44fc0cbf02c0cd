"""Wrong policies and what a person reads about them: pairs of files in tests/golden/diagnostics."""

from pathlib import Path

import pytest

from jikim.lint.report import human
from jikim.policy.parse import PolicyError, parse

CASES = sorted((Path(__file__).parents[2] / "golden" / "diagnostics").glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_wrong_policy_is_refused_with_every_finding_placed_and_mended(case: Path) -> None:
    text = case.read_bytes()
    with pytest.raises(PolicyError) as caught:
        parse(text, name=case.name)
    assert human(caught.value.diagnostics, {case.name: text}) == case.with_suffix(".txt").read_text()


def test_every_expected_report_belongs_to_a_wrong_policy() -> None:
    assert {case.stem for case in CASES[0].parent.glob("*.txt")} == {case.stem for case in CASES}
    assert len(CASES) >= 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_findings_are_lower_case_and_name_no_class(case: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        parse(case.read_bytes(), name=case.name)
    for finding in caught.value.diagnostics:
        assert finding.message[0] == "`" or finding.message[0].islower()
        assert not any(word in finding.message for word in ("Input", "LocalText", "pydantic", "Processing"))
