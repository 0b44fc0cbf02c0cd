"""Questions about a person, put to the server as one statement and answered in one journey. Builds text, runs it.

The answers to each question have parts of their own, so they come as a list for each type. The server is told the
statement once: a name of a value becomes its number, so that the text is the same whoever is asked about, and when.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg.rows import dict_row

from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.person import Asked

Answer = Sequence[Any]

_NAMED: Final = re.compile(r"%(?:\((\w+)\)s|%)")


@dataclass(frozen=True)
class Numbered:
    """A statement whose values are numbered, and the names they had."""

    text: bytes
    names: tuple[str, ...]


@lru_cache(maxsize=256)
def numbered(text: str) -> Numbered:
    """A statement of names, as the driver reads them, with numbers instead."""
    names: dict[str, int] = {}
    said = _NAMED.sub(lambda m: f"${names.setdefault(m[1], len(names) + 1)}" if m[1] else "%", text)
    return Numbered(said.encode(), tuple(names))


def rows(connection: sa.Connection, statement: Statement, **given: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that is asked again and again. Raises ``psycopg.Error``.

    :param given: values that are not the statement's own.
    """
    question = numbered(statement.text)
    values = [given[name] if name in given else statement.values[name] for name in question.names]
    return (
        psycopg.RawCursor(_driver(connection))
        .execute(question.text, values, prepare=True, binary=True)
        .fetchall()
    )


def named(connection: sa.Connection, query: str) -> list[dict[str, Any]]:
    """The rows of a query without values that is asked again and again, by column. Raises ``psycopg.Error``."""
    cursor = psycopg.Cursor(_driver(connection), row_factory=dict_row)
    return cursor.execute(query.encode(), prepare=True).fetchall()


def _driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"nothing is prepared by `{type(driver).__name__}`")
    return driver


@dataclass(frozen=True, eq=False)
class Together:
    """Several questions as one. An answer is the question's number and, for each type, a list of its parts."""

    asked: tuple[Asked, ...]

    @cached_property
    def _kinds(self) -> list[str]:
        return list(
            dict.fromkeys(part.kind for each in self.asked for part in each.sent if part.kind != "text[]")
        )

    @cached_property
    def statement(self) -> Statement:
        """The statement."""
        texts, values = [], dict[str, Any]()
        for number, each in enumerate(self.asked):
            lists = [
                f"array[{', '.join(p.value for p in each.sent if p.kind == k)}]::{k}[]" for k in self._kinds
            ]
            keys = [part.value for part in each.sent if part.kind == "text[]"]
            texts.append(
                f"select {', '.join([str(number), *keys, *lists])} from {each.source} where {each.where}"
            )
            values |= each.values
        return Statement(" union all ".join(texts), values)

    @cached_property
    def _parts(self) -> list[list[tuple[int, int]]]:
        """Of each question, where its parts stand in an answer: in which list, and where in that; a key is a list."""
        found = []
        for each in self.asked:
            met = dict.fromkeys(self._kinds, -1)
            places = []
            for part in each.sent:
                if part.kind == "text[]":
                    places.append((1, -1))
                else:
                    met[part.kind] += 1
                    places.append((2 + self._kinds.index(part.kind), met[part.kind]))
            found.append(places)
        return found

    def read(self, answers: Sequence[Answer]) -> list[list[Answer]]:
        """The answers to each question, in the order of its parts."""
        found: list[list[Answer]] = [[] for _ in self.asked]
        for answer in answers:
            parts = self._parts[answer[0]]
            found[answer[0]].append([answer[at] if place < 0 else answer[at][place] for at, place in parts])
        return found
