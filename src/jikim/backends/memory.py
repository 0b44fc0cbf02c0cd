"""What every step means: a store of plain dicts, swept row by row. Pure.

Every other backend must leave the same survivors, the same archive and the same census as this one.

A sweep first empties the references that the map unlinks, where the row they lead to must go or is gone. Then it
visits each table after all that point to it. For every row:

1. it is about nobody → nothing happens to it;
2. a legal hold names it, by any of its owners → nothing happens to it;
3. an owner it names does not exist → the map's word decides: nothing, at once, or by a date of its own;
4. `plan.decide` says what it is due for: every basis of each of its owners keeps it;
5. due to go, and nothing points to it → archived copies are made, then the row goes;
6. due to go, but other rows still point to it, or are owned through it by somebody whose basis there lives → the
   copies are made and the row becomes a *stub*: its cells are masked, but for what a record of a remaining row may
   still need to take along;
7. due to be masked → its bare cells are masked.

Archived copies are made once for each (row, record) and go on their own date. What the store keeps of tables that
were changed (`Schedules.derived`) is made anew at the end.

A `char(n)` stands in a row without the blanks that pad it; keys are compared as `plan.keys` spells them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from jikim.datamap.files import KEPT
from jikim.datamap.model import NOBODY
from jikim.plan import json_path
from jikim.plan.decide import (
    LONG_AGO,
    Decision,
    Disposition,
    Ending,
    Moment,
    Reader,
    decide_together,
    ending,
    is_never,
    moment,
)
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
    Link,
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

    def did(self, table: str, action: str) -> None:
        """Count a row of a table that was changed."""
        self.done[table, action] += 1
        self.stale.add(table)


@dataclass(frozen=True)
class Owned:
    """Whose row it is: the path that applies, the person's key as text, and whether the person exists.

    ``via`` is the one of many rows through which it leads to them, where it does.
    """

    path: OwnerPath
    key: tuple[str, ...]
    exists: bool
    via: Row | None = None

    def start(self, row: Row, hops: tuple[Hop, ...]) -> tuple[Row, tuple[Hop, ...]]:
        """Where some hops from the row go on from: the row that leads to this owner, where they pass it."""
        fan = self.path.fan
        if self.via is None or hops[: len(fan)] != fan:
            return row, hops
        return self.via, hops[len(fan) :]


@dataclass(frozen=True)
class Verdict:
    """What a sweep makes of one row; ``variants`` are the claims about each of its owners."""

    state: str
    owners: tuple[Owned, ...]
    variants: tuple[Variant, ...]
    decision: Decision | None = None

    @property
    def going(self) -> bool:
        """Nothing keeps the row in use, and nothing forbids that it goes."""
        return (
            self.state == "due"
            and self.decision is not None
            and self.decision.disposition is not Disposition.MASK
        )


def sweep(world: World, schedules: Schedules, *, as_of: datetime, mask_key: bytes) -> None:
    """Keep the promise as of one instant: changes the world in place."""
    for schedule in schedules:
        _unlink(world, schedule, schedules, as_of, mask_key)
    for schedule in schedules:
        _sweep_table(world, schedule, schedules, as_of, mask_key)
    _expire(world, schedules, as_of)
    _refresh(world, schedules)


def census(world: World, schedules: Schedules, *, as_of: datetime, mask_key: bytes) -> dict[str, Census]:
    """How many rows of each table are due, retained, waiting, orphaned or held."""
    result = {}
    for schedule in schedules:
        view, counts = View(world, schedules, as_of, mask_key), Census()
        for row in world.tables[schedule.table]:
            verdict = judge(view, schedule, row)
            state = verdict.state
            if state == "due" and not changes(view, schedule, row, verdict):
                state = "retained"
                counts.stubs += 1
            setattr(counts, state, getattr(counts, state) + 1)
        result[schedule.table] = counts
    return result


def judge(view: "View", schedule: TableSchedule, row: Row) -> Verdict:
    """The state of one row, and the decision it rests on."""
    verdict = _judge(view, schedule, row)
    if (
        verdict.variants
        and verdict.state in ("retained", "waiting")
        and any(view.loose(link, row) for link in schedule.links)
    ):
        return replace(verdict, state="due")
    return verdict


def _judge(view: "View", schedule: TableSchedule, row: Row) -> Verdict:
    """The same, but for the references it might lose."""
    owners = view.owners(schedule, row)
    if any(owned.path.subject == NOBODY and owned.exists for owned in owners):
        return Verdict("retained", owners, ())
    label = view.label(schedule, row)
    variants = tuple(schedule.by_class[label, owned.path] for owned in owners)
    if any(view.held(schedule, owned) for owned in owners):
        return Verdict("held", owners, variants)
    if schedule.orphans == "refuse" and not all(owned.exists for owned in owners):
        return Verdict("orphan", owners, variants)
    bases = [(v, view.reader(schedule, row, owned)) for v, owned in zip(variants, owners, strict=True)]
    calendar = view.schedules.calendar
    decision = decide_together(bases, schedule.cells, calendar=calendar, as_of=view.as_of)
    stays = "waiting" if decision.waiting else "retained"
    if decision.disposition is Disposition.RETAIN:
        return Verdict(stays, owners, variants, decision)
    if decision.disposition is Disposition.MASK and not _bare(view, schedule, row, decision.cells):
        return Verdict(stays, owners, variants, decision)
    return Verdict("due", owners, variants, decision)


def hold_names(hold: Hold, table: str, subject: str, key: tuple[str, ...]) -> bool:
    """Whether a hold covers a row of ``table`` about this person."""
    if hold.table is not None and hold.table != table:
        return False
    return hold.subject is None or (hold.subject == subject and hold.key == key)


def _copy_held(copy: Copy, holds: tuple[Hold, ...]) -> bool:
    return any(hold_names(hold, copy.table, copy.subject or "", copy.subject_key) for hold in holds)


class View:
    """Rows of a world by what they are asked for, as of one instant."""

    def __init__(self, world: World, schedules: Schedules, as_of: datetime, mask_key: bytes) -> None:
        self.world, self.schedules, self.as_of, self.mask_key = world, schedules, as_of, mask_key
        self._by: dict[tuple[str, tuple[str, ...], bool], dict[Key, list[Row]]] = {}

    # -- other rows ---------------------------------------------------------------------------------------

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

    def beyond(self, row: Row, hop: Hop) -> list[Row]:
        """The rows a hop leads to: one at most, unless they point here."""
        if not self.points(row, hop):
            return []
        values = tuple(row[c] for c in hop.columns)
        found = self.rows(hop.table, hop.to_columns, values, spelled=hop.spelled)
        return found if hop.many else found[:1]

    @staticmethod
    def points(row: Row, hop: Hop) -> bool:
        """Whether the row names another by this hop, be it there or not."""
        return _filled(row, hop.columns, hop.when)

    def ends(self, row: Row, hops: tuple[Hop, ...]) -> list[Row]:
        """The rows at the end of some hops."""
        at = [row]
        for hop in hops:
            at = [end for each in at for end in self.beyond(each, hop)]
        return at

    def follow(self, row: Row, hops: tuple[Hop, ...], of: Owned | None = None) -> Row | None:
        """The row at the end of some hops, as it is for one owner; None when one leads nowhere."""
        ends = self.ends(*(of.start(row, hops) if of else (row, hops)))
        return ends[0] if ends else None

    def value(self, row: Row, ref: Ref, of: Owned | None = None) -> Any:
        """A column of the row, or of the row its hops lead to."""
        at = self.follow(row, ref.hops, of)
        return None if at is None else at[ref.column]

    def holds_for(self, row: Row, where: tuple[Condition, ...], of: Owned | None = None) -> bool:
        """Whether the row meets every condition."""
        return all(self.value(row, condition.ref, of) == condition.value for condition in where)

    def label(self, schedule: TableSchedule, row: Row) -> str:
        """The row's class: the first it meets."""
        return next(label for label, where in schedule.classes if self.holds_for(row, where))

    # -- owners and their clocks --------------------------------------------------------------------------

    def owners(self, schedule: TableSchedule, row: Row) -> tuple[Owned, ...]:
        """Everybody whose row it is. A row that says of nobody whose basis could keep it that it is theirs belongs to
        somebody who does not exist."""
        found: list[Owned] = []
        for group in schedule.groups:
            found += [owned for owned in self._of_group(group, row) if owned not in found]
        keeping = schedule.keeping(self.label(schedule, row))
        if any(owned.path in keeping or owned.path.subject == NOBODY for owned in found):
            return tuple(found)
        return (*found, Owned(keeping[0], (), exists=False))

    def _of_group(self, group: tuple[OwnerPath, ...], row: Row) -> list[Owned]:
        """One co-owner by the first way that is filled in; several where join rows lead to them, each likewise."""
        for path in group:
            alike = [other for other in group if other.fan == path.fan] if path.fan else [path]
            vias = self.ends(row, path.fan) if path.fan else [None]
            each = [next(filter(None, (self._along(p, row, via) for p in alike)), None) for via in vias]
            if owned := [one for one in each if one]:
                return owned
        return []

    def _along(self, path: OwnerPath, row: Row, via: Row | None) -> Owned | None:
        """The owner at the end of a way; None where the way is not filled in."""
        at = row if via is None else via
        for hop in path.hops[len(path.fan) :]:
            if not self.points(at, hop):
                return None
            found = self.beyond(at, hop)
            if not found:
                last = hop is path.hops[-1] and not path.inline
                key = path.named(at[c] for c in hop.columns) if last else ()
                return Owned(path, key, exists=False, via=via)
            at = found[0]
        if not _filled(at, path.key, path.when):
            return None
        return Owned(path, path.named(at[c] for c in path.key), exists=True, via=via)

    def held(self, schedule: TableSchedule, owned: Owned) -> bool:
        """Whether a legal hold names the row by this owner, or by its table alone."""
        holds = self.world.facts.holds
        return any(hold_names(hold, schedule.table, owned.path.subject, owned.key) for hold in holds)

    def fact(self, row: Row, fact: FactRef, of: Owned | None = None) -> Moment | None:
        """A trigger of this row; None when it has not happened."""
        value, zone = self.value(row, fact.ref, of), self.schedules.calendar.zone
        if value is None or not self.holds_for(row, fact.when, of):
            return None
        when = moment(value, time_type=fact.time_type, zone=zone)
        return None if when is None or is_never(when, fact.never, zone=zone) else when

    def reader(self, schedule: TableSchedule, row: Row, owned: Owned) -> Reader:
        """Reads this row's triggers as they are for one of its owners."""

        def read(fact: FactRef | StoreFact) -> Moment | None:
            if isinstance(fact, StoreFact):
                return self.world.facts.service.get(fact.name)
            shared = fact.shared_with(owned.path)
            if not owned.exists and shared and self.follow(row, shared, owned) is None:
                if schedule.orphan_date is None:
                    return LONG_AGO
                fact = schedule.orphan_date
            return self.fact(row, fact, owned)

        return read

    # -- rows that need this one --------------------------------------------------------------------------

    def needed(self, schedule: TableSchedule, row: Row) -> bool:
        """Whether any other row still points to this one, or is owned through it."""
        return self._pointed(schedule, row) or self._carries(schedule, row)

    def _pointed(self, schedule: TableSchedule, row: Row) -> bool:
        return any(
            other is not row and self.points(other, d.hop)
            for d in schedule.dependents
            for other in self.rows(
                d.table, d.hop.columns, tuple(row[c] for c in d.hop.to_columns), spelled=d.hop.spelled
            )
        )

    def _carries(self, schedule: TableSchedule, row: Row) -> bool:
        """Whether somebody owns another row through this one, and it is held for them or used on a basis of theirs."""
        calendar = self.schedules.calendar
        for carry in schedule.carries:
            carried = self.schedules[carry.table]
            for other in self.world.tables[carry.table]:
                label = self.label(carried, other)
                for owned in self.owners(carried, other):
                    if owned.via is not row or owned.path.fan != carry.hops:
                        continue
                    read = self.reader(carried, other, owned)
                    uses = carried.by_class[label, owned.path].processings
                    endings = [ending(use, read, calendar=calendar, as_of=self.as_of) for use in uses]
                    if self.held(carried, owned) or any(end.lives(self.as_of) for end in endings):
                        return True
        return False

    def needed_identity(self, schedule: TableSchedule, row: Row) -> frozenset[str]:
        """Cells that a record of a remaining row may yet take along."""
        needed = frozenset[str]()
        for use in schedule.identity_uses:
            for other in self.world.tables[use.table]:
                if self.holds_for(other, use.where) and self.follow(other, use.hops) is row:
                    needed |= use.cells
                    break
        return needed

    def loose(self, link: Link, row: Row) -> bool:
        """Whether a reference is to be emptied: it names a row that must go, or is there no longer."""
        if any(row[column] is None for column in link.hop.columns):
            return False
        target = self.follow(row, (link.hop,))
        return target is None or _judge(self, self.schedules[link.hop.table], target).going


