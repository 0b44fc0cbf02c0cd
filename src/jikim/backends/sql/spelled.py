"""A statement as an operator reads it: its text, and what stands in for its names. Runs nothing.

Bytes are left out: they are keys, or made of keys.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jikim.backends.sql.dialect import Statement

_LONG = 6
"""A list of more values than this is told by its ends."""

_NAMED = re.compile(r"%(?:\((?P<name>\w+)\)s|%)")


@dataclass(frozen=True)
class Spelled:
    """One statement; ``values`` says what its ``:names`` stand for, in words."""

    text: str
    values: Mapping[str, str]


def spelled(statement: Statement) -> Spelled:
    """The statement, named values apart."""
    names = dict.fromkeys(m["name"] for m in _NAMED.finditer(statement.text) if m["name"])
    text = _NAMED.sub(lambda m: f":{m['name']}" if m["name"] else "%", statement.text)
    return Spelled(text, {n: _words(statement.values[n]) for n in names if n in statement.values})


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes, not shown"
    if isinstance(value, list) and len(value) > _LONG:
        return f"{len(value):,} values from {value[0]} to {value[-1]}"
    return str(value)
