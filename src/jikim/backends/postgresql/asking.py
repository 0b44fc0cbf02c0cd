"""Several questions sent together, and answered in one journey to the server and back. Effectful.

The driver has the server prepare what is asked often. A statement's names become numbers once, not each time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from jikim.backends.postgresql.session import together
from jikim.backends.sql.dialect import Statement

_NAMED: Final = re.compile(r"%(?:\((\w+)\)s|%)")


@dataclass(frozen=True)
class Numbered:
    """A statement whose values are numbered, and the names they had."""

    text: bytes
    names: tuple[str, ...]


@lru_cache(maxsize=1024)
def numbered(text: str) -> Numbered:
    """A statement of names, as the driver reads them, with numbers instead."""
    names: dict[str, int] = {}
    said = _NAMED.sub(lambda m: f"${names.setdefault(m[1], len(names) + 1)}" if m[1] else "%", text)
    return Numbered(said.encode(), tuple(names))


def asked(
    connection: sa.Connection, statements: Sequence[Statement], given: Mapping[str, Any]
) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement. Raises ``psycopg.Error`` for any.

    :param given: values that are not the statements' own.
    """

    def send(driver: psycopg.Connection[Any]) -> list[psycopg.Cursor[Any]]:
        cursors: list[psycopg.Cursor[Any]] = []
        for statement in statements:
            question, cursor = numbered(statement.text), psycopg.RawCursor(driver)
            values = [given[name] if name in given else statement.values[name] for name in question.names]
            cursors.append(cursor.execute(question.text, values))
        return cursors

    return together(connection, send, lambda cursor: cursor.fetchall())
