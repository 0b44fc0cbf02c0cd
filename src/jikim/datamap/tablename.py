"""How a map names a table: ``orders``, or ``audit.logins`` for one that lies in another schema. Pure.

A dot parts the schema from the table. A name that itself holds a dot, or begins with a quote, is written in double
quotes as SQL writes it: ``"a.b"`` is a table of the service's own schema, ``audit."a.b"`` one of ``audit``.
"""

import hashlib
from typing import Final

_QUOTE: Final = '"'
_LONGEST: Final = 63
"""Bytes that a store has for a name."""


def shortened(name: str) -> str:
    """A name of jikim's own, within what every store has for a name; the same for the same name."""
    if len(name.encode()) <= _LONGEST:
        return name
    return name.encode()[:50].decode(errors="ignore") + "_" + hashlib.sha256(name.encode()).hexdigest()[:12]


def written(schema: str, table: str, *, home: str) -> str:
    """The name of a table in the map.

    :param home: the schema that holds the service's tables, which is not written.
    """
    return _part(table) if schema == home else f"{_part(schema)}.{_part(table)}"


def parted(name: str) -> tuple[str, str] | None:
    """The schema and the table that a name is made of; None where it names a table of the service's own schema."""
    schema, rest = _first(name)
    return (schema, _first(rest)[0]) if rest else None


def stored(name: str) -> str:
    """The store's own name of the table that a name names."""
    schema, rest = _first(name)
    return _first(rest)[0] if rest else schema


def _first(name: str) -> tuple[str, str]:
    """The first part of a name, and what follows its dot."""
    if not name.startswith(_QUOTE):
        part, _, rest = name.partition(".")
        return part, rest
    end = 1
    while (end := name.find(_QUOTE, end)) > 0 and name[end + 1 : end + 2] == _QUOTE:
        end += 2
    end = end if end > 0 else len(name)
    return name[1:end].replace(_QUOTE * 2, _QUOTE), name[end + 2 :]


def _part(name: str) -> str:
    if "." in name or name.startswith(_QUOTE):
        return _QUOTE + name.replace(_QUOTE, _QUOTE * 2) + _QUOTE
    return name
