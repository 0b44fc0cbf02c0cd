"""What names a person or a row: the one text that each value of a key has. Pure.

Holds, tags, archived copies and whoever asks name people by these texts; every store must spell a key the same way
as this module does, or refuse to make keys of its type (`datamap.schema.Column.names_rows`).
"""

import string
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

Match = Literal["exact", "any-case"]
"""When two texts name one person."""

LETTERS: Final = (string.ascii_uppercase, string.ascii_lowercase)
"""What `any-case` reads as what: these 26 letters, each as the one below it, and no other character.

`İ`, `ß` and `ς` have no fold on which two stores, or two versions of one, agree; these letters have.
"""
_FOLD: Final = str.maketrans(*LETTERS)


def text_of(value: Any) -> str:
    """A value as text: numbers in digits, bytes as ``\\x6a6b``, instants in UTC as ``2026-03-01 12:00:00.5+00``.

    A ``char(n)`` is its text without the blanks that pad it: it is read so.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case bytes() | bytearray() | memoryview():
            return "\\x" + bytes(value).hex()
        case datetime():
            shown = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            fraction = f".{shown.microsecond:06}".rstrip("0") if shown.microsecond else ""
            zone = "+00" if value.tzinfo else ""
            return shown.replace(microsecond=0).isoformat(" ") + fraction + zone
        case date():
            return value.isoformat()
    return str(value)


def matched(text: str, match: Match) -> str:
    """A text as it is compared with others that name somebody."""
    return text.translate(_FOLD) if match == "any-case" else text
