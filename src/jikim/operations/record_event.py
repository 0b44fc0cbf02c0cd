"""Put on record what happened outside a sweep: a hold placed or released, a read of the archive."""

from datetime import datetime

import sqlalchemy as sa

from jikim.canonical import digest
from jikim.evidence.entry import Body
from jikim.ledger import queue
from jikim.ledger.engine import transaction
from jikim.ledger.queue import Draft


def record_event(
    ledger: sa.Engine, body: Body, *, about: tuple[str, ...], at: datetime, as_of: datetime | None = None
) -> None:
    """Queue one entry, once: the same body, ``about`` and ``at`` again is the same event.

    What was done in a store and what is said here are two transactions. Whoever was killed between them says
    it again, with the instant of the deed.

    :param about: what tells this event from others that say the same at that instant, such as the case.
    :param as_of: the instant it was decided for, if another than ``at``.
    :raises EntryError: the body holds what evidence cannot say.
    :raises LedgerError: the ledger refused.
    """
    key = queue.key(body.kind, *about, at, digest(body.model_dump(mode="json")))
    draft = Draft.of(body, key=key, at=at, as_of=as_of or at)
    with transaction(ledger, doing="recording an event") as connection:
        queue.enqueue(connection, [draft])
