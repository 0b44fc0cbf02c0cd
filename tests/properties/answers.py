"""Answers predicates about rows of plain dicts, node by node, as the words of `plan.predicate` say it.

Nothing of the memory model is used but its `World`: what it decides row by row is said here by cutoffs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import singledispatchmethod
from typing import Any

from jikim.backends.memory import Row, World
from jikim.plan.decide import is_never, moment
from jikim.plan.masks import masked, row_tag
from jikim.plan.predicate import (
    All,
    AnyOf,
    Carried,
    Carries,
    CarriesNone,
    Happened,
    Held,
    InClass,
    Leads,
    LeadsNowhere,
    Masked,
    Named,
    Needed,
    NotHappened,
    NotNeeded,
    NotPointed,
    NotThere,
    OwnedBy,
    Pointed,
    Predicate,
    There,
    Unheld,
    Unmasked,
    Unnamed,
    WithNone,
    WithSome,
)
from jikim.plan.schedule import Cell, Condition, Dependent, FactRef, Hold, Hop, OwnerPath, Ref, Schedules


@dataclass(frozen=True)
class Answers:
    """Whether predicates are so of rows of one world."""

    world: World
    schedules: Schedules
    mask_key: bytes
    saw: Callable[[str], None] = lambda _: None
    taken: tuple[tuple[Hop, ...], Row] | None = None
    """Of the many rows at the end of these hops, the one that is spoken of."""

    def rows(self, predicate: Predicate, table: str) -> list[Row]:
        """Rows of a table of which it is so."""
        return [row for row in self.world.tables[table] if self.so(predicate, row)]

    @singledispatchmethod
    def so(self, predicate: Predicate, row: Row) -> bool:
        """Whether it is so of the row. Raises ``TypeError`` for a kind this reader does not know."""
        raise TypeError(type(predicate).__name__)

    @so.register
    def _(self, predicate: All, row: Row) -> bool:
        return all(self.so(part, row) for part in predicate.parts)

    @so.register
    def _(self, predicate: AnyOf, row: Row) -> bool:
        return any(self.so(part, row) for part in predicate.parts)

    # -- facts --------------------------------------------------------------------------------------------

    @so.register
    def _(self, predicate: Happened, row: Row) -> bool:
        self.saw("Happened")
        return self._happened(predicate.fact, predicate.by, row)

    @so.register
    def _(self, predicate: NotHappened, row: Row) -> bool:
        self.saw("NotHappened")
        return not self._happened(predicate.fact, predicate.by, row)

    def _happened(self, fact: FactRef, by: Any, row: Row) -> bool:
        zone = self.schedules.calendar.zone
        stands_in = self._end(row, fact.ref.hops)
        if stands_in is None:
            return False
        when = moment(stands_in[fact.ref.column], time_type=fact.time_type, zone=zone)
        if when is None or not all(stands_in[w.ref.column] == w.value for w in fact.when):
            return False
        if is_never(when, fact.never, zone=zone):
            self.saw("sentinel")
            return False
        return bool(when.astimezone(UTC) <= by if isinstance(when, datetime) else when <= by)

    # -- classes and owners -------------------------------------------------------------------------------

    @so.register
    def _(self, predicate: InClass, row: Row) -> bool:
        self.saw("InClass")
        return self._meets(row, predicate.where) and not any(self._meets(row, u) for u in predicate.unless)

    def _meets(self, row: Row, where: Iterable[Condition]) -> bool:
        return all(self._value(row, c.ref) == c.value for c in where)

    @so.register
    def _(self, predicate: OwnedBy, row: Row) -> bool:
        if any(self._filled(row, other) for other in predicate.unless):
            return False
        self.saw(f"OwnedBy exists={predicate.exists} inline={predicate.path.inline}")
        return self._filled(row, predicate.path) and self._found(row, predicate.path) is predicate.exists

    @so.register
    def _(self, predicate: Unnamed, row: Row) -> bool:
        self.saw("Unnamed")
        return not any(self._filled(row, path) for path in predicate.paths)

    @so.register
    def _(self, predicate: Named, row: Row) -> bool:
        return any(self._filled(row, path) for path in predicate.paths)

    @so.register
    def _(self, predicate: WithSome, row: Row) -> bool:
        self.saw("WithSome")
        return self._with(row, predicate.hops, predicate.what)

    @so.register
    def _(self, predicate: WithNone, row: Row) -> bool:
        self.saw("WithNone")
        return not self._with(row, predicate.hops, predicate.what)

    def _with(self, row: Row, hops: tuple[Hop, ...], what: Predicate) -> bool:
        return any(replace(self, taken=(hops, end)).so(what, row) for end in self._ends(row, hops))

    @so.register
    def _(self, predicate: There, row: Row) -> bool:
        self.saw("There")
        return any(self.so(predicate.what, end) for end in self._ends(row, predicate.hops))

    @so.register
    def _(self, predicate: NotThere, row: Row) -> bool:
        return not any(self.so(predicate.what, end) for end in self._ends(row, predicate.hops))

    @so.register
    def _(self, predicate: Carries, row: Row) -> bool:
        self.saw("Carries")
        return any(self._carried(each, row) for each in predicate.rows)

    @so.register
    def _(self, predicate: CarriesNone, row: Row) -> bool:
        return not any(self._carried(each, row) for each in predicate.rows)

    def _carried(self, carried: Carried, row: Row) -> bool:
        return any(
            replace(self, taken=(carried.hops, row)).so(carried.what, other)
            for other in self.world.tables[carried.table]
            if any(end is row for end in self._ends(other, carried.hops))
        )

    @so.register
    def _(self, predicate: Leads, row: Row) -> bool:
        return self._end(row, predicate.hops) is not None

    @so.register
    def _(self, predicate: LeadsNowhere, row: Row) -> bool:
        nowhere = self._end(row, predicate.hops) is None
        if nowhere:
            self.saw("LeadsNowhere")
        return nowhere

    def _filled(self, row: Row, path: OwnerPath) -> bool:
        """Every reference met on the path is set, as far as its rows exist; to some of many, where it fans out."""
        row, hops = self._start(row, path.hops)
        fan = max((n for n, hop in enumerate(hops, 1) if hop.many), default=0)
        return any(self._filled_on(end, hops[fan:], path) for end in self._ends(row, hops[:fan]))

    def _filled_on(self, row: Row, hops: tuple[Hop, ...], path: OwnerPath) -> bool:
        at: Row | None = row
        for hop in hops:
            assert at is not None
            if not _says(at, hop.columns, hop.when):
                return False
            at = self._end(at, (hop,))
            if at is None:
                return True
        return not path.inline or (at is not None and _says(at, path.key, path.when))

    def _found(self, row: Row, path: OwnerPath) -> bool:
        end = self._end(row, path.hops)
        return end is not None and (not path.inline or _says(end, path.key, path.when))

    # -- holds --------------------------------------------------------------------------------------------

    @so.register
    def _(self, predicate: Held, row: Row) -> bool:
        return self._held(predicate.table, predicate.path, row)

    @so.register
    def _(self, predicate: Unheld, row: Row) -> bool:
        return not self._held(predicate.table, predicate.path, row)

    def _held(self, table: str, path: OwnerPath, row: Row) -> bool:
        if path.inline or not path.hops or path.hops[-1].many:
            at, columns, when = self._end(row, path.hops), path.key, path.when
        else:
            *before, last = path.hops
            at, columns, when = self._end(row, before), last.columns, last.when
        if path.fan and self._start(row, path.fan)[1]:
            at = None
        key = tuple(at[c] for c in columns) if at is not None and _says(at, columns, when) else ()

        def names(hold: Hold) -> bool:
            about = hold.subject is None or (
                hold.subject == path.subject and hold.key == tuple(_word(part, path) for part in key)
            )
            return hold.table in (None, table) and about

        naming = [hold for hold in self.world.facts.holds if names(hold)]
        for hold in naming:
            self.saw(f"hold by {'person' if hold.subject else ''}{'table' if hold.table else ''}")
        return bool(naming)

    # -- dependents and masks -----------------------------------------------------------------------------

    @so.register
    def _(self, predicate: Pointed, row: Row) -> bool:
        return self._pointed(predicate.dependents, row)

    @so.register
    def _(self, predicate: NotPointed, row: Row) -> bool:
        return not self._pointed(predicate.dependents, row)

    def _pointed(self, dependents: Iterable[Dependent], row: Row) -> bool:
        return any(
            _says(other, d.hop.columns, d.hop.when) and _same(other, row, d.hop)
            for d in dependents
            for other in self.world.tables[d.table]
            if other is not row
        )

    @so.register
    def _(self, predicate: Needed, row: Row) -> bool:
        return self._needed(predicate.uses, row)

    @so.register
    def _(self, predicate: NotNeeded, row: Row) -> bool:
        return not self._needed(predicate.uses, row)

    def _needed(self, uses: Iterable[Any], row: Row) -> bool:
        return any(
            self._meets(other, use.where) and self._end(other, use.hops) is row
            for use in uses
            for other in self.world.tables[use.table]
        )

    @so.register
    def _(self, predicate: Unmasked, row: Row) -> bool:
        return self._bare(predicate.table, predicate.cell, row)

    @so.register
    def _(self, predicate: Masked, row: Row) -> bool:
        return not self._bare(predicate.table, predicate.cell, row)

    def _bare(self, table: str, cell: Cell, row: Row) -> bool:
        value = row[cell.column]
        if cell.path:
            for step in cell.path:
                value = value.get(step) if isinstance(value, dict) else None
            return value is not None
        key = tuple(row[c] for c in self.schedules[table].key)
        tag = row_tag(self.mask_key, table=table, row_key=key)
        return cell.mask is not None and masked(cell.mask, value, tag=tag) != value

    # -- other rows ---------------------------------------------------------------------------------------

    def _start(self, row: Row, hops: tuple[Hop, ...]) -> tuple[Row, tuple[Hop, ...]]:
        """Where some hops go on from: the row that is spoken of, where they pass it."""
        if self.taken is None or hops[: len(self.taken[0])] != self.taken[0]:
            return row, hops
        return self.taken[1], hops[len(self.taken[0]) :]

    def _ends(self, row: Row, hops: tuple[Hop, ...]) -> list[Row]:
        row, hops = self._start(row, hops)
        at = [row]
        for hop in hops:
            pointing = [each for each in at if _says(each, hop.columns, hop.when)]
            at = [r for each in pointing for r in self.world.tables[hop.table] if _same(each, r, hop)]
        return at

    def _end(self, row: Row, hops: Iterable[Hop]) -> Row | None:
        ends = self._ends(row, tuple(hops))
        return ends[0] if ends else None

    def _value(self, row: Row, ref: Ref) -> Any:
        end = self._end(row, ref.hops)
        return None if end is None else end[ref.column]


def _says(row: Row, columns: Iterable[str], when: Iterable[tuple[str, Any]]) -> bool:
    """None of these columns is empty, and the others have the values they must have."""
    return None not in [row[c] for c in columns] and all(row[c] == value for c, value in when)


def _same(row: Row, other: Row, hop: Hop) -> bool:
    """The row names the other, whatever else stands in it."""
    as_it_is = str if hop.spelled else lambda value: value
    return [as_it_is(row[c]) for c in hop.columns] == [as_it_is(other[c]) for c in hop.to_columns]


def _word(value: Any, path: OwnerPath) -> str:
    """A part of a person's key as holds write it; nothing here is written in letters but A to Z."""
    return str(value).lower() if path.match == "any-case" else str(value)
