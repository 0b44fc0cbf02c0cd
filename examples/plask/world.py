"""Plask's world through six years: every table at any moment, and what changed since the last. Pure.

:class:`World` is stepped: each :meth:`World.until` gives the changes since the step before, folded into one
:class:`Batch` (a row inserted and then changed within the step arrives changed; one removed again never
arrives). However the steps are cut, the rows at the end are the same. :func:`generate` gives those rows.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random

from examples.plask.doings import END, OPENING, ROOM, Change, Key, Row
from examples.plask.lives import founding, life

PRIMARY_KEY = {
    "products": "id",
    "events": "id",
    "members": "id",
    "profiles": "member_id",
    "interests": "id",
    "sessions": "id",
    "projects": "id",
    "motion_files": "id",
    "orders": "id",
    "payments": "id",
    "refunds": "id",
    "support_posts": "id",
    "support_replies": "id",
    "access_log": "id",
    "abuse_records": "id",
    "event_entries": "id",
    "newsletter_subscriptions": "member_id",
    "rejoin_keys": "email_key",
    "consents": "id",
}
"""Plask's tables, parents before children, each with its primary-key column."""


@dataclass(frozen=True)
class Batch:
    """The changes of one step, to be made in this order: removals, inserts, updates.

    ``below`` is a number above every number in the world: what the service itself inserts begins there.
    """

    seed: int
    below: int
    removals: dict[str, set[Key]]
    inserts: dict[str, dict[Key, Row]]
    updates: dict[str, dict[Key, Row]]


@dataclass
class World:
    """``people`` made-up people who arrive evenly over the six years.

    Two worlds of the same seed and size are the same. An update may speak of a row that was destroyed in
    the meantime: Plask closing its books on a member long gone.
    """

    seed: int
    people: int
    _arrived: int = 0
    _waiting: list[tuple[datetime, int, Change]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._expect(founding())

    def until(self, as_of: datetime) -> Batch:
        """What happened after the last step, up to and including ``as_of`` (aware)."""
        while self._arrived < self.people and (begins := self._arrival(self._arrived + 1)) <= as_of:
            self._arrived += 1
            self._expect(life(self.seed, self._arrived, begins=begins))
        due = []
        while self._waiting and self._waiting[0][0] <= as_of:
            due.append(heapq.heappop(self._waiting)[2])
        return _fold(due, seed=self.seed, below=(self.people + 1) * ROOM)

    def _arrival(self, number: int) -> datetime:
        """When a person's life begins: in the slot of their number, so that arrivals never go back."""
        luck = Random(f"{self.seed}/{number}/arrival").random()
        arrival = OPENING + (END - OPENING) * ((number - 1 + luck) / self.people)
        return arrival.replace(microsecond=0)

    def _expect(self, changes: list[Change]) -> None:
        for change, serial in zip(changes, self._serial, strict=False):
            heapq.heappush(self._waiting, (change.at, serial, change))


def generate(seed: int, people: int, *, as_of: datetime = END) -> dict[str, list[Row]]:
    """Every table's rows at ``as_of``, each table sorted by its primary key."""
    inserts = World(seed, people).until(as_of).inserts
    return {table: [rows[key] for key in sorted(rows, key=_order)] for table, rows in inserts.items()}


def _order(key: Key) -> str:
    """Numbers by value, UUIDs and hashes by their text, as PostgreSQL orders them."""
    return f"{key:>20}" if isinstance(key, int) else str(key)


def _fold(changes: list[Change], *, seed: int, below: int) -> Batch:
    removals: dict[str, set[Key]] = defaultdict(set)
    inserts: dict[str, dict[Key, Row]] = {table: {} for table in PRIMARY_KEY}
    updates: dict[str, dict[Key, Row]] = defaultdict(dict)
    for _, verb, table, key, values in changes:
        here = inserts[table]
        if verb == "insert":
            here[key] = dict(values)
        elif verb == "update":
            row = here[key] if key in here else updates[table].setdefault(key, {})
            row.update(values)
        elif here.pop(key, None) is None:
            updates[table].pop(key, None)
            removals[table].add(key)
    return Batch(seed=seed, below=below, removals=dict(removals), inserts=inserts, updates=dict(updates))
