"""Writes into a file what needs nobody's judgement. Pure: text in, text out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from jikim.source import Document, Path, SourceError, Span, line_starts, load


@dataclass(frozen=True)
class Edit:
    """What may stand in the place of some characters without anybody's judgement; ``code`` is of what asks for it."""

    span: Span
    text: str
    code: str


def edit(document: Document, path: Path, text: str, *, code: str) -> Edit | None:
    """The edit by which the value at a path becomes this text, and nothing else in the file another.

    None where no such edit is known: the value is no text, goes over several lines, or is repeated elsewhere.
    """
    span = document.span(path)
    now, value = document.text(span), document.at(path)
    if not isinstance(value, str) or now.startswith("&") or not _reads(now, value):
        return None
    forms = (text, json.dumps(text, ensure_ascii=False), json.dumps(text))
    written = next((form for form in forms if _reads(form, text)), None)
    return None if written is None else Edit(span, written, code)


def _reads(written: str, text: str) -> bool:
    """Whether this is how the text can be written, be it in a list in brackets, after a key or before a comment."""
    try:
        in_brackets = load(f"[{written}, {{k: {written}}}]\n".encode(), name="").value
        before_comment = load(f"k: {written} # c\n".encode(), name="").value
    except SourceError:
        return False
    return bool(in_brackets == [text, {"k": text}] and before_comment == {"k": text})


def fixed(text: str, edits: Iterable[Edit]) -> str:
    """The file with these edits; where two meet, with the later one only. What nobody asked to change stays.

    :param text: as the edits' places count it: without a byte order mark.
    """
    starts = line_starts(text)
    untouched = len(text)
    placed = {
        (starts[each.span.line - 1] + each.span.column - 1, each.span.length, each.text) for each in edits
    }
    for start, length, written in sorted(placed, reverse=True):
        if start + length <= untouched:
            text = text[:start] + written + text[start + length :]
            untouched = start
    return text
