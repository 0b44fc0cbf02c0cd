"""Text for a terminal: measured, wrapped and padded in columns, two to a Hangul syllable. Pure.

No character of a policy or a database may command the terminal: what would not print is replaced.
"""

import unicodedata
from collections.abc import Iterator

_TAB_LIKE = frozenset("\t\n\r")


def printable(text: str) -> str:
    """The text on one line, with U+FFFD for every character that would not print."""
    return "".join(
        char if char.isprintable() else " " if char in _TAB_LIKE else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def columns(text: str) -> int:
    """How many columns the text takes."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def padded(text: str, width: int) -> str:
    """The text with spaces behind it, up to a width."""
    return text + " " * max(0, width - columns(text))


def wrapped(text: str, width: int, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most ``width`` columns, broken at spaces and only in need inside a word.

    :param hanging: what later lines begin with; ``indent`` by default.
    """
    after = indent if hanging is None else hanging
    lines, line, empty = [], indent, True
    for word in _pieces(printable(text), width - max(columns(indent), columns(after))):
        gap = "" if empty else " "
        if not empty and columns(line) + 1 + columns(word) > width:
            lines.append(line)
            line, gap = after, ""
        line, empty = f"{line}{gap}{word}", False
    return [*lines, line]


def _pieces(text: str, room: int) -> Iterator[str]:
    """The words; one that is wider than the room, in parts that are not."""
    for word in text.split():
        start = taken = 0
        for place, wide in enumerate(map(_columns, word)):
            if taken + wide > room and place > start:
                yield word[start:place]
                start, taken = place, 0
            taken += wide
        yield word[start:]
