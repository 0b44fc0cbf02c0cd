"""Canaries: a token inside every personal text of the made-up people, to find what was left over. Pure.

A canary is ``c7f3`` and sixteen letters out of ``g…x``: letters that no hexadecimal text has, so that a hash
or a UUID never looks like one. It follows from the seed and the cell alone.
"""

import hashlib
import re
from typing import NamedTuple

PATTERN = re.compile(rb"c7f3[ghijkmnpqrstuvwx]{16}")
"""Finds canaries in bytes of any kind."""

_LETTERS = str.maketrans("0123456789abcdef", "ghijkmnpqrstuvwx")


class Cell(NamedTuple):
    """Where a canary belongs: the value of one column of one row; inside JSON, ``column.key``."""

    table: str
    key: object
    column: str


def canary(seed: int, table: str, key: object, column: str) -> str:
    """The canary of one cell of the world grown from ``seed``."""
    digest = hashlib.blake2b(f"{seed}/{table}/{key}/{column}".encode(), digest_size=8).hexdigest()
    return "c7f3" + digest.translate(_LETTERS)


def cells(tables: dict[str, list[dict[str, object]]], *, keys: dict[str, str]) -> dict[str, Cell]:
    """Every canary in ``tables`` with the cell it belongs to.

    Somebody who writes to support twice gives the same name and address twice; the first cell is named.

    :param keys: each table's primary-key column.
    """
    found: dict[str, Cell] = {}
    for table, rows in tables.items():
        for row in rows:
            for column, value in row.items():
                inner = value.items() if isinstance(value, dict) else (("", value),)
                for key, text in inner:
                    name = f"{column}.{key}" if key else column
                    for token in PATTERN.findall(str(text).encode()):
                        found.setdefault(token.decode(), Cell(table, row[keys[table]], name))
    return found
