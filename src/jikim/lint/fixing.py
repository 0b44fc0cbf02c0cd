"""Writes into a file what needs nobody's judgement. Pure: text in, text out."""

from collections.abc import Iterable

from jikim.lint.run import Edit
from jikim.source import line_starts


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
