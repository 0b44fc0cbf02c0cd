"""Copies come to a SQLite archive many at a time."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jikim.backends.base import Copies, Move, Provenance
from jikim.backends.sqlite.archive import BOUND, SqliteArchive
from jikim.backends.sqlite.ddl import PROVENANCES, archive_statements

COLUMNS = ("jikim_key", "jikim_provenance", "jikim_destroy_after", "what")
WHY = Provenance("a law", "1", "sha256:0", "run")


@pytest.mark.parametrize("rows", [1, BOUND // (len(COLUMNS) + 1), BOUND])
def test_however_many_copies_come_each_is_kept_once(tmp_path: Path, rows: int) -> None:
    """As many as one statement inserts, more, or fewer; one that is kept already is not new."""
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as session:
        for statement in (PROVENANCES, *archive_statements("orders", ["what"])):
            session.execute(statement)
    with closing(SqliteArchive(path, zone=ZoneInfo("Asia/Seoul"))) as archive:
        for batch, new in enumerate([rows, 0]):
            move = Move("run", "step", batch)
            rows_of = ((f'["{n}"]', WHY.id, "2031-02-02", f"bread {n}") for n in range(rows))
            assert archive.add(move, [Copies("orders", COLUMNS, rows_of, WHY, as_kept=True)]) == new
            archive.settle(move, None)
        kept = archive.connection.execute("select jikim_key, jikim_pending, what from orders order by rowid")
        assert [tuple(row) for row in kept] == [(f'["{n}"]', "", f"bread {n}") for n in range(rows)]
