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

from jikim.backends.base import Key
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.session import READING_ONE, driver_of, in_one_go
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.hearing import IN_FORCE, facts_of
from jikim.backends.sql.person import Asked, OfPerson, Questions, together
from jikim.plan.schedule import Facts, Mention, TableSchedule
from jikim.plan.sweep import Sweep

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


def ask(
    driver: psycopg.Connection[Any], statement: Statement, *, binary: bool = False, **given: Any
) -> psycopg.RawCursor[Any]:
    """Send such a statement. No value is written into it: a server may log the text of what fails."""
    question = numbered(statement.text)
    values = [given.get(name, statement.values.get(name)) for name in question.names]
    return psycopg.RawCursor(driver).execute(question.text, values, prepare=True, binary=binary)


_KEY, _TEXT, _INSTANT = "text[]", "text", "timestamp with time zone"
_TOLD: Final = ("id", "kind", "name", "on_table", "subject_kind")


@dataclass(frozen=True, eq=False)
class Together:
    """Several questions as one, with what the store was told.

    An answer is the question's number, a key and, for each type, a list of its parts; what was told is the last.
    """

    asked: tuple[Asked, ...]

    @cached_property
    def _kinds(self) -> list[str]:
        parts = (part.kind for each in self.asked for part in each.sent if part.kind != _KEY)
        return list(dict.fromkeys((_TEXT, _INSTANT, *parts)))

    @cached_property
    def statement(self) -> Statement:
        """The statement."""
        texts, values = [], dict[str, Any]()
        for number, each in enumerate(self.asked):
            parts = {k: [part.value for part in each.sent if part.kind == k] for k in (_KEY, *self._kinds)}
            lists = [f"array[{', '.join(parts[kind])}]::{kind}[]" for kind in self._kinds]
            wanted = ", ".join([str(number), *parts[_KEY], *lists])
            texts.append(f"(select {wanted} from {each.source} where {each.where})")
            values |= each.values
        told = {_TEXT: f"array[{', '.join(_TOLD)}]", _INSTANT: "array[happened_at]"}
        lists = [f"{told.get(kind, 'null')}::{kind}[]" for kind in self._kinds]
        wanted = ", ".join([str(len(self.asked)), "subject_key", *lists])
        texts.append(f"(select {wanted} from jikim.fact where {IN_FORCE} order by id)")
        return Statement(" union all ".join(texts), values)

    @cached_property
    def any(self) -> Statement:
        """Whether there is anything to answer."""
        each = (f"exists (select from {asked.source} where {asked.where})" for asked in self.asked)
        values = {name: value for asked in self.asked for name, value in asked.values.items()}
        return Statement(f"select {' or '.join(each) or 'false'}", values)

    @cached_property
    def _parts(self) -> list[list[tuple[int, int]]]:
        """Of each question, where its parts stand in an answer: in which list, and where in that; a key is a list."""
        found = []
        for each in self.asked:
            met = dict.fromkeys(self._kinds, -1)
            places = []
            for part in each.sent:
                if part.kind == _KEY:
                    places.append((0, -1))
                else:
                    met[part.kind] += 1
                    places.append((1 + self._kinds.index(part.kind), met[part.kind]))
            found.append(places)
        return found

    def read(self, answers: Sequence[Sequence[Any]]) -> tuple[Facts, list[list[Sequence[Any]]]]:
        """What the store was told, and the answers to each question, in the order of its parts."""
        found: list[list[Sequence[Any]]] = [[] for _ in self.asked]
        told = []
        for number, *answer in answers:
            if number < len(found):
                parts = self._parts[number]
                found[number].append([answer[at] if place < 0 else answer[at][place] for at, place in parts])
            else:
                key, texts, (when,), *_ = answer
                told.append({**dict(zip(_TOLD, texts, strict=True)), "subject_key": key, "happened_at": when})
        return facts_of(told), found


class Asking:
    """Asks a database about people, whose schema does not change meanwhile: each question is put together once."""

    def __init__(self, compiler: Compiler, dialect: PostgreSQL) -> None:
        self._questions, self._dialect = Questions(compiler), dialect
        self._together = Together(())

    def rows_of(
        self, connection: sa.Connection, sweeps: Sequence[Sweep], *, subject: str, key: Key
    ) -> OfPerson:
        """What the store was told, and keys and trigger dates of one person's rows in some tables."""
        every = self._every(sweeps, subject)
        with in_one_go(connection, READING_ONE) as driver:
            found = ask(driver, self._together.statement, binary=True, **self._dialect.given(key)).fetchall()
        facts, answers = self._together.read(found)
        each = iter(answers)
        return OfPerson(facts, [together([r for a in of for r in a.read(next(each))]) for of in every])

    def any_of(self, connection: sa.Connection, sweeps: Sequence[Sweep], *, subject: str, key: Key) -> bool:
        """Whether any row of some tables is one person's."""
        self._every(sweeps, subject)
        answer = ask(driver_of(connection), self._together.any, **self._dialect.given(key))
        return answer.fetchone() == (True,)

    def _every(self, sweeps: Sequence[Sweep], subject: str) -> list[tuple[Asked, ...]]:
        """The questions for each table; they are put together anew only where they are others than before."""
        every = [self._questions.rows_of(sweep, subject=subject) for sweep in sweeps]
        asked = tuple(each for of_table in every for each in of_table)
        if self._together.asked != asked:
            self._together = Together(asked)
        return every

    def named_in(
        self, connection: sa.Connection, mentions: Sequence[tuple[TableSchedule, Mention]], *, key: Key
    ) -> list[list[Key]]:
        """Keys of the rows of some tables that name a person beside their owners."""
        given = self._dialect.given(key)
        queries = [self._questions.named_in(*mention) for mention in mentions]
        with in_one_go(connection, READING_ONE) as driver:
            asked = [ask(driver, query, binary=True, **given) for query in queries]
            return [[tuple(each) for (each,) in answer] for answer in asked]
