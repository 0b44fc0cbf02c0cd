"""One person's life in the service: what was recorded, what happened, what jikim did, what was left. Pure.

The rows left after each scene are counted from the happenings alone, so they are true only of a complete
account; an account in which more rows leave than ever came is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

from jikim.errors import JikimError
from jikim.policy.life import Happening, PersonLife, Scene, Stay

ENFORCED: Final = frozenset({"archive", "mask", "stub", "destroy", "expire"})
"""What jikim does; everything else is the service's or the person's."""

State = Literal["in use", "masked", "apart"]


class PersonError(JikimError):
    """An account of a person's data that contradicts itself."""


def person_life(happenings: Iterable[Happening], *, as_of: datetime) -> PersonLife:
    """The scenes of a life in order of time, and where each table's rows stood between them.

    What happened at one instant is one scene, unless the service did part of it and jikim another.

    :param happenings: everything that was ever done with the person's rows, in any order; at one instant, in
        the order it was done. Later ones than ``as_of`` are left out.
    :raises PersonError: more rows of a table leave than came.
    """
    known = sorted((each for each in happenings if each.at <= as_of), key=lambda each: each.at)
    book, scenes = _Book(), []
    for (at, by), group in groupby(known, key=lambda each: (each.at, _by(each))):
        together = tuple(group)
        for each in together:
            book.enter(each)
        scenes.append(Scene(at, by, together, sum(book.in_use.values()), sum(book.apart.values())))
    return PersonLife(tuple(scenes), book.stays(), as_of)


def _by(happening: Happening) -> Literal["service", "jikim"]:
    return "jikim" if happening.action in ENFORCED else "service"


@dataclass
class _Book:
    """Rows by table, in use and apart, and since when they stand as they do."""

    in_use: dict[str, int] = field(default_factory=dict)
    apart: dict[str, int] = field(default_factory=dict)
    _open: dict[tuple[str, bool], tuple[State, datetime]] = field(default_factory=dict)
    _closed: list[Stay] = field(default_factory=list)

    def enter(self, happening: Happening) -> None:
        """Count one happening. Raises ``PersonError``."""
        table, rows = happening.table, happening.rows
        match happening.action:
            case "recorded":
                self._move(happening, self.in_use, rows)
            case "archive" | "destroy" | "removed":
                self._move(happening, self.in_use, -rows)
            case "expire":
                self._move(happening, self.apart, -rows)
            case "mask" | "stub" if self.in_use.get(table):
                self._stand(happening, "masked")
        if happening.copies:
            self._move(happening, self.apart, happening.copies)

    def stays(self) -> tuple[Stay, ...]:
        """Every stretch, ended ones and those that go on, by the table's first day."""
        going_on = [Stay(table, state, start) for (table, _), (state, start) in self._open.items()]
        every = [*self._closed, *going_on]
        first: dict[str, datetime] = {}
        for stay in every:
            first[stay.table] = min(stay.start, first.get(stay.table, stay.start))
        return tuple(sorted(every, key=lambda stay: (first[stay.table], stay.table, stay.start, stay.state)))

    def _move(self, happening: Happening, place: dict[str, int], rows: int) -> None:
        table, apart = happening.table, place is self.apart
        left = place.get(table, 0) + rows
        if left < 0:
            raise PersonError(
                f"{-rows} rows of `{table}` leave {'the archive' if apart else 'the service'} at "
                f"{happening.at:%Y-%m-%d}, where {place.get(table, 0)} stood",
                fix="hand in everything that was recorded of this person",
            )
        place[table] = left
        if left == 0:
            self._end(happening, apart=apart)
        elif rows > 0:
            self._stand(happening, "apart" if apart else "in use")

    def _stand(self, happening: Happening, state: State) -> None:
        """From now on the rows stand like this; a row that is new makes a masked table one in use."""
        key = (happening.table, state == "apart")
        if key in self._open and self._open[key][0] != state:
            self._end(happening, apart=key[1])
        self._open.setdefault(key, (state, happening.at))

    def _end(self, happening: Happening, *, apart: bool) -> None:
        if (begun := self._open.pop((happening.table, apart), None)) is not None:
            self._closed.append(Stay(happening.table, *begun, happening.at, happening.action))