def _filled(row: Row, columns: tuple[str, ...], when: tuple[tuple[str, Scalar], ...]) -> bool:
    """The row names somebody by these columns: none is empty, and what must stand beside them does."""
    return all(row[c] is not None for c in columns) and all(row[c] == value for c, value in when)


def _spelled(key: Key) -> Key:
    return tuple(map(text_of, key))


def _unlink(
    world: World, schedule: TableSchedule, schedules: Schedules, as_of: datetime, mask_key: bytes
) -> None:
    """Empty the references whose rows must go."""
    view = View(world, schedules, as_of, mask_key)
    judged = [(row, _judge(view, schedule, row)) for row in world.tables[schedule.table]]
    if any(verdict.state == "orphan" for _, verdict in judged):
        return
    free = [row for row, verdict in judged if verdict.variants and verdict.state != "held"]
    for link in schedule.links:
        for row in [row for row in free if view.loose(link, row)]:
            row.update(dict.fromkeys(link.hop.columns))
            world.did(schedule.table, "mask")


def _sweep_table(
    world: World, schedule: TableSchedule, schedules: Schedules, as_of: datetime, mask_key: bytes
) -> None:
    def verdicts() -> tuple[View, list[tuple[Row, Verdict]]]:
        view = View(world, schedules, as_of, mask_key)
        return view, [(row, judge(view, schedule, row)) for row in world.tables[schedule.table]]

    view, judged = verdicts()
    if any(v.state == "orphan" for _, v in judged):
        return  # refused: somebody must say what becomes of its orphans first
    while _leave(world, view, schedule, judged):  # a row of this very table may have been in the way
        view, judged = verdicts()
    for row, verdict in judged:
        decision = verdict.decision
        if verdict.state != "due" or decision is None:
            continue
        if bare := _bare_of(view, schedule, row, verdict):
            _copy(world, view, schedule, row, verdict)
            _release_files(view, schedule, bare, row, decision)
            _mask(view, schedule, row, bare)
            world.did(schedule.table, "stub" if verdict.going else "mask")


