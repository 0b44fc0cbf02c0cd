"""A service's world through the years: every table at any moment, and what changed since the last. Pure.

:class:`World` is stepped: each :meth:`World.until` gives the changes since the step before, folded into one
:class:`Batch` (a row inserted and then changed within the step arrives changed; one removed again never
arrives). However the steps are cut, the rows at the end are the same. :func:`generate` gives those rows.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random

from examples.made_up.person import ROOM, Change, Key, Row


@dataclass(frozen=True)
class Setting:
    """A service: its tables and who lives with it.

    :param keys: its tables, parents before children, each with the column that tells its rows apart.
    :param opening: when the first person may come; :param end: when the story ends.
    :param founding: what is there before anybody.
    :param life: the changes of one person, oldest first, by seed, number and the moment their life begins.
    """

    keys: Mapping[str, str]
    opening: datetime
    end: datetime
    founding: Callable[[], list[Change]]
    life: Callable[[int, int, datetime], list[Change]]


@dataclass(frozen=True)
class Batch:
    """The changes of one step, to be made in this order: removals, inserts, updates, files.

    ``below`` is a number above every number in the world: what the service itself inserts begins there. ``written``
    and ``appended`` are contents by store and path.
    """

    keys: Mapping[str, str]
    below: int
    removals: dict[str, set[Key]]
    inserts: dict[str, dict[Key, Row]]
    updates: dict[str, dict[Key, Row]]
    written: dict[tuple[str, str], bytes]
    appended: dict[tuple[str, str], bytes]


@dataclass
class World:
    """``people`` made-up people who arrive evenly over the years.

    Two worlds of the same setting, seed and size are the same. An update may speak of a row that was destroyed in
    the meantime: a service closing its books on somebody long gone.
    """

    setting: Setting
    seed: int
    people: int
    _arrived: int = 0
    _waiting: list[tuple[datetime, int, Change]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._expect(self.setting.founding())

    def until(self, as_of: datetime) -> Batch:
        """What happened after the last step, up to and including ``as_of`` (aware)."""
        while self._arrived < self.people and (begins := self._arrival(self._arrived + 1)) <= as_of:
            self._arrived += 1
            self._expect(self.setting.life(self.seed, self._arrived, begins))
        due = []
        while self._waiting and self._waiting[0][0] <= as_of:
            due.append(heapq.heappop(self._waiting)[2])
        return _fold(due, keys=self.setting.keys, below=(self.people + 1) * ROOM)

    def _arrival(self, number: int) -> datetime:
        """When a person's life begins: in the slot of their number, so that arrivals never go back."""
        luck = Random(f"{self.seed}/{number}/arrival").random()
        years = self.setting.end - self.setting.opening
        arrival = self.setting.opening + years * ((number - 1 + luck) / self.people)
        return arrival.replace(microsecond=0)

    def _expect(self, changes: list[Change]) -> None:
        for change, serial in zip(changes, self._serial, strict=False):
            heapq.heappush(self._waiting, (change.at, serial, change))


def generate(
    setting: Setting, seed: int, people: int, *, as_of: datetime | None = None
) -> dict[str, list[Row]]:
    """Every table's rows at ``as_of``, by default at the end, each table sorted by its primary key."""
    inserts = World(setting, seed, people).until(as_of or setting.end).inserts
    return {table: [rows[key] for key in sorted(rows, key=_order)] for table, rows in inserts.items()}


def _order(key: Key) -> str:
    """Numbers by value, UUIDs and hashes by their text, as PostgreSQL orders them."""
    return f"{key:>20}" if isinstance(key, int) else str(key)


def _fold(changes: list[Change], *, keys: Mapping[str, str], below: int) -> Batch:
    removals: dict[str, set[Key]] = defaultdict(set)
    inserts: dict[str, dict[Key, Row]] = {table: {} for table in keys}
    updates: dict[str, dict[Key, Row]] = defaultdict(dict)
    written: dict[tuple[str, str], bytes] = {}
    appended: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for _, verb, table, key, values in changes:
        if verb in ("write", "append"):
            content = bytes(values["content"])  # type: ignore[call-overload]
            if verb == "write":
                written[table, str(key)] = content
            else:
                appended[table, str(key)].append(content)
            continue
        here = inserts[table]
        if verb == "insert":
            here[key] = dict(values)
        elif verb == "update":
            row = here[key] if key in here else updates[table].setdefault(key, {})
            row.update(values)
        elif here.pop(key, None) is None:
            updates[table].pop(key, None)
            removals[table].add(key)
    lines = {at: b"".join(parts) for at, parts in appended.items()}
    return Batch(keys, below, dict(removals), inserts, dict(updates), written, lines)
