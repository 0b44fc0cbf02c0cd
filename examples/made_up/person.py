"""A made-up person: their numbers, their dice, and a pen for dated changes to a service's tables and files. Pure.

Each service says in a class of its own what its people can do.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal, NamedTuple
from uuid import UUID

from examples.made_up import people
from examples.made_up.canary import canary

ROOM = 1000
"""How many numbers each person has in each table: person 7 owns 7000 to 7999."""

Row = dict[str, object]
Key = int | str | UUID


class Change(NamedTuple):
    """One change: ``values`` is the whole row of an ``insert``, the new values of an ``update``.

    Of a file ``table`` is the store and ``key`` the path: ``write`` makes it, ``append`` adds to it; ``values`` are
    its ``content``.
    """

    at: datetime
    verb: Literal["insert", "update", "delete", "write", "append"]
    table: str
    key: Key
    values: Row


@dataclass
class Person:
    """One person's numbers and dice, and the changes written down so far."""

    seed: int
    number: int
    rng: Random
    changes: list[Change] = field(default_factory=list)
    used: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def mark(self, table: str, key: Key, column: str) -> str:
        """The canary of a cell."""
        return canary(self.seed, table, key, column)

    def next_id(self, table: str) -> int:
        """The person's next number in a table."""
        self.used[table] += 1
        return self.number * ROOM + self.used[table] - 1

    def chance(self, share: float) -> bool:
        """Whether something that happens to this share of people happens."""
        return self.rng.random() < share

    def between(self, start: datetime, stop: datetime) -> datetime:
        """A moment in [start, stop), whole seconds after ``start``."""
        return start + timedelta(seconds=int((stop - start).total_seconds() * self.rng.random()))

    def days_after(self, at: datetime, low: int, high: int) -> datetime:
        """A moment of one of these days after another."""
        return at + timedelta(days=self.rng.randint(low, high), seconds=self.rng.randrange(86_400))

    def insert(self, table: str, at: datetime, key: Key, /, **values: object) -> None:
        """Write a new row down."""
        self.changes.append(Change(at, "insert", table, key, values))

    def update(self, table: str, at: datetime | None, key: Key, /, **values: object) -> None:
        """Write an update down, unless it never happens."""
        if at is not None:
            self.changes.append(Change(at, "update", table, key, values))

    def delete(self, table: str, at: datetime, key: Key) -> None:
        """Write down that a row goes."""
        self.changes.append(Change(at, "delete", table, key, {}))

    def file(self, store: str, at: datetime, path: str, content: bytes) -> None:
        """Write down a file that is put into a store."""
        self.changes.append(Change(at, "write", store, path, {"content": content}))

    def line(self, store: str, at: datetime, path: str, text: str) -> None:
        """Write down a line that is added to a file of a store."""
        self.changes.append(Change(at, "append", store, path, {"content": f"{text}\n".encode()}))

    def perhaps(self, share: float, words: tuple[str, ...], table: str, key: Key, column: str) -> str | None:
        """One of these words with the cell's canary, or nothing."""
        return self.marked(words, table, key, column) if self.chance(share) else None

    def marked(self, words: tuple[str, ...], table: str, key: Key, column: str) -> str:
        """One of these words with the cell's canary."""
        return f"{self.rng.choice(words)} {self.mark(table, key, column)}"

    def name(self, table: str, key: Key, column: str = "name") -> str:
        """A name with the cell's canary."""
        return f"{people.name(self.rng)} {self.mark(table, key, column)}"

    def address(self, table: str, key: Key, column: str = "email") -> str:
        """An e-mail address with the cell's canary."""
        return people.address(self.rng, number=self.number, token=self.mark(table, key, column))

    def phone(self, table: str, key: Key, column: str = "phone") -> str:
        """A telephone number with the cell's canary."""
        return f"{people.phone(self.rng)} {self.mark(table, key, column)}"
