"""Plan a sweep: what keeping the promise means for the rows of one store, now. Reads; changes nothing."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jikim.backends.base import Store
from jikim.datamap.check import blocking
from jikim.datamap.model import DataMap
from jikim.datamap.parse import located
from jikim.datamap.schema import Schema
from jikim.law.holidays import Holidays, korea
from jikim.law.resolve import ResolvedPolicy
from jikim.operations.list_files import NOWHERE, Listed, Looked, list_files
from jikim.plan.finding import counted
from jikim.plan.fit import Fit, fit
from jikim.plan.plan import Action, Counts, Plan, steps
from jikim.plan.schedule import Schedules
from jikim.plan.sweep import Sweep
from jikim.source import Diagnostic, Document

FIRST_YEAR = 1949
"""Public holidays are known from here on; no record of an online service is older."""


@dataclass(frozen=True)
class Promise:
    """What a sweep keeps: the policy as resolved, and the map with the document it was read from.

    ``amendments`` are the bytes of a file that adds or removes public holidays.
    """

    resolved: ResolvedPolicy
    datamap: DataMap
    document: Document
    map_digest: str
    amendments: bytes = b""
    _fits: list[tuple[Any, Fit]] = field(default_factory=list, init=False, repr=False, compare=False)

    def fitted(self, schema: Schema, holidays: Holidays, looked: Looked) -> Fit:
        """How it fits these tables; the last answer is remembered, for a command asks more than once."""
        about = (
            schema,
            [table.rows for table in schema.tables.values()],  # an estimate, and no part of what a schema is
            holidays.digest,
            looked.findings,
        )
        if not self._fits or self._fits[0][0] != about:
            fresh = fit(self.resolved, self.datamap, schema, holidays=holidays, told=looked.findings)
            self._fits[:] = [(about, fresh)]
        return self._fits[0][1]


@dataclass(frozen=True)
class Planned:
    """A plan, with all that later questions about it need."""

    plan: Plan
    schedules: Schedules
    schema: Schema
    findings: tuple[Diagnostic, ...]
    listings: Mapping[str, Listed] = field(default_factory=dict)

    @property
    def may_follow(self) -> tuple[str, ...]:
        """Tables of which more rows fall due in the same run, when the last that points to one of them goes."""
        steps, rows = self.plan.steps, self.plan.rows
        leaving = {s.table for s in steps if s.action in (Action.ARCHIVE, Action.DESTROY) and rows[s.id]}
        census = self.plan.census
        stubs = {s.table for s in steps if s.table in census and census[s.table].stubs}
        stubs |= {s.table for s in steps if s.action is Action.STUB and rows[s.id]}
        found: list[str] = []
        for schedule in self.schedules:  # what points to a table comes before it
            pointing = {dependent.table for dependent in schedule.dependents}
            if schedule.table in stubs and pointing & {*leaving, *found}:
                found.append(schedule.table)
        return tuple(found)


def holidays_for(as_of: datetime, *, longest: int = 12, amendments: bytes = b"") -> Holidays:
    """The holidays any clock may ask for, from a past nobody stores to the end of the longest period (years).

    :raises HolidaysError: the amendments cannot be read.
    """
    return korea(range(FIRST_YEAR, as_of.year + longest)).amended(amendments, name="the file of holidays")


def bound(
    store: Store, promise: Promise, *, as_of: datetime, looked: Looked = NOWHERE
) -> tuple[Schedules, Schema, tuple[Diagnostic, ...]]:
    """Schedules for the store as it is now, its schema, and every finding about the map, at its line.

    Tables with a finding of severity error are left out: they block themselves.

    :param looked: what a look into the folders came to.
    """
    schema = store.reflect()
    holidays = holidays_for(as_of, amendments=promise.amendments)
    fitted = promise.fitted(schema, holidays, looked)
    digests = {**fitted.schedules.digests, "map": promise.map_digest}
    schedules = replace(fitted.schedules, digests=digests)
    store.use(schedules)
    return schedules, schema, located(fitted.findings, promise.document)


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made here lives until it is done, or goes by itself: a collector goes through it again and again for
    nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@uncollected()
def plan_sweep(
    store: Store,
    promise: Promise,
    *,
    as_of: datetime,
    made_at: datetime,
    folders: Mapping[str, Path] = MappingProxyType({}),
    whole: bool = True,
) -> Planned:
    """The plan for one store as of one instant, with its census and the rows each step would meet.

    :param whole: the census is of every table, for somebody who reads the plan; without it, a table may be left out
        of which what is due can be counted by itself.
    :param folders: where each files store lies; those that are rows of a table are listed first.
    :raises StoreError: the store cannot be read.
    :raises AssertionError: the states of a table do not add up to its rows.
    """
    looked = list_files(store, promise.datamap, folders=folders)
    schedules, schema, findings = bound(store, promise, as_of=as_of, looked=looked)
    facts = store.facts()
    sweeps = [Sweep(schedule, schedules, facts, as_of) for schedule in schedules]
    every = steps(sweeps, schema=schema, derived=schedules.derived)
    found = store.count(sweeps, every, as_of=as_of, whole=whole)
    refused = {table: f"{error}; {error.fix}" for table, error in found.refused.items()}
    undone = _undone(found.census, schedules)
    blocked = {**_by_table(findings, promise.datamap), **undone, **refused}
    # Archived copies go on their own date, whatever keeps their table from being swept.
    todo = tuple(step for step in every if step.table not in blocked or step.action is Action.EXPIRE)
    digests = {**schedules.digests, "holidays": schedules.calendar.holidays.digest, "facts": facts.digest}
    plan = Plan(
        store=schedules.store,
        as_of=as_of,
        made_at=made_at,
        digests=digests,
        steps=todo,
        blocked=blocked,
        census=found.census,
        rows={step.id: found.rows[step.id] for step in todo},
        access={step.id: found.access[step.id] for step in todo if step.id in found.access},
    )
    return Planned(plan, schedules, schema, findings, looked.listings)


def _by_table(findings: tuple[Diagnostic, ...], datamap: DataMap) -> dict[str, str]:
    return {table: errors[0].message for table, errors in blocking(findings, datamap=datamap).items()}


def _undone(census: Mapping[str, Counts], schedules: Schedules) -> dict[str, str]:
    """Tables that may not be touched because of what was counted."""
    refused = {}
    for table, counts in census.items():
        if counts.orphan:
            kinds = any(hop.when for owner in schedules[table].owners for hop in owner.hops)
            refused[table] = (
                counted(counts.orphan, f"row of `{table}` belongs", f"rows of `{table}` belong")
                + f" to nobody who exists{', or to a kind that the map does not name' if kinds else ''}; "
                "say what becomes of them: `orphans: destroy` or `orphans: date-from(column)`"
            )
        elif not counts.adds_up:
            refused[table] = (
                f"the states of `{table}` do not add up to its {counts.total} rows; this is a fault of jikim"
            )
    return refused
