"""Shred the epoch keys that no backup needs any more: the tags they made mean nothing from then on."""

from datetime import datetime

import sqlalchemy as sa

from jikim.ledger import epoch_keys
from jikim.ledger.engine import transaction


def shred_epochs(ledger: sa.Engine, *, now: datetime) -> list[str]:
    """Shred every key whose horizon has passed; the names of those shredded now.

    Their bytes leave the ledger's own files. The ledger's write-ahead log and its backups have horizons of
    their own; the key file that they would need is not among them.

    :raises LedgerError: another session holds the keys for too long; nothing was shredded.
    """
    with transaction(ledger, doing="shredding epoch keys") as connection:
        return epoch_keys.shred(connection, now=now)
