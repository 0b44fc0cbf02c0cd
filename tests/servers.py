"""The PostgreSQL servers the tests run against, and databases on them that are fresh and cheap."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from jikim.postgres import Server

PROJECT = Path(__file__).parent.parent
_NUMBERS = itertools.count(1)
_MEMORY = Path("/dev/shm")  # noqa: S108 - only folders that tempfile makes
_ENOUGH = 4 * 2**30
"""Bytes: several times what one server of a test run comes to."""


def debian_postgresql_15() -> Path:
    """Where tools/install-test-servers put Debian's PostgreSQL 15."""
    for programs in (Path("/usr/lib/postgresql/15/bin"), PROJECT / ".servers/pg15/bin"):
        if (programs / "postgres").exists():
            return programs
    raise FileNotFoundError("PostgreSQL 15 is not here: run tools/install-test-servers, or make test")


@contextmanager
def throwaway_server(*, bin_dir: Path | None = None) -> Iterator[Server]:
    """A server whose data nobody will miss, in memory where there is room: a new database is 300 new files."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    with (
        tempfile.TemporaryDirectory(prefix="jikim-", dir=_MEMORY if roomy else None) as home,
        Server.start(home, bin_dir=bin_dir, durable=False) as server,
    ):
        yield server


def name_of(url: str) -> str:
    """What a database is called, to be copied from."""
    return str(conninfo.conninfo_to_dict(url)["dbname"])


@contextmanager
def fresh_database(server: Server, *, template: str = "template1") -> Iterator[str]:
    """The URL of a new database, dropped at the end together with whoever is still connected to it.

    With ``template``, the name of a database that nobody is connected to, it begins as that database's copy.
    """
    name = f"fresh_{os.getpid()}_{next(_NUMBERS)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(create)
    try:
        yield server.url(name)
    finally:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
