"""A process of its own that keeps Plask's promise once, and halts where it is to be killed. Effectful.

The processes are forked from a server that has read all the code and opened nothing, so that one costs little.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import sqlalchemy as sa
from tests import asked
from tests.crash.boundaries import Boundaries, shortly
from tests.keeping import kept_at, plask_promise

from jikim.backends.base import Run
from jikim.backends.postgresql.archive import SameDatabase
from jikim.backends.postgresql.store import PostgresStore
from jikim.cli.stopping import stop_asked
from jikim.clock import now
from jikim.errors import JikimError
from jikim.ledger import keys
from jikim.ledger.engine import connect
from jikim.operations.keep_promise import keep_promise
from jikim.operations.plan_sweep import Planned

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["__main__", __name__, "tests.crash.writers", "tests.foldered"])


@dataclass(frozen=True)
class Task:
    """What a process is to do.

    :param store: the URL of Plask's database; the roles are chosen from it.
    :param planned: the plan to apply, made before; None to plan as every run of the product does.
    :param halt: the boundary to wait at, by its name or its number from 1; none by default.
    :param size: rows in the first batch.
    """

    run: str
    store: str
    ledger: str
    keys: Path
    files: Path
    as_of: datetime
    planned: Planned | None = None
    halt: str | int = ""
    size: int = 1000


@dataclass(frozen=True)
class End:
    """How a run ended: its state and the rows it changed, or the words with which it was refused.

    ``boundaries`` are all that it passed.
    """

    state: str
    rows: int = 0
    states: tuple[tuple[str, str, str], ...] = ()
    words: str = ""
    boundaries: tuple[str, ...] = field(default=(), repr=False)


def keep(task: Task, pipe: Connection) -> None:
    """Plan, keep the promise, and tell the end: what the process does."""
    passed: list[str] = []

    def say(name: str) -> None:
        passed.append(name)
        if task.halt in (name, len(passed)):
            _halted(pipe, name)

    ledger = connect(task.ledger)
    try:
        with kept_at(task.store, promise=plask_promise()) as plask, stop_asked() as stop:
            planned = task.planned or plask.plan(task.as_of)
            plask.store.reflect()
            plask.store.use(planned.schedules)
            run = Run(task.run, planned.plan, plask.promise.resolved.digests["policy"])
            _watch(plask.store, ledger, say)
            _halted(pipe, "ready")
            kept = keep_promise(
                plask.store,
                ledger,
                run,
                signer=keys.load(task.keys).signer,
                folders={"motions": task.files},
                clock=now,
                size=task.size,
                stop=stop,
            )
    except JikimError as error:
        end = End("refused", words=f"{error} {error.fix}", boundaries=tuple(passed))
    else:
        states = tuple((s.step, s.state, s.reason) for s in kept.applied.steps if s.state != "done")
        state = "finished" if kept.complete else kept.applied.state
        end = End(state, sum(s.rows for s in kept.applied.steps), states, boundaries=tuple(passed))
    pipe.send(end)


def _halted(pipe: Connection, name: str) -> None:
    """Wait here until the test says to go on."""
    pipe.send(name)
    pipe.recv()


def _watch(store: PostgresStore, ledger: sa.Engine, say: Callable[[str], None]) -> None:
    boundaries = Boundaries(say)
    boundaries.watch(store.sweeper, who="sweeper")
    if isinstance(store.archive, SameDatabase):
        boundaries.watch(store.archive.keeper, who="keeper")
    boundaries.watch(ledger, who="ledger")
    asked.watch(lambda statement, moment: boundaries.at("ledger", f"{shortly(statement)}, {moment}"))
    boundaries.watch_files()


class Sweeping:
    """The process, as the test holds it. At first it has planned, and waits for the word."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.pipe, theirs = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=keep, args=(task, theirs), name=task.run)
        self.process.start()
        theirs.close()
        self.end: End | None = None
        self._listen()

    def go(self) -> str | None:
        """Let it go on; where it halts next, or None when it ended or was killed."""
        self.start()
        return self._listen()

    def start(self) -> None:
        """Let it go on, and do not wait for it."""
        with suppress(BrokenPipeError):  # killed a moment ago
            self.pipe.send("go on")

    def finish(self) -> End | None:
        """Wait until it ends, and let it go on wherever it halts; None when it was killed."""
        while self.end is None and self._listen() is not None:
            self.start()
        self.process.join()
        return self.end

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.join()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def _listen(self) -> str | None:
        try:
            said = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            return None
        if isinstance(said, End):
            self.end = said
            return None
        return str(said)


@contextmanager
def sweeping(task: Task) -> Iterator[Sweeping]:
    """A run that has planned and waits for the word; killed at the end of the block if it still lives."""
    started = Sweeping(task)
    try:
        yield started
    finally:
        started.kill()
        started.pipe.close()
