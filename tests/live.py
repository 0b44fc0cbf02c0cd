"""The shop's own traffic while jikim sweeps: people join, order, get what they ordered, and leave. Effectful.

Every doing is one transaction of the service, in a thread of its own session. What the store took is noted, so that
at the end the memory model can say what must have become of every row.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from random import Random
from typing import Any, Protocol

import psycopg
from tests.keeping import seoul

GONE_SINCE = seoul(2026, 3, 1, 12)
COMPLETED = (None, seoul(2020, 2, 1, 12), seoul(2026, 2, 1, 12))
PAUSE = 0.002
"""Seconds between two doings."""


class Session(Protocol):
    """What the service asks of its database."""

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement as one transaction; how many rows it changed."""


class Server:
    """A session with PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement; 0 where the row it points to went meanwhile."""
        try:
            return self._connection.execute(statement.encode(), values).rowcount
        except psycopg.errors.ForeignKeyViolation:
            return 0

    def close(self) -> None:
        """End it."""
        self._connection.close()


class File:
    """A session with a SQLite file."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute("pragma foreign_keys = on")

    def run(self, statement: str, *values: Any) -> int:
        """Run one statement; 0 where the row it points to went meanwhile."""
        plain = [v.isoformat(" ") if isinstance(v, datetime) else v for v in values]
        try:
            return self._connection.execute(statement.replace("%s", "?"), plain).rowcount
        except sqlite3.IntegrityError:
            return 0

    def close(self) -> None:
        """End it."""
        self._connection.close()


Row = dict[str, Any]


@dataclass
class Traffic:
    """What the service did, and how long each doing took (seconds)."""

    dice: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - dice, not secrets
    members: dict[int, Row] = field(default_factory=dict)
    orders: dict[int, Row] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    error: BaseException | None = None
    _next: int = 10_000_000

    def within(self, share: float) -> float:
        """Milliseconds within which this share of the doings were done."""
        took = sorted(self.took)
        return took[int(len(took) * share)] * 1000

    def one(self, session: Session) -> None:
        """One doing."""
        doings = (self._join, self._order, self._order, self._complete, self._leave)
        doing = self.dice.choice(doings) if self.members else self._join
        began = time.perf_counter()
        doing(session)
        self.took.append(time.perf_counter() - began)

    def _join(self, session: Session) -> None:
        self._next += 1
        row = {
            "id": self._next,
            "email": f"m{self._next}@mail.example",
            "joined_at": seoul(2025, 1, 1),
            "left_at": None,
        }
        if session.run("insert into members values (%s, %s, %s, %s)", *row.values()):
            self.members[self._next] = row

    def _order(self, session: Session) -> None:
        if not self.members:
            return
        self._next += 1
        member = self.dice.choice(list(self.members))
        row = {
            "id": self._next,
            "member_id": member,
            "what": "bread",
            "completed_at": self.dice.choice(COMPLETED),
        }
        if session.run("insert into orders values (%s, %s, %s, %s)", *row.values()):
            self.orders[self._next] = row

    def _complete(self, session: Session) -> None:
        open_ = [n for n, row in self.orders.items() if row["completed_at"] is None]
        if not open_:
            return
        number, when = self.dice.choice(open_), self.dice.choice(COMPLETED[1:])
        if session.run("update orders set completed_at = %s where id = %s", when, number):
            self.orders[number]["completed_at"] = when

    def _leave(self, session: Session) -> None:
        here = [n for n, row in self.members.items() if row["left_at"] is None]
        if not here:
            return
        number = self.dice.choice(here)
        if session.run("update members set left_at = %s where id = %s", GONE_SINCE, number):
            self.members[number]["left_at"] = GONE_SINCE


@contextmanager
def traffic(
    open_session: Callable[[], Any], known: Traffic, *, pause: float = PAUSE, most: float = inf
) -> Iterator[Traffic]:
    """The service at work beside the block, going on from what it did before; raises what went wrong with it.

    :param pause: seconds between two doings.
    :param most: doings after which it rests.
    """
    stop = threading.Event()

    def work() -> None:
        try:
            with closing(open_session()) as session:
                while not stop.is_set() and len(known.took) < most:
                    known.one(session)
                    time.sleep(pause)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            known.error = error

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield known
    finally:
        stop.set()
        thread.join()
    if known.error:
        raise known.error