def _leave(world: World, view: View, schedule: TableSchedule, judged: list[tuple[Row, Verdict]]) -> bool:
    """Let every row go that is due to and free to; whether any went."""
    survivors = []
    for row, verdict in judged:
        decision = verdict.decision
        if decision is None or not verdict.going or view.needed(schedule, row):
            survivors.append(row)
            continue
        _copy(world, view, schedule, row, verdict)
        _release_files(view, schedule, schedule.cells, row, decision)
        world.did(schedule.table, decision.disposition.value)
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
            world.did(copy.name, "refresh")
    world.stale.clear()


def changes(view: View, schedule: TableSchedule, row: Row, verdict: Verdict) -> bool:
    """Whether a sweep would change a row that is due: a finished stub only waits for its dependents."""
    if not verdict.going or not view.needed(schedule, row):
        return True
    return bool(_bare_of(view, schedule, row, verdict)) or any(view.loose(x, row) for x in schedule.links)


def _copy(world: World, view: View, schedule: TableSchedule, row: Row, verdict: Verdict) -> None:
    """Make the archived copies a row is due for, unless an earlier sweep made them."""
    if verdict.decision is None or verdict.decision.disposition is not Disposition.ARCHIVE:
        return
    longest: dict[str, Ending] = {}
    for end in verdict.decision.records:
        known = longest.setdefault(end.claim.copies, end)
        if end.due is not None and known.due is not None and end.due > known.due:
            longest[end.claim.copies] = end
    for copies, end in longest.items():
        name = (schedule.table, copies, tuple(row[c] for c in schedule.key))
        if name in world.archive or end.due is None:
            continue
        owned = next(
            o for o, v in zip(verdict.owners, verdict.variants, strict=True) if end.claim in v.records
        )
        content = _content(view, schedule, row, end.claim)
        content |= {i.name: view.value(row, i.ref) for i in end.claim.identity}
        named = owned.exists and end.claim.names_owner
        subject, subject_key = (owned.path.subject, owned.key) if named else (None, ())
        world.archive[name] = Copy(*name, subject, subject_key, content, end.due)


