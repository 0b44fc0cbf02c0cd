"""The life of each item under the promise: in use, locked, kept apart by law, destroyed. Pure.

Nothing here is about any row: it is what the policy and the law say of an item, whoever it belongs to. Given
schedules, it also says in which cells of the store.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, get_args
from zoneinfo import ZoneInfo

from jikim.law.counting import longest
from jikim.law.resolve import ResolvedPolicy, StatutoryRecord
from jikim.plan.schedule import Claim, Schedules, TableSchedule
from jikim.policy.life import ItemLife, Kept, Phase, Taken, Timeline, Use, Way
from jikim.policy.model import DataItem, Processing
from jikim.policy.parts import LocalText
from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.retention import Clock

_SOME_DAY: Final = datetime(2025, 1, 15, 12, tzinfo=UTC)
"""From here it is asked whether a grace outlasts a period: one drawing stands for every day."""


def timeline(resolved: ResolvedPolicy, *, schedules: Schedules | None = None) -> Timeline:
    """The life of every item; items that lead the same life are told together, in the policy's order.

    :param schedules: given, every use and record names the cells it stands in.
    """
    lives: list[ItemLife] = []
    for item in resolved.policy.items.values():
        life = ItemLife((item,), tuple(_uses(resolved, item)), tuple(_kept(resolved, item)))
        alike = next((n for n, other in enumerate(lives) if _alike(life, other)), None)
        if alike is None:
            lives.append(life)
        else:
            lives[alike] = replace(lives[alike], items=(*lives[alike].items, item))
    placed = lives if schedules is None else [_placed(life, schedules) for life in lives]
    return Timeline(resolved.policy, resolved.within, tuple(placed))


def _alike(one: ItemLife, other: ItemLife) -> bool:
    stored = one.items[0].stored == other.items[0].stored
    return stored and (one.uses, one.kept) == (other.uses, other.kept)


# -- what the policy says ---------------------------------------------------------------------------------


def _uses(resolved: ResolvedPolicy, item: DataItem) -> Iterator[Use]:
    for processing in resolved.policy.processing.values():
        for taken in get_args(Taken):
            if item.id in getattr(processing.items, taken):
                yield _use(resolved, processing, taken)


def _use(resolved: ResolvedPolicy, processing: Processing, taken: Taken) -> Use:
    if processing.keep is None:
        return Use(processing, taken, "first", ())
    ways = tuple(_way(resolved, clock) for clock in processing.keep.clocks)
    return Use(processing, taken, processing.keep.combine, ways)


def _way(resolved: ResolvedPolicy, clock: Clock) -> Way:
    """A clock's phases. A grace shows only where it outlasts the clock's own period."""
    phases = [] if clock.trigger == "recorded" else [Phase("in use", None)]
    if clock.period != NO_PERIOD:
        phases.append(Phase("in use", clock.period))
    grace = resolved.policy.destruction.grace.get(clock.trigger)
    if grace is not None and _outlasts(grace.period, clock.period):
        phases.append(Phase("locked" if grace.use == "none" else "in use", grace.period))
    return Way(clock.trigger, (*phases, Phase("destroyed", resolved.within)))


def _outlasts(period: Period, other: Period) -> bool:
    return longest(_SOME_DAY, other, period, zone=ZoneInfo("UTC")) != other


# -- what the law says ------------------------------------------------------------------------------------


def _kept(resolved: ResolvedPolicy, item: DataItem) -> Iterator[Kept]:
    for record in resolved.records.values():
        if item.id in record.items:
            yield _record(resolved, record)


def _record(resolved: ResolvedPolicy, record: StatutoryRecord) -> Kept:
    clock, retention = record.rule.clocks[0], record.retention
    label = resolved.policy.kept_by_law[record.id].label
    return Kept(
        record.id,
        label or LocalText({"ko": retention.record.ko, "en": retention.record.en}),
        LocalText({"ko": retention.basis.law.ko, "en": retention.basis.law.en}),
        LocalText({"ko": retention.basis.article.ko, "en": retention.basis.article.en}),
        Way(clock.trigger, (Phase("apart", clock.period), Phase("destroyed", resolved.within))),
        tuple(item for item in resolved.policy.items.values() if item.id in record.items),
    )


# -- where it stands --------------------------------------------------------------------------------------


def _placed(life: ItemLife, schedules: Schedules) -> ItemLife:
    items = frozenset(item.id for item in life.items)

    def places(claim: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_cells(schedules, claim, items)))

    return replace(
        life,
        uses=tuple(replace(use, places=places(use.processing.id)) for use in life.uses),
        kept=tuple(replace(kept, places=places(kept.id)) for kept in life.kept),
    )


def _cells(schedules: Schedules, claim_id: str, items: frozenset[str]) -> Iterator[str]:
    """The cells of these items that the claims of that id keep, in tables' order."""
    for schedule in schedules:
        for variant in schedule.variants:
            for claim in variant.claims:
                if claim.id == claim_id:
                    yield from _own(schedule, claim, items)
                    yield from _lent(schedules, claim, items)


def _own(schedule: TableSchedule, claim: Claim, items: frozenset[str]) -> Iterable[str]:
    return (
        f"{schedule.table}.{cell.name}"
        for cell in schedule.cells
        if cell.item in items and cell.name in claim.cells
    )


def _lent(schedules: Schedules, claim: Claim, items: frozenset[str]) -> Iterator[str]:
    """Cells of the owner's row that a record takes along."""
    for lent in claim.identity:
        owner = next((each for each in schedules if each.table == lent.ref.hops[-1].table), None)
        if owner is not None and any(c.column == lent.ref.column and c.item in items for c in owner.cells):
            yield f"{owner.table}.{lent.ref.column}"
