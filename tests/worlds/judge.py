"""What must be so of every world: each store leaves what the memory model leaves, and says that it did."""

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tests.keeping import KEY
from tests.worlds.build import Place
from tests.worlds.world import World, Write

from jikim.backends import memory
from jikim.backends.memory import Row
from jikim.datamap.schema import Column
from jikim.datamap.told import column_of, table_of
from jikim.evidence.tags import tag
from jikim.operations.apply_plan import LEAVING
from jikim.operations.plan_sweep import Planned, Promise, holidays_for
from jikim.plan import json_path
from jikim.plan.fit import fit
from jikim.plan.keys import text_of
from jikim.plan.plan import Action, Plan, Step, archive_table
from jikim.plan.schedule import Cell, Schedules, TableSchedule
from jikim.plan.telling import Telling

STATES = ("due", "retained", "waiting", "orphan", "held", "stubs")


@dataclass
class Meant:
    """The world as the memory model holds it."""

    world: World
    promise: Promise
    model: memory.World
    met: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, world: World, promise: Promise) -> "Meant":
        """An empty one."""
        return cls(
            world, promise, memory.World({name: [] for name in world.schema.tables}, facts=world.facts)
        )

    def schedules(self, as_of: datetime) -> Schedules:
        """What is promised; a map that does not fit its world is a fault of the grammar."""
        holidays = holidays_for(as_of)
        fitted = fit(self.promise.resolved, self.promise.datamap, self.world.schema, holidays=holidays)
        errors = [f for f in fitted.findings if f.severity.name == "ERROR"]
        assert not errors, errors
        return fitted.schedules

    def write(self, writes: list[Write]) -> None:
        """What the service does."""
        for write in writes:
            rows = self.model.tables[write.table]
            if write.old is None:
                rows.append(dict(write.new or {}))
                continue
            [at] = [n for n, row in enumerate(rows) if all(row[c] == v for c, v in write.key.items())]
            rows[at : at + 1] = [dict(write.new)] if write.new else []

    def hear(self, words: list[Telling]) -> None:
        """The ledger tells of people: a row of what was told of each, in the form that the schema has for it."""
        for word in words:
            table = self.world.schema.tables[table_of(word.subject or "")]
            rows = self.model.tables.setdefault(table.name, [])
            key = {
                c: _read(part, table.columns[c]) for c, part in zip(table.primary_key, word.key, strict=True)
            }
            found = [row for row in rows if key.items() <= row.items()]
            if not found:
                found = [{**dict.fromkeys(table.columns), **key}]
                rows += found
            when = word.happened_at and word.happened_at.astimezone(UTC).replace(tzinfo=None)
            found[0][column_of(word.name)] = when

    def sweep(self, as_of: datetime) -> "Swept":
        """One sweep, and what is to be seen of it."""
        schedules, before = self.schedules(as_of), deepcopy(self.model)
        census = memory.census(self.model, schedules, as_of=as_of, mask_key=KEY)
        self.model.done.clear()
        self.model.removed_files.clear()
        memory.sweep(self.model, schedules, as_of=as_of, mask_key=KEY)
        swept = Swept(as_of, schedules, {t: vars(c) for t, c in census.items()}, before, self.model)
        self.met.update(swept.met())
        return swept


def _read(part: str, column: Column) -> Any:
    """A part of a key, as its column holds it."""
    return int(part) if column.family == "number" else part


