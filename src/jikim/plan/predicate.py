"""Which rows a step means, as a value: a small algebra of facts and cutoffs. Pure.

`plan.decide` says what one row is due for; here the same meaning is said of all rows at once. Each clock becomes
one cutoff (due dates never decrease as the trigger grows), so a predicate compares columns with constants and
nothing else. There is no negation: what has not happened is said as such, because a store's NULL answers
neither yes nor no.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar, dataclass_transform
from zoneinfo import ZoneInfo

from jikim.datamap.model import NOBODY
from jikim.law.counting import cutoff
from jikim.law.holidays import Holidays
from jikim.plan.decide import clock_due, has_happened
from jikim.plan.schedule import (
    BoundClock,
    Calendar,
    Cell,
    Claim,
    Condition,
    Dependent,
    FactRef,
    Facts,
    Hop,
    IdentityUse,
    OwnerPath,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.policy.period import Period

P = TypeVar("P", bound="Predicate")


class Predicate:
    """Something that is so of a row, or not."""


@dataclass_transform(frozen_default=True)
def _node(kind: type[P]) -> type[P]:
    """A frozen dataclass that remembers its hash: predicates nest deeply and are looked up all the time."""
    made = dataclass(frozen=True)(kind)
    reckon = made.__hash__

    def remembered(self: P) -> int:
        if "_hash" not in self.__dict__:
            object.__setattr__(self, "_hash", reckon(self))
        return int(self.__dict__["_hash"])

    made.__hash__ = remembered  # type: ignore[method-assign,assignment]
    return made


@_node
class Happened(Predicate):
    """The fact happened at or before ``by``."""

    fact: FactRef
    by: datetime | date


@_node
class NotHappened(Predicate):
    """The fact has not happened, or later than ``by``."""

    fact: FactRef
    by: datetime | date


@_node
class Leads(Predicate):
    """Some hops lead from the row to another that exists."""

    hops: tuple[Hop, ...]


@_node
class LeadsNowhere(Predicate):
    """They do not: a reference on the way is empty, or names a row that does not exist."""

    hops: tuple[Hop, ...]


@_node
class InClass(Predicate):
    """The row meets ``where`` and none of ``unless``: the first class that fits is the row's."""

    where: tuple[Condition, ...]
    unless: tuple[tuple[Condition, ...], ...]


@_node
class OwnedBy(Predicate):
    """``path`` is filled in for this row, none of ``unless`` is; its person exists, or does not."""

    path: OwnerPath
    unless: tuple[OwnerPath, ...]
    exists: bool


@_node
class Unnamed(Predicate):
    """None of these paths is filled in: the row says of nobody that it is theirs."""

    paths: tuple[OwnerPath, ...]


@_node
class Unheld(Predicate):
    """No legal hold names the row of ``table`` about the person at the end of ``path``."""

    table: str
    path: OwnerPath


@_node
class Held(Predicate):
    """A legal hold names it."""

    table: str
    path: OwnerPath


@_node
class Pointed(Predicate):
    """Some row points to it."""

    dependents: tuple[Dependent, ...]


@_node
class NotPointed(Predicate):
    """No row points to it."""

    dependents: tuple[Dependent, ...]


@_node
class Unmasked(Predicate):
    """The cell holds something that its mask would change."""

    table: str
    cell: Cell


@_node
class Masked(Predicate):
    """The cell holds nothing that its mask would change."""

    table: str
    cell: Cell


@_node
class Needed(Predicate):
    """A record of a row that points here may yet take the cell along."""

    uses: tuple[IdentityUse, ...]


@_node
class NotNeeded(Predicate):
    """No record may yet take the cell along."""

    uses: tuple[IdentityUse, ...]


@_node
class All(Predicate):
    """Every part is so; so of every row when there is none."""

    parts: tuple[Predicate, ...]


@_node
class AnyOf(Predicate):
    """Some part is so; so of no row when there is none."""

    parts: tuple[Predicate, ...]


ALWAYS = All(())
NEVER = AnyOf(())


def all_of(parts: Iterable[Predicate]) -> Predicate:
    """Every part, without the ones that are always so; `NEVER` when one is never so."""
    kept: list[Predicate] = []
    for part in parts:
        if part == NEVER:
            return NEVER
        kept.extend(part.parts if isinstance(part, All) else (part,))
    unique = tuple(dict.fromkeys(kept))
    return unique[0] if len(unique) == 1 else All(unique)


