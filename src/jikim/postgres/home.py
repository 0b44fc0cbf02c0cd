"""The directory a server lives in: its parts, its first filling, its version. Effectful.

::

    HOME/              belongs to whoever starts the server; nobody else may write there
      data/            PostgreSQL's own, mode 0700, with the socket; belongs to the account it runs as
      server.log       what PostgreSQL says about itself; never a statement or a value
      clients.lock     shared by every client, taken alone by the keeper when the last has gone
      server.lock      held while any process of the server lives
"""

import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jikim.postgres.account import Account
from jikim.postgres.errors import PostgresError
from jikim.postgres.installation import Installation

PORT: Final = 5432
SUPERUSER: Final = "postgres"
ENVIRONMENT: Final = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
_LONGEST_SOCKET: Final = 107
"""Bytes in the path of a Unix socket, sun_path without its closing zero (unix(7))."""
_FIRST_WITH_BUILTIN_LOCALES: Final = 17


@dataclass(frozen=True)
class Home:
    """The directory of one server."""

    path: Path

    @classmethod
    def at(cls, directory: Path) -> "Home":
        """Makes the directory if need be.

        :raises PostgresError: when somebody else could write into it.
        """
        path = directory.resolve()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.stat()
        if found.st_uid != os.geteuid():
            raise PostgresError(
                f"`{path}` belongs to another account (number {found.st_uid})",
                fix="run jikim as that account, or choose another directory",
            )
        if stat.S_IMODE(found.st_mode) & 0o022:
            raise PostgresError(
                f"other accounts may write into `{path}`, and could put their own data in place of ours",
                fix=f"chmod go-w {shlex.quote(str(path))}",
            )
        return cls(path)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says about itself."""
        return self.path / "server.log"

    def socket_directory(self) -> Path:
        """A directory clients can name in order to connect: the data directory, or a short link to it.

        A link is needed when the socket's path would be too long, or holds a character that splits a list of
        hosts.

        :raises PostgresError: when the link's place is taken.
        """
        if _can_be_named(self.data):
            return self.data
        name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        link = Path(tempfile.gettempdir(), f"jikim-{name}")
        try:
            link.symlink_to(self.data)
        except FileExistsError:
            ours = link.is_symlink() and link.lstat().st_uid == os.geteuid() and link.readlink() == self.data
            if not ours:
                raise PostgresError(
                    f"`{link}` should lead to the server's socket, but somebody else made it",
                    fix="remove it, or choose a directory with a shorter path",
                ) from None
        if not _can_be_named(link):
            raise PostgresError(
                f"the path of a socket below `{self.path}` or `{link.parent}` is too long",
                fix="choose a directory with a shorter path",
            )
        return link

    def refuse_other_version(self, installation: Installation) -> None:
        """Raises a ``PostgresError`` that says how to move, when other programs than these wrote the data."""
        try:
            major = int((self.data / "PG_VERSION").read_bytes())
        except FileNotFoundError:
            return
        if major != installation.major:
            raise PostgresError(
                f"`{self.path}` was written by PostgreSQL {major}, "
                f"and PostgreSQL {installation.major} cannot read it",
                fix=(
                    f"start it with the programs of PostgreSQL {major}, or of a later version and its remedy"
                    if major > installation.major
                    else _how_to_move(self.path, major=major, installation=installation)
                ),
            )

    def fill(self, installation: Installation, *, account: Account, durable: bool, lock: int) -> None:
        """Makes an empty data directory, whole or not at all; the caller holds the server's lock ``lock``.

        :raises PostgresError: when PostgreSQL could not.
        """
        new = self.path / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if account.credentials:
            os.chown(new, account.uid, account.gid)
        opened = os.open(new, os.O_RDONLY | os.O_DIRECTORY)
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the programs are the operator's choice
                [
                    str(installation.programs / "initdb"),
                    f"--pgdata=/proc/self/fd/{opened}",
                    f"--username={SUPERUSER}",
                    "--auth-local=trust",
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    *_locale(installation),
                    "--data-checksums",
                    "--no-instructions",
                    "--no-sync",
                ],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                pass_fds=(opened, lock),
                check=False,
                **account.credentials,
            )
        finally:
            os.close(opened)
        if done.returncode != 0:
            raise PostgresError(
                f"PostgreSQL could not prepare `{self.path}`: {done.stderr.strip()}",
                fix="mend what PostgreSQL names, and start again",
            )
        if durable:
            # One call for all of it takes half the time of initdb's thousand.
            os.sync()
        new.rename(self.data)


def _locale(installation: Installation) -> tuple[str, ...]:
    """Unicode's rules without any country's, from PostgreSQL itself where it has them."""
    if installation.major >= _FIRST_WITH_BUILTIN_LOCALES:
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C.UTF-8",)


def _can_be_named(directory: Path) -> bool:
    socket = os.fsencode(directory / f".s.PGSQL.{PORT}")
    return len(socket) <= _LONGEST_SOCKET and not set(b",:") & set(socket)


def _how_to_move(path: Path, *, major: int, installation: Installation) -> str:
    """The commands that carry everything over; they run as they stand once the older programs are there."""
    here, old, dump = (shlex.quote(f"{path}{suffix}") for suffix in ("", f".{major}", f".{major}.sql"))
    run = f"{shlex.quote(sys.executable)} -m jikim.postgres"
    programs = f"/usr/lib/postgresql/{major}/bin"
    now = shlex.quote(str(installation.programs))
    return "\n".join(
        (
            f"carry it over (this expects PostgreSQL {major}'s programs where Debian puts them):",
            f"  {run} --bin-dir {programs} {here} pg_dumpall --file={dump}",
            f"  mv {here} {old}",
            f"  {run} --bin-dir {now} {here} psql --quiet --file={dump} postgres",
        )
    )
