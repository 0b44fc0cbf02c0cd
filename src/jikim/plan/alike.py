"""Which rows an auditor need not tell apart: those of which the promise asks the same and hears the same. Pure.

Rows are many, and what decides about them takes few values: a class, whether an owner is there, the day on which a
clock started. That is taken from thousands of rows at once, column by column; each shape is then judged once. A value
that may matter by itself, such as an instant at midnight or the key of somebody whom a hold names, stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from types import NoneType
from typing import Any, Final
from zoneinfo import ZoneInfo

from jikim.datamap.schema import TimeType
from jikim.law.counting import first_counted_day
from jikim.plan.keys import matched, text_of
from jikim.plan.masks import Mask, masked
from jikim.plan.reading import Read, Row

Shape = tuple[Any, ...]

AT_MOST: Final = 1 << 16
"""How much is remembered at once of anything that rows may have many of."""
QUARTER: Final = 900
_EVEN_SINCE: Final = datetime(1973, 1, 1, tzinfo=UTC).timestamp() // QUARTER
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp() // QUARTER
_THERE, _BARE, _TO_COME, _VARIES = object(), object(), object(), object()
"""What stands for many values: equal to none of them, as 1 is to True."""
_SCALES: Final[Mapping[str, int]] = {"epoch": 1, "epoch-ms": 1000}


class Days:
    """The first day that counts from an instant, remembered by quarters of an hour.

    Midnights lie on quarters of an hour, in every zone since 1972; so one answer serves the instants between two
    quarters, and an instant on a quarter stands for itself: it may tie with another clock.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._known: dict[float | None, complex | None] = {None: None}

    def between(self, stamps: Sequence[float | None]) -> list[complex | None]:
        """That day's number, from seconds since 1970; None for what stands for itself, and for none.

        It is imaginary, so that it is equal to no value that a store may hold.
        """
        quarters = [s // QUARTER if s is not None and s % QUARTER else None for s in stamps]
        missed = set(quarters).difference(self._known)
        if len(self._known) + len(missed) > AT_MOST:
            self._known, missed = {None: None}, set(quarters) - {None}
        for quarter in missed:
            self._known[quarter] = self._day(quarter)
        return list(map(self._known.__getitem__, quarters))

    def _day(self, quarter: float | None) -> complex | None:
        if quarter is None or not _EVEN_SINCE <= quarter < _LAST:
            return None
        when = datetime.fromtimestamp(quarter * QUARTER + 1, UTC)
        return complex(0, first_counted_day(when, zone=self.zone).toordinal())


class _Names(dict[Any, Any]):
    """Keys by what of them matters where holds name people: one that may be theirs is itself, any other is there."""

    def __init__(self, held: frozenset[str]) -> None:
        super().__init__({None: None})
        self._held = held

    def __missing__(self, value: Any) -> Any:
        if len(self) >= AT_MOST:
            self.clear()
            self[None] = None
        text = text_of(value)
        self[value] = value if not self._held.isdisjoint((text, matched(text, "any-case"))) else _THERE
        return self[value]


@dataclass(frozen=True)
class _Clock:
    """Where a time stands, and what it is."""

    place: int
    time_type: TimeType


@dataclass(frozen=True)
class Shapes:
    """The shapes of some rows: of each what differs among them, and of all what is the same."""

    parts: list[Shape]
    same: Shape

    def whole(self, part: Shape) -> Shape:
        """The shape that a part is of."""
        left = iter(part)
        return tuple([next(left) if value is _VARIES else value for value in self.same])


class Alike:
    """Takes the shapes of one table's rows.

    :param reads: whatever is decided from a row: by itself, and by the rows that it leads to.
    :param exact: places whose values matter as they are.
    :param there: places of which it matters whether anything stands there.
    :param constants: places of which it matters whether this constant stands there, or anything.
    :param held: the parts of every key that a hold names.
    :param whole_days: whether days are all that clocks look at.
    """

    def __init__(
        self,
        reads: Iterable[Read],
        *,
        exact: Iterable[int],
        there: Iterable[int],
        constants: Mapping[int, str],
        held: frozenset[str],
        whole_days: bool,
        as_of: datetime,
    ) -> None:
        found = list(reads)
        self._days, self._whole_days = Days(found[0].zone), whole_days
        self._now = as_of.timestamp() // QUARTER
        self._exact = sorted({*exact, *(place for read in found for place in read.deciding.exact)})
        keys = {*there, *(place for read in found for place in read.deciding.there)} - set(self._exact)
        self._there = sorted(keys)
        clocks = {clock for read in found for clock in read.deciding.clocks}
        self._clocks = [_Clock(place, time_type) for place, time_type in sorted(clocks)]
        self._constants = dict(constants)
        self._held = held
        self._names: dict[type, _Names] = {}

    @property
    def places(self) -> frozenset[int]:
        """Everything of a row that it looks at."""
        return frozenset(
            (*self._exact, *self._there, *self._constants, *(clock.place for clock in self._clocks))
        )

    def __call__(self, rows: Sequence[Row]) -> Shapes:
        """The shapes of some rows, of which there are any.

        :raises TypeError: a value that matters cannot be compared.
        """
        columns = [
            *(list(map(itemgetter(place), rows)) for place in self._exact),
            *(self._filled(list(map(itemgetter(place), rows))) for place in self._there),
            *(self._masked(list(map(itemgetter(n), rows)), text) for n, text in self._constants.items()),
            *(self._counted(list(map(itemgetter(clock.place), rows)), clock) for clock in self._clocks),
        ]
        same = tuple(each[0] if each.count(each[0]) == len(rows) else _VARIES for each in columns)
        varying = [each for each, value in zip(columns, same, strict=True) if value is _VARIES]
        return Shapes(list(zip(*varying, strict=True)) if varying else [()] * len(rows), same)

    def _filled(self, values: list[Any]) -> list[Any]:
        """Whether anything stands there, and what, where it may be the key of somebody whom a hold names."""
        if not self._held:
            return [None if value is None else _THERE for value in values]
        kinds = set(map(type, values)) - {NoneType}
        if len(kinds) > 1:
            raise TypeError("keys of several types are spelled apart, though they may be equal")
        if not kinds:
            return values
        [kind] = kinds
        names = self._names.setdefault(kind, _Names(self._held))
        return list(map(names.__getitem__, values))

    @staticmethod
    def _masked(values: list[Any], text: str) -> list[Any]:
        """Whether anything but the constant stands there; the values where it is none of theirs."""
        kinds = set(map(type, values)) - {NoneType}
        if len(kinds) != 1:
            return values
        try:
            constant = masked(Mask("fixed", text), next(v for v in values if v is not None), tag="")
        except (ValueError, ArithmeticError):
            return values
        return [_BARE if v is not None and v != constant else None for v in values]

    def _counted(self, values: list[Any], clock: _Clock) -> list[Any]:
        """Times by the first day that counts from them; as they are where that is not all that matters."""
        kinds = set(map(type, values)) - {NoneType}
        if not self._whole_days or not kinds or clock.time_type == "date":
            return values
        zone = UTC if clock.time_type == "utc" else self._days.zone
        if kinds == {datetime}:
            stamps: list[float | None] = [
                None if v is None else v.timestamp() if v.tzinfo else v.replace(tzinfo=zone).timestamp()
                for v in values
            ]
        elif kinds == {int} and (scale := _SCALES.get(clock.time_type)):
            stamps = [None if v is None else v / scale for v in values]
        else:
            return values
        return self._by_day(values, stamps)

    def _by_day(self, values: list[Any], stamps: list[float | None]) -> list[Any]:
        days = self._days.between(stamps)
        if days.count(None) > values.count(None):
            days = [value if day is None else day for day, value in zip(days, values, strict=True)]
        now = self._now * QUARTER
        if max(filter(None, stamps), default=now) >= now:
            days = [
                d if s is None or s < now else self._late(v, s)
                for d, v, s in zip(days, values, stamps, strict=True)
            ]
        return days

    def _late(self, value: Any, stamp: float) -> Any:
        """What is still to come is not told apart; what comes about now is."""
        return _TO_COME if self._now < stamp // QUARTER < _LAST else value
