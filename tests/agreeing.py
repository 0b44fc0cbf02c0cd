"""What it means that a store does what the memory model means: census, survivors, archive, what people are told."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from tests.keeping import KEY, Kept, audit_of

from jikim.backends import memory
from jikim.operations.explain_rows import explain_named, explain_person
from jikim.operations.plan_sweep import Planned, bound
from jikim.plan.keys import text_of
from jikim.plan.schedule import Schedules

Archive = dict[tuple[str, str, tuple[Any, ...]], memory.Copy]
STATES = ("due", "retained", "waiting", "orphan", "held", "stubs")
TOLD = {"archive": "due", "destroy": "due", "mask": "due", "retain": "retained"}


def counted_alike(kept: Kept, as_of: datetime) -> dict[str, memory.Census]:
    """The census of every table, once store and model agree about it and every row is in one state."""
    return _planned_alike(kept, as_of)[2]


def _planned_alike(kept: Kept, as_of: datetime) -> tuple[Planned, memory.World, dict[str, memory.Census]]:
    planned = kept.plan(as_of)  # first, because folders are listed by it
    model = kept.memory(as_of, schema=planned.schema)
    meant = memory.census(model, planned.schedules, as_of=as_of, mask_key=KEY)
    found = planned.plan.census
    assert all(counts.adds_up for counts in found.values())
    assert {t: vars(c) for t, c in meant.items()} == {
        t: {k: v for k, v in vars(c).items() if k != "total"} for t, c in found.items()
    }
    return planned, model, meant


def swept_alike(
    kept: Kept,
    as_of: datetime,
    archive: Archive,
    *,
    first: Callable[[Planned], object] = lambda _: None,
) -> memory.World:
    """The model after a sweep, once the store was swept as well and holds the same rows and copies.

    :param first: what is done in the store before that, and must be a part of it.
    """
    planned, model, meant = _planned_alike(kept, as_of)
    refused = any(counts.orphan for counts in meant.values())
    model.archive = archive
    memory.sweep(model, planned.schedules, as_of=as_of, mask_key=KEY)
    first(planned)
    applied = kept.apply(planned, as_of)
    assert applied.complete is not refused, applied
    for table, rows in model.tables.items():
        if table not in kept.promise.datamap.tables:
            continue  # jikim's own
        assert sorted(map(repr, kept.rows(table))) == sorted(map(repr, rows)), table
    copies = kept.archived(planned.schedules, planned.schema)
    assert {(t, r, tuple(map(text_of, k))) for t, r, k in model.archive} == set(copies)
    for (table, record, key), copy in model.archive.items():
        row = copies[table, record, tuple(map(text_of, key))]
        assert row["jikim_destroy_after"] == copy.destroy_after
        assert (row["jikim_subject"], row["jikim_subject_key"] or []) == (
            copy.subject,
            [text_of(k) for k in copy.subject_key],
        )
        assert {name: row[name] for name in copy.content} == copy.content
    return model


def audited_alike(kept: Kept, as_of: datetime) -> None:
    """The audit, which shares no predicate with the plan, puts as many rows into each state."""
    census = counted_alike(kept, as_of)
    report = audit_of(kept, as_of=as_of)
    assert {t: {s: report.tables[t][s] for s in STATES} for t in census} == {
        t: {s: getattr(counts, s) for s in STATES} for t, counts in census.items()
    }


def told_alike(kept: Kept, as_of: datetime) -> set[tuple[str, str]]:
    """Everybody whose row it is is told of each row what the model says of it, and of all that only name them; the
    (kind, table) that were met."""
    schedules, _, _ = bound(kept.store, kept.promise, as_of=as_of)
    model = kept.memory(as_of)
    view = memory.View(model, schedules, as_of, KEY)
    people = defaultdict[tuple[str, tuple[str, ...]], dict[tuple[str, tuple[str, ...]], str]](dict)
    for schedule in schedules:
        for row in model.tables[schedule.table]:
            verdict = memory.judge(view, schedule, row)
            state = verdict.state
            if state == "due" and not memory.changes(view, schedule, row, verdict):
                state = "retained"
            for owned in verdict.owners:
                if owned.exists:
                    key = tuple(text_of(row[c]) for c in schedule.key)
                    people[owned.path.subject, tuple(map(text_of, owned.key))][schedule.table, key] = state
    for (subject, key), rows in people.items():
        told = explain_person(kept.store, schedules, subject=subject, key=key, as_of=as_of)
        said = {(r.table, r.facts.key): TOLD.get(r.state, r.state) for r in told}
        assert said == rows, (subject, key, said.items() ^ rows.items())
        named = explain_named(kept.store, schedules, subject=subject, key=key, as_of=as_of)
        assert {(n.table, n.key, n.columns) for n in named} == set(_naming(model, schedules, subject, key))
    return {(subject, table) for (subject, _), rows in people.items() for table, _ in rows}


def _naming(
    model: memory.World, schedules: Schedules, subject: str, key: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Rows that name a person beside their owners, and the columns that do."""
    for schedule in schedules:
        for mention in (each for each in schedule.mentions if each.subject == subject):
            for row in model.tables[schedule.table]:
                if tuple(str(row[column]) for column in mention.columns) == key:
                    yield schedule.table, tuple(text_of(row[c]) for c in schedule.key), mention.columns
