"""Where a service of the demonstration lives: its databases, its folders, and a jikim project beside it. Effectful."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql

from examples.made_up.load import load, load_lite, put_files
from examples.made_up.service import Service
from examples.made_up.world import Batch
from jikim import clock
from jikim.bootstrap import Project, open_project


@dataclass(frozen=True)
class Servers:
    """The URLs of two PostgreSQL servers: of services and ledgers, and of archives that lie elsewhere."""

    here: str
    there: str


@dataclass
class Stage:
    """A service at work, and what keeps its promise.

    :param app: where its rows lie, and :param archive: its archive: URLs for a superuser, or of files.
    """

    service: Service
    project: Project
    app: str
    archive: str

    def live(self, batch: Batch) -> None:
        """Let the made-up people do what they did."""
        if self.service.lite:
            with closing(sqlite3.connect(_path(self.app), isolation_level=None)) as connection:
                load_lite(connection, batch)
        else:
            with psycopg.connect(self.app, autocommit=True) as owner:
                load(owner, batch)
        put_files(batch, self.project.folders)

    def copies(self) -> int:
        """How many copies the archive holds."""
        if self.service.lite:
            with closing(sqlite3.connect(_path(self.archive))) as lite:
                listed = "select name from sqlite_schema where type = 'table' and name not like 'jikim%'"
                names = [f'"{name}"' for (name,) in lite.execute(listed)]
                return sum(lite.execute(f"select count(*) from {name}").fetchone()[0] for name in names)
        with psycopg.connect(self.archive) as connection:
            listed = "select tablename from pg_tables where schemaname = 'kept_by_law'"
            tables = [sql.Identifier("kept_by_law", name) for (name,) in connection.execute(listed)]
            counts = (sql.SQL("(select count(*) from {})").format(table) for table in tables)
            query = (
                sql.SQL("select 0 + {}").format(sql.SQL(" + ").join(counts))
                if tables
                else sql.SQL("select 0")
            )
            return int((connection.execute(query).fetchone() or (0,))[0])

    @property
    def shape(self) -> str:
        """What kind of store it is, in a few words."""
        if self.service.lite:
            return f"SQLite {sqlite3.sqlite_version}, its archive in another file"
        with psycopg.connect(self.app) as connection:
            version = connection.info.parameter_status("server_version")
        apart = ", its archive on another server" if self.service.apart else ""
        return f"PostgreSQL {version}{apart}"


@contextmanager
def staged(service: Service, folder: Path, servers: Servers) -> Iterator[Stage]:
    """A service installed in an empty folder and prepared, with a ledger of its own."""
    folder.mkdir(parents=True)
    for name in ("policy.yaml", "datamap.yaml"):
        shutil.copy(service.folder / name, folder / name)
    (folder / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\n')
    ledger = _database(servers.here, f"{service.package}_ledger")
    if service.lite:
        app, archive = "sqlite:///app.db", "sqlite:///archive.db"
        with closing(sqlite3.connect(folder / "app.db")) as connection:
            connection.executescript(service.schema)
        roles = app, archive
    else:
        app = _database(servers.here, service.package)
        archive = _database(servers.there, service.package) if service.apart else app
        with psycopg.connect(app, autocommit=True) as owner:
            service.install(owner)
        if service.apart:
            with psycopg.connect(archive, autocommit=True) as owner:
                keeper, whole = sql.Identifier(service.role("keeper")), sql.Identifier(service.package)
                owner.execute(sql.SQL("create role {} login").format(keeper))
                owner.execute(sql.SQL("alter database {} owner to {}").format(whole, keeper))
        roles = _as(app, service.role("sweeper")), _as(archive, service.role("keeper"))
    names = f"{service.package.upper()}_SWEEPER_URL", f"{service.package.upper()}_KEEPER_URL"
    folders = {variable: f"files/{store}" for store, variable in service.folders.items()}
    for each in folders.values():
        (folder / each).mkdir(mode=0o700, parents=True)
    with ExitStack() as opened:
        opened.enter_context(
            _environment({**dict(zip(names, roles, strict=True)), **folders, "LEDGER_URL": ledger})
        )
        project = opened.enter_context(open_project(folder, now=clock.now()))
        project.prepare(None if service.lite else app)
        where = (str(folder / _path(url)) if service.lite else url for url in (app, archive))
        yield Stage(service, project, *where)


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _as(url: str, role: str) -> str:
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