def _content(view: View, schedule: TableSchedule, row: Row, claim: Claim) -> Row:
    """The covered part of a row: whole columns, of a JSON column only the covered paths, and where a file is kept."""
    return {
        cell.name: _kept_as(view, schedule, row, claim, cell)
        if cell.file
        else json_path.part(row[cell.column], cell.path)
        for cell in schedule.copied(claim)
    }


def _kept_as(view: View, schedule: TableSchedule, row: Row, claim: Claim, cell: Cell) -> str | None:
    """Where the archive's folder keeps a row's file; None for no file."""
    key, path = tuple(row[c] for c in schedule.key), row[cell.column]
    archive = archive_table(schedule.table, claim.copies)
    if not path:
        return None
    return kept_as(view.mask_key, archive=archive, cell=cell.name, row_key=key, path=path)


def _release_files(
    view: View, schedule: TableSchedule, cells: Iterable[Cell], row: Row, decision: Decision
) -> None:
    """Let the files of these cells go; those that an archived copy takes along are kept first."""
    for cell in (c for c in cells if c.file and row[c.column]):
        for end in decision.records:
            if cell.name in end.claim.cells:
                view.world.kept_files[str(_kept_as(view, schedule, row, end.claim, cell))] = row[cell.column]
        view.world.removed_files.append((str(cell.file), row[cell.column]))


