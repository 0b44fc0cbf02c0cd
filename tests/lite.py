"""The same services in SQLite files: their tables with SQLite's types, kept by jikim with an archive elsewhere."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from examples.made_up.load import load_lite, put_files
from examples.made_up.world import Batch
from tests.golden.chronicle import plask_schema
from tests.keeping import KEY, SEOUL, Kept, plask_promise, seoul

from jikim.backends.base import Archive
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.store import SqliteStore
from jikim.datamap.files import listings
from jikim.datamap.schema import OWN, Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.told import told
from jikim.operations.plan_sweep import Promise, bound

TYPES = {
    "bigint": "integer",
    "integer": "integer",
    "timestamp with time zone": "timestamptz",
    "date": "date",
    "jsonb": "json",
    "boolean": "boolean",
    "numeric": "numeric",
}
"""What a column of SQLite is declared as; text where nothing is said."""


def tables_of(schema: Schema) -> Iterator[str]:
    """The tables of a schema as SQLite has them."""
    for table in schema.tables.values():
        columns = [
            f'"{c.name}" {TYPES.get(c.kind, "text")}{"" if c.nullable else " not null"}'
            for c in table.columns.values()
        ]
        keys = [f"primary key ({_named(table.primary_key)})"] if table.primary_key else []
        keys += [f"unique ({_named(u)})" for u in table.unique]
        keys += [
            f'foreign key ({_named(k.columns)}) references "{k.to_table}" ({_named(k.to_columns)})'
            for k in table.foreign_keys
        ]
        yield f'create table "{table.name}" ({", ".join([*columns, *keys])})'


def _named(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{c}"' for c in columns)


@dataclass
class KeptLite(Kept):
    """A service in a SQLite file and jikim beside it; ``url`` is the file's path."""

    _seen: tuple[Any, Schema] | None = None

    def _session(self) -> Any:
        connection = sqlite3.connect(self.url, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return closing(connection)

    def execute(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Run a statement, or several without values, as the service."""
        with self._session() as connection:
            if not values and ";" in query:
                connection.executescript(query)
                return []
            return [dict(row) for row in connection.execute(query.replace("%s", "?"), values)]

    def live(self, batch: Batch) -> None:
        """Let the people of the made-up world do what they did."""
        with self._session() as connection:
            load_lite(connection, batch)
        if self.files is not None:
            put_files(batch, {"motions": self.files})

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table; JSON as what it says, as the memory model holds it."""
        found = self._schema().tables[table]
        own = f"jikim_{found.called}" if found.lies_in == OWN else found.at("main")[1]
        inside = {name for name, column in found.columns.items() if column.type == "json"}
        with self._session() as connection:
            rows = connection.execute(f"select * from {quoted('main', own)}").fetchall()
        return [
            {c: json.loads(v) if c in inside and v is not None else v for c, v in dict(row).items()}
            for row in rows
        ]

    def _schema(self) -> Schema:
        """The shape of the tables, read once for each that they had."""
        [version] = self.execute("pragma schema_version")
        if self._seen is None or self._seen[0] != version:
            self._seen = (version, self.store.reflect())
        return self._seen[1]

    def stored(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a table as the memory model holds it."""
        return self.rows(table.name)


@contextmanager
def kept_in(folder: Path, *, promise: Promise, archive: Archive | None = None) -> Iterator[KeptLite]:
    """jikim beside the file ``app.db`` of a folder, with an archive of its own."""
    kept_apart = archive or SqliteArchive(folder / "archive.db", zone=SEOUL)
    store = SqliteStore(
        folder / "app.db",
        kept_apart,
        name="app",
        zone=SEOUL,
        mask_key=KEY,
        epoch_key=KEY,
        listings=listings(promise.datamap),
        told=told(promise.datamap),
    )
    try:
        yield KeptLite(str(folder / "app.db"), store, promise)  # type: ignore[arg-type]
    finally:
        store.close()
        if isinstance(kept_apart, SqliteArchive):
            kept_apart.close()


@contextmanager
def lite(
    folder: Path,
    *,
    tables: Iterator[str] | list[str],
    promise: Promise,
    as_of: datetime,
    pragmas: Mapping[str, str] | None = None,
    archive: Archive | None = None,
) -> Iterator[KeptLite]:
    """Some tables in a new file, prepared."""
    with closing(sqlite3.connect(folder / "app.db", isolation_level=None)) as connection:
        for name, value in (pragmas or {}).items():
            connection.execute(f"pragma {name} = {value}")
        for statement in tables:
            connection.executescript(statement)
    with kept_in(folder, promise=promise, archive=archive) as kept:
        bound(kept.store, promise, as_of=as_of)
        kept.store.prepare(None, app_role=None)
        yield kept


@contextmanager
def plask_lite(folder: Path, **options: Any) -> Iterator[KeptLite]:
    """Plask in a SQLite file."""
    with lite(
        folder, tables=tables_of(plask_schema()), promise=plask_promise(), as_of=seoul(2026, 1, 1), **options
    ) as kept:
        yield kept
