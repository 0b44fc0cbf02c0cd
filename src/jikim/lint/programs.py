"""Findings in the forms that other programs expect: SARIF 2.1.0, and workflow commands of GitHub. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from jikim.lint.fact import Language
from jikim.lint.fixing import Edit
from jikim.lint.rule import Rule
from jikim.lint.run import Report
from jikim.source import Diagnostic, Severity, Span

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}
_COMMANDS: Final = {**_LEVELS, Severity.INFO: "notice"}


def as_sarif(report: Report, rules: Iterable[Rule], *, language: Language) -> str:
    """One run of SARIF 2.1.0 (OASIS): findings with their fixes, and what was accepted as suppressed."""
    edits = {(each.span, each.code): each for each in report.edits}
    results = [
        _result(each, edits.get((each.span, each.code)) if each.span else None) for each in report.findings
    ]
    results += [
        {
            **_result(each.finding, None),
            "suppressions": [{"kind": "inSource", "justification": each.because}],
        }
        for each in report.accepted
    ]
    driver = {"name": "jikim", "rules": [_described(rule, language) for rule in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)
        + "\n"
    )


def _described(rule: Rule, language: Language) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title.of(language)},
        "fullDescription": {"text": rule.about.of(language).strip()},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Diagnostic, edit: Edit | None) -> dict[str, Any]:
    text = ". ".join(filter(None, (finding.message, finding.why, finding.fix)))
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
    }
    if finding.span:
        place = {"artifactLocation": {"uri": quote(finding.span.file)}, "region": _region(finding.span)}
        result["locations"] = [{"physicalLocation": place}]
        if edit:
            replaced = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
            change = {"artifactLocation": place["artifactLocation"], "replacements": [replaced]}
            result["fixes"] = [{"description": {"text": finding.fix}, "artifactChanges": [change]}]
    return result


def _region(span: Span) -> dict[str, int]:
    return {"startLine": span.line, "startColumn": span.column, "endColumn": span.column + span.length}


def as_github(report: Report) -> str:
    """One workflow command a finding, which GitHub shows beside the line that is changed; a notice of one allowed."""
    allowed = (_command(each.finding, because=each.because) for each in report.accepted)
    return "".join([*map(_command, report.findings), *allowed])


def _command(finding: Diagnostic, *, because: str = "") -> str:
    place = {"title": finding.code}
    if span := finding.span:
        place |= {"file": span.file, "line": str(span.line), "col": str(span.column)}
        place |= {"endColumn": str(span.column + span.length)}
    reason = f"allowed because {because}" if because else finding.fix
    said = "\n".join(filter(None, (finding.message, finding.why, reason)))
    listed = ",".join(f"{key}={_escaped(value, also=':,')}" for key, value in place.items())
    return f"::{'notice' if because else _COMMANDS[finding.severity]} {listed}::{_escaped(said)}\n"


def _escaped(text: str, *, also: str = "") -> str:
    """As workflow commands want it, in which nothing else is a command."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in text)
