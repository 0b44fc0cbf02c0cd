"""Which kind of store and archive the URLs of a map name, and how they are opened. Effectful.

SQLite has no roles, so its archive is another file or another server. PostgreSQL keeps the archive in a schema of
the same database, in another PostgreSQL, or in a SQLite file.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from jikim.backends.auditing.auditor import Auditor, Database
from jikim.backends.base import Archive, StoreError, Way
from jikim.backends.postgresql.archive import PostgresArchive, SameDatabase
from jikim.backends.postgresql.audit import PostgresDatabase
from jikim.backends.postgresql.reflect import reflect
from jikim.backends.postgresql.session import also_keeps, engine, scrubbed
from jikim.backends.postgresql.store import PostgresStore
from jikim.backends.sql.store import SqlStore
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.audit import SqliteFile
from jikim.backends.sqlite.session import path_of
from jikim.backends.sqlite.store import SqliteStore
from jikim.datamap.files import with_listings
from jikim.datamap.schema import Schema, Table
from jikim.datamap.told import Told, with_told

T = TypeVar("T")


@dataclass
class Places:
    """Where a service's rows and its archive are; nothing is opened before it is asked for.

    :param app: the URL of the service's database, for its sweeper.
    :param archive: the URL of the archive, for its keeper.
    :param folder: what relative paths are reckoned from.
    :param also: schemas of the service beside ``tables_in``, each with its tables about people.
    :param listings: tables in which files of a folder are rows, by the names that the map gives them.
    :param told: what the ledger tells about people.
    """

    app: str
    archive: str
    tables_in: str
    archive_in: str
    zone: ZoneInfo
    folder: Path
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listings: Mapping[str, Table] = field(default_factory=dict)
    told: tuple[Told, ...] = ()
    _opened: ExitStack = field(default_factory=ExitStack, repr=False)

    def close(self) -> None:
        """End every session."""
        self._opened.close()

    @property
    def lite(self) -> bool:
        """Whether the service's rows lie in a SQLite file."""
        return self.app.startswith("sqlite:")

    @property
    def apart(self) -> str:
        """Where the archive is, in words that hold no secret."""
        if self.archive.startswith("sqlite:"):
            return f"file {path_of(self.archive, role='keeper', folder=self.folder)}"
        return f"schema {self.archive_in}" + ("" if self.together else ", in another database")

    @property
    def together(self) -> bool:
        """Whether the archive is a schema of the service's own database."""
        lite = self.lite or self.archive.startswith("sqlite:")
        return not lite and _database(self.app) == _database(self.archive)

    def store(self, *, mask_key: bytes, epoch_key: bytes | None) -> SqlStore:
        """The store with its archive. Raises ``StoreError``."""
        common = {
            "name": "app",
            "zone": self.zone,
            "mask_key": mask_key,
            "epoch_key": epoch_key,
            "listings": self.listings,
            "told": self.told,
        }
        if not self.lite:
            tables = {"tables_in": self.tables_in, "also": self.also}
            return PostgresStore(self.sweeper, self._kept_apart(), **tables, **common)  # type: ignore[arg-type]
        path, archive = path_of(self.app, role="sweeper", folder=self.folder), self._kept_apart()
        if isinstance(archive, SqliteArchive) and archive.path.resolve() == path.resolve():
            raise StoreError(
                "the archive is the service's own file, and SQLite has no roles: whoever opens the one reads the other",
                fix="let `stores.archive.url` name another file, which belongs to another owner, or a PostgreSQL",
            )
        return self._closing(SqliteStore(path, archive, **common), "close")  # type: ignore[arg-type]

    def _kept_apart(self) -> Archive | SameDatabase:
        if self.archive.startswith("sqlite:"):
            path = path_of(self.archive, role="keeper", folder=self.folder)
            return self._closing(SqliteArchive(path, zone=self.zone), "close")
        if self.together:
            return SameDatabase(self.keeper, self.sweeper, schema=self.archive_in)
        return PostgresArchive(self.keeper, schema=self.archive_in, zone=self.zone)

    def reflect(self) -> Schema:
        """The shape of the service's tables now. Raises ``StoreError``."""
        if self.lite:
            return self.store(mask_key=b"", epoch_key=None).reflect()
        with scrubbed("reading its schema"), self.sweeper.connect() as connection:
            schema = reflect(connection, tables_in=self.tables_in, also=self.also)
            return with_told(with_listings(schema, self.listings), self.told)

    def also_keeps(self) -> Way | None:
        """How the role that sweeps is, or can become, the one that keeps. Raises ``StoreError``."""
        return also_keeps(self.sweeper, self.keeper) if self.together else None

    def auditor(self, live: str | None, archive: str | None) -> Auditor:
        """Reads the store and its archive, and writes neither.

        :param live: the URL of a role that may read the service's database; the sweeper's where there is none.
        :param archive: the same of the archive, where it lies elsewhere or another role reads it.
        :raises StoreError: a URL cannot be read, or leads to another kind of database than the map's.
        """
        if self.together:
            archive = archive or live
        home = "main" if self.lite else self.tables_in
        return Auditor(
            self._database(self.app, live, role="sweeper", schemas=(self.tables_in, *self.also)),
            self._database(self.archive, archive, role="keeper", schemas=(self.archive_in,)),
            home=home,
            apart=not self.together,
            listings=self.listings,
            told=self.told,
        )

    def _database(self, url: str, read: str | None, *, role: str, schemas: tuple[str, ...]) -> Database:
        """A database of the map, as it is read."""
        lite = url.startswith("sqlite:")
        if read is not None and read.startswith("sqlite:") is not lite:
            raise StoreError(
                f"the auditor's URL leads to another kind of database than that of the {role}",
                fix="let it lead to the same, or to a copy of it",
            )
        if lite:
            door = path_of(url, role=role, folder=self.folder)
            return SqliteFile(path_of(read, role="auditor", folder=self.folder) if read else door, door)
        if read is None:
            return PostgresDatabase(self.sweeper if role == "sweeper" else self.keeper, schemas)
        return PostgresDatabase(self._closing(engine(read, role="auditor"), "dispose"), schemas)

    @cached_property
    def sweeper(self) -> sa.Engine:
        """Sessions of the role that sweeps a PostgreSQL."""
        return self._closing(engine(self.app, role="sweeper", tables_in=self.tables_in), "dispose")

    @cached_property
    def keeper(self) -> sa.Engine:
        """Sessions of the role that keeps the archive in a PostgreSQL."""
        return self._closing(engine(self.archive, role="keeper"), "dispose")

    def _closing(self, opened: T, end: str) -> T:
        close: Callable[[], None] = getattr(opened, end)
        self._opened.callback(close)
        return opened


def _database(url: str) -> tuple[object, ...]:
    """What tells one database from another in a URL. Raises ``StoreError``."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return (url,)
    host = parsed.host or parsed.query.get("host", "")
    return (host, parsed.port or 5432, parsed.database or parsed.username)
