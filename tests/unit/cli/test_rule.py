"""``jikim rule`` and ``jikim lint`` speak Korean to the last word where Korean is asked for."""

import os
import re
from pathlib import Path

import pytest
from tests.command import here

from jikim.law.rules import RULES, page, rule

KNOWN = {"jikim", "GDPR"}
"""Names that are the same in every language."""
TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()


def typed(folder: Path, *words: str) -> str:
    return here(*words, folder=folder, environment=dict(os.environ)).stdout


def english(text: str) -> set[str]:
    """Words in Latin letters that are not the file's own, which stand in backticks."""
    said = re.sub(r"```.*?```|`[^`]*`|\[[A-Z°]\S*\]", "", text, flags=re.DOTALL)
    return {word for word in re.findall("[A-Za-z]{2,}", said) if word not in KNOWN}


@pytest.mark.parametrize("code", RULES)
def test_the_korean_page_of_a_rule_has_no_english_word(code: str) -> None:
    assert english(page(rule(code), "ko")) == set()


def test_the_page_is_shown_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    assert typed(tmp_path, "rule", "l-12") == page(rule("L-12"), "ko")
    assert typed(tmp_path, "rule", "L-12", "--lang", "en") == page(rule("L-12"), "en")
    assert re.search(r"L-12\s+오류\s+모두 옮기는 분리보관", typed(tmp_path, "rule"))


def test_what_is_allowed_is_listed_with_its_reason_in_every_report_and_language(tmp_path: Path) -> None:
    allowed = TEXT.replace(
        "basis: legitimate-interest", "basis: unstated # jikim: allow L-33 because 법무팀이 검토 중"
    )
    assert allowed != TEXT
    (tmp_path / "policy.yaml").write_text(allowed)
    said = typed(tmp_path, "lint", "policy.yaml", "--lang", "ko")
    assert (
        "받아들임: `abuse-prevention` 처리의 법적 근거를 적지 않았습니다 [L-33] 이유: 법무팀이 검토 중"
        in said
    )
    assert "accepted: " in typed(tmp_path, "lint", "policy.yaml", "--lang", "en")
    twice = allowed.replace(
        "    basis: unstated", "    # jikim: allow L-33 because 처음\n    basis: unstated"
    )
    assert twice != allowed
    (tmp_path / "policy.yaml").write_text(twice)
    assert "unfit-allowance" in typed(tmp_path, "lint", "policy.yaml")
    (tmp_path / "policy.yaml").write_text(allowed)
    for form in ("plain", "json", "sarif", "github"):
        assert "법무팀이 검토 중" in typed(tmp_path, "lint", "policy.yaml", "--format", form), form


def test_a_day_of_whose_law_less_is_known_is_told(tmp_path: Path) -> None:
    """Otherwise a file without a finding would seem sound by the law of that day."""
    (tmp_path / "policy.yaml").write_text(TEXT)

    def told(*words: str) -> str:
        return here("lint", *words, folder=tmp_path, environment=dict(os.environ)).stderr

    assert "1900-01-01의 법" in told("--in-force-on", "1900-01-01")
    assert "are not known" in told("--in-force-on", "1900-01-01", "--lang", "en")
    assert not told("--in-force-on", "2027-03-09")
