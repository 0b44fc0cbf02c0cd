"""Sessions with PostgreSQL: they see past row security or fail, wait briefly for locks, and are silent about rows.

A driver's message quotes rows, so only its kind goes on. Effectful.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from jikim.backends.base import StoreError, Way
from jikim.backends.postgresql import reach
from jikim.backends.sql.dialect import Statement
from jikim.datamap.survey import quoted

CHANGING: Final = 0x6A696B696D  # "jikim", read as a number
"""The advisory lock that whoever changes rows shares with others, and whoever tells of facts holds alone."""

BRIEFLY: Final = "50ms"
"""How long a batch waits for what somebody holds: shorter than the store looks for deadlocks."""

_DENIED = re.compile(r'for (?:table|view|relation) "?([^"]+)"?$')
_FUNCTION = re.compile(r"PL/pgSQL function ([^\s(]+)\(")


@contextmanager
def scrubbed(doing: str, *, rights: Callable[[str | None], str] | None = None) -> Iterator[None]:
    """Turn a driver's error into one that names what was being done and never quotes a row.

    :param rights: the statement that gives the rights this needs, given the table that the store named.
    :raises StoreError: for any error of the database.
    """
    try:
        yield
    except (sa.exc.DBAPIError, psycopg.Error) as error:
        original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        state = getattr(original, "sqlstate", None) or "no connection"
        kind = type(original).__name__
        detail = ""
        fix = _FIXES.get(str(state), "see the server's own log for the row; it is not repeated here")
        if state == "42501" and rights:
            denied = _DENIED.search(str(original).partition("\n")[0])
            fix = rights(denied[1] if denied else None)
        if isinstance(original, psycopg.OperationalError) and original.sqlstate is None:
            detail = str(original).partition("\n")[0]  # of the connection: host, port, database, role
        elif isinstance(original, psycopg.Error):
            named = (original.diag.table_name, original.diag.constraint_name)
            detail = ", ".join(f"`{name}`" for name in named if name)
            if function := _FUNCTION.search(original.diag.context or ""):
                detail = f"{detail} in `{function[1]}`, which a trigger of the store runs".lstrip()
                fix = _FIXES.get(str(state), "") if state != "42501" else ""
                fix = fix or "mend that function: whoever deletes needs the rights it needs"
        raise StoreError(
            f"the store refused while {doing}: {kind} ({state}) {detail}".rstrip(), fix=fix
        ) from None


_FIXES = {
    "42501": "give the role the right that is missing: see `jikim prepare --print`",
    "3F000": "the schema `jikim` is missing: run `jikim prepare`",
    "42P01": "a table is missing: run `jikim prepare`",
    "55P03": "another session holds a lock: run it again, finished batches stay finished",
    "57014": "a statement took too long: run it again with a smaller `--batch`",
    "25006": "it is a standby, or read-only: let the URL name the primary, then run it again",
    "53100": "the disk is full: make room, then run it again; finished batches stay finished",
    "57P01": "the session was ended from outside: run it again, finished batches stay finished",
    "42703": "a column is not there any more: plan again, and mend the map where it says so; one of jikim's own is "
    "made by `jikim prepare`",
    "23503": "a row that still points to it appeared meanwhile: run it again",
    "no connection": "check that the server runs and the URL is right; run it again, finished batches stay finished",
}


def engine(url: str, *, role: str, tables_in: str | None = None) -> sa.Engine:
    """An engine whose sessions are jikim's: UTC, no row security, short waits.

    :param tables_in: the service's schema, where its own triggers look for what they name without one.
    :raises StoreError: the URL cannot be read.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            f"the URL of the {role} cannot be read", fix="write postgresql://user@host/database"
        ) from None
    if parsed.get_backend_name() != "postgresql":
        raise StoreError(
            f"a store `{parsed.get_backend_name()}` is not known",
            fix="write postgresql://user@host/database, or sqlite:///folder/file.db",
        )
    settings = {
        "timezone": "UTC",
        "row_security": "off",
        "datestyle": "ISO",  # keys of times are made of their text
        "bytea_output": "hex",
        "jit": "off",  # compiling a census takes a hundred times longer than running it
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "60s",
        "search_path": f"pg_catalog,{quoted(tables_in)}" if tables_in else "pg_catalog",
    }
    options = " ".join(f"-c {name}={_escaped(value)}" for name, value in settings.items())
    return sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "application_name": f"jikim {role}"},
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _escaped(value: str) -> str:
    """A setting as it stands in a session's options, where spaces part one from the next."""
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


@contextmanager
def changing(
    sweeper: sa.Engine,
    *,
    alone: bool = False,
    by_index: bool = False,
    briefly: bool = False,
) -> Iterator[sa.Connection]:
    """A transaction beside which others may change rows, too, or that waits until nobody does.

    Statements begin after that, and see every fact that the store has heard of.

    :param by_index: no table is read from end to end where an index leads to what is sought: a batch costs what it
        touches, however large the tables are to which its rows point.
    :param briefly: a statement does not wait for what somebody holds as long as others do.
    """
    with sweeper.begin() as connection:
        connection.exec_driver_sql(_begun(alone=alone, by_index=by_index, briefly=briefly))
        yield connection


