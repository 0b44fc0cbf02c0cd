"""A plan: the steps that keep the promise as of one instant, and how many rows each will meet. Pure.

The *program* is what will be done: steps as predicates with cutoffs, and the digests of everything they were
made from. Its digest names the plan. The *census* is what was found at one snapshot; it is no part of the
program, because rows are judged again in every batch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from jikim.canonical import Written, digest, written
from jikim.datamap.schema import Schema
from jikim.datamap.tablename import shortened
from jikim.errors import JikimError
from jikim.plan import predicate
from jikim.plan.predicate import NEVER, LeadsNowhere, Predicate, all_of, any_of, to_json
from jikim.plan.schedule import (
    Because,
    Cell,
    Claim,
    DerivedCopy,
    FactRef,
    IdentityCell,
    OwnerPath,
    TableSchedule,
    Variant,
)
from jikim.plan.sweep import Sweep


class PlanError(JikimError):
    """A plan file that cannot be applied."""


PERSON_CAUSED = frozenset({"membership ended", "consent withdrawn", "request received"})
"""Triggers that a person pulls: what goes because of them is proved to that person."""

MAX_AGE_HOURS = 24
"""A plan older than this is not applied."""


class Action(StrEnum):
    """What a step does."""

    ARCHIVE = "archive"
    DESTROY = "destroy"
    STUB = "stub"
    MASK = "mask"
    EXPIRE = "expire"
    REFRESH = "refresh"


@dataclass(frozen=True)
class RecordCopy:
    """Rows for which a step makes an archived copy under one record.

    ``identity`` is what each kind of owner lends of their own row; ``named`` are the owners it may name. ``lost``
    are rows whose clock went with their owner: the date that the map gives to orphans starts it.
    """

    claim: Claim
    rows: Predicate
    archive: str
    identity: tuple[tuple[OwnerPath, IdentityCell], ...] = ()
    named: tuple[OwnerPath, ...] = ()
    lost: Predicate = NEVER


@dataclass(frozen=True)
class Step:
    """One thing done to one table.

    ``masks`` are the cells it masks, each where its own predicate is so; ``cells`` all that leave with a row;
    ``persons`` the owner paths whose people are named (by tag) in the receipts. ``follows`` tells that other
    steps of the same run may bring it more rows, ``inward`` that rows of the table point to one another. ``reads``
    are the tables of which a copy is made anew; ``stirs`` tells that a trigger or rule of the table runs when a row
    of it goes or is changed, and may write rows elsewhere.
    """

    id: str
    table: str
    action: Action
    predicate: Predicate
    cells: tuple[Cell, ...] = ()
    masks: tuple[tuple[Cell, Predicate], ...] = ()
    copies: tuple[RecordCopy, ...] = ()
    persons: tuple[OwnerPath, ...] = ()
    because: tuple[Because, ...] = ()
    schema_digest: str = ""
    follows: bool = False
    inward: bool = False
    reads: tuple[str, ...] = ()
    stirs: bool = False

    @cached_property
    def digest(self) -> str:
        """Names what this step will do, schema included."""
        return digest(self.written)

    def to_json(self) -> dict[str, Any]:
        """The step as plain JSON, complete; the same object each time."""
        return self._json

    @cached_property
    def _json(self) -> dict[str, Any]:
        return self._said(to_json)

    @cached_property
    def written(self) -> Written:
        """The canonical form of the same."""
        return written(self._said(predicate.written))

    def _said(self, where: Callable[[Predicate], Any]) -> dict[str, Any]:
        return {
            "id": self.id,
            "table": self.table,
            "action": self.action.value,
            "where": where(self.predicate),
            "masks": [{"cell": c.name, "mask": str(c.mask), "where": where(p)} for c, p in self.masks],
            "copies": [
                {
                    "record": c.claim.copies,
                    "archive": c.archive,
                    "cells": sorted(c.claim.cells),
                    "rows": where(c.rows),
                    "identity": [i.name for _, i in c.identity],
                    "period": str(c.claim.clocks[0].period),
                }
                for c in self.copies
            ],
            "because": [str(b) for b in self.because],
            "schema": self.schema_digest,
            **({"reads": list(self.reads)} if self.reads else {}),
        }


@dataclass(frozen=True)
class Counts:
    """Every row of a table in exactly one state; ``stubs`` counts those of ``retained`` that wait as stubs."""

    total: int
    due: int
    retained: int
    waiting: int
    orphan: int
    held: int
    stubs: int = 0

    @property
    def adds_up(self) -> bool:
        """due + retained + waiting + orphan + held is the unconditional count."""
        return self.due + self.retained + self.waiting + self.orphan + self.held == self.total


@dataclass(frozen=True)
class AccessPath:
    """How a store comes to the rows of a step, and why so.

    ``ranges``: from one end of the table to the other, some blocks or rows at a time. ``index``: by an index, some rows
    at a time. ``listed``: one look over the whole table lists their keys, and they go by these, some at a time.
    ``parts``: these partitions are emptied at once, and whatever is due elsewhere goes some rows at a time.
    """

    kind: Literal["ranges", "index", "listed", "parts"]
    why: str
    parts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a plan file holds it."""
        return {"kind": self.kind, "why": self.why, **({"parts": list(self.parts)} if self.parts else {})}


