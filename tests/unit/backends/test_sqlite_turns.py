"""Taking turns with whoever else writes a SQLite file, and when its write-ahead log is copied: between transactions,
and only when it was written for long."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from jikim.backends.sqlite.turns import FEWEST, Log, Turns


@pytest.fixture
def session(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """One with a file that has such a log, and a table in it."""
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as session:
        session.execute("pragma journal_mode = wal")
        session.execute("create table notes (id integer primary key, text)")
        session.execute("pragma wal_checkpoint(truncate)")
        yield session


def written(session: sqlite3.Connection, log: Log, tmp_path: Path, *, after: float) -> tuple[int, int]:
    """How large the file is after a large transaction, and once the log may have been copied."""
    with log.writing(session):
        session.executemany("insert into notes (text) values (?)", [("x" * 1000,)] * 6000)
    before = (tmp_path / "app.db").stat().st_size
    log.copied(session, after=after)
    return before, (tmp_path / "app.db").stat().st_size


def test_no_commit_copies_the_log_however_long_it_is(session: sqlite3.Connection, tmp_path: Path) -> None:
    """Six megabytes stay in the log; what SQLite does by itself after four would make one commit in many a long one."""
    before, after = written(session, Log(), tmp_path, after=1e9)
    assert before == after < 100_000


def test_a_log_that_was_written_for_long_is_copied_and_counts_anew(
    session: sqlite3.Connection, tmp_path: Path
) -> None:
    """Between two transactions."""
    log = Log()
    before, after = written(session, log, tmp_path, after=0.0)
    assert before < 100_000
    assert after > 6_000_000
    assert log.seconds == 0


def test_a_file_without_such_a_log_has_nothing_to_copy(tmp_path: Path) -> None:
    """A journal that rolls back is none."""
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as session:
        session.execute("create table notes (id integer primary key, text)")
        before, after = written(session, Log(), tmp_path, after=0.0)
    assert before == after > 6_000_000


def test_whoever_wrote_since_the_rows_were_counted_has_turns_from_the_first_batch_on(
    session: sqlite3.Connection, tmp_path: Path
) -> None:
    """One's own writing is no sign of others."""
    turns = Turns()
    turns.look(session)
    with turns.writing(session, size=1000):
        session.execute("insert into notes (text) values ('own')")
    turns.look(session)
    assert turns.rows(1_000_000) == 1_000_000
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as service:
        service.execute("insert into notes (text) values ('of the service')")
    turns.look(session)
    turns.pace = 1.0
    assert turns.rows(1_000_000) == FEWEST
