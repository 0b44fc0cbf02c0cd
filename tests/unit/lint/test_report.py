"""How findings look to a person, to a line-based tool, and to a program."""

import json

import pytest

from jikim.lint.report import as_json, human, plain
from jikim.source import Diagnostic, Severity, Span


def finding(**changes: object) -> Diagnostic:
    given: dict[str, object] = {
        "code": "unknown-key",
        "severity": Severity.ERROR,
        "message": "unknown key `itmes`",
        "why": "nothing reads it",
        "fix": "did you mean `items`?",
        "span": Span("policy.yaml", 2, 3, 5),
        "path": ("processing", "itmes"),
    }
    return Diagnostic(**{**given, **changes})  # type: ignore[arg-type]


def test_a_person_sees_the_line_the_place_the_reason_and_the_remedy() -> None:
    assert human([finding()], {"policy.yaml": b"processing:\n  itmes: [a]\n"}) == (
        "error[unknown-key]: unknown key `itmes`\n"
        "  --> policy.yaml:2:3\n"
        "  |\n"
        "2 |   itmes: [a]\n"
        "  |   ^^^^^\n"
        "  = why: nothing reads it\n"
        "  = fix: did you mean `items`?\n"
        "\n"
        "1 error\n"
    )


def test_a_wide_character_takes_two_columns() -> None:
    shown = human([finding(span=Span("p", 1, 4, 2))], {"p": "가나 다라: x".encode()})
    assert "1 | 가나 다라: x\n  |      ^^^^\n" in shown


def test_a_combining_mark_takes_no_column() -> None:
    shown = human([finding(span=Span("p", 1, 4, 1))], {"p": "e\u0301 x".encode()})
    assert shown.splitlines()[4] == "  |   ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "가" * 5000 + "x" + "나" * 5000
    rows = human([finding(span=Span("p", 1, 5001, 1))], {"p": line.encode()}).splitlines()
    shown, marks = rows[3], rows[4]
    assert len(shown) < 110
    column = marks.index("^") - len("1 | ")
    before = shown.removeprefix("1 | ").partition("x")[0]
    assert 2 * len(before) == column


def test_a_file_cannot_command_the_terminal() -> None:
    hostile = finding(message="unknown key `\x1b[2J`", fix="\x07", span=Span("p\x1b", 1, 1, 4))
    shown = human([hostile], {"p\x1b": b"\x1b[2J: 1"}) + plain([hostile])
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_a_finding_without_a_place_is_still_told() -> None:
    assert (
        human([finding(span=None, why="", fix="")], {})
        == "error[unknown-key]: unknown key `itmes`\n\n1 error\n"
    )
    assert plain([finding(span=None)]).startswith("error: unknown key")


def test_a_place_outside_the_known_text_is_named_without_an_excerpt() -> None:
    assert "  --> policy.yaml:9:3\n  = why" in human(
        [finding(span=Span("policy.yaml", 9, 3))], {"policy.yaml": b"a"}
    )


def test_findings_are_counted_by_how_much_they_matter() -> None:
    some = [finding(), finding(), finding(severity=Severity.WARNING), finding(severity=Severity.INFO)]
    assert human(some, {}).endswith("\n2 errors, 1 warning, 1 info\n")
    assert human([], {}) == "nothing found\n"


def test_a_korean_report_is_korean_to_its_last_line() -> None:
    said = human([finding(span=None), finding(span=None, severity=Severity.WARNING)], {}, language="ko")
    assert said.startswith("오류[")
    assert "  = 근거: " in said
    assert "  = 고치기: " in said
    assert said.endswith("\n오류 1건, 경고 1건\n")
    assert human([], {}, language="ko") == "고칠 것이 없습니다\n"


def test_a_tool_reads_one_line_a_finding() -> None:
    assert plain([finding(message="two\nlines")]) == (
        "policy.yaml:2:3: error: two lines [unknown-key] (fix: did you mean `items`?)\n"
    )


def test_a_program_reads_every_part_of_a_finding() -> None:
    assert json.loads(as_json([finding(), finding(span=None)])) == [
        {
            "code": "unknown-key",
            "severity": "error",
            "message": "unknown key `itmes`",
            "why": "nothing reads it",
            "fix": "did you mean `items`?",
            "file": "policy.yaml",
            "line": 2,
            "column": 3,
            "length": 5,
            "path": ["processing", "itmes"],
            "accepted": None,
        },
        {
            "code": "unknown-key",
            "severity": "error",
            "message": "unknown key `itmes`",
            "why": "nothing reads it",
            "fix": "did you mean `items`?",
            "file": None,
            "line": None,
            "column": None,
            "length": None,
            "path": ["processing", "itmes"],
            "accepted": None,
        },
    ]


@pytest.mark.timeout(10)
def test_many_findings_in_one_endless_line_are_told_at_once() -> None:
    """A file of one line, as a program writes it, is no reason to wait."""
    line = "k: x, " * 150_000
    found = [Diagnostic("odd", Severity.ERROR, "odd", span=Span("p", 1, 6 * n + 1)) for n in range(1000)]
    assert human(found, {"p": line.encode()}).count(" --> p:1:") == 1000
