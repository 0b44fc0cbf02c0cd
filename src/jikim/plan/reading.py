"""What an auditor reads of each row, and what it says: whose it is and when its clocks started. Pure.

A row that many others point to, which say whose it is, is read with the values of all of those: one list for each of
their columns, in one order. Nothing here knows how rows are read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jikim.datamap.model import NOBODY
from jikim.datamap.schema import TimeType
from jikim.plan.decide import LONG_AGO, Moment, has_happened, is_never, moment
from jikim.plan.schedule import (
    Carry,
    Condition,
    FactRef,
    Hop,
    Link,
    OwnerPath,
    Ref,
    Schedules,
    TableSchedule,
    Variant,
)

Row = Sequence[Any]
Key = tuple[Any, ...]


def many(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The part of some hops that ends in many rows; empty where they lead to one."""
    last = max((n for n, hop in enumerate(hops, 1) if hop.many), default=0)
    return hops[:last]


def backwards(carry: Carry) -> tuple[Hop, ...]:
    """From the row that is led through to the rows that are owned through it."""
    tables = [carry.table, *(hop.table for hop in carry.hops)]
    pairs = zip(tables, carry.hops, strict=False)
    return tuple(Hop(hop.to_columns, table, hop.columns, many=True) for table, hop in pairs)[::-1]


def seen_from(link: Link, ref: Ref) -> Ref:
    """A column of the row that a reference leads to, as seen from the row that holds it."""
    return Ref(ref.column, (link.hop, *ref.hops))


def seen_through(carry: Carry, ref: Ref) -> Ref:
    """A column as seen from a carried row, as seen from the row that carries it."""
    if ref.hops[: len(carry.hops)] == carry.hops:
        return Ref(ref.column, ref.hops[len(carry.hops) :])
    return Ref(ref.column, (*backwards(carry), *ref.hops))


@dataclass(frozen=True)
class Reading:
    """What an auditor reads of each row: ``refs`` in this order, then whether any row points to it, then for
    each of ``identity`` whether a record of such a row may yet take that cell along.

    ``schedule`` is None for a table whose rows are only looked through; ``linked`` are the tables to whose rows its
    references lead that are emptied in time, ``carried`` those whose rows are owned through its rows.
    """

    table: str
    columns: tuple[str, ...]
    refs: tuple[Ref, ...]
    schedule: TableSchedule | None = None
    identity: tuple[str, ...] = ()
    linked: tuple[tuple[Link, TableSchedule], ...] = ()
    carried: tuple[tuple[Carry, TableSchedule], ...] = ()


def reading(
    table: str, columns: Iterable[str], schedule: TableSchedule | None, schedules: Schedules | None = None
) -> Reading:
    """What must be read of a table with these columns to judge its rows.

    :param schedules: of every table; needed where its rows are led to or lead to others.
    """
    own = tuple(columns)
    refs = dict.fromkeys(Ref(column) for column in own)
    if schedule is None:
        return Reading(table, own, tuple(refs))
    refs |= dict.fromkeys(_refs(schedule, schedule.variants))
    carried = tuple((carry, schedules[carry.table]) for carry in schedule.carries) if schedules else ()
    linked = tuple((link, schedules[link.hop.table]) for link in schedule.links) if schedules else ()
    for link, other in linked:
        there = [*(Ref(column) for column in link.hop.to_columns), *_refs(other, other.variants)]
        refs |= dict.fromkeys(seen_from(link, ref) for ref in there)
    for carry, other in carried:
        through = [v for v in other.variants if v.owner.fan == carry.hops]
        wanted = [*_refs(other, through), *(Ref(column) for column in other.key)]
        refs |= dict.fromkeys(seen_through(carry, ref) for ref in wanted)
    identity = sorted({name for use in schedule.identity_uses for name in use.cells})
    return Reading(table, own, tuple(refs), schedule, tuple(identity), linked, carried)


def _refs(schedule: TableSchedule, variants: Iterable[Variant]) -> Iterable[Ref]:
    """Every column that decides about rows of these variants."""
    for condition in (c for _, where in schedule.classes for c in where):
        yield condition.ref
    facts = [clock.fact for variant in variants for claim in variant.claims for clock in claim.clocks]
    for fact in (*facts, schedule.orphan_date):
        if isinstance(fact, FactRef):
            yield from (fact.ref, *(w.ref for w in fact.when))
    of_nobody = [path for path in schedule.owners if path.subject == NOBODY]
    for path in dict.fromkeys((*(variant.owner for variant in variants), *of_nobody)):
        yield from _path_refs(path)