@dataclass(frozen=True)
class Plan:
    """Steps in the order they must run, and the census they were made beside.

    ``access`` is no part of what is done: a store may come to the same rows in another way tomorrow.
    """

    store: str
    as_of: datetime
    made_at: datetime
    digests: Mapping[str, str]
    steps: tuple[Step, ...]
    blocked: Mapping[str, str] = field(default_factory=dict)
    census: Mapping[str, Counts] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    access: Mapping[str, AccessPath] = field(default_factory=dict)

    def one_in(self, step: Step) -> int:
        """Of how many rows of its table one is due, about; 1 where they were not counted."""
        due, census = self.rows.get(step.id, 0), self.census.get(step.table)
        return max(1, round(census.total / due)) if due and census else 1

    def program(self) -> dict[str, Any]:
        """What will be done: same inputs, same bytes."""
        return self._said([step.to_json() for step in self.steps])

    def _said(self, steps: list[Any]) -> dict[str, Any]:
        return {
            "store": self.store,
            "as_of": self.as_of.isoformat(),
            "digests": dict(self.digests),
            "steps": steps,
            "blocked": dict(self.blocked),
        }

    @cached_property
    def digest(self) -> str:
        """Names the program."""
        return digest(written(self._said([step.written for step in self.steps])))

    def to_json(self) -> dict[str, Any]:
        """Program and census, as a plan file holds them."""
        return {
            "jikim_plan": 1,
            "digest": self.digest,
            "made_at": self.made_at.isoformat(),
            "program": self.program(),
            "census": {name: vars(counts) for name, counts in self.census.items()},
            "rows": dict(self.rows),
            "access": {step: path.to_json() for step, path in self.access.items()},
        }


@dataclass(frozen=True)
class Agreed:
    """A plan as its file holds it: enough to refuse whatever is no longer what was agreed on."""

    digest: str
    as_of: datetime
    made_at: datetime
    digests: Mapping[str, str]
    step_digests: Mapping[str, str]
    rows: Mapping[str, int]
    whole: bool = False
    """It blocks tables, some perhaps because of what only a count of all rows sees."""

    @classmethod
    def from_json(cls, value: Any) -> "Agreed":
        """Read what :meth:`Plan.to_json` wrote.

        :raises PlanError: it is no plan, or was changed since it was written.
        """
        try:
            program = value["program"]
            agreed = cls(
                digest=value["digest"],
                as_of=datetime.fromisoformat(program["as_of"]),
                made_at=datetime.fromisoformat(value["made_at"]),
                digests=dict(program["digests"]),
                step_digests={step["id"]: digest(step) for step in program["steps"]},
                rows=dict(value["rows"]),
                whole=bool(program["blocked"]),
            )
        except (KeyError, TypeError, ValueError):
            raise PlanError("this is no plan", fix="write one with `jikim plan --out FILE`") from None
        if agreed.digest != digest(program):
            raise PlanError("the plan was changed after it was written", fix="plan again")
        uncounted = [step["id"] for step in program["steps"] if not agreed.counts(step, value.get("census"))]
        if uncounted:
            raise PlanError(f"the plan does not say how many rows `{uncounted[0]}` meets", fix="plan again")
        return agreed

    def counts(self, step: Mapping[str, Any], census: Any) -> bool:
        """Whether the file says how many rows a step meets, and of how many."""
        rows = self.rows.get(step["id"])
        known = step["action"] == Action.REFRESH or (isinstance(census, dict) and step["table"] in census)
        return isinstance(rows, int) and known