def any_of(parts: Iterable[Predicate]) -> Predicate:
    """Some part, without the ones that are never so; `ALWAYS` when one is always so."""
    kept: list[Predicate] = []
    for part in parts:
        if part == ALWAYS:
            return ALWAYS
        kept.extend(part.parts if isinstance(part, AnyOf) else (part,))
    unique = tuple(dict.fromkeys(kept))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def leaves(predicate: Predicate) -> Iterator[Predicate]:
    """Everything a predicate is put together from, as often as it stands there."""
    if isinstance(predicate, All | AnyOf):
        for part in predicate.parts:
            yield from leaves(part)
    else:
        yield predicate


_Answer = tuple[Predicate, Predicate]
"""Something that is so, and its opposite."""


@lru_cache(maxsize=4096)
def _cutoff(
    period: Period, as_of: datetime, kind: str, zone: ZoneInfo, holidays: Holidays | None
) -> datetime | date | None:
    return cutoff(period, as_of, kind=kind, zone=zone, holidays=holidays)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Sweep:
    """The predicates of one table at one instant, each put together once."""

    schedule: TableSchedule
    calendar: Calendar
    facts: Facts
    as_of: datetime

    # -- clocks and claims --------------------------------------------------------------------------------

    def _answer(
        self,
        fact: FactRef,
        owner: OwnerPath,
        by: Callable[[FactRef], datetime | date | None],
        *,
        exists: bool,
    ) -> _Answer:
        """Whether the fact happened by then: as it stands, or by the map's word where it was lost with the owner."""

        def stands(fact: FactRef) -> _Answer:
            latest = by(fact)
            return (NEVER, ALWAYS) if latest is None else (Happened(fact, latest), NotHappened(fact, latest))

        shared = fact.shared_with(owner)
        if exists or not shared:
            return stands(fact)
        word = self.schedule.orphan_date
        lost = (ALWAYS, NEVER) if word is None else stands(word)
        if shared == owner.hops and not owner.inline:
            return lost
        yes, no = stands(fact)
        return (
            any_of([yes, all_of([LeadsNowhere(shared), lost[0]])]),
            all_of([no, any_of([Leads(shared), lost[1]])]),
        )

    def _clock_ended(self, clock: BoundClock, claim: Claim, owner: OwnerPath, *, exists: bool) -> _Answer:
        """Whether the clock has run: known at once, or by its cutoff."""
        if isinstance(clock.fact, StoreFact):
            when = self.facts.service.get(clock.fact.name)
            if when is None or not has_happened(when, as_of=self.as_of, zone=self.calendar.zone):
                return NEVER, ALWAYS
            due, _ = clock_due(clock, when, claim=claim, calendar=self.calendar)
            return (ALWAYS, NEVER) if due <= self.as_of.astimezone(UTC) else (NEVER, ALWAYS)
        holidays = self.calendar.holidays if claim.kind == "record" else None
        periods = [clock.period] + ([clock.grace] if clock.grace and claim.kind == "processing" else [])

        def by(fact: FactRef) -> datetime | date | None:
            kind = "date" if fact.time_type == "date" else "instant"
            as_of = self.as_of.astimezone(UTC)
            cutoffs = [_cutoff(p, as_of, kind, self.calendar.zone, holidays) for p in periods]
            known = [c for c in cutoffs if c is not None]
            return min(known) if len(known) == len(cutoffs) else None

        return self._answer(clock.fact, owner, by, exists=exists)

    def _clock_begun(self, clock: BoundClock, owner: OwnerPath, *, exists: bool) -> _Answer:
        if isinstance(clock.fact, StoreFact):
            when = self.facts.service.get(clock.fact.name)
            begun = when is not None and has_happened(when, as_of=self.as_of, zone=self.calendar.zone)
            return (ALWAYS, NEVER) if begun else (NEVER, ALWAYS)

        def by(fact: FactRef) -> datetime | date:
            local = self.as_of.astimezone(self.calendar.zone)
            return local.date() if fact.time_type == "date" else self.as_of.astimezone(UTC)

        return self._answer(clock.fact, owner, by, exists=exists)

    def _combined(self, claim: Claim, answers: Iterable[_Answer], *, so: bool) -> Predicate:
        """First-of and last-of, and their opposites, of the answers of a claim's clocks."""
        parts = [yes if so else no for yes, no in answers]
        return any_of(parts) if (claim.combine == "first") == so else all_of(parts)

    def ended(self, claim: Claim, owner: OwnerPath, *, exists: bool, so: bool = True) -> Predicate:
        """The claim has run out; with ``so=False``: it lives."""
        answers = [self._clock_ended(c, claim, owner, exists=exists) for c in claim.clocks]
        return self._combined(claim, answers, so=so)

    def begun(self, claim: Claim, owner: OwnerPath, *, exists: bool, so: bool = True) -> Predicate:
        """The claim has an end in sight; with ``so=False``: it waits."""
        answers = [self._clock_begun(c, owner, exists=exists) for c in claim.clocks]
        return self._combined(claim, answers, so=so)

    # -- rows ---------------------------------------------------------------------------------------------

    def in_variant(self, variant: Variant, *, exists: bool) -> Predicate:
        """Rows of this class with this kind of owner, who exists or does not; held or not."""
        earlier = []
        for label, where in self.schedule.classes:
            if label == variant.row_class:
                break
            earlier.append(where)
        parts: list[Predicate] = []
        if variant.where or earlier:
            parts.append(InClass(variant.where, tuple(earlier)))
        if self._owned_by_other(variant.owner):
            parts.append(self._whose(variant.owner, exists=exists))
        return all_of(parts) if exists or self._owned_by_other(variant.owner) else NEVER

    @staticmethod
    def _owned_by_other(owner: OwnerPath) -> bool:
        """Whether the owner can be missing: a person's own row always has one."""
        return bool(owner.hops) or owner.inline

    def _whose(self, owner: OwnerPath, *, exists: bool) -> Predicate:
        """Rows of this owner; a row that names nobody is an orphan of the first kind of owner."""
        index = self.schedule.owners.index(owner)
        if owner.sure and not (exists and index):
            return ALWAYS if exists else NEVER
        named = OwnedBy(owner, self.schedule.owners[:index], exists)
        if exists or owner != self.schedule.owner_of_the_unnamed:
            return named if exists or owner.hops else NEVER
        unnamed = Unnamed(self.schedule.owners)
        return any_of([named, unnamed]) if owner.hops else unnamed

    def anyone(self, variant: Variant) -> Predicate:
        """Rows of this class with this kind of owner, who exists or not."""
        return any_of(self.in_variant(variant, exists=exists) for exists in (True, False))

    def _cases(self) -> list[tuple[Variant, bool]]:
        """Every variant, with owner and, where the map says what becomes of orphans, without."""
        fates = (True,) if self.schedule.orphans == "refuse" else (True, False)
        return [(v, exists) for v in self.schedule.variants for exists in fates if exists or not v.owner.sure]

    def _over_cases(self, rule: Any) -> Predicate:
        return any_of(
            all_of(
                [
                    self.in_variant(variant, exists=exists),
                    Unheld(self.schedule.table, variant.owner),
                    rule(variant, exists),
                ]
            )
            for variant, exists in self._cases()
        )

    def _no_use(self, variant: Variant, *, exists: bool) -> Predicate:
        return all_of(self.ended(p, variant.owner, exists=exists) for p in variant.processings)

    @cached_property
    def archived(self) -> Predicate:
        """Due to be archived: no processing lives, a started record does, and none waits."""

        def rule(variant: Variant, exists: bool) -> Predicate:
            return all_of(
                [
                    self._no_use(variant, exists=exists),
                    *(self.begun(r, variant.owner, exists=exists) for r in variant.records),
                    any_of(self.ended(r, variant.owner, exists=exists, so=False) for r in variant.records),
                ]
            )

        return self._over_cases(rule)

    @cached_property
    def destroyed(self) -> Predicate:
        """Due to be destroyed: nothing lives."""

        def rule(variant: Variant, exists: bool) -> Predicate:
            return all_of(
                [
                    self._no_use(variant, exists=exists),
                    *(self.ended(r, variant.owner, exists=exists) for r in variant.records),
                ]
            )

        return self._over_cases(rule)

    def _stays(self, variant: Variant, *, exists: bool) -> Predicate:
        """A processing lives, or a record has not begun to count."""
        return any_of(
            [
                *(self.ended(p, variant.owner, exists=exists, so=False) for p in variant.processings),
                *(self.begun(r, variant.owner, exists=exists, so=False) for r in variant.records),
            ]
        )

    def uncovered(self, cell: Cell) -> Predicate:
        """The row stays, but nothing covers this cell any more."""

        def rule(variant: Variant, exists: bool) -> Predicate:
            covering = [c for c in variant.claims if cell.name in c.cells]
            ended = all_of(self.ended(c, variant.owner, exists=exists) for c in covering)
            return all_of([self._stays(variant, exists=exists), ended])

        return self._over_cases(rule)

    def unmasked(self, cell: Cell) -> Predicate:
        """Masking would change the cell."""
        return Unmasked(self.schedule.table, cell)

    @cached_property
    def unfinished(self) -> Predicate:
        """A stub would still be changed by masking."""
        return any_of(
            all_of([Unmasked(self.schedule.table, cell), self.not_needed(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    @cached_property
    def finished(self) -> Predicate:
        """Masking changes nothing: the stub only waits."""
        return all_of(
            any_of([Masked(self.schedule.table, cell), *self._needed(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    def _uses(self, cell: Cell) -> tuple[IdentityUse, ...]:
        return tuple(use for use in self.schedule.identity_uses if cell.name in use.cells)

    def not_needed(self, cell: Cell) -> Predicate:
        """No record may yet take the cell along."""
        uses = self._uses(cell)
        return NotNeeded(uses) if uses else ALWAYS

    def _needed(self, cell: Cell) -> list[Predicate]:
        uses = self._uses(cell)
        return [Needed(uses)] if uses else []

    # -- states of the census -----------------------------------------------------------------------------

    @cached_property
    def free(self) -> Predicate:
        """Nothing points to the row."""
        return NotPointed(self.schedule.dependents) if self.schedule.dependents else ALWAYS

    @cached_property
    def pointed(self) -> Predicate:
        """Some row points to the row."""
        return Pointed(self.schedule.dependents) if self.schedule.dependents else NEVER

    @cached_property
    def going(self) -> Predicate:
        """Due to be archived or destroyed."""
        return any_of([self.archived, self.destroyed])

    @cached_property
    def masking(self) -> Predicate:
        """Some cell is bare."""
        return any_of(
            all_of([self.uncovered(cell), self.unmasked(cell)])
            for cell in self.schedule.cells
            if cell.mask is not None
        )

    @cached_property
    def due(self) -> Predicate:
        """A sweep would change the row."""
        leaving = all_of([self.going, any_of([self.free, self.unfinished])])
        return any_of([leaving, self.masking])

    @cached_property
    def stubs(self) -> Predicate:
        """Gone but for what other rows still point to."""
        return all_of([self.going, self.pointed, self.finished])

    @cached_property
    def held(self) -> Predicate:
        """A legal hold names the row."""
        return any_of(
            all_of([self.anyone(v), Held(self.schedule.table, v.owner)]) for v in self.schedule.variants
        )

    @cached_property
    def orphan(self) -> Predicate:
        """The owner does not exist and the map does not say what then."""
        if self.schedule.orphans != "refuse":
            return NEVER
        return any_of(
            all_of([self.in_variant(v, exists=False), Unheld(self.schedule.table, v.owner)])
            for v in self.schedule.variants
        )

    def _not_bare(self, variant: Variant, exists: bool) -> Predicate:
        """Every cell is covered or masked."""
        parts = []
        for cell in self.schedule.cells:
            if cell.mask is None:
                continue
            covering = [c for c in variant.claims if cell.name in c.cells]
            lives = [self.ended(c, variant.owner, exists=exists, so=False) for c in covering]
            parts.append(any_of([*lives, Masked(self.schedule.table, cell)]))
        return all_of(parts)

    @cached_property
    def waiting(self) -> Predicate:
        """The row stays until something happens that has not happened yet."""

        def rule(variant: Variant, exists: bool) -> Predicate:
            in_use = [self.begun(p, variant.owner, exists=exists, so=False) for p in variant.processings]
            by_law = any_of(self.begun(r, variant.owner, exists=exists, so=False) for r in variant.records)
            only_law = all_of([self._no_use(variant, exists=exists), by_law])
            return all_of([any_of([*in_use, only_law]), self._not_bare(variant, exists)])

        return self._over_cases(rule)

    @cached_property
    def retained(self) -> Predicate:
        """The row stays until a date that is known, or as a finished stub."""

        def rule(variant: Variant, exists: bool) -> Predicate:
            lives = any_of(self.ended(p, variant.owner, exists=exists, so=False) for p in variant.processings)
            dated = all_of(self.begun(p, variant.owner, exists=exists) for p in variant.processings)
            return all_of([lives, dated, self._not_bare(variant, exists)])

        return any_of([self._over_cases(rule), self.stubs, self._nobodys])

    @property
    def _nobodys(self) -> Predicate:
        """The row is said to be about nobody."""
        owners = self.schedule.owners
        return any_of(
            OwnedBy(owner, owners[:n], exists=True)
            for n, owner in enumerate(owners)
            if owner.subject == NOBODY
        )


def to_json(value: Any) -> Any:
    """A predicate, or any value inside one, as plain JSON: each node names its own kind."""
    if is_dataclass(value) and not isinstance(value, type):
        body = {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
        return {type(value).__name__: body} if isinstance(value, Predicate) else body
    if isinstance(value, tuple | list):
        return [to_json(v) for v in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime | date) else value
