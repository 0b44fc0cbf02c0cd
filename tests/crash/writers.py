"""Plask's application at work while a sweep runs: people join, visit, buy, write, leave and come back. Effectful.

What they do is dated on either side of the sweep's ``as_of``, so that some of it is due the moment it is
written. Nobody here waits for a sweep or knows of one.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

import psycopg
from examples.plask import service

OPEN = "open sesame"
SECRET = b"the key of rejoin_keys"
PAUSE = 0.03
"""Seconds between two doings of one writer."""


@dataclass
class Writer:
    """One session of the application, and how long each doing took (seconds)."""

    url: str
    as_of: datetime
    seed: str
    stop: Callable[[], bool]
    took: list[float] = field(default_factory=list)
    refused: int = 0
    deadlocks: int = 0

    def work(self) -> None:
        """Live lives until told to stop. A database that is gone is tried again until it is back."""
        rng = random.Random(self.seed)  # noqa: S311 - dice, not secrets
        number = 0
        while not self.stop():
            try:
                with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
                    while not self.stop():
                        number += 1
                        self._live(connection, rng, f"{self.seed.replace('/', '-')}-{number}@mail.example")
            except psycopg.errors.DeadlockDetected:
                self.deadlocks += 1
            except psycopg.OperationalError:
                time.sleep(0.02)

    def _live(self, connection: Any, rng: random.Random, email: str) -> None:
        """One person's life with Plask, as far as it comes."""
        for doing in self._doings(connection, rng, email):
            if self.stop():
                return
            began = time.perf_counter()
            try:
                doing()
            except service.PlaskError:
                self.refused += 1
            self.took.append(time.perf_counter() - began)
            time.sleep(PAUSE)

    def _doings(self, connection: Any, rng: random.Random, email: str) -> Iterator[Callable[[], Any]]:
        then = self.as_of - timedelta(days=rng.choice((400, 120, -2)))
        done: dict[str, int] = {}
        seen = {"ip": "192.0.2.9", "browser": "Writer/1", "path": "/", "search": None}
        words = {"title": "a word", "body": "and another"}

        def later(days: int) -> datetime:
            return then + timedelta(days=days)

        def join() -> None:
            done["member"] = service.join(
                connection, email=email, name="Writer", password=OPEN, secret=SECRET, at=then
            )

        def order() -> None:
            done["order"] = service.order(
                connection, member_id=done["member"], product_id=1, summary="a plan", at=later(1)
            )

        def pay() -> None:
            firm = service.SimulatedFirm()
            done["payment"] = service.pay(
                connection, order_id=done["order"], number="0000", firm=firm, at=later(1)
            )

        def post() -> None:
            about: dict[str, Any] = {"member_id": done.get("member"), "email": email, "name": "Writer"}
            kind = rng.choice(("enquiry", "complaint"))
            done["post"] = service.post(connection, **about, kind=kind, **words, at=later(2))
            (service.answer if kind == "enquiry" else service.close)(
                connection, post_id=done["post"], at=later(3)
            )

        yield lambda: service.visit(connection, member_id=None, **seen, at=later(0))
        yield post
        yield join
        member = done["member"]
        yield lambda: service.visit(connection, member_id=member, **seen, at=later(1))
        yield lambda: service.agree_to_topic(
            connection, member_id=member, topic="light", version="1.0", at=later(1)
        )
        yield lambda: service.withdraw_topics(connection, member_id=member, at=later(2))
        yield order
        yield pay
        if rng.random() < 0.7:
            yield lambda: service.settle(connection, payment_id=done["payment"], at=later(4))
            yield lambda: service.complete(connection, order_id=done["order"], at=later(4))
        yield post
        if rng.random() < 0.3:
            return
        yield lambda: service.leave(connection, member_id=member, secret=SECRET, at=later(40))
        if rng.random() < 0.4:
            undo: dict[str, Any] = {"email": email, "password": OPEN, "secret": SECRET}
            yield lambda: service.undo_leave(connection, **undo, at=later(42))


def write(url: str, as_of: datetime, seed: str, pipe: Connection) -> None:
    """Work until a word comes; then tell what it came to."""
    writer = Writer(url, as_of, seed, stop=pipe.poll)
    writer.work()
    pipe.send((writer.took, writer.refused, writer.deadlocks))


@dataclass
class Latencies:
    """How long the application's doings took, in seconds; how many it refused, and how often a deadlock hit it."""

    took: list[float] = field(default_factory=list)
    refused: int = 0
    deadlocks: int = 0

    def __str__(self) -> str:
        ordered = sorted(self.took) or [0.0]
        p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
        return f"{len(self.took)} doings, median {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


@contextmanager
def writing(
    processes: ForkServerContext, url: str, *, as_of: datetime, seed: str, writers: int
) -> Iterator[Latencies]:
    """The application at work, each writer a process, until the end of the block; then what it cost them."""
    latencies, started = Latencies(), []
    for number in range(writers):
        ours, theirs = processes.Pipe()
        process = processes.Process(target=write, args=(url, as_of, f"{seed}/{number}", theirs))
        process.start()
        theirs.close()
        started.append((process, ours))
    try:
        yield latencies
        for _, pipe in started:
            pipe.send("stop")
        for process, pipe in started:
            took, refused, deadlocks = pipe.recv()
            latencies.took += took
            latencies.refused += refused
            latencies.deadlocks += deadlocks
            process.join()
    finally:
        for process, pipe in started:
            process.kill()
            process.join()
            pipe.close()
