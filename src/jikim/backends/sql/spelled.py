"""A statement as an operator reads it: its text, and what stands in for its names. Runs nothing.

Bytes are left out: they are keys, or made of keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import postgresql as pg

_LONG = 6
"""A list of more values than this is told by its ends."""


@dataclass(frozen=True)
class Spelled:
    """One statement; ``values`` says what its ``:names`` stand for, in words."""

    text: str
    values: Mapping[str, str]


def spelled(statement: Any) -> Spelled:
    """The statement in PostgreSQL's dialect, named values apart."""
    compiled = statement.compile(dialect=pg.dialect(paramstyle="named"))  # type: ignore[no-untyped-call]
    values = {name: _words(value) for name, value in compiled.params.items() if value is not None}
    return Spelled(str(compiled), values)


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes, not shown"
    if isinstance(value, list) and len(value) > _LONG:
        return f"{len(value):,} values from {value[0]} to {value[-1]}"
    return str(value)
