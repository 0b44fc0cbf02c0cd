"""A sweep that was cut short or refused in part: whatever it did was due, and nothing was lost. Effectful: reads."""

from collections import Counter
from copy import deepcopy
from datetime import datetime

from tests.keeping import KEY
from tests.worlds.build import Place, as_written
from tests.worlds.judge import Meant, same
from tests.worlds.world import State, World

from jikim.backends import memory
from jikim.backends.memory import Copy, Key, Row
from jikim.operations.apply_plan import LEAVING
from jikim.operations.plan_sweep import Planned
from jikim.plan import json_path
from jikim.plan.schedule import TableSchedule

Copies = dict[tuple[str, str, Key], Copy]


def goes_on_from(meant: Meant, place: Place, planned: Planned) -> None:
    """Judge what became of a plan's rows and copies, and let the model go on from there."""
    before, tables = meant.model, {name: place.rows(name) for name in meant.world.tables}
    copies = _copies(meant.world, place, planned)
    whole = deepcopy(before)
    whole.removed_files.clear()
    memory.sweep(whole, planned.schedules, as_of=planned.plan.as_of, mask_key=KEY)
    gone = Counter[str]()
    for schedule in planned.schedules:
        went = _only_what_was_due(schedule, before.tables, tables, whole.tables)
        lost = {n for n in whole.archive if n[0] == schedule.table and n[2] in went} - copies.keys()
        assert not lost, (place.name, lost)
        gone[schedule.table] = len(went)
    _only_copies_that_were_due(before.archive, copies, whole.archive, planned.plan.as_of)
    receipts, files = place.told()
    told = Counter[str]()
    for receipt in receipts:
        told[receipt.table] += receipt.rows if receipt.action in LEAVING else 0
    same(+told, +gone, f"rows that went, in receipts in {place.name}")
    assert Counter((f.store, f.path) for f in files) <= Counter(whole.removed_files), place.name
    meant.model.tables, meant.model.archive = before.tables | tables, copies


def _copies(world: World, place: Place, planned: Planned) -> Copies:
    """Every copy that the archive keeps, as the model does."""
    found: Copies = {}
    for (table, record, key), row in place.copies(planned).items():
        types = [world.tables[table].columns[c].type for c in world.tables[table].key]
        typed = tuple(as_written(part, kind) for part, kind in zip(key, types, strict=True))
        subject_key = tuple(row["jikim_subject_key"] or ())
        content = {c: v for c, v in row.items() if not c.startswith("jikim_")}
        about = (row["jikim_subject"], subject_key)
        found[table, record, typed] = Copy(table, record, typed, *about, content, row["jikim_destroy_after"])
    return found


def _only_what_was_due(schedule: TableSchedule, before: State, after: State, whole: State) -> set[Key]:
    """Each row is gone, masked or as it was, and not without reason; the keys of those that went."""
    was, now, meant = (
        {tuple(row[c] for c in schedule.key): row for row in state[schedule.table]}
        for state in (before, after, whole)
    )
    assert now.keys() <= was.keys(), schedule.table
    went = was.keys() - now.keys()
    assert not went & meant.keys(), ("gone before its time", schedule.table, went & meant.keys())
    for key, row in now.items():
        wrong = _wrong(schedule, was[key], row, meant.get(key))
        assert not wrong, ("changed", schedule.table, key, wrong)
    return went


def _wrong(schedule: TableSchedule, was: Row, now: Row, meant: Row | None) -> set[str]:
    """Columns that say something else than what was there, and what a whole sweep leaves."""
    changed = {column for column in now if now[column] != was[column]}
    if meant is None:  # it goes, and until then waits as a stub
        links = {column for link in schedule.links for column in link.hop.columns}
        return changed - links - {cell.column for cell in schedule.cells}
    paths = [(cell.column, cell.path) for cell in schedule.cells if cell.path]
    inside = {column for column, _ in paths}
    wrong = {column for column in changed - inside if now[column] != meant[column]}
    for column, path in paths:
        parts = [json_path.part(row[column], path) for row in (was, meant)]
        wrong |= {column} if json_path.part(now[column], path) not in parts else set()
    return wrong


def _only_copies_that_were_due(before: Copies, after: Copies, whole: Copies, as_of: datetime) -> None:
    """Copies were made that a whole sweep makes, and none went before its date."""
    made = after.keys() - before.keys()
    assert made <= whole.keys(), made - whole.keys()
    for name in made:
        assert after[name].destroy_after == whole[name].destroy_after > as_of, name
    expired = before.keys() - after.keys()
    assert not expired & whole.keys(), ("a copy went before its date", expired & whole.keys())
