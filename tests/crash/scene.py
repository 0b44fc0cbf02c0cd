"""Plask with twelve people, ready for a sweep in which every kind of step has rows; copies of it cost little.

A *scene* is one copy: a database of the store, one of the ledger, a folder of files. Effectful.
"""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from examples.made_up.world import World
from examples.plask.world import SETTING
from psycopg import sql
from psycopg.rows import dict_row
from tests.crash.killable import KillableServer
from tests.crash.sweeping import PROCESSES, End, Sweeping, Task, sweeping
from tests.crash.writers import writing
from tests.keeping import as_role, plask, seoul
from tests.servers import fresh_database

from jikim.ledger import keys
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.plan_sweep import Planned

SEED, PEOPLE = 41, 12
FIRST, AS_OF = seoul(2021, 10, 1), seoul(2026, 10, 5)
"""One sweep before, so that some archived copies have come to their own end at the second."""
NOTED = Path(__file__).with_name("noted.sql")
VICTIMS = ("process", "store", "ledger")


@dataclass(frozen=True)
class Original:
    """What scenes are copied from: two databases that nobody is connected to, files, and the key file."""

    store: KillableServer
    ledger: KillableServer
    folder: Path
    store_database: str
    ledger_database: str
    planned: Planned

    @property
    def keys(self) -> Path:
        """Where the key file lies."""
        return self.folder / "keys"

    @property
    def files(self) -> Path:
        """The motion files."""
        return self.folder / "files"


def prepared(store: KillableServer, ledger: KillableServer, folder: Path) -> Original:
    """Install Plask, let its people live, sweep once, and leave both databases to be copied."""
    names = ("plask_original", "ledger_original")
    for server, name in zip((store, ledger), names, strict=True):
        with psycopg.connect(server.server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    (folder / "keys").mkdir()
    keys.create(folder / "keys", name="jikim.plask")
    world = World(SETTING, SEED, PEOPLE)
    with plask(store.server.url(names[0]), files=folder / "files", as_of=FIRST) as kept:
        with psycopg.connect(kept.url, autocommit=True) as connection:
            connection.execute(NOTED.read_bytes())
        kept.live(world.until(FIRST))
        assert kept.sweep(FIRST).complete
        kept.live(world.until(AS_OF))
        planned = kept.plan(AS_OF)
    engine = connect(ledger.server.url(names[1]))
    upgrade(engine)
    engine.dispose()
    return Original(store, ledger, folder, *names, planned)


@dataclass
class Scene:
    """One copy, and everything that happens to it."""

    original: Original
    store_url: str
    ledger_url: str
    folder: Path
    history: list[str] = field(default_factory=list)
    _runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def files(self) -> Path:
        """The motion files of this copy."""
        return self.folder / "files"

    def sweeping(self, **options: Any) -> Any:
        """A process that has planned the next run."""
        run = f"run-{next(self._runs)}"
        where = {"store": self.store_url, "ledger": self.ledger_url, "keys": self.original.keys}
        return sweeping(Task(run, **where, files=self.files, as_of=AS_OF, **options))

    def sweep(self, **options: Any) -> End:
        """One run, from start to end."""
        with self.sweeping(**options) as run:
            run.start()
            end: End | None = run.finish()
        assert end is not None, "a run that nobody killed ended without a word"
        self.history.append(f"{run.task.run} {end}")
        return end

    def kill_at(self, victim: str, boundary: str | int) -> bool:
        """Begin a run, and kill at a boundary, given by name or number; whether it came there.

        The plan is the one made at first: what it says is the same, and a killed run need not plan.
        """
        with self.sweeping(halt=boundary, planned=self.original.planned) as run:
            name = run.go()
            if name is None:
                self.history.append(f"{run.task.run} never came to {boundary}: {run.end}")
                return False
            self.history.append(f"{run.task.run} {victim} killed at {name}")
            self.kill(victim, run)
        return True

    def kill_after(self, victim: str, seconds: float) -> bool:
        """Begin a run, and kill after a time; whether it was still going on."""
        with self.sweeping(planned=self.original.planned) as run:
            run.start()
            if run.pipe.poll(seconds):
                self.history.append(f"{run.task.run} took less than {seconds:.3f} s: {run.finish()}")
                return False
            self.history.append(f"{run.task.run} {victim} killed after {seconds:.3f} s")
            self.kill(victim, run)
        return True

    def kill(self, victim: str, run: Sweeping) -> None:
        """SIGKILL; a killed server is started again once the process has noticed, and ended by itself."""
        if victim == "process":
            run.kill()
            return
        server = self.original.store if victim == "store" else self.original.ledger
        server.kill()
        run.start()
        end = run.finish()
        self.history.append(f"{run.task.run} {end}")
        server.restart()
        assert end is not None, "the process did not say how its run ended"

    def writing(self, seed: str, *, writers: int = 1) -> Any:
        """Plask's application at work beside whatever the block does."""
        return writing(
            PROCESSES, as_role(self.store_url, "plask_app"), as_of=AS_OF, seed=seed, writers=writers
        )

    def execute(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Ask the store as its superuser."""
        with psycopg.connect(self.store_url, row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(query, values)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []


@contextmanager
def scene(original: Original, folder: Path) -> Iterator[Scene]:
    """A fresh copy of the original."""
    shutil.copytree(original.files, folder / "files")
    store, ledger = original.store.server, original.ledger.server
    with (
        fresh_database(store, template=original.store_database) as store_url,
        fresh_database(ledger, template=original.ledger_database) as ledger_url,
    ):
        yield Scene(original, store_url, ledger_url, folder)


@contextmanager
def fresh(original: Original) -> Iterator[Scene]:
    """A copy in a folder that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="jikim-crash-"))
    try:
        with scene(original, folder) as copy:
            yield copy
    finally:
        shutil.rmtree(folder)