def archive_table(table: str, record: str) -> str:
    """The archive's table for one table's rows under one record."""
    return shortened(f"{table}__{record}")


def steps(
    sweeps: Sequence[Sweep], *, schema: Schema, derived: Sequence[DerivedCopy] = ()
) -> tuple[Step, ...]:
    """Every step of these sweeps: references are emptied first, so that what they led to may go; then tables in their
    order, which is that of the schedules; then the archive's, and last what the store keeps of tables."""
    by_table = {
        sweep.schedule.table: [*_leaving(sweep), *_stubbing(sweep), *_masking(sweep)] for sweep in sweeps
    }
    result: list[Step] = []
    for sweep, own in [
        *((sweep, list(_unlinking(sweep))) for sweep in sweeps),
        *((sweep, by_table[sweep.schedule.table]) for sweep in sweeps),
    ]:
        schedule, table = sweep.schedule, schema.tables[sweep.schedule.table]
        about = {
            "schema_digest": table.digest(),
            "stirs": bool(table.copiers or table.keepers or table.changers),
            "follows": bool(schedule.dependents or schedule.carries),
            "inward": any(d.table == schedule.table for d in schedule.dependents),
        }
        result += [Step(**{**vars(step), **about}) for step in own if step.predicate != NEVER]
    result += [
        _expiring(sweep.schedule, claims[0]) for sweep in sweeps for claims in sweep.schedule.records.values()
    ]
    result += [_refreshing(copy, sweeps) for copy in derived]
    return tuple(result)


def _refreshing(copy: DerivedCopy, sweeps: Sequence[Sweep]) -> Step:
    """A copy of tables made anew, for the reasons for which they are changed."""
    read = [sweep.schedule for sweep in sweeps if sweep.schedule.table in copy.reads]
    because = tuple(dict.fromkeys(reason for schedule in read for reason in _because(schedule)))
    step = Step(f"{copy.name}/refresh", copy.name, Action.REFRESH, NEVER, because=because)
    return replace(step, reads=copy.reads, follows=True)


def _copies(sweep: Sweep) -> tuple[RecordCopy, ...]:
    """For each record and each way its clock is read: the rows that fall under it."""
    schedule = sweep.schedule
    alike: dict[tuple[str, object], list[tuple[Variant, Claim]]] = {}
    for variant in schedule.variants:
        for record in variant.records:
            alike.setdefault((record.copies, record.clocks), []).append((variant, record))
    return tuple(
        RecordCopy(
            pairs[0][1],
            any_of(sweep.anyone(v) for v, _ in pairs),
            archive_table(schedule.table, pairs[0][1].copies),
            tuple(dict.fromkeys((v.owner, cell) for v, record in pairs for cell in record.identity)),
            tuple(dict.fromkeys(v.owner for v, record in pairs if record.names_owner)),
            any_of(_clock_lost(sweep, v, record) for v, record in pairs),
        )
        for pairs in alike.values()
    )


def _clock_lost(sweep: Sweep, variant: Variant, record: Claim) -> Predicate:
    """Rows of nobody whose record began to count in a row on the way to the owner, which is not there."""
    fact = record.clocks[0].fact
    shared = fact.shared_with(variant.owner) if isinstance(fact, FactRef) else ()
    if not shared or sweep.schedule.orphan_date is None:
        return NEVER
    return all_of([sweep.in_variant(variant, exists=False), LeadsNowhere(shared)])


def _because(schedule: TableSchedule) -> tuple[Because, ...]:
    return tuple(dict.fromkeys(c.because for v in schedule.variants for c in v.claims))


