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

_NAMED = re.compile(r"(?<!:):(\w+)")
_PYFORMAT = re.compile(r"%(?:\((?P<name>\w+)\)s|%)")


@dataclass(frozen=True)
class Spelled:
    """One statement; ``values`` says what its ``:names`` stand for, in words."""

    text: str
    values: Mapping[str, str]


def spelled(statement: Statement, *, pyformat: bool) -> Spelled:
    """The statement, named values apart.

    :param pyformat: whether its values are named ``%(so)s`` rather than ``:so``.
    """
    text = statement.text
    if pyformat:
        text = _PYFORMAT.sub(lambda m: f":{m['name']}" if m["name"] else "%", text)
    names = dict.fromkeys(name for name in _NAMED.findall(text) if name in statement.values)
    return Spelled(text, {name: _words(statement.values[name]) for name in names})


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes, not shown"
    if isinstance(value, str) and value.startswith("{") and value.count(",") >= _LONG:
        value = value[1:-1].split(",")
    if isinstance(value, list) and len(value) > _LONG:
        return f"{len(value):,} values from {value[0]} to {value[-1]}"
    return str(value)
