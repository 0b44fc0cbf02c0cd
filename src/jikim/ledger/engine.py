"""Sessions with the ledger's database, and the ways to use one. Effectful."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from jikim.ledger.errors import LedgerError

_SETTINGS = {
    "timezone": "UTC",
    "search_path": "pg_catalog",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}
_FIXES = {
    "3F000": "make its tables: `jikim.ledger.upgrading`, which every command does first",
    "42P01": "make its tables: `jikim.ledger.upgrading`, which every command does first",
    "42501": "connect as the role that owns the schema `jikim` of the ledger",
    "55P03": "another process is sealing or upgrading: run it again",
    "57014": "a statement took too long: run it again when the server is less busy",
}


def connect(url: str) -> sa.Engine:
    """An engine for the ledger's database.

    :param url: ``postgresql://…``; psycopg 3 is the driver.
    :raises LedgerError: the URL is not one of a PostgreSQL database.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() != "postgresql":
        raise LedgerError(
            "the URL of the ledger is not one of a PostgreSQL database",
            fix="write postgresql://user@host/database",
        )
    return sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
            "application_name": "jikim ledger",
        },
        pool_pre_ping=True,
        hide_parameters=True,
    )


@contextmanager
def transaction(engine: sa.Engine, *, doing: str) -> Iterator[sa.Connection]:
    """One transaction, committed at the end of the block.

    :param doing: what for, as an error says it: ``sealing``, ``importing receipts``.
    :raises LedgerError: the database refused; nothing of the block was done.
    """
    with _named(doing), engine.begin() as connection:
        yield connection


@contextmanager
def looking(engine: sa.Engine, *, doing: str) -> Iterator[sa.Connection]:
    """For one question that stands for itself.

    :raises LedgerError: the database refused.
    """
    with _named(doing), engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        yield connection


@contextmanager
def snapshot(engine: sa.Engine, *, doing: str) -> Iterator[sa.Connection]:
    """One read-only view of the ledger as it is now, however long the block takes.

    :raises LedgerError: the database refused.
    """
    still = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with _named(doing), still.begin() as connection:
        yield connection


@contextmanager
def _named(doing: str) -> Iterator[None]:
    """A driver's error in our words: its kind, never the values it quotes."""
    try:
        yield
    except (sa.exc.DBAPIError, psycopg.Error) as error:  # COPY speaks to the driver itself
        original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        state = getattr(original, "sqlstate", None) or "no connection"
        raise LedgerError(
            f"the ledger refused while {doing}: {type(original).__name__} ({state})",
            fix=_FIXES.get(state, "check that its server runs, then run it again: what is done stays done"),
        ) from None
