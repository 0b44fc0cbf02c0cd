"""One byte string per meaning: canonical JSON (RFC 8785) and digests of it. Pure.

Nearly all we write is text, whole numbers and ASCII keys. For those the standard library's encoder gives the same
bytes as the standard and takes about a quarter of the time; the rest goes to the library that knows the standard.
"""

import hashlib
import json
from json.encoder import encode_basestring
from typing import Any, Final

import rfc8785

_EXACT: Final = 2**53 - 1
"""The greatest whole number that every JSON reader holds exactly (RFC 8785, 3.2.2.3)."""


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True
)


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value. Raises ``rfc8785.CanonicalizationError`` for what JSON cannot say."""
    if _is_plain(value):
        try:
            return _ENCODER.encode(value).encode()
        except UnicodeEncodeError:
            pass  # half a character: the library says so in its own words
    return rfc8785.dumps(value)


def _is_plain(value: Any) -> bool:
    """Whether numbers are whole and exact, and keys sort alike as characters and as UTF-16."""
    if isinstance(value, dict):
        for key, inner in value.items():  # most of them are text: a call for each would take most of the time
            if not (isinstance(key, str) and key.isascii() and (isinstance(inner, str) or _is_plain(inner))):
                return False
        return True
    if isinstance(value, (list, tuple)):
        return all(isinstance(inner, str) or _is_plain(inner) for inner in value)
    return value is None or isinstance(value, str) or (isinstance(value, int) and -_EXACT <= value <= _EXACT)


class Written(str):
    """The canonical form of a value, to stand inside another."""

    __slots__ = ()


_WORDS: Final = {None: "null", True: "true", False: "false"}


def written(value: Any) -> Written:
    """The canonical form as text of a value, of which parts may be written already. Raises as :func:`canonical`."""
    return value if isinstance(value, Written) else Written(_written(value))


def quoted(text: str) -> str:
    """The canonical form of a text, as it stands inside another. Raises as :func:`canonical`."""
    return encode_basestring(text) if text.isascii() or max(text) < "\ud800" else canonical(text).decode()


def _written(value: Any) -> str:
    if isinstance(value, Written):
        return value
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, dict) and all(isinstance(key, str) and key.isascii() for key in value):
        return f"{{{','.join([f'{quoted(key)}:{_written(value[key])}' for key in sorted(value)])}}}"
    return canonical(value).decode()


def digest(value: Any) -> str:
    """``sha256:<hex>`` over the canonical form of a JSON value, of which parts may be written already."""
    text = canonical(value) if not isinstance(value, Written) else value.encode()
    return "sha256:" + hashlib.sha256(text).hexdigest()
