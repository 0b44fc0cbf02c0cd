"""A store held against the memory model: the same rows, swept by both, and all that either says about it."""

from collections import Counter
from datetime import datetime
from typing import Any

from tests.keeping import KEY, Kept

from jikim.backends import memory
from jikim.operations.plan_sweep import bound


def counted(kept: Kept, as_of: datetime) -> dict[str, dict[str, int]]:
    """The plan's census, once the memory model has counted the same."""
    model = kept.memory(as_of)
    schedules, _, findings = bound(kept.store, kept.promise, as_of=as_of)
    assert not [f for f in findings if f.severity.name == "ERROR"]
    census = kept.plan(as_of).plan.census
    assert all(counts.adds_up for counts in census.values())
    found = {t: {k: v for k, v in vars(c).items() if k != "total"} for t, c in census.items()}
    meant = memory.census(model, schedules, as_of=as_of, mask_key=KEY)
    assert found == {t: vars(c) for t, c in meant.items()}
    return found


def swept(kept: Kept, as_of: datetime, *, archive: dict[Any, memory.Copy] | None = None) -> memory.World:
    """Sweep the store as of an instant: it leaves the rows, copies and receipts that the memory model leaves.

    :param archive: the copies that earlier sweeps left.
    """
    counted(kept, as_of)
    model = kept.memory(as_of)
    model.archive = archive or {}
    schedules, schema, _ = bound(kept.store, kept.promise, as_of=as_of)
    before = _receipts(kept)
    memory.sweep(model, schedules, as_of=as_of, mask_key=KEY)
    assert kept.sweep(as_of).complete
    for table, rows in model.tables.items():
        assert _sorted(kept.stored(schema.tables[table])) == _sorted(rows), table
    copies = kept.archive(as_of)
    assert {(t, r, tuple(map(memory.text_of, k))) for t, r, k in model.archive} == set(copies)
    for (table, record, key), copy in model.archive.items():
        row = copies[table, record, tuple(map(memory.text_of, key))]
        assert row["jikim_destroy_after"] == copy.destroy_after
        assert (row["jikim_subject"], tuple(row["jikim_subject_key"] or ())) == (
            copy.subject,
            copy.subject_key,
        )
        assert {name: row[name] for name in copy.content} == copy.content
    done = {step: n for step, n in model.done.items() if n and step[1] != "expire"}
    assert _receipts(kept) - before == Counter(done)
    return model


def _receipts(kept: Kept) -> "Counter[tuple[str, str]]":
    """Rows by table and action that receipts speak of; what is made anew counts as one."""
    said: Counter[tuple[str, str]] = Counter()
    for receipt in kept.store.unshipped():
        if receipt.action != "expire":
            said[receipt.table, receipt.action] += 1 if receipt.action == "refresh" else receipt.rows
    return said


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))
