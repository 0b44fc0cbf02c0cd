"""Every store does what the memory model means: same census, survivors and archive, through six years of Plask."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from examples.made_up.world import World
from examples.plask.world import SETTING
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


FEW = 16
PEOPLE = {
    "pg18": 30,
    "file with a write-ahead log": 20,
    "pg15": FEW,
    "pg18, archive in pg15": FEW,
    "pg15, archive in a file": FEW,
    "file with a rollback journal": FEW,
    "file, archive in pg18": FEW,
}
"""Each kind of store with each kind of archive, and how many live there: many in one of either kind."""


@pytest.fixture(params=PEOPLE)
def place(request: pytest.FixtureRequest) -> str:
    """Where rows and archive lie."""
    return str(request.param)


@pytest.fixture
def kept(request: pytest.FixtureRequest, tmp_path: Path, place: str) -> Iterator[Kept]:
    """Plask in that place."""
    where, _, apart = place.partition(", archive in ")
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


def test_a_sweep_leaves_what_the_memory_model_leaves(kept: Kept, place: str) -> None:
    """At each of seven dates census, survivors, stubs and archived copies are the same to the last value; few dates for
    the few."""
    world = World(SETTING, 3, PEOPLE[place])
    archive: Archive = {}
    for as_of in DATES if PEOPLE[place] > FEW else DATES[2::2]:
        kept.live(world.until(as_of))
        archive = swept_alike(kept, as_of, archive).archive
    assert len(archive) > PEOPLE[place] // 4
