"""Bringing a ledger to the tables this jikim knows. Effectful."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from jikim.ledger.engine import transaction
from jikim.ledger.errors import LedgerError

_UPGRADE_LOCK = 0x6A696B01
"""Advisory lock: two processes that start together upgrade one after the other."""


def upgrade(engine: sa.Engine) -> None:
    """Run the migrations that are missing, all in one transaction. Does nothing when there are none.

    :raises LedgerError: a newer jikim has been here, or another session holds a table for too long.
    """
    config = Config()
    config.set_main_option("script_location", "jikim.ledger:migrations")
    config.set_main_option("path_separator", "os")
    with transaction(engine, doing="upgrading its tables") as connection:
        connection.execute(sa.text("set local lock_timeout = '5s'; set local statement_timeout = '10min'"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise LedgerError(
                "the ledger was written by a newer jikim than this one",
                fix="use the newer jikim: a ledger never goes back",
            ) from None