def _path_refs(path: OwnerPath) -> list[Ref]:
    """The columns that lead from row to row, those that say the next row is there, and the person's key."""
    refs = []
    for n, hop in enumerate(path.hops):
        refs += [Ref(column, path.hops[:n]) for column in (*hop.columns, *(c for c, _ in hop.when))]
        refs += [Ref(column, path.hops[: n + 1]) for column in hop.to_columns]
    return refs + [Ref(column, path.hops) for column in (*path.key, *(c for c, _ in path.when))]


Beside = list[tuple[int, Any]]
"""Where columns stand that must have some value, and which."""


@dataclass(frozen=True)
class _Way:
    """Where in a row a way's columns stand: of each hop its own, those that must have some value, and its target's;
    then the person's key, and what must stand beside it."""

    hops: list[tuple[list[int], Beside, list[int]]]
    key: list[int]
    beside: Beside


@dataclass(frozen=True)
class Start:
    """Where in a row a clock's fact stands; ``lost`` are the places that are empty where it went with its row."""

    fact: FactRef
    place: int
    when: tuple[tuple[int, Any], ...]
    lost: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """An owner of a row: by which of the schedule's paths, their key, whether they exist; ``nth`` of many rows."""

    path: int
    key: Key
    exists: bool
    nth: int | None = None


@dataclass(frozen=True)
class Deciding:
    """The places of a row that say whose it is and when its clocks started: values that matter as they are, those of
    which it matters whether they are there, and times, each with its type."""

    exact: frozenset[int]
    there: frozenset[int]
    clocks: frozenset[tuple[int, TimeType]]


