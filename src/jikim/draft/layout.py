"""YAML by hand, so that a comment stands beside the line it speaks of. Pure: whatever the names, it reads back."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z_가-힣][A-Za-z0-9_가-힣()·-]*(?: [A-Za-z가-힣][A-Za-z0-9_가-힣()·-]*)*")
_READ_AS_SOMETHING_ELSE: Final = frozenset({"true", "false", "null", "no", "yes", "on", "off", "y", "n"})
_WIDEST: Final = 52
"""Columns after which a comment does not wait for its neighbours."""


@dataclass(frozen=True)
class Line:
    """One line: how far in, what it says, and what is said of it."""

    depth: int
    text: str
    comment: str = ""


def scalar(text: str) -> str:
    """A text as YAML writes it, bare where nothing else could be meant; in double quotes it may hold anything."""
    if _PLAIN.fullmatch(text) and text.lower() not in _READ_AS_SOMETHING_ELSE:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable() and unicodedata.category(char)[0] != "C":
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def listed(values: Iterable[str]) -> str:
    """A list on one line; a single word stands for itself."""
    written = [scalar(value) for value in values]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def flow(values: Mapping[str, str]) -> str:
    """A map on one line; the values are YAML already."""
    return "{" + ", ".join(f"{scalar(key)}: {value}" for key, value in values.items()) + "}"


def comment(text: str) -> str:
    """A remark on one line, in which nothing commands a terminal or ends the comment."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def written(lines: Sequence[Line]) -> str:
    """The file: comments of neighbouring lines of one depth begin in one column."""
    rows: list[str] = []
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and lines[end].depth == lines[start].depth and lines[end].text:
            end += 1
        rows += _aligned(lines[start:end])
        start = end
    return "\n".join(rows) + "\n"


def _aligned(block: Sequence[Line]) -> Iterable[str]:
    bare = ["  " * line.depth + line.text for line in block]
    width = max(
        (len(text) for text, line in zip(bare, block, strict=True) if line.comment and len(text) <= _WIDEST),
        default=0,
    )
    for text, line in zip(bare, block, strict=True):
        if not line.comment:
            yield text
        elif not line.text:
            yield f"{'  ' * line.depth}# {comment(line.comment)}"
        else:
            yield f"{text.ljust(width)}  # {comment(line.comment)}"
