"""What every step means: a store of plain dicts, swept row by row. Pure.

Every other backend must leave the same survivors, the same archive and the same census as this one.

A sweep visits each table after all that point to it. For every row:

1. it is about nobody → nothing happens to it;
2. a legal hold names it → nothing happens to it;
3. its owner does not exist → the map's word decides: nothing, at once, or by a date of its own;
4. `plan.decide` says what it is due for;
5. due to go, and nothing points to it → archived copies are made, then the row goes;
6. due to go, but other rows still point to it → the copies are made and the row becomes a *stub*: its cells
   are masked, but for what a record of a remaining row may still need to take along;
7. due to be masked → its bare cells are masked.

Archived copies are made once for each (row, record) and go on their own date. What the store keeps of tables that
were changed (`Schedules.derived`) is made anew at the end.

A `char(n)` stands in a row without the blanks that pad it; keys are compared as `plan.keys` spells them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from jikim.datamap.files import KEPT
from jikim.datamap.model import NOBODY
from jikim.plan import json_path
from jikim.plan.decide import LONG_AGO, Decision, Disposition, Moment, decide, is_never, moment
from jikim.plan.keys import text_of
from jikim.plan.masks import kept_as, masked, row_tag
from jikim.plan.plan import archive_table
from jikim.plan.schedule import (
    Cell,
    Claim,
    Condition,
    FactRef,
    Facts,
    Hold,
    Hop,
    OwnerPath,
    Ref,
    Scalar,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Copy:
    """One archived copy of one row under one record: self-contained, and gone on its own date."""

    table: str
    record: str
    key: Key
    subject: str | None
    subject_key: Key
    content: Mapping[str, Any]
    destroy_after: datetime


@dataclass
class Census:
    """Every row of a table in exactly one state. ``stubs`` counts those of ``retained`` that wait as stubs."""

    due: int = 0
    retained: int = 0
    waiting: int = 0
    orphan: int = 0
    held: int = 0
    stubs: int = 0

    @property
    def total(self) -> int:
        """due + retained + waiting + orphan + held."""
        return self.due + self.retained + self.waiting + self.orphan + self.held


@dataclass
class World:
    """A store: its rows, its archive, what it was told, and what sweeps did; ``stale`` are tables that they changed
    and of which some derived copy has not been made anew."""

    tables: dict[str, list[Row]]
    facts: Facts = field(default_factory=Facts)
    archive: dict[tuple[str, str, Key], Copy] = field(default_factory=dict)
    removed_files: list[tuple[str, str]] = field(default_factory=list)
    kept_files: dict[str, str] = field(default_factory=dict)
    """Files that the archive keeps: the path in its folder, and the one they were copied from."""
    done: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    stale: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Owned:
    """Whose row it is: the path that applies, the person's key as text, and whether the person exists."""

    path: OwnerPath
    key: tuple[str, ...]
    exists: bool


@dataclass(frozen=True)
class Verdict:
    """What a sweep makes of one row."""

    state: str
    owned: Owned
    variant: Variant | None = None
    decision: Decision | None = None


def sweep(world: World, schedules: Schedules, *, as_of: datetime, mask_key: bytes) -> None:
    """Keep the promise as of one instant: changes the world in place."""
    for schedule in schedules:
        _sweep_table(world, schedule, schedules, as_of, mask_key)
    _expire(world, schedules, as_of)
    _refresh(world, schedules)


def census(world: World, schedules: Schedules, *, as_of: datetime, mask_key: bytes) -> dict[str, Census]:
    """How many rows of each table are due, retained, waiting, orphaned or held."""
    result = {}
    for schedule in schedules:
        view, counts = View(world), Census()
        for row in world.tables[schedule.table]:
            verdict = judge(view, schedule, row, schedules, as_of=as_of, mask_key=mask_key)
            state, decision = verdict.state, verdict.decision
            if state == "due" and decision and not _changes(view, schedule, row, decision, mask_key):
                state = "retained"
                counts.stubs += 1
            setattr(counts, state, getattr(counts, state) + 1)
        result[schedule.table] = counts
    return result


