"""Taking turns with whoever else writes a SQLite file. Effectful: it looks at the clock, and rests.

SQLite has one writer at a time and no queue: who finds the lock taken asks again, later and later. So a sweep holds it
for a moment only, and lets go of it for long enough that somebody who asks finds it free: for as long as it held it
while others write, and for a little while nobody does.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Final

from jikim.backends.sqlite.session import rows, writing

HELD: Final = 0.01
"""Seconds for which a batch should hold the lock while others write."""
REST: Final = 0.05
"""What share of the time that it held it a sweep rests while nobody does."""
LOG: Final = 0.3
LOG_AMONG_OTHERS: Final = 0.005
"""Seconds of writing after which the write-ahead log is copied into the file. Pages that many batches write are copied
once; but whoever commits beside a long log might have to copy it, and wait for that."""
ABOUT: Final = 30.0
"""Seconds for which somebody who wrote is taken to be about to write again. Who was not seen to write waits for a
moment in which a sweep rests, half a second now and then; so one who writes every few seconds should be seen once."""
FEWEST: Final = 200
"""Rows of a batch, however long they take."""


@dataclass
class Log:
    """The write-ahead log of a file, if it has one, and for how many seconds it was written since it was copied.

    It is copied between transactions. Within a commit, as SQLite would, that makes one in many take twice as long.
    """

    seconds: float = 0.0

    @contextmanager
    def writing(self, connection: sqlite3.Connection) -> Iterator[None]:
        """One transaction."""
        connection.execute("pragma wal_autocheckpoint = 0")
        began = time.monotonic()
        with writing(connection):
            yield
        self.seconds += time.monotonic() - began

    def copied(self, connection: sqlite3.Connection, *, after: float = LOG) -> None:
        """Copy it into the file, if it was written for so long. Nobody waits for that, whether they read or write."""
        if self.seconds >= after:
            connection.execute("pragma wal_checkpoint(passive)")
            self.seconds = 0.0


@dataclass
class Turns:
    """How long batches take, and when somebody else wrote."""

    log: Log = field(default_factory=Log)
    """That of the file."""
    pace: float = inf
    """Rows a second, of the last batch."""
    held: float = 0.0
    """Seconds for which it held the lock."""
    others: float = -inf
    """When somebody else was seen to have written."""
    version: int = 0

    def rows(self, most: int) -> int:
        """How many rows a batch may take on."""
        if not self._among_others():
            return most
        return min(most, int(max(FEWEST, min(self.pace * HELD, most))))

    def look(self, connection: sqlite3.Connection) -> None:
        """Note whether somebody else wrote since the last look."""
        version = version_of(connection)
        if self.version and version != self.version:
            self.others = time.monotonic()
        self.version = version

    @contextmanager
    def writing(self, connection: sqlite3.Connection, *, size: int) -> Iterator[None]:
        """One transaction over up to ``size`` rows, after others had their turn."""
        self.look(connection)
        among_others = self._among_others()
        time.sleep(self.held * (1 if among_others else REST))
        with self.log.writing(connection):
            began = time.monotonic()
            yield
        self.held = time.monotonic() - began
        self.pace = size / self.held
        self.log.copied(connection, after=LOG_AMONG_OTHERS if among_others else LOG)

    def _among_others(self) -> bool:
        return time.monotonic() - self.others < ABOUT


def version_of(connection: sqlite3.Connection) -> int:
    """A number that stays the same for as long as nobody else changes the file."""
    return int(rows(connection, "pragma data_version")[0][0])
