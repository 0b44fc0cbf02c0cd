"""kill -9 while folders are listed, rows go, files move to the archive and files are removed; then run again.

A process of its own keeps the promise of the shop with folders. After every kill each file that a law demands is
whole where it was, or whole in the archive; after one more run everything is as if nobody had been killed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest
from tests.crash.boundaries import Boundaries
from tests.crash.sweeping import PROCESSES
from tests.foldered import KEPT_LOGS, foldered, promised, removed, there, write
from tests.keeping import Kept, kept_at, seoul
from tests.servers import fresh_database

from jikim.postgres import Server

AS_OF = seoul(2026, 4, 10)
DEMANDED = tuple(f"access-2026-03-0{day}.log" for day in (1, 2, 3))
DUE = ("access-2025-11-30.log", "access-2025-12-01.log.gz")
STAYING = ("access-2026-04-05.log", "access.log")

KILLS = (
    "list_files | sweeper insert into jikim.file__access_logs, after",
    "apply_plan access_logs/archive | sweeper carry out, after",
    "remove_files | files put, before",
    "remove_files | files put, after #2",
    "remove_files | files unlink, after",
    "remove_files | sweeper commit, before",
)
"""One after the other, each further on than the one before."""


@dataclass
class Shop:
    """The shop's database and its folders."""

    kept: Kept
    folder: Path

    def killed_at(self, boundary: str | int) -> bool:
        """A run that is killed there; whether it came so far."""
        ours, theirs = PROCESSES.Pipe()
        process = PROCESSES.Process(target=keep, args=(self.kept.url, self.folder, boundary, theirs))
        process.start()
        theirs.close()
        came = ours.recv()
        process.kill()
        process.join()
        ours.close()
        return came == "there"

    def whole(self) -> None:
        """Every file that a law demands is somewhere, as it was."""
        logs, archive = self.folder / "logs", self.folder / "archive"
        for name in DEMANDED:
            places = [place for place in (logs / name, *archive.glob(f"*/{name}")) if place.exists()]
            assert places, name
            assert {place.read_text() for place in places} == {f"said {name}"}

    def finished(self) -> None:
        """One more run, and nothing is lost, left or done twice."""
        assert self.kept.sweep(AS_OF).complete
        assert not removed(self.kept).failed
        self.whole()
        assert there(self.folder / "logs") == sorted(STAYING)
        assert there(self.folder / "uploads") == ["2/c"]
        kept = there(self.folder / "archive")
        assert sorted(name.rpartition("/")[2] for name in kept) == sorted(DEMANDED)
        copies = self.kept.execute("select path from kept_by_law.access_logs__visits")
        assert {copy["path"] for copy in copies} == set(kept)
        assert self.kept.execute("select path from jikim.file__access_logs") == [{"path": STAYING[0]}]
        assert self.kept.store.outbox() == []
        done = self.kept.execute(
            "select action, on_table, sum(rows) as rows, sum(copies) as copies, sum(files) as files"
            " from jikim.receipt group by action, on_table"
        )
        found = {(r["on_table"], r["action"]): (r["rows"], r["copies"], r["files"]) for r in done}
        assert found["access_logs", "archive"] == (3, 3, 0)
        assert found["access_logs", "destroy"] == (2, 0, 2)
        assert found["uploads", "destroy"] == (2, 0, 2)


def keep(url: str, folder: Path, halt: str | int, pipe: Connection) -> None:
    """What the process does: list, plan, apply and remove; it waits at a boundary to be killed."""
    passed: list[str] = []

    def say(name: str) -> None:
        passed.append(name)
        if halt in (name, len(passed)):
            pipe.send("there")
            pipe.recv()

    with kept_at(url, promise=promised(logs=KEPT_LOGS)) as kept:
        boundaries = Boundaries(say)
        boundaries.watch(kept.store.sweeper, who="sweeper")
        boundaries.watch_files()
        kept.folders |= {name: folder / name for name in ("logs", "uploads", "archive")}
        kept.runs = iter([os.getpid()])
        kept.sweep(AS_OF)
        removed(kept)
    pipe.send("over")


@contextmanager
def shop(server: Server, folder: Path) -> Iterator[Shop]:
    """The shop with its folders, and files of every kind in them."""
    with fresh_database(server) as url, foldered(url, folder, logs=KEPT_LOGS) as kept:
        write(folder / "logs", *DEMANDED, *DUE, *STAYING)
        write(folder / "uploads", "1/a", "1/b", "2/c")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("alter role all set synchronous_commit = on")
        yield Shop(kept, folder)


def test_killed_among_files_a_run_can_be_run_again(pg18: Server, tmp_path: Path) -> None:
    """After several kills, one more run finishes."""
    with shop(pg18, tmp_path) as scene:
        for boundary in KILLS:
            assert scene.killed_at(boundary), boundary
            scene.whole()
        scene.finished()


@pytest.mark.crash
@pytest.mark.timeout(0)
def test_killed_at_every_step_among_files_a_run_can_be_run_again(
    pg18: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """At each boundary of a run in turn: a shop of its own, one kill, one more run."""
    number = 0
    while True:
        number += 1
        with shop(pg18, tmp_path_factory.mktemp("killed")) as scene:
            came = scene.killed_at(number)
            scene.whole()
            scene.finished()
        if not came:
            break
    assert number > 40
