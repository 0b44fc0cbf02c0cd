"""A draft as a value: every part with what speaks for it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jikim.draft.guess import Question, Why


@dataclass(frozen=True)
class ColumnGuess:
    """What a column holds: an item, items inside its JSON by path, or nothing personal."""

    name: str
    item: str
    why: Why
    mask: str = ""
    inside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OwnerGuess:
    """Whose row it is: a kind of people or a table, and the columns that lead there."""

    to: str
    columns: tuple[str, ...]
    why: Why


@dataclass(frozen=True)
class FactGuess:
    """The column that dates a fact; ``numbers`` is ``epoch`` or ``epoch-ms`` where a time is written as a number."""

    trigger: str
    column: str
    numbers: str
    never: tuple[str, ...]
    when: Mapping[str, str]
    why: Why


@dataclass(frozen=True)
class TableGuess:
    """One table of the map."""

    name: str
    personal: bool
    why: Why
    topic: str = ""
    owners: tuple[OwnerGuess, ...] = ()
    orphans: str = ""
    facts: tuple[FactGuess, ...] = ()
    columns: tuple[ColumnGuess, ...] = ()

    @property
    def items(self) -> frozenset[str]:
        """Every item that its columns hold."""
        return frozenset(item for c in self.columns for item in (c.item, *c.inside.values()) if item)


@dataclass(frozen=True)
class SubjectGuess:
    """A table with one row a person."""

    kind: str
    table: str
    key: tuple[str, ...]
    why: Why
    facts: tuple[FactGuess, ...] = ()


@dataclass(frozen=True)
class Taking:
    """One processing: about whom, and which items it takes how."""

    id: str
    about: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    automatic: tuple[str, ...]
    keep: str
    why: Why


@dataclass(frozen=True)
class Draft:
    """A policy and a map, as far as a database tells them.

    :param people: kinds of people by id, with and without a table of their own.
    """

    service: str
    people: tuple[str, ...]
    subjects: tuple[SubjectGuess, ...]
    tables: tuple[TableGuess, ...]
    takings: tuple[Taking, ...]
    questions: tuple[Question, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item that some column holds, in the order of the tables."""
        return tuple(dict.fromkeys(item for table in self.tables for item in sorted(table.items)))

    def guesses(self) -> Iterator[tuple[str, tuple[str, ...], Why]]:
        """Every guess: its sort, its place in the map, and what speaks for it."""
        for subject in self.subjects:
            yield "people", ("subjects", subject.kind), subject.why
            for fact in subject.facts:
                yield "clock", ("subjects", subject.kind, "facts", fact.trigger), fact.why
        for table in self.tables:
            path = ("tables", table.name)
            yield "table", path, table.why
            for owner in table.owners:
                yield "owner", (*path, "owner", owner.to), owner.why
            for fact in table.facts:
                yield "clock", (*path, "facts", fact.trigger), fact.why
            for column in table.columns:
                yield "column", (*path, "columns", column.name), column.why
        for taking in self.takings:
            yield "promise", ("processing", taking.id), taking.why

    def to_json(self) -> dict[str, Any]:
        """Every guess and every question, for programs."""
        return {
            "service": self.service,
            "guesses": [
                {
                    "about": sort,
                    "where": list(where),
                    "confidence": why.confidence.name.lower(),
                    "reason": why.reason,
                }
                for sort, where, why in self.guesses()
            ],
            "questions": [question.to_json() for question in self.questions],
        }
