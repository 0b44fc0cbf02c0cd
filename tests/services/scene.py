"""A scene for each example service: in its own technical shape, kept by jikim, and lived in row by row."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from examples.made_up.canary import PATTERN
from examples.made_up.load import load, load_lite, plain, put_files
from examples.made_up.scan import Finds, scan_bytes, scan_database, scan_files
from examples.made_up.service import Service
from examples.made_up.world import Batch
from psycopg import sql
from psycopg.types.json import Jsonb
from tests.acceptance.stage import Copy, UnkeptError
from tests.keeping import SEOUL, Kept, as_copied, copies_in, elsewhere, kept_at, promise_of_service, seoul
from tests.lite import kept_in
from tests.servers import fresh_database, name_of

from jikim.backends.files.folder import MARKER
from jikim.backends.files.folder import opened as opened_folder
from jikim.backends.postgresql.archive import PostgresArchive
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.datamap.schema import Schema
from jikim.operations.plan_sweep import Promise, bound
from jikim.operations.remove_files import remove_files
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Schedules
from jikim.postgres import Server

Row = dict[str, Any]
Seen = TypeVar("Seen")
Found = dict[str, set[bytes]]
"""What was found, by kind of place: ``rows``, ``archive``, ``files``, ``jikim`` and ``papers``."""

LAST = seoul(2033, 1, 1)
"""No sweep is later: holidays that are known then are known to every sweep."""


@dataclass
class Scene:
    """A service that jikim keeps.

    :param folders: the root of each files store.
    """

    service: Service
    kept: Kept
    folders: Mapping[str, Path]
    schedules: Schedules
    schema: Schema

    # -- living -------------------------------------------------------------------------------------------

    def add(self, table: str, **values: Any) -> Any:
        """A new row, written by the service; what its key column holds."""
        names = list(values)
        key = self.service.setting.keys[table]
        statement = sql.SQL("insert into {} ({}) values ({}) returning {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(map(sql.SQL, ["%s"] * len(names))),
            sql.Identifier(key),
        )
        [row] = self._run(statement, *values.values())
        return row[key]

    def change(self, table: str, key: Any, **values: Any) -> None:
        """New values of one row, written by the service."""
        statement = sql.SQL("update {} set {} where {} = %s returning 1 as one").format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values),
            sql.Identifier(self.service.setting.keys[table]),
        )
        assert self._run(statement, *values.values(), key), (table, key)

    def put(self, store: str, path: str, content: bytes) -> None:
        """A file of the service's."""
        file = self.folders[store] / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def live(self, batch: Batch) -> None:
        """Let the people of the made-up world do what they did."""
        if self.service.lite:
            with closing(sqlite3.connect(self.kept.url, timeout=30, isolation_level=None)) as connection:
                load_lite(connection, batch)
        else:
            with psycopg.connect(self.kept.url, autocommit=True) as connection:
                load(connection, batch)
        put_files(batch, self.folders)

    def _run(self, statement: sql.Composed, *values: Any) -> list[Row]:
        if self.service.lite:
            return self.kept.execute(statement.as_string(), *map(plain, values))
        given = [Jsonb(value) if isinstance(value, dict) else value for value in values]
        return self.kept.execute(statement, *given)  # type: ignore[arg-type]

    # -- sweeping and looking -----------------------------------------------------------------------------

    def sweep(self, as_of: datetime) -> None:
        """Keep the promise as of an instant.

        :raises UnkeptError: something was blocked, refused or left.
        """
        planned = self.kept.plan(as_of)
        applied = self.kept.apply(planned, as_of)
        removed = remove_files(self.kept.store, self.folders)
        if not applied.complete or removed.failed:
            unkept = [s for s in applied.steps if s.state != "done"]
            raise UnkeptError(unkept, applied.blocked, removed.failed, planned.findings)

    def around(self, due: datetime, look: Callable[[], Seen]) -> list[Seen]:
        """What is seen after the sweeps at 00:00 of the day before, of the day itself and of the day after."""
        seen = []
        for days in (-1, 0, 1):
            self.sweep(due + timedelta(days=days))
            seen.append(look())
        return seen

    def rows(self, table: str) -> list[Row]:
        """Every row of a table of the service."""
        return self.kept.rows(table)

    def count(self, table: str) -> int:
        return len(self.rows(table))

    def only(self, table: str) -> Row:
        """The only row of a table."""
        [row] = self.rows(table)
        return row

    def filled(self) -> set[str]:
        """The tables about people that hold anything."""
        personal = {name for name, each in self.kept.promise.datamap.tables.items() if each.personal}
        return {table for table in self.service.setting.keys if table in personal and self.rows(table)}

    def copies(self, table: str, record: str) -> list[Copy]:
        """Archived copies of a table's rows under one record."""
        found = copies_in(self.kept.store.archive, archive_table(table, record))
        return [
            Copy(
                (row["jikim_subject"], tuple(row["jikim_subject_key"] or ())),
                {name: value for name, value in row.items() if not name.startswith("jikim_")},
                row["jikim_destroy_after"].astimezone(SEOUL),
            )
            for row in (as_copied(row, self.schema.tables[table]) for row in found)
        ]

    def archived(self) -> set[str]:
        """The tables of the archive that hold anything, each as the table it came from and the record."""
        kept = {(s.table, r) for s in self.schedules for r in s.records}
        return {f"{table} as {record}" for table, record in kept if self.copies(table, record)}

    def copy(self, table: str, record: str) -> Copy:
        """The only archived copy of a table's rows under one record."""
        [copy] = self.copies(table, record)
        return copy

    def files(self, store: str) -> set[str]:
        """The paths of a files store, without jikim's marker."""
        root = self.folders[store]
        paths = (file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
        return {path for path in paths if path != MARKER}

    def everywhere(
        self, papers: Mapping[str, bytes] | None = None, *, pattern: re.Pattern[bytes] = PATTERN
    ) -> Found:
        """What matches in rows, archive and files, in jikim's own tables, and in these papers."""
        found: Found = {kind: set() for kind in ("rows", "archive", "files", "jikim", "papers")}
        found["papers"] |= _tokens(scan_bytes(papers or {}, pattern=pattern))
        for root in self.folders.values():
            found["files"] |= _tokens(scan_files(root, pattern=pattern))
        for place, token in self._in_databases(pattern):
            found[_kind(place)].add(token)
        return found

    def _in_databases(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, bytes]]:
        archive = self.kept.store.archive
        urls = [] if self.service.lite else [self.kept.url]
        if isinstance(archive, PostgresArchive):
            urls.append(archive.keeper.url.set(drivername="postgresql").render_as_string(False))
        finds = []
        for url in urls:
            with psycopg.connect(url, autocommit=True) as connection:
                finds.append(scan_database(connection, pattern=pattern))
        files = {"public": Path(self.kept.url)} if self.service.lite else {}
        files |= {"kept_by_law": archive.path} if isinstance(archive, SqliteArchive) else {}
        finds += [scan_bytes(_tables(name, path), pattern=pattern) for name, path in files.items()]
        for each in finds:
            yield from ((place, token.encode()) for token, places in each.items() for place in places)