@dataclass
class Swept:
    """One sweep as it is meant."""

    as_of: datetime
    schedules: Schedules
    census: dict[str, dict[str, int]]
    before: memory.World
    after: memory.World

    def done(self, plan: Plan) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, bool, str]]]:
        """What receipts must say: rows by table and action, and by table and whom a clock was set off by.

        Cells that fall bare together are masked in one step; a row is counted once in each.
        """
        rows = Counter({step: n for step, n in self.after.done.items() if step[1] != "mask"})
        persons = Counter[tuple[str, bool, str]]()
        for schedule in self.schedules:
            own = [s for s in plan.steps if s.table == schedule.table]
            rows[schedule.table, "mask"] += 0 if schedule.table in plan.blocked else self._unlinked(schedule)
            for row, now in self._changed(schedule):
                verdict = memory.judge(self._view, schedule, row)
                for step in _touching(own, row, now, going=verdict.going):
                    rows[schedule.table, "mask"] += step.action is Action.MASK
                    for who in _named(schedule, step, verdict):
                        persons[schedule.table, now is None, who] += 1
        return +rows, persons

    @cached_property
    def _view(self) -> memory.View:
        return memory.View(self.before, self.schedules, self.as_of, KEY)

    def _unlinked(self, schedule: TableSchedule) -> int:
        """References that were emptied."""
        rows = [(row, memory.judge(self._view, schedule, row)) for row in self.before.tables[schedule.table]]
        free = [row for row, verdict in rows if verdict.variants and verdict.state != "held"]
        return sum(self._view.loose(link, row) for link in schedule.links for row in free)

    def _changed(self, schedule: TableSchedule) -> Iterator[tuple[Row, Row | None]]:
        """Rows that the sweep changed: as they were, and as they are."""
        left = {tuple(row[c] for c in schedule.key): row for row in self.after.tables[schedule.table]}
        for row in self.before.tables[schedule.table]:
            now = left.get(tuple(row[c] for c in schedule.key))
            if row != now:
                yield row, now

    @property
    def made(self) -> list[tuple[str, str, memory.Key]]:
        """Copies that the sweep made: the table, the record and the row's key of each."""
        return [name for name in self.after.archive if name not in self.before.archive]

    def met(self) -> Counter[str]:
        """What came to pass, by name."""
        met = Counter[str]()
        for table, counts in self.census.items():
            met.update({state: n for state, n in counts.items() if n})
            met.update({f"orphans of {self.schedules[table].orphans}": counts["orphan"]})
        met.update({f"did {action}": n for (_, action), n in self.after.done.items()})
        for schedule in self.schedules:
            for row in self.before.tables[schedule.table]:
                met.update(self._met(schedule, row))
        made = self.made
        met.update({"two copies of a row": len(made) - len({(t, k) for t, _, k in made})})
        met.update({"copy that names a person": sum(self.after.archive[n].subject is not None for n in made)})
        met.update({"file removed": len(self.after.removed_files)})
        return +met

    def _met(self, schedule: TableSchedule, row: Row) -> list[str]:
        verdict, met = memory.judge(self._view, schedule, row), []
        if verdict.state == "due" and not all(owned.exists for owned in verdict.owners):
            met.append(f"due orphan of {schedule.orphans}")
        if verdict.decision:
            met.append(f"{verdict.decision.disposition.value} decided")
        if verdict.going and self._view.needed_identity(schedule, row):
            met.append("identity still needed")
        if len(verdict.owners) > 1:
            met.append("several owners")
        return met


def _touching(steps: list[Step], row: Row, now: Row | None, *, going: bool) -> Iterator[Step]:
    """The steps that changed a row, but for those that empty a reference."""
    if now is None:
        yield next(s for s in steps if s.action in LEAVING)
        return
    action = Action.STUB if going else Action.MASK
    found = [s for s in steps if s.action is action and "/unlink-" not in s.id]
    found = [s for s in found if any(_bared(cell, row, now) for cell, _ in s.masks)]
    yield from found[:1] if going else found


def _named(schedule: TableSchedule, step: Step, verdict: memory.Verdict) -> list[str]:
    """The tags of the people whom the step's receipts must name for a row."""
    persons = [replace(path, sure=False) for path in step.persons]  # what is sure is up to the store
    caused = [o for o in verdict.owners if o.exists and replace(o.path, sure=False) in persons]
    told = caused if schedule.shared else caused[:1]
    return [tag(KEY, store="app", kind=o.path.subject, key="\x1f".join(o.key)) for o in told]


def _bared(cell: Cell, row: Row, now: Row) -> bool:
    """Whether the cell was masked."""
    old, new = row[cell.column], now[cell.column]
    return bool(json_path.part(old, cell.path) != json_path.part(new, cell.path)) if cell.path else old != new


