"""Findings as other programs read them."""

import json

from jikim.lint.fixing import Edit
from jikim.lint.programs import as_sarif
from jikim.lint.run import Report
from jikim.source import Diagnostic, Severity, Span

SPAN = Span("내 정책 #1.yaml", 2, 3, 4)


def test_a_fix_belongs_to_its_own_finding_and_a_file_is_named_by_an_address() -> None:
    """Another finding at the same words is not mended by it."""
    found = tuple(Diagnostic(code, Severity.ERROR, "odd", span=SPAN) for code in ("L-02", "L-24"))
    said = json.loads(as_sarif(Report(found, (), (Edit(SPAN, "x", "L-02"),)), (), language="ko"))
    mended, other = said["runs"][0]["results"]
    assert "fixes" in mended
    assert "fixes" not in other
    uri = mended["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%EB%82%B4%20%EC%A0%95%EC%B1%85%20%231.yaml"
