"""Begin another log where the key file of the one before is lost, and say so in its first entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from jikim.evidence.entry import LogBody
from jikim.ledger import checkpoints
from jikim.ledger.engine import snapshot
from jikim.ledger.tables import ENTRY, ENTRY_QUEUE, EPOCH_KEY, IMPORTED, RUN
from jikim.operations.record_event import record_event

LOST: Final = (
    "the log before can be verified with its public key, and not be continued",
    "persons in its evidence are not recognised any more: not for a certificate, not in a restored backup",
    "a mask that tags values gives the same row another tag from now on",
)
"""What goes with a key file."""


@dataclass(frozen=True)
class Log:
    """A log that is there: how many entries it has, and its newest signed checkpoint."""

    entries: int
    note: str | None


def log_of(ledger: sa.Engine) -> Log | None:
    """The log of a ledger that may not have been prepared; None where nothing was ever put on record.

    :raises LedgerError: the ledger cannot be read.
    """
    with snapshot(ledger, doing="looking for a log") as connection:
        if connection.scalar(sa.select(sa.func.to_regclass(ENTRY.fullname))) is None:
            return None
        known = (ENTRY, ENTRY_QUEUE, EPOCH_KEY, IMPORTED, RUN)
        if not connection.scalar(sa.select(sa.or_(*(sa.exists(sa.select(table)) for table in known)))):
            return None
        entries = connection.scalar(sa.select(sa.func.count()).select_from(ENTRY)) or 0
        return Log(entries, checkpoints.latest(connection))


def begin_log(ledger: sa.Engine, *, before: Log | None, now: datetime) -> None:
    """Put on record that this log begins because the one before cannot go on.

    :param before: where it is known; its checkpoint stands in the entry, and can be verified.
    :raises LedgerError: the ledger refused.
    """
    note = {"before": before.note} if before and before.note else {}
    record_event(ledger, LogBody(state="begun", lost=LOST, **note), about=(), at=now)