def settled(swept: Swept, meant: Meant, place: Place) -> None:
    """Let a store sweep, too: it counted, left, archived, removed and wrote down the same."""
    planned = place.plan(swept.as_of)
    errors = [f for f in planned.findings if f.severity.name == "ERROR"]
    assert not errors, errors
    found = {t: {s: getattr(c, s) for s in STATES} for t, c in planned.plan.census.items()}
    same(found, swept.census, place.name)
    assert all(c.adds_up for c in planned.plan.census.values())
    refused = {table for table, counts in swept.census.items() if counts["orphan"]}
    assert set(planned.plan.blocked) == refused, (place.name, dict(planned.plan.blocked))
    applied = place.apply(planned)
    undone = {s.step: (s.state, s.reason) for s in applied.steps if s.state != "done"}
    assert not undone, (place.name, undone)
    same_rows(meant, place)
    same_copies(meant, place, planned)
    same_story(swept, place, planned.plan)


def same(found: Mapping[Any, Any], meant: Mapping[Any, Any], what: str) -> None:
    """Fail with nothing but what differs."""
    differs = {k: (found.get(k), meant.get(k)) for k in {*found, *meant} if found.get(k) != meant.get(k)}
    assert not differs, f"{what}: found, meant: {differs}"


def same_rows(meant: Meant, place: Place) -> None:
    """Every row to its last value."""
    for table in meant.world.tables:
        rows = meant.model.tables[table]
        found = Counter(map(_told, place.rows(table)))
        same(found, Counter(map(_told, rows)), f"rows of {table} in {place.name}")


def _told(row: Row) -> str:
    return repr(sorted((name, repr(_sorted(value))) for name, value in row.items()))


def _sorted(value: Any) -> Any:
    """What JSON says, whatever order its names stand in."""
    if isinstance(value, dict):
        return sorted((name, _sorted(inner)) for name, inner in value.items())
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value


def same_copies(meant: Meant, place: Place, planned: Planned) -> None:
    """Every archived copy: of what, about whom, until when."""
    found = place.copies(planned)
    wanted = {(t, r, tuple(map(text_of, k))): copy for (t, r, k), copy in meant.model.archive.items()}
    assert set(found) ^ set(wanted) == set(), (place.name, set(found) - set(wanted), set(wanted) - set(found))
    for name, copy in wanted.items():
        row = found[name]
        held = {c: v for c, v in row.items() if not c.startswith("jikim_") and v is not None}
        meant_to = {c: v for c, v in copy.content.items() if v is not None}
        same(held, meant_to, f"copy {name} in {place.name}")
        about = (row["jikim_subject"], tuple(row["jikim_subject_key"] or ()), row["jikim_destroy_after"])
        meant_so = (copy.subject, copy.subject_key, copy.destroy_after)
        assert about == meant_so, (place.name, name, about, meant_so)


def same_story(swept: Swept, place: Place, plan: Plan) -> None:
    """Receipts say how many rows of which table, about whom, and the outbox names the files."""
    receipts, files = place.told()
    tables = {archive_table(s.table, record): s.table for s in swept.schedules for record in s.records}
    told: Counter[tuple[str, str]] = Counter()
    persons: Counter[tuple[str, bool, str]] = Counter()
    kept: Counter[str] = Counter()
    for r in receipts:
        if r.table not in tables:
            kept[r.table] += r.copies
        told[tables.get(r.table, r.table), r.action] += r.rows
        went = r.action in ("archive", "destroy")
        persons.update({(r.table, went, person): n for person, n in r.persons.items()})
    rows, whose = swept.done(plan)
    same(told, rows, f"receipts in {place.name}")
    same(+kept, Counter(table for table, _, _ in swept.made), f"copies told in {place.name}")
    same(persons, whose, f"persons in {place.name}")
    removed = Counter(swept.after.removed_files)
    assert Counter((f.store, f.path) for f in files) == removed, place.name


def idle(swept: Swept, meant: Meant, place: Place) -> None:
    """Sweeping again finds nothing to do, and does nothing."""
    planned = place.plan(swept.as_of)
    blocked = set(planned.plan.blocked)
    due = {t: c for t, c in planned.plan.census.items() if c.due and t not in blocked}
    assert not due, (place.name, due)
    place.apply(planned)
    assert place.told() == ([], []), place.name
    same_rows(meant, place)