def judge(
    view: "View",
    schedule: TableSchedule,
    row: Row,
    schedules: Schedules,
    *,
    as_of: datetime,
    mask_key: bytes,
) -> Verdict:
    """The state of one row, and the decision it rests on."""
    label = next(label for label, where in schedule.classes if view.holds_for(row, where))
    owned = view.owner(schedule, row)
    if owned.path.subject == NOBODY and owned.exists:
        return Verdict("retained", owned)
    variant = schedule.by_class[label, owned.path]
    key = tuple(row[c] for c in schedule.key)
    if any(
        hold_names(hold, schedule.table, owned.path.subject, owned.key) for hold in view.world.facts.holds
    ):
        return Verdict("held", owned, variant)
    if not owned.exists and schedule.orphans == "refuse":
        return Verdict("orphan", owned, variant)

    def read(fact: FactRef | StoreFact) -> Moment | None:
        if isinstance(fact, StoreFact):
            return view.world.facts.service.get(fact.name)
        shared = fact.shared_with(owned.path)
        if not owned.exists and shared and view.follow(row, shared) is None:
            if schedule.orphan_date is None:
                return LONG_AGO
            fact = schedule.orphan_date
        return view.fact(row, fact, schedules)

    decision = decide(variant, schedule.cells, read, calendar=schedules.calendar, as_of=as_of)
    if decision.disposition is Disposition.RETAIN:
        return Verdict("waiting" if decision.waiting else "retained", owned, variant, decision)
    if decision.disposition is Disposition.MASK and not _bare(
        row, decision.cells, schedule.table, key, mask_key
    ):
        return Verdict("waiting" if decision.waiting else "retained", owned, variant, decision)
    return Verdict("due", owned, variant, decision)


def hold_names(hold: Hold, table: str, subject: str, key: tuple[str, ...]) -> bool:
    """Whether a hold covers a row of ``table`` about this person."""
    if hold.table is not None and hold.table != table:
        return False
    return hold.subject is None or (hold.subject == subject and hold.key == key)


def _copy_held(copy: Copy, holds: tuple[Hold, ...]) -> bool:
    return any(hold_names(hold, copy.table, copy.subject or "", copy.subject_key) for hold in holds)