def _begun(
    *, alone: bool = False, by_index: bool = False, briefly: bool = False, planned_once: bool = False
) -> str:
    """What the first statement of a transaction that changes rows says."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    settings = {
        "enable_seqscan": "off" if by_index else "",
        "lock_timeout": BRIEFLY if briefly else "",
        "plan_cache_mode": "force_generic_plan" if planned_once else "",
    }
    said = "".join(f", set_config('{name}', '{value}', true)" for name, value in settings.items() if value)
    return f"select {lock}({CHANGING}){said}"


CHANGING_ONE: Final = ("begin", _begun(by_index=True, briefly=True, planned_once=True))
"""How a transaction begins that changes the rows of one person, as many others do after another."""
BY_INDEX: Final = ("begin read only", "select set_config('enable_seqscan', 'off', true)")
READING_ONE: Final = ("begin read only", "select set_config('plan_cache_mode', 'force_generic_plan', true)")
"""How one begins that reads them: statements are planned once, as if nothing were known of their values."""


@contextmanager
def in_one_go(connection: sa.Connection, begun: Sequence[str]) -> Iterator[psycopg.Connection[Any]]:
    """A transaction whose statements go over together, on a connection that otherwise commits each by itself.

    :param begun: its first statements.
    :raises psycopg.Error: one was refused, or the whole was; nothing was done.
    :raises StoreError: as the block does; nothing was done.
    """
    driver = driver_of(connection)
    failed: psycopg.Error | StoreError | None = None
    try:
        try:
            with driver.pipeline():
                try:
                    for each in begun:
                        driver.execute(each.encode(), prepare=True)
                    yield driver
                    driver.execute("commit", prepare=True)
                except (psycopg.Error, StoreError) as error:
                    failed = (
                        error  # raised below: what it meets while it ends for an error the driver would log
                    )
        except psycopg.Error as error:
            failed = failed or error
        if failed:
            raise failed
    finally:
        status = driver.info.transaction_status
        if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            driver.rollback()
        elif status is not TransactionStatus.IDLE:
            connection.invalidate()


def driver_of(connection: sa.Connection) -> psycopg.Connection[Any]:
    """The driver's own connection, for what goes past SQLAlchemy."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"nothing is prepared by `{type(driver).__name__}`")
    return driver


def unless_held(
    sweeper: sa.Engine, change: Callable[[sa.Connection], int], *, by_index: bool = False
) -> int | None:
    """Change rows in a transaction of its own; None where somebody holds what it needs, or took it away.

    Whoever waits here would keep others waiting, and might be waited for.
    """
    try:
        with changing(sweeper, by_index=by_index, briefly=True) as connection:
            return change(connection)
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable | psycopg.errors.UndefinedTable):
            return None
        raise


def run_all(connection: sa.Connection, statements: Iterable[str]) -> None:
    """Statements without values, as they stand."""
    as_it_stands = connection.execution_options(no_parameters=True)
    for statement in statements:
        as_it_stands.exec_driver_sql(statement)


def run(connection: sa.Connection, statement: Statement, **values: Any) -> sa.CursorResult[Any]:
    return connection.exec_driver_sql(statement.text, {**statement.values, **values})


def at_once(connection: sa.Connection, statements: Iterable[Statement]) -> list[Sequence[Any]]:
    """The only row of each: one is carried out while the next is put together. Raises ``psycopg.Error`` for any."""
    driver: Any = connection.connection.driver_connection
    found: list[Sequence[Any]] = []
    failed: psycopg.Error | None = None
    try:
        with driver.pipeline():
            try:
                sent = [driver.execute(statement.text, statement.values) for statement in statements]
                found = [cursor.fetchone() for cursor in sent]
            except psycopg.Error as error:
                failed = (
                    error  # raised below: of what it meets while it ends for an error, the driver would log
                )
    except psycopg.Error as error:
        failed = failed or error
    if failed:
        if driver.closed:
            connection.invalidate()
        raise failed
    return found


def role_of(role: sa.Engine) -> str:
    """The role that an engine signs in as.

    :raises StoreError: it cannot.
    """
    with scrubbed("asking for its role"), role.connect() as connection:
        return str(connection.execute(sa.text("select current_user")).scalar_one())


def principals(sweeper: sa.Engine, keeper: sa.Engine) -> tuple[str, str]:
    """The roles that sweep and keep. Raises ``StoreError``."""
    return role_of(sweeper), role_of(keeper)


def also_keeps(sweeper: sa.Engine, keeper: sa.Engine) -> Way | None:
    """How the role that sweeps is, or can become, the one that keeps the archive; None where it cannot.

    :raises StoreError: one of them cannot sign in.
    """
    one, other = principals(sweeper, keeper)
    with scrubbed("asking for its roles"), sweeper.connect() as connection:
        return reach.also_keeps(connection, sweeper=one, keeper=other)
