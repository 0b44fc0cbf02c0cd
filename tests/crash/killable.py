"""A PostgreSQL server that tests may kill at any moment and start again on the same directory. Effectful."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import psycopg

from jikim.postgres import Server


class KillableServer:
    """A server that dies by SIGKILL, the postmaster first and every child after it, and comes back.

    :param durable: True is what a service runs. False spares the disk, not the order: what was committed is
    with the kernel, and a killed process takes nothing of that along.
    """

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home, self.durable = home, durable
        self.server = Server.start(home, durable=durable)
        if not durable:
            # A throw-away server answers before its log is written; killed, it would forget what it promised.
            with psycopg.connect(self.server.url(), autocommit=True) as connection:
                connection.execute("alter role all set synchronous_commit = on")

    def kill(self) -> None:
        """SIGKILL for the postmaster and all its children."""
        number = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for each in (number, *map(int, children)):
            with suppress(ProcessLookupError):  # it ended between being listed and now
                os.kill(each, signal.SIGKILL)

    def restart(self) -> None:
        """Start a server again where the killed one lived; it recovers first."""
        killed, self.server = self.server, Server.start(self.home, durable=self.durable)
        killed.stop()

    def stop(self) -> None:
        """Stop for good."""
        self.server.stop()
