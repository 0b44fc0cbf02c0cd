"""The PostgreSQL servers the tests run against, and databases on them that are fresh and cheap."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from jikim.postgres import Server

PROJECT = Path(__file__).parent.parent
_NUMBERS = itertools.count(1)


def debian_postgresql_15() -> Path:
    """Where tools/install-test-servers put Debian's PostgreSQL 15."""
    for programs in (Path("/usr/lib/postgresql/15/bin"), PROJECT / ".servers/pg15/bin"):
        if (programs / "postgres").exists():
            return programs
    raise FileNotFoundError("PostgreSQL 15 is not here: run tools/install-test-servers, or make test")


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
