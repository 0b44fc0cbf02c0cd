"""Every store does what the memory model means: same census, survivors and archive, through six years of Plask."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from examples.plask.world import World
from tests.keeping import KEY, SEOUL, Kept, elsewhere, plask, seoul
from tests.lite import plask_lite
from tests.servers import fresh_database

from jikim.backends import memory
from jikim.backends.base import Archive
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.operations.plan_sweep import bound

DATES = [
    seoul(2020, 2, 29, 23, 59),
    seoul(2020, 6, 1),
    seoul(2021, 1, 1, 12),
    seoul(2022, 3, 1),
    seoul(2023, 9, 29),
    seoul(2025, 1, 31, 8),
    seoul(2026, 10, 5),
]


@pytest.fixture(
    params=[
        "pg15",
        "pg18",
        "pg18, archive in pg15",
        "pg15, archive in a file",
        "file with a write-ahead log",
        "file with a rollback journal",
        "file, archive in pg18",
    ]
)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """Plask in each kind of store, its archive in each kind of place."""
    where, _, apart = request.param.partition(", archive in ")
    with ExitStack() as opened:
        archive: Archive | None = None
        if apart.startswith("pg"):
            url = opened.enter_context(fresh_database(request.getfixturevalue(apart)))
            archive = elsewhere(url)
        elif apart:
            archive = SqliteArchive(tmp_path / "archive.db", zone=SEOUL)
        if where.startswith("pg"):
            url = opened.enter_context(fresh_database(request.getfixturevalue(where)))
            yield opened.enter_context(plask(url, archive=archive))
        else:
            mode = "wal" if where.endswith("log") else "delete"
            yield opened.enter_context(plask_lite(tmp_path, pragmas={"journal_mode": mode}, archive=archive))


def test_a_sweep_leaves_what_the_memory_model_leaves(kept: Kept) -> None:
    """At each of seven dates census, survivors, stubs and archived copies are the same to the last value."""
    world = World(3, 60)
    archive: dict[tuple[str, str, tuple[object, ...]], memory.Copy] = {}
    for as_of in DATES:
        kept.live(world.until(as_of))
        archive = _one_sweep(kept, as_of, archive)
    assert len(archive) > 10


def _one_sweep(
    kept: Kept, as_of: datetime, archive: dict[tuple[str, str, tuple[object, ...]], memory.Copy]
) -> dict[tuple[str, str, tuple[object, ...]], memory.Copy]:
    model = kept.memory(as_of)
    model.archive = archive
    schedules, _, _ = bound(kept.store, kept.promise, as_of=as_of)
    meant = memory.census(model, schedules, as_of=as_of, mask_key=KEY)
    found = kept.plan(as_of).plan.census
    assert {t: vars(c) for t, c in meant.items()} == {
        t: {k: v for k, v in vars(c).items() if k != "total"} for t, c in found.items()
    }
    memory.sweep(model, schedules, as_of=as_of, mask_key=KEY)
    applied = kept.sweep(as_of)
    assert applied.complete
    for table, rows in model.tables.items():
        assert sorted(map(repr, kept.rows(table))) == sorted(map(repr, rows)), table
    copies = kept.archive(as_of)
    assert {(t, r, tuple(map(str, k))) for t, r, k in model.archive} == set(copies)
    for (table, record, key), copy in model.archive.items():
        row = copies[table, record, tuple(map(str, key))]
        assert row["jikim_destroy_after"] == copy.destroy_after
        assert (row["jikim_subject"], row["jikim_subject_key"] or []) == (
            copy.subject,
            [str(k) for k in copy.subject_key],
        )
        assert {name: row[name] for name in copy.content} == copy.content
    return model.archive