def _tokens(found: Finds) -> set[bytes]:
    return {token.encode() for token in found}


def _kind(place: str) -> str:
    schema, table, *_ = place.split(".")
    if table.startswith("jikim_") or schema not in ("public", "kept_by_law"):
        return "jikim"
    return "rows" if schema == "public" else "archive"


def _tables(name: str, path: Path) -> dict[str, bytes]:
    """Each column of each table of a SQLite file, by its place."""
    with closing(sqlite3.connect(path)) as connection:
        columns = connection.execute(
            "select t.name, c.name from pragma_table_list t, pragma_table_xinfo(t.name) c"
            " where t.schema = 'main' and t.type = 'table'"
        ).fetchall()
        return {
            f"{name}.{table}.{column}": "\n".join(
                str(value) for (value,) in connection.execute(f'select "{column}" from "{table}"')
            ).encode()
            for table, column in columns
        }


# -- opening ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """A service that is installed and prepared, to be copied for each scene.

    ``app`` and ``archive`` are databases to copy on these servers; ``folder`` holds SQLite files.
    """

    service: Service
    folder: Path
    servers: tuple[Server, Server]
    app: str = ""
    archive: str = ""


@contextmanager
def ready(service: Service, folder: Path, servers: tuple[Server, Server]) -> Iterator[Ready]:
    """Install a service, and prepare it for jikim.

    :param servers: where services live, and where those archives do that are elsewhere.
    """
    promise, (here, there) = promise_of_service(service), servers
    with ExitStack() as opened:
        app = "" if service.lite else opened.enter_context(fresh_database(here))
        archive = opened.enter_context(fresh_database(there)) if service.apart else ""
        if service.lite:
            with closing(sqlite3.connect(folder / "app.db", isolation_level=None)) as connection:
                connection.executescript(service.schema)
        else:
            with psycopg.connect(app, autocommit=True) as owner:
                service.install(owner)
        with _kept(service, folder, app, archive, promise) as kept:
            _prepare(service, kept)
        yield Ready(service, folder, servers, app and name_of(app), archive and name_of(archive))


@contextmanager
def scene(of: Ready, folder: Path, *, promise: Promise | None = None) -> Iterator[Scene]:
    """A copy of a service that is ready, in a new folder.

    :param promise: another than the service's own: it is prepared for that.
    """
    service, (here, there) = of.service, of.servers
    shutil.copytree(of.folder, folder, dirs_exist_ok=True)
    folders = {name: folder / "files" / name for name in service.folders}
    for each in folders.values():
        each.mkdir(parents=True)
        with opened_folder(each) as found:
            found.mark()
    with ExitStack() as opened:
        app = opened.enter_context(fresh_database(here, template=of.app)) if of.app else ""
        archive = opened.enter_context(fresh_database(there, template=of.archive)) if of.archive else ""
        kept = opened.enter_context(
            _kept(service, folder, app, archive, promise or promise_of_service(service))
        )
        kept.folders = folders
        if promise:
            _prepare(service, kept)
        schedules, schema, findings = bound(kept.store, kept.promise, as_of=LAST)
        personal = {name for name, each in kept.promise.datamap.tables.items() if each.personal}
        if missing := personal - {schedule.table for schedule in schedules}:
            raise UnkeptError(missing, findings)
        yield Scene(service, kept, folders, schedules, schema)


@contextmanager
def _kept(service: Service, folder: Path, app: str, archive: str, promise: Promise) -> Iterator[Kept]:
    with ExitStack() as opened:
        apart: Any = None
        if archive:
            apart = elsewhere(archive)
            opened.callback(apart.keeper.dispose)
        if service.lite:
            yield opened.enter_context(kept_in(folder, promise=promise, archive=apart))
        else:
            yield opened.enter_context(kept_at(app, promise=promise, archive=apart, service=service))


def _prepare(service: Service, kept: Kept) -> None:
    bound(kept.store, kept.promise, as_of=LAST)
    kept.store.prepare(
        None if service.lite else kept.url, app_role=None if service.lite else service.role("app")
    )
