"""Whether the claims on rows of a table have ended, or begun to count: clocks as predicates about all rows. Pure.

Each clock becomes one cutoff (due dates never decrease as the trigger grows). Every answer has its opposite beside
it, because a predicate cannot be negated; what is asked again is answered with the same object.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from jikim.law.counting import cutoff
from jikim.law.holidays import Holidays
from jikim.plan.decide import clock_due, has_happened
from jikim.plan.predicate import (
    ALWAYS,
    NEVER,
    Happened,
    Leads,
    LeadsNowhere,
    NotHappened,
    Predicate,
    all_of,
    any_of,
)
from jikim.plan.schedule import (
    BoundClock,
    Calendar,
    Claim,
    FactRef,
    Facts,
    OwnerPath,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.policy.period import Period

_T = TypeVar("_T")
Claims = Callable[[Variant], Iterable[Claim]]
Every = tuple[tuple[Literal["ended", "begun"], Claims], ...]
"""Something that is asked of some claims about an owner, and is so where it is so of each of them."""

USED: Final[Every] = (("ended", lambda v: v.processings),)
"""Every processing has ended."""
IN_USE: Final[Every] = (("begun", lambda v: v.processings),)
"""Every processing has begun to count."""
KEPT: Final[Every] = (("ended", lambda v: v.records),)
"""Every record has ended."""
STARTED: Final[Every] = (("begun", lambda v: v.records),)
"""Every record has begun to count."""

Answer = tuple[Predicate, Predicate]
"""Something that is so, and its opposite."""


@lru_cache(maxsize=4096)
def _cutoff(
    period: Period, as_of: datetime, kind: str, zone: ZoneInfo, holidays: Holidays | None
) -> datetime | date | None:
    return cutoff(period, as_of, kind=kind, zone=zone, holidays=holidays)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Clocks:
    """What the claims on one table's rows say at one instant."""

    schedule: TableSchedule
    schedules: Schedules
    facts: Facts
    as_of: datetime
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was put together before, by what was asked; variants are told apart by identity: they are the schedule's."""

    @property
    def calendar(self) -> Calendar:
        """How the service counts time."""
        return self.schedules.calendar

    def _once(self, key: tuple[Any, ...], make: Callable[[], _T]) -> _T:
        """The same as the last time."""
        if key not in self._known:
            self._known[key] = make()
        found: _T = self._known[key]
        return found

    def _answer(
        self,
        fact: FactRef,
        owner: OwnerPath,
        by: Callable[[FactRef], datetime | date | None],
        *,
        exists: bool,
    ) -> Answer:
        """Whether the fact happened by then: as it stands, or by the map's word where it was lost with the owner."""

        def stands(fact: FactRef) -> Answer:
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

    def _clock_ended(self, clock: BoundClock, claim: Claim, owner: OwnerPath, *, exists: bool) -> Answer:
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

    def _clock_begun(self, clock: BoundClock, owner: OwnerPath, *, exists: bool) -> Answer:
        if isinstance(clock.fact, StoreFact):
            when = self.facts.service.get(clock.fact.name)
            begun = when is not None and has_happened(when, as_of=self.as_of, zone=self.calendar.zone)
            return (ALWAYS, NEVER) if begun else (NEVER, ALWAYS)

        def by(fact: FactRef) -> datetime | date:
            local = self.as_of.astimezone(self.calendar.zone)
            return local.date() if fact.time_type == "date" else self.as_of.astimezone(UTC)

        return self._answer(clock.fact, owner, by, exists=exists)

    @staticmethod
    def _combined(claim: Claim, answers: Sequence[Answer]) -> Answer:
        """First-of or last-of the answers of a claim's clocks."""
        first = claim.combine == "first"
        yes, no = [yes for yes, _ in answers], [no for _, no in answers]
        return (any_of(yes), all_of(no)) if first else (all_of(yes), any_of(no))

    def ended(self, claim: Claim, owner: OwnerPath, *, exists: bool) -> Answer:
        """The claim has run out; or it lives."""
        return self._combined(
            claim, [self._clock_ended(c, claim, owner, exists=exists) for c in claim.clocks]
        )

    def begun(self, claim: Claim, owner: OwnerPath, *, exists: bool) -> Answer:
        """The claim has an end in sight; or it waits."""
        return self._combined(claim, [self._clock_begun(c, owner, exists=exists) for c in claim.clocks])

    def _answers(self, every: Every, variant: Variant, *, exists: bool) -> Answer:
        """Whether it is so of each claim about this kind of owner."""

        def answer() -> Answer:
            found = [
                self._said(ask, c, variant, exists=exists) for ask, claims in every for c in claims(variant)
            ]
            return all_of(yes for yes, _ in found), any_of(no for _, no in found)

        return self._once((every, id(variant), exists), answer)

    def _said(
        self, ask: Literal["ended", "begun"], claim: Claim, variant: Variant, *, exists: bool
    ) -> Answer:
        way = self.ended if ask == "ended" else self.begun
        about = (ask, id(claim), id(variant), exists)
        return self._once(about, lambda: way(claim, variant.owner, exists=exists))
