"""Where the shop lies while it is measured: servers, filled databases and their copies, and somebody who writes.

Effectful.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from bench.measure import Scale
from bench.shop import HERE
from bench.shop.on_server import RIGHTS, ROLES, OnServer, debian
from jikim.postgres import Server

_NUMBERS = count(1)
INDEXES = HERE / "indexes.sql"
MEMBERS = "insert into members select n, 'm' || n || '@mail.example' from generate_series(1, {members}) n"
LEAVERS = MEMBERS.replace(".example'", ".example', case when n % 5 = 0 then timestamptz '2026-05-01+09' end")
VISIT = "insert into visits values (%(n)s, 1, 'page', now())"
POST = "insert into posts values (%(n)s, (select max(id) from members), 'text')"
"""What the service writes meanwhile: of the first member, or of the last, who stays."""
LOADED = ("set session_replication_role = replica", "set maintenance_work_mem = '512MB'")
"""Rows are made up so that they fit: no key is checked while they come in."""


def releases(scale: Scale) -> dict[str, Path | None]:
    """Where programs are by their names in figures: PostgreSQL 18, embedded; Debian's 15 unless little is measured."""
    embedded: dict[str, Path | None] = {"PostgreSQL 18": None}
    return embedded if scale.small else {**embedded, "PostgreSQL 15": debian()}


@contextmanager
def servers(scale: Scale) -> Iterator[dict[str, Server]]:
    """One of each release, as it comes."""
    with tempfile.TemporaryDirectory(prefix="jikim-bench-") as folder, ExitStack() as running:
        yield {
            name: running.enter_context(Server.start(Path(folder) / name, bin_dir=programs, durable=False))
            for name, programs in releases(scale).items()
        }


@contextmanager
def roomy(programs: Path | None) -> Iterator[Server]:
    """One with a quarter of the machine's memory for its blocks, as one gives it a server of its own."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 2**20
    with tempfile.TemporaryDirectory(prefix="jikim-bench-") as folder:
        with Server.start(folder, bin_dir=programs, durable=False) as server:
            administer(server, f"alter system set shared_buffers = '{memory}MB'")
        with Server.start(folder, bin_dir=programs, durable=False) as server:
            yield server


@dataclass(frozen=True)
class Place:
    """A server and the database on it that copies are made of."""

    server: Server
    filled: str

    @contextmanager
    def copied(self, *, archive: Server | None = None, tables: Collection[str] = ()) -> Iterator[OnServer]:
        """The shop as it was filled, and read once, so that its blocks are in memory.

        :param archive: the server where what a law keeps goes, if it goes elsewhere.
        :param tables: of which the map speaks, where not of all.
        """
        name = f"copy_{next(_NUMBERS)}"
        ledger, kept = f"{name}_ledger", f"{name}_kept"
        made = [(self.server, name), (self.server, ledger), *([(archive, kept)] if archive else [])]
        for server, each in made:
            source = f" template {self.filled} strategy file_copy" if each == name else ""
            administer(server, f"create database {each}{source}")
            administer(server, "checkpoint")
        shop = OnServer(
            self.server.url(name),
            self.server.url(ledger),
            archive=archive.url(kept) if archive else None,
            tables=tables,
        )
        try:
            if archive:
                with psycopg.connect(archive.url(kept), autocommit=True) as connection:
                    connection.execute(ROLES)
                    connection.execute(f"alter database {kept} owner to bench_keeper".encode())
            shop.prepare()
            warm(shop.where)
            yield shop
        finally:
            shop.close()
            for server, each in made:
                administer(server, f"drop database {each} with (force)")


def administer(server: Server, statement: str) -> None:
    """Run a statement as the server's owner."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(statement.encode())


def place(server: Server, *statements: str, rows: int) -> Place:
    """The shop filled by these statements, which say ``{rows}`` and ``{members}``; vacuumed and analysed."""
    name = f"filled_{next(_NUMBERS)}"
    administer(server, f"create database {name}")
    words = {"rows": rows, "members": max(rows // 500, 5)}
    fill = [each.format(**words) for each in statements]
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        for statement in (
            ROLES,
            (HERE / "schema.sql").read_text(),
            RIGHTS,
            *LOADED,
            *fill,
            INDEXES.read_text(),
        ):
            connection.execute(statement.encode())
        connection.execute("vacuum analyze")
    return Place(server, name)


def warm(url: str) -> None:
    """Read every row of the service once, and every index of one column, as far as the server keeps what it read."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set enable_indexonlyscan = off")
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in tables:
            connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier("public", table)))
        connection.execute(
            "set enable_indexonlyscan = on; set enable_seqscan = off; set enable_bitmapscan = off"
        )
        indexed = connection.execute("""
            select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indrelid
            join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
            where c.relnamespace = 'public'::regnamespace and i.indnkeyatts = 1""").fetchall()
        for table, column in indexed:
            read = sql.SQL("select count({1}) from {0} where {1} is not null")
            connection.execute(read.format(sql.Identifier("public", table), sql.Identifier(column)))


@contextmanager
def writing(
    where: str, statement: str, *, seconds: float, alone: list[float], beside: list[float]
) -> Iterator[None]:
    """A process of its own runs a statement again and again: for some seconds alone, and then beside the block.

    :param where: a URL of PostgreSQL, or a file of SQLite.
    :param alone: gets how many seconds each took before the block.
    :param beside: and each beside it, when it has ended.
    """
    asked = [sys.executable, str(HERE / "writer.py"), where, statement, str(seconds)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin
        assert writer.stdout
        alone += json.loads(writer.stdout.readline())
        try:
            yield
        finally:
            writer.stdin.close()
        said = writer.stdout.readline()
        assert said, "who writes beside the work ended before it did"
        beside += json.loads(said)
