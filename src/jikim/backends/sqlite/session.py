"""Sessions with a SQLite file: opened as it is, taught what jikim means, and silent about rows. Effectful.

A session reads one snapshot, or writes as the only writer there is (``BEGIN IMMEDIATE``): nobody changes a row
between a look at it and its end. What is deleted is overwritten (``secure_delete``); what is put aside for a
moment stays in memory (``temp_store``), and so do up to 32 MB of the file (``cache_size``).
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jikim.backends.base import StoreError
from jikim.backends.sqlite.functions import Functions

URL = "sqlite:///"
WAIT = 5.0
"""Seconds to wait for whoever is writing."""

VIRTUAL = "select name, sql from sqlite_schema where type = 'table' and sql like 'create virtual table%'"
"""Virtual tables, and what made them."""

_FIXES = {
    "SQLITE_BUSY": "another process is writing: run it again, finished batches stay finished",
    "SQLITE_LOCKED": "another process is writing: run it again, finished batches stay finished",
    "SQLITE_READONLY": "let whoever runs jikim write the file and the folder it lies in",
    "SQLITE_CANTOPEN": "check the path, and that whoever runs jikim may open the file and write in its folder",
    "SQLITE_FULL": "the disk is full: make room and run it again, finished batches stay finished",
    "SQLITE_IOERR": "the disk could not be read or written: look at it, then run it again",
    "SQLITE_NOTADB": "this is no SQLite database, or it is encrypted",
    "SQLITE_CORRUPT": "the file is damaged: see `pragma integrity_check`, and restore a backup",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "rows that the map does not know still point there: see `jikim map check`",
}


def path_of(url: str, *, role: str, folder: Path | None = None) -> Path:
    """The file that a URL names; a relative one is reckoned from ``folder``.

    :raises StoreError: it names none.
    """
    name = url.removeprefix(URL)
    if not url.startswith(URL) or not name or name == ":memory:" or "?" in name:
        raise StoreError(
            f"the URL of the {role} names no file",
            fix="write sqlite:///folder/file.db, or sqlite:////var/file.db",
        )
    return (folder or Path()) / name


@contextmanager
def scrubbed(doing: str, functions: Functions | None = None) -> Iterator[None]:
    """Turn SQLite's error into one that names what was being done and never quotes a row.

    :raises StoreError: for any error of the database.
    """
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        kind = "_".join(name.split("_")[:2])
        fix = _FIXES.get(name) or _FIXES.get(kind) or "look at the tables' triggers and constraints"
        if functions and functions.wrong:
            raise StoreError(
                f"the store was not understood while {doing}: {functions.wrong}",
                fix="mend those values, or say in the map how they are written (`as:`, `when:`, `never:`)",
            ) from None
        # Only what names parts of the schema: a trigger's own words could quote a row.
        detail = (
            str(error) if kind in ("SQLITE_CONSTRAINT", "SQLITE_ERROR") and "failed: " in str(error) else ""
        )
        if str(error).startswith(("no such ", "attempt to write", "unable to open")):
            detail = str(error)
        if detail.startswith("no such table: main.jikim_"):
            fix = "run `jikim prepare`"
        raise StoreError(f"the store refused while {doing}: {name} {detail}".rstrip(), fix=fix) from None
    finally:
        if functions:
            functions.wrong = ""


def opened(
    path: Path, *, role: str, functions: Functions | None = None, make: bool = False
) -> sqlite3.Connection:
    """A session with a file.

    :param make: whether to make a file that is not there, readable by its owner only.
    :raises StoreError: it is not there, or cannot be opened.
    """
    if not path.exists():
        if not make:
            raise StoreError(
                f"there is no database of the {role} at `{path}`", fix="check the URL in datamap.yaml"
            )
        if not path.parent.is_dir():
            raise StoreError(
                f"there is no folder `{path.parent}`", fix="make it, for whoever keeps the archive"
            )
        path.touch(mode=0o600)
    if not path.is_file():
        raise StoreError(
            f"`{path}` is no file", fix=f"name the file of the {role}, such as sqlite:///{path}/app.db"
        )
    with scrubbed(f"opening the database of the {role}"):
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=rw",
            uri=True,
            timeout=WAIT,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        for pragma in (
            "temp_store = memory",
            "cache_size = -32768",
            "trusted_schema = off",
            "secure_delete = on",
            "foreign_keys = on",
        ):
            connection.execute(f"pragma {pragma}")
        connection.execute("select count(*) from sqlite_schema")
    if functions:
        functions.install(connection)
    return connection


def trust(connection: sqlite3.Connection) -> None:
    """Let the schema's triggers and views use virtual tables, where it has any; jikim's functions they never may.

    SQLite asks no less before a trigger may keep a full-text index in step with its table.
    """
    virtual = bool(rows(connection, VIRTUAL))
    connection.execute(f"pragma trusted_schema = {'on' if virtual else 'off'}")
    connection.set_authorizer(_not_inside if virtual else None)


def _not_inside(action: int, _: str | None, name: str | None, __: str | None, inside: str | None) -> int:
    """Deny a function of jikim's to what stands in a trigger or a view."""
    if action == sqlite3.SQLITE_FUNCTION and inside and name and name.lower().startswith("jikim_"):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Everything as it stood at one moment. Inside a transaction, that transaction."""
    with _transaction(connection, "begin"):
        yield connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """As the only writer: all that is done inside is kept, or nothing."""
    with _transaction(connection, "begin immediate"):
        yield connection


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    if connection.in_transaction:
        yield
        return
    connection.execute(begin)
    try:
        yield
        connection.execute("commit")
    finally:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("rollback")


def rows(
    connection: sqlite3.Connection, query: str, values: Mapping[str, Any] | None = None
) -> list[sqlite3.Row]:
    """Every row of a query. Raises ``sqlite3.Error``."""
    with closing(connection.execute(query, values or {})) as cursor:
        return cursor.fetchall()
