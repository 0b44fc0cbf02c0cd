"""Bringing a ledger to the tables this jikim knows. Effectful."""

from typing import Final

import sqlalchemy as sa

from jikim.ledger.engine import transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.tables import SCHEMA

HEAD: Final = "0004"
"""The newest migration: a ledger that is there needs none, and then nothing that migrates is loaded."""
PATIENCE: Final = "5s"
"""How long to wait for a table that another session holds."""
_VERSION: Final = sa.table("alembic_version", sa.column("version_num", sa.Text), schema=SCHEMA)
_UPGRADE_LOCK: Final = 0x6A696B01
"""Advisory lock: two processes that start together upgrade one after the other."""


def upgrade(engine: sa.Engine) -> None:
    """Run the migrations that are missing, all in one transaction. Does nothing when there are none.

    :raises LedgerError: a newer jikim has been here, or another session holds a table for too long.
    """
    with transaction(engine, doing="upgrading its tables") as connection:
        limits = f"set local lock_timeout = '{PATIENCE}'; set local statement_timeout = '10min'"
        connection.execute(sa.text(limits))
        if _version(connection) != HEAD:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            _migrate(connection)


def _version(connection: sa.Connection) -> str | None:
    """The newest migration that has been here; none in an empty database."""
    if connection.scalar(sa.select(sa.func.to_regclass(f"{SCHEMA}.{_VERSION.name}"))) is None:
        return None
    version: str | None = connection.scalar(sa.select(_VERSION.c.version_num))
    return version


def _migrate(connection: sa.Connection) -> None:
    """Whatever alembic finds missing; under the lock it looks again for itself."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "jikim.ledger:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise LedgerError(
            "the ledger was written by a newer jikim than this one",
            fix="use the newer jikim: a ledger never goes back",
        ) from None
