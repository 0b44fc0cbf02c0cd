"""Which rows an auditor need not tell apart: those of which the promise asks the same and hears the same. Pure.

Rows are many, and what decides about them takes few values: a class, whether an owner is there, the day on which a
clock started. That is taken from thousands of rows at once, column by column; each shape is then judged once. A value
that may matter by itself, such as an instant at midnight or the key of somebody whom a hold names, stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from types import NoneType
from typing import Any, Final
from zoneinfo import ZoneInfo

from jikim.datamap.schema import TimeType
from jikim.law.counting import first_counted_day
from jikim.plan.keys import matched, text_of
from jikim.plan.reading import Read, Row

Shape = tuple[Any, ...]

AT_MOST: Final = 1 << 16
"""How much is remembered at once of anything that rows may have many of."""
QUARTER: Final = 900
_EVEN_SINCE: Final = datetime(1973, 1, 1, tzinfo=UTC).timestamp() // QUARTER
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_TO_COME: Final = "to come"
_SCALES: Final[Mapping[str, int]] = {"epoch": 1, "epoch-ms": 1000}


class Days:
    """The first day that counts from an instant, remembered by quarters of an hour.

    Midnights lie on quarters of an hour, in every zone since 1972; so one answer serves the instants between two
    quarters, and an instant on a quarter stands for itself: it may tie with another clock.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._known: dict[float, int] = {}

    def between(self, stamp: float) -> int | None:
        """The ordinal of that day, from seconds since 1970; None for an instant that stands for itself."""
        quarter, past = divmod(stamp, QUARTER)
        if not past or quarter < _EVEN_SINCE:
            return None
        day = self._known.get(quarter)
        if day is None:
            if len(self._known) >= AT_MOST:
                self._known.clear()
            when = datetime.fromtimestamp(quarter * QUARTER + 1, UTC)
            day = self._known[quarter] = first_counted_day(when, zone=self.zone).toordinal()
        return day


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
        self[value] = value if not self._held.isdisjoint((text, matched(text, "any-case"))) else True
        return self[value]


@dataclass(frozen=True)
class _Clock:
    """Where a time stands, and what it is."""

    place: int
    time_type: TimeType


class Alike:
    """Takes the shapes of one table's rows.

    :param reads: whatever is decided from a row: by itself, and by the rows that it leads to.
    :param exact: places whose values matter as they are.
    :param there: places of which it matters whether anything stands there.
    :param held: the parts of every key that a hold names.
    :param whole_days: whether days are all that clocks look at.
    """

    def __init__(
        self,
        reads: Iterable[Read],
        *,
        exact: Iterable[int],
        there: Iterable[int],
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
        self._names = _Names(held) if held else None

    @property
    def places(self) -> frozenset[int]:
        """Everything of a row that it looks at."""
        return frozenset((*self._exact, *self._there, *(clock.place for clock in self._clocks)))

    def __call__(self, rows: Sequence[Row]) -> list[Shape]:
        """The shape of each row. Raises ``TypeError`` where a value that matters cannot be compared."""
        columns = [
            *(map(itemgetter(place), rows) for place in self._exact),
            *(self._filled(map(itemgetter(place), rows)) for place in self._there),
            *(self._counted(list(map(itemgetter(clock.place), rows)), clock) for clock in self._clocks),
        ]
        return list(zip(*columns, strict=True)) if columns else [()] * len(rows)

    def _filled(self, values: Iterator[Any]) -> Iterable[Any]:
        if self._names is None:
            return [value is not None for value in values]
        return map(self._names.__getitem__, values)

    def _counted(self, values: list[Any], clock: _Clock) -> list[Any]:
        """Times by the first day that counts from them; as they are where that is not all that matters."""
        kinds = set(map(type, values)) - {NoneType}
        if not self._whole_days or not kinds:
            return values
        zone = UTC if clock.time_type == "utc" else self._days.zone
        if kinds == {datetime}:
            stamps = [
                None if v is None else v.timestamp() if v.tzinfo else v.replace(tzinfo=zone).timestamp()
                for v in values
            ]
        elif kinds == {int} and (scale := _SCALES.get(clock.time_type)):
            stamps = [None if v is None else v / scale for v in values]
        else:
            return values
        return [None if s is None else self._day(v, s) for v, s in zip(values, stamps, strict=True)]

    def _day(self, value: date | int, stamp: float) -> Any:
        quarter = stamp // QUARTER
        if quarter >= self._now:
            return _TO_COME if self._now < quarter and stamp < _LAST else value
        day = self._days.between(stamp)
        return value if day is None else day + 0.5  # no number that stands for itself has a half
