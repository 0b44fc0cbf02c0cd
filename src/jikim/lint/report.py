"""Findings as people and programs read them. Pure: findings in, text out.

``human`` shows the line and marks the place; ``plain`` is one line a finding, for editors and ``grep``;
``as_json`` is for programs. None of them lets a file's own characters command the terminal.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jikim.lint.fact import Language, Words
from jikim.lint.run import Accepted
from jikim.source import Diagnostic, Severity, Span, split_lines

_WIDEST: Final = 100
"""Columns of a source line that are shown."""
CALLED: Final = {
    Severity.ERROR: Words("오류", "error"),
    Severity.WARNING: Words("경고", "warning"),
    Severity.INFO: Words("참고", "info"),
}
_WHY: Final = Words("근거", "why")
_FIX: Final = Words("고치기", "fix")
_ACCEPTED: Final = Words("받아들임", "accepted")
_BECAUSE: Final = Words("이유:", "because")
_NOTHING: Final = Words("고칠 것이 없습니다", "nothing found")


def human(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, bytes], *, language: Language = "en"
) -> str:
    """Each finding with its line, the place marked, the reason and the remedy; a count at the end.

    :param sources: the files' bytes, by the names that the findings' spans use.
    :param language: in which the findings are told.
    """
    found = tuple(diagnostics)
    lines = {name: split_lines(text.decode("utf-8-sig", errors="replace")) for name, text in sources.items()}
    return "\n".join([*(_block(each, lines, language) for each in found), _count(found, language)]) + "\n"


def plain(diagnostics: Iterable[Diagnostic]) -> str:
    """One line a finding: ``file:line:column: severity: message [code] (fix: …)``."""
    return "".join(f"{_one_line(each)}\n" for each in diagnostics)


def accepted(accepted: Iterable[Accepted], *, language: Language = "en") -> str:
    """One line for each finding that somebody allows, with the reason; nothing for none."""
    return "".join(
        f"{_safe(str(each.finding.span))}: {_ACCEPTED.of(language)}: {_safe(each.finding.message)} "
        f"[{each.finding.code}] {_BECAUSE.of(language)} {_safe(each.because)}\n"
        for each in accepted
    )


def as_json(diagnostics: Iterable[Diagnostic], accepted: Iterable[Accepted] = ()) -> str:
    """A JSON array of findings, those last that somebody allows; the same keys in every one.

    ``accepted`` is the reason why one is allowed, null where nobody allows it.
    """
    said = [_as_value(each) | {"accepted": None} for each in diagnostics]
    said += [_as_value(each.finding) | {"accepted": each.because} for each in accepted]
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _block(finding: Diagnostic, lines: Mapping[str, tuple[str, ...]], language: Language) -> str:
    head = f"{CALLED[finding.severity].of(language)}[{finding.code}]: {_safe(finding.message)}"
    rows = [head, *_excerpt(finding.span, lines)]
    rows += [f"  = {_WHY.of(language)}: {_safe(finding.why)}"] if finding.why else []
    rows += [f"  = {_FIX.of(language)}: {_safe(finding.fix)}"] if finding.fix else []
    return "\n".join(rows) + "\n"


def _excerpt(span: Span | None, lines: Mapping[str, tuple[str, ...]]) -> list[str]:
    if span is None:
        return []
    where = f"  --> {_safe(span.file)}:{span.line}:{span.column}"
    known = lines.get(span.file, ())
    if not 0 < span.line <= len(known):
        return [where]
    line, start, end = known[span.line - 1], span.column - 1, span.column - 1 + span.length
    # Of a line without end no more is looked at than can be shown, or many findings in it would take hours.
    before = _safe(line[max(0, start - _WIDEST) : start])
    marked = _safe(line[start : min(end, start + _WIDEST)])
    after = _safe(line[end : end + _WIDEST])
    while before and _width(before) + _width(marked) > _WIDEST:
        before = before[1:]
    shown = _cut(before + marked + after)
    marks = "^" * max(1, min(_width(marked), _width(shown) - _width(before)))
    number = str(span.line)
    gutter = " " * len(number)
    return [where, f"{gutter} |", f"{number} | {shown}".rstrip(), f"{gutter} | {' ' * _width(before)}{marks}"]


def _cut(line: str) -> str:
    while _width(line) > _WIDEST:
        line = line[: max(_WIDEST // 2, len(line) - (_width(line) - _WIDEST))]
    return line


def _width(text: str) -> int:
    """Columns a terminal gives the text: two to a Hangul syllable, none to a combining mark."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _safe(text: str) -> str:
    """The text with every character that would not print, or would command the terminal, replaced."""
    return "".join(
        char if char.isprintable() else " " if char in "\t\n" else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def _count(found: tuple[Diagnostic, ...], language: Language) -> str:
    counts = Counter(each.severity for each in found)
    named = [_times(counts[severity], severity).of(language) for severity in Severity if counts[severity]]
    return ", ".join(named) or _NOTHING.of(language)


def _times(count: int, severity: Severity) -> Words:
    plural = "" if count == 1 or severity is Severity.INFO else "s"
    return Words(f"{CALLED[severity].ko} {count}건", f"{count} {severity}{plural}")


def _one_line(finding: Diagnostic) -> str:
    where = f"{_safe(str(finding.span))}: " if finding.span else ""
    fix = f" (fix: {_safe(finding.fix)})" if finding.fix else ""
    return f"{where}{finding.severity}: {_safe(finding.message)} [{finding.code}]{fix}"


def _as_value(finding: Diagnostic) -> dict[str, Any]:
    span = finding.span
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "why": finding.why,
        "fix": finding.fix,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "length": span.length if span else None,
        "path": list(finding.path),
    }
