"""Every store does what the memory model means: same census, survivors and archive, through six years of Plask."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from examples.plask.world import World
from tests.agreeing import Archive, swept_alike
from tests.keeping import SEOUL, Kept, elsewhere, plask, seoul
from tests.lite import plask_lite
from tests.servers import fresh_database

from jikim.backends import base
from jikim.backends.sqlite.archive import SqliteArchive

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
        archive: base.Archive | None = None
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
    archive: Archive = {}
    for as_of in DATES:
        kept.live(world.until(as_of))
        archive = swept_alike(kept, as_of, archive).archive
    assert len(archive) > 10