class Read:
    """Rows of a table as its reading has them.

    :param seen: where a column of the schedule's table stands, as seen from the table that is read.
    """

    def __init__(
        self,
        refs: Sequence[Ref],
        schedule: TableSchedule,
        *,
        zone: ZoneInfo,
        as_of: datetime,
        seen: Callable[[Ref], Ref] = lambda ref: ref,
    ) -> None:
        self.schedule, self.zone, self.as_of, self._seen = schedule, zone, as_of, seen
        self._places: Mapping[Ref, int] = {ref: place for place, ref in enumerate(refs)}
        self.lists = frozenset(place for ref, place in self._places.items() if many(ref.hops))
        self._classes = [self._conditions(where) for _, where in schedule.classes]
        self._paths = [self._path(path) for path in schedule.owners]
        numbers = {path: n for n, path in enumerate(schedule.owners)}
        self._groups = [[numbers[path] for path in group] for group in schedule.groups]
        self._nobody = {n for n, path in enumerate(schedule.owners) if path.subject == NOBODY}
        self._keeping = [[numbers[p] for p in schedule.keeping(label)] for label, _ in schedule.classes]
        self._word = schedule.orphan_date and self.start(schedule.orphan_date, None)

    def at(self, ref: Ref) -> int:
        """The place at which a column is read."""
        return self._places[self._seen(ref)]

    def value(self, row: Row, place: int, nth: int | None) -> Any:
        """What stands there: of many, of the one that is asked for."""
        if place not in self.lists:
            return row[place]
        return row[place][nth] if nth is not None and row[place] else None

    def label(self, row: Row, nth: int | None = None) -> int | None:
        """The number of the first class whose conditions the row meets."""
        for label, where in enumerate(self._classes):
            if not where or all(self.value(row, place, nth) == value for place, value in where):
                return label
        return None

    @cached_property
    def deciding(self) -> Deciding:
        """What of a row decides about it."""
        starts = [
            self.start(clock.fact, variant.owner)
            for variant in self.schedule.variants
            for claim in variant.claims
            for clock in claim.clocks
            if isinstance(clock.fact, FactRef)
        ]
        starts += [self._word] if self._word else []
        ways = [way for way in self._paths if way]
        exact = [place for where in self._classes for place, _ in where]
        exact += [place for start in starts for place, _ in start.when]
        exact += [
            place for way in ways for place, _ in (*way.beside, *(w for hop in way.hops for w in hop[1]))
        ]
        there = [place for way in ways for own, _, to in way.hops for place in (*own, *to)]
        there += [
            place
            for each in (*(way.key for way in ways), *(start.lost for start in starts))
            for place in each
        ]
        clocks = frozenset((start.place, start.fact.time_type) for start in starts)
        return Deciding(frozenset(exact), frozenset(there), clocks)

    # -- whose row ----------------------------------------------------------------------------------------

    def _conditions(self, where: tuple[Condition, ...]) -> tuple[tuple[int, Any], ...]:
        return tuple((self.at(condition.ref), condition.value) for condition in where)

    def _path(self, path: OwnerPath) -> _Way | None:
        """Where a way's columns stand, behind where it fans out; None for a way that is not read."""
        fan = len(path.fan)
        if any(self._seen(ref) not in self._places for ref in _path_refs(path)):
            return None
        hops = [
            (
                [self.at(Ref(c, path.hops[:n])) for c in hop.columns],
                [(self.at(Ref(c, path.hops[:n])), value) for c, value in hop.when],
                [self.at(Ref(c, path.hops[: n + 1])) for c in hop.to_columns],
            )
            for n, hop in enumerate(path.hops)
            if n >= fan
        ]
        beside = [(self.at(Ref(c, path.hops)), value) for c, value in path.when]
        return _Way(hops, [self.at(Ref(c, path.hops)) for c in path.key], beside)

    def _stands(self, row: Row, beside: Beside, nth: int | None) -> bool:
        return all(self.value(row, place, nth) == value for place, value in beside)

    def owners(self, row: Row, label: int) -> list[Found]:
        """Of each co-owner the first way that is filled in, to as many people as it leads to. A row that says of nobody
        whose basis could keep it that it is theirs belongs to somebody who does not exist."""
        found = dict.fromkeys(owner for group in self._groups for owner in self._of_group(row, group))
        keeping = self._keeping[label]
        if any(owner.path in keeping or owner.path in self._nobody for owner in found):
            return list(found)
        return [*found, Found(keeping[0], (), exists=False)]

    def _of_group(self, row: Row, group: Sequence[int]) -> list[Found]:
        for number in group:
            fan = self.schedule.owners[number].fan
            alike = [n for n in group if self.schedule.owners[n].fan == fan] if fan else [number]
            each = [self._first(row, alike, nth) for nth in (self._those(row, fan) if fan else (None,))]
            if owners := [owner for owner in each if owner]:
                return owners
        return []

    def _those(self, row: Row, fan: tuple[Hop, ...]) -> range:
        """The many rows at the end of these hops, by number."""
        return range(len(row[self.at(Ref(fan[-1].to_columns[0], fan))] or ()))

    def _first(self, row: Row, paths: Iterable[int], nth: int | None) -> Found | None:
        return next(filter(None, (self.along(row, number, nth) for number in paths)), None)

    def along(self, row: Row, number: int, nth: int | None) -> Found | None:
        """The owner at the end of a way; None where it is not filled in."""
        way = self._paths[number]
        if way is None:
            return None
        for n, (columns, when, target) in enumerate(way.hops, 1):
            values = tuple([self.value(row, c, nth) for c in columns])
            if None in values or (when and not self._stands(row, when, nth)):
                return None
            if None in [self.value(row, t, nth) for t in target]:
                last = n == len(way.hops) and not self.schedule.owners[number].inline
                return Found(number, values if last else (), exists=False, nth=nth)
        values = tuple([self.value(row, k, nth) for k in way.key])
        if None in values or (way.beside and not self._stands(row, way.beside, nth)):
            return None
        return Found(number, values, exists=True, nth=nth)

    # -- clocks -------------------------------------------------------------------------------------------

    def start(self, fact: FactRef, owner: OwnerPath | None) -> Start:
        """Where a fact stands, as it is for an owner."""
        shared = fact.shared_with(owner) if owner else ()
        lost = tuple(self.at(Ref(c, shared)) for c in shared[-1].to_columns) if shared else ()
        return Start(fact, self.at(fact.ref), self._conditions(fact.when), lost)

    def trigger(self, row: Row, start: Start, *, exists: bool, nth: int | None = None) -> Moment | None:
        """When the fact happened, by ``as_of``; None when it has not.

        An orphan's fact may have gone with the row that is missing on the way to its owner.
        """
        if not exists and any(self.value(row, place, nth) is None for place in start.lost):
            if not self._word:
                return LONG_AGO
            start = self._word
        value, fact = self.value(row, start.place, nth), start.fact
        if value is None or any(self.value(row, place, nth) != v for place, v in start.when):
            return None
        if isinstance(value, Decimal):
            value = int(value)
        when = moment(value, time_type=fact.time_type, zone=self.zone)
        if when is None or not has_happened(when, as_of=self.as_of, zone=self.zone):
            return None
        return None if fact.never and is_never(when, fact.never, zone=self.zone) else when