class View:
    """Rows of a world by what they are asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._by: dict[tuple[str, tuple[str, ...], bool], dict[Key, list[Row]]] = {}

    def rows(self, table: str, columns: tuple[str, ...], values: Key, *, spelled: bool = False) -> list[Row]:
        """Rows of a table whose columns hold these values, or spell them."""
        if None in values:
            return []
        index = self._by.get((table, columns, spelled))
        if index is None:
            index = self._by[table, columns, spelled] = defaultdict(list)
            for row in self.world.tables[table]:
                key = tuple(row[c] for c in columns)
                if None not in key:
                    index[_spelled(key) if spelled else key].append(row)
        return index.get(_spelled(values) if spelled else values, [])

    def step(self, row: Row, hop: Hop) -> Row | None:
        """The row a hop leads to."""
        if not self.points(row, hop):
            return None
        found = self.rows(hop.table, hop.to_columns, tuple(row[c] for c in hop.columns), spelled=hop.spelled)
        return found[0] if found else None

    @staticmethod
    def points(row: Row, hop: Hop) -> bool:
        """Whether the row names another by this hop, be it there or not."""
        return _filled(row, hop.columns, hop.when)

    def follow(self, row: Row, hops: tuple[Hop, ...]) -> Row | None:
        """The row at the end of some hops; None when one leads nowhere."""
        at: Row | None = row
        for hop in hops:
            at = self.step(at, hop) if at is not None else None
        return at

    def value(self, row: Row, ref: Ref) -> Any:
        at = self.follow(row, ref.hops)
        return None if at is None else at[ref.column]

    def holds_for(self, row: Row, where: tuple[Condition, ...]) -> bool:
        return all(self.value(row, condition.ref) == condition.value for condition in where)

    def fact(self, row: Row, fact: FactRef, schedules: Schedules) -> Moment | None:
        """A trigger of this row; None when it has not happened."""
        value = self.value(row, fact.ref)
        if value is None or not self.holds_for(row, fact.when):
            return None
        when = moment(value, time_type=fact.time_type, zone=schedules.calendar.zone)
        return None if when is None or is_never(when, fact.never, zone=schedules.calendar.zone) else when

    def owner(self, schedule: TableSchedule, row: Row) -> Owned:
        """The first owner path whose columns are filled in; whether its person exists."""
        for path in schedule.owners:
            at: Row | None = row
            for hop in path.hops:
                if at is None or not self.points(at, hop):
                    break
                last = hop is path.hops[-1] and not path.inline
                key = path.named(at[c] for c in hop.columns) if last else ()
                at = self.step(at, hop)
                if at is None:
                    return Owned(path, key, exists=False)
            else:
                if at is not None and _filled(at, path.key, path.when):
                    return Owned(path, path.named(at[c] for c in path.key), exists=True)
        return Owned(schedule.owner_of_the_unnamed, (), exists=False)

    def dependents(self, schedule: TableSchedule, row: Row) -> bool:
        """Whether any row still points to this one."""
        return any(
            self.points(other, d.hop)
            for d in schedule.dependents
            for other in self.rows(
                d.table, d.hop.columns, tuple(row[c] for c in d.hop.to_columns), spelled=d.hop.spelled
            )
        )

    def needed_identity(self, schedule: TableSchedule, row: Row) -> frozenset[str]:
        """Cells that a record of a remaining row may yet take along."""
        needed = frozenset[str]()
        for use in schedule.identity_uses:
            for other in self.world.tables[use.table]:
                if self.holds_for(other, use.where) and self.follow(other, use.hops) is row:
                    needed |= use.cells
                    break
        return needed


def _filled(row: Row, columns: tuple[str, ...], when: tuple[tuple[str, Scalar], ...]) -> bool:
    """The row names somebody by these columns: none is empty, and what must stand beside them does."""
    return all(row[c] is not None for c in columns) and all(row[c] == value for c, value in when)


def _spelled(key: Key) -> Key:
    return tuple(map(text_of, key))


def _sweep_table(
    world: World, schedule: TableSchedule, schedules: Schedules, as_of: datetime, mask_key: bytes
) -> None:
    def verdicts(view: View) -> list[tuple[Row, Verdict]]:
        rows = world.tables[schedule.table]
        return [(r, judge(view, schedule, r, schedules, as_of=as_of, mask_key=mask_key)) for r in rows]

    view = View(world)
    judged = verdicts(view)
    if any(v.state == "orphan" for _, v in judged):
        return  # refused: somebody must say what becomes of its orphans first
    while _leave(
        world, view, schedule, judged, mask_key
    ):  # a row of this very table may have been in the way
        view = View(world)
        judged = verdicts(view)
    for row, verdict in judged:
        decision = verdict.decision
        if verdict.state != "due" or decision is None:
            continue
        if bare := _bare_of(view, schedule, row, decision, mask_key):
            _copy(world, view, schedule, row, verdict, mask_key)
            _release_files(world, schedule, bare, row, decision, mask_key)
            _mask(schedule, row, bare, mask_key)
            world.done[schedule.table, "mask" if decision.disposition is Disposition.MASK else "stub"] += 1
            world.stale.add(schedule.table)


def _leave(
    world: World,
    view: View,
    schedule: TableSchedule,
    judged: list[tuple[Row, Verdict]],
    mask_key: bytes,
) -> bool:
    """Let every row go that is due to and free to; whether any went."""
    survivors = []
    for row, verdict in judged:
        decision = verdict.decision
        going = verdict.state == "due" and decision and decision.disposition is not Disposition.MASK
        if decision is None or not going or view.dependents(schedule, row):
            survivors.append(row)
            continue
        _copy(world, view, schedule, row, verdict, mask_key)
        _release_files(world, schedule, schedule.cells, row, decision, mask_key)
        world.done[schedule.table, decision.disposition.value] += 1
        world.stale.add(schedule.table)
    world.tables[schedule.table] = survivors
    return len(survivors) < len(judged)


def _expire(world: World, schedules: Schedules, as_of: datetime) -> None:
    """Destroy the archived copies whose own date has come, and the files they took along."""
    for name, copy in list(world.archive.items()):
        if copy.destroy_after <= as_of.astimezone(UTC) and not _copy_held(copy, world.facts.holds):
            del world.archive[name]
            world.done[copy.table, "expire"] += 1
            kept = [copy.content.get(cell.name) for cell in schedules[copy.table].cells if cell.file]
            world.removed_files += [(KEPT, path) for path in kept if path is not None]


def _refresh(world: World, schedules: Schedules) -> None:
    """Make every copy anew that the store keeps of tables that were changed."""
    for copy in schedules.derived:
        if world.stale & set(copy.reads):
            world.done[copy.name, "refresh"] += 1
            world.stale.add(copy.name)
    world.stale.clear()


def _changes(view: View, schedule: TableSchedule, row: Row, decision: Decision, mask_key: bytes) -> bool:
    """Whether a sweep would change a row that is due: a finished stub only waits for its dependents."""
    if decision.disposition is Disposition.MASK or not view.dependents(schedule, row):
        return True
    return bool(_bare_of(view, schedule, row, decision, mask_key))


def _copy(
    world: World, view: View, schedule: TableSchedule, row: Row, verdict: Verdict, mask_key: bytes
) -> None:
    """Make the archived copies a row is due for, unless an earlier sweep made them."""
    key, owned = tuple(row[c] for c in schedule.key), verdict.owned
    if verdict.decision is None or verdict.decision.disposition is not Disposition.ARCHIVE:
        return
    for end in verdict.decision.records:
        name = (schedule.table, end.claim.id, key)
        if name in world.archive or end.due is None:
            continue
        content = _content(schedule, row, end.claim, mask_key)
        content |= {i.name: view.value(row, i.ref) for i in end.claim.identity}
        named = owned.exists and end.claim.names_owner
        subject, subject_key = (owned.path.subject, owned.key) if named else (None, ())
        world.archive[name] = Copy(*name, subject, subject_key, content, end.due)


def _content(schedule: TableSchedule, row: Row, claim: Claim, mask_key: bytes) -> Row:
    """The covered part of a row: whole columns, of a JSON column only the covered paths, and where a file is kept."""
    content: Row = {}
    for cell in schedule.cells:
        if cell.name in claim.cells:
            content[cell.name] = (
                _kept_as(schedule, row, claim, cell, mask_key)
                if cell.file
                else json_path.part(row[cell.column], cell.path)
            )
    return content


def _kept_as(schedule: TableSchedule, row: Row, claim: Claim, cell: Cell, mask_key: bytes) -> str | None:
    """Where the archive's folder keeps a row's file; None for no file."""
    key, path = tuple(row[c] for c in schedule.key), row[cell.column]
    archive = archive_table(schedule.table, claim.id)
    return (
        None if path is None else kept_as(mask_key, archive=archive, cell=cell.name, row_key=key, path=path)
    )


def _release_files(
    world: World,
    schedule: TableSchedule,
    cells: Iterable[Cell],
    row: Row,
    decision: Decision,
    mask_key: bytes,
) -> None:
    """Let the files of these cells go; those that an archived copy takes along are kept first."""
    for cell in (c for c in cells if c.file and row[c.column] is not None):
        for end in decision.records:
            if cell.name in end.claim.cells:
                world.kept_files[str(_kept_as(schedule, row, end.claim, cell, mask_key))] = row[cell.column]
        world.removed_files.append((str(cell.file), row[cell.column]))


def _bare_of(
    view: View, schedule: TableSchedule, row: Row, decision: Decision, mask_key: bytes
) -> list[Cell]:
    """The cells still to mask in a row that stays; a stub keeps what a record may yet take along."""
    kept = (
        frozenset[str]() if decision.disposition is Disposition.MASK else view.needed_identity(schedule, row)
    )
    key = tuple(row[c] for c in schedule.key)
    return _bare(row, tuple(c for c in decision.cells if c.name not in kept), schedule.table, key, mask_key)


def _bare(row: Row, cells: tuple[Cell, ...], table: str, key: Key, mask_key: bytes) -> list[Cell]:
    """The cells among these that are not masked yet."""
    tag = row_tag(mask_key, table=table, row_key=key)
    bare = []
    for cell in cells:
        if cell.path:
            if json_path.found(row[cell.column], cell.path):
                bare.append(cell)
        elif cell.mask and masked(cell.mask, row[cell.column], tag=tag) != row[cell.column]:
            bare.append(cell)
    return bare


def _mask(schedule: TableSchedule, row: Row, cells: list[Cell], mask_key: bytes) -> None:
    key = tuple(row[c] for c in schedule.key)
    tag = row_tag(mask_key, table=schedule.table, row_key=key)
    for cell in cells:
        if cell.path:
            row[cell.column] = json_path.without(row[cell.column], cell.path)
        elif cell.mask:
            row[cell.column] = masked(cell.mask, row[cell.column], tag=tag)