def _bare_of(view: View, schedule: TableSchedule, row: Row, verdict: Verdict) -> list[Cell]:
    """The cells still to mask in a row that stays; a stub keeps what a record may yet take along."""
    if verdict.decision is None:
        return []
    kept = view.needed_identity(schedule, row) if verdict.going else frozenset[str]()
    return _bare(view, schedule, row, tuple(c for c in verdict.decision.cells if c.name not in kept))


def _bare(view: View, schedule: TableSchedule, row: Row, cells: tuple[Cell, ...]) -> list[Cell]:
    """The cells among these that are not masked yet."""
    tag = _tag(view, schedule, row)
    bare = []
    for cell in cells:
        if cell.path:
            if json_path.found(row[cell.column], cell.path):
                bare.append(cell)
        elif cell.mask and masked(cell.mask, row[cell.column], tag=tag) != row[cell.column]:
            bare.append(cell)
    return bare


def _mask(view: View, schedule: TableSchedule, row: Row, cells: list[Cell]) -> None:
    tag = _tag(view, schedule, row)
    for cell in cells:
        if cell.path:
            row[cell.column] = json_path.without(row[cell.column], cell.path)
        elif cell.mask:
            row[cell.column] = masked(cell.mask, row[cell.column], tag=tag)


def _tag(view: View, schedule: TableSchedule, row: Row) -> str:
    return row_tag(view.mask_key, table=schedule.table, row_key=tuple(row[c] for c in schedule.key))