def _persons(schedule: TableSchedule, cells: frozenset[str] = frozenset()) -> tuple[OwnerPath, ...]:
    """People who caused what goes: owners of rows under a claim with a clock that a person starts.

    Where only some cells of a row of several owners go, those whose cells they were. Whoever owns a row through one
    that points to it is named where that one goes.
    """
    return tuple(
        dict.fromkeys(
            v.owner
            for v in schedule.variants
            if not v.owner.inline and not v.owner.fan
            if any(k.trigger in PERSON_CAUSED for p in v.processings for k in p.clocks)
            if not (cells and schedule.shared) or any(claim.cells & cells for claim in v.claims)
        )
    )


def _unlinking(sweep: Sweep) -> Iterator[Step]:
    """References to rows that must go, emptied."""
    schedule = sweep.schedule
    for link in schedule.links:
        yield Step(
            f"{schedule.table}/unlink-{'-'.join(link.hop.columns)}",
            schedule.table,
            Action.MASK,
            sweep.unlinked(link),
            masks=tuple((cell, sweep.bare(cell)) for cell in link.cells),
            because=_because(sweep.schedules[link.hop.table]),
        )


def _leaving(sweep: Sweep) -> Iterator[Step]:
    """Rows that nothing points to: moved to the archive, or destroyed."""
    schedule = sweep.schedule
    common: dict[str, Any] = {
        "because": _because(schedule),
        "persons": _persons(schedule),
        "cells": schedule.cells,
    }
    name = schedule.table
    copies = _copies(sweep)
    if copies:
        where = all_of([sweep.archived, sweep.free])
        yield Step(f"{name}/archive", name, Action.ARCHIVE, where, copies=copies, **common)
    yield Step(f"{name}/destroy", name, Action.DESTROY, all_of([sweep.destroyed, sweep.free]), **common)


def _stubbing(sweep: Sweep) -> Iterator[Step]:
    """Rows that must go but to which others still point: copied if a statute asks, and masked."""
    schedule, name = sweep.schedule, sweep.schedule.table
    if not (schedule.dependents or schedule.carries):
        return
    masks = tuple(
        (cell, all_of([sweep.bare(cell), sweep.not_needed(cell)]))
        for cell in schedule.cells
        if cell.mask is not None
    )
    common: dict[str, Any] = {"because": _because(schedule), "persons": _persons(schedule), "masks": masks}
    waits = [sweep.pointed, sweep.unfinished]
    copies = _copies(sweep)
    if copies:
        where = all_of([sweep.archived, *waits])
        yield Step(f"{name}/stub-archive", name, Action.STUB, where, copies=copies, **common)
    yield Step(f"{name}/stub", name, Action.STUB, all_of([sweep.destroyed, *waits]), **common)


def _masking(sweep: Sweep) -> Iterator[Step]:
    """Bare cells of rows that stay: one step for cells that fall bare together."""
    schedule, together = sweep.schedule, dict[Predicate, list[Cell]]()
    for cell in schedule.cells:
        if cell.mask is not None:
            together.setdefault(sweep.uncovered(cell), []).append(cell)
    for number, (where, cells) in enumerate(together.items(), 1):
        names = {c.name for c in cells}
        because = tuple(
            dict.fromkeys(c.because for v in schedule.variants for c in v.claims if c.cells & names)
        )
        predicate = all_of([where, any_of(sweep.bare(c) for c in cells)])
        yield Step(
            f"{schedule.table}/mask-{number}",
            schedule.table,
            Action.MASK,
            predicate,
            masks=tuple((cell, sweep.bare(cell)) for cell in cells),
            persons=_persons(schedule, frozenset(names)),
            because=because,
        )


def _expiring(schedule: TableSchedule, record: Claim) -> Step:
    """Archived copies whose own date has come."""
    archive = archive_table(schedule.table, record.copies)
    copy = RecordCopy(record, NEVER, archive)
    return Step(
        f"{archive}/expire",
        schedule.table,
        Action.EXPIRE,
        NEVER,
        cells=tuple(c for c in schedule.cells if c.file and c.name in record.cells),
        copies=(copy,),
        because=(record.because,),
    )
