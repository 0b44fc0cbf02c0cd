"""Signed heads of the log. Effectful."""

from datetime import datetime

import sqlalchemy as sa

from jikim.ledger.driver import fetch
from jikim.ledger.tables import CHECKPOINT

_SEALER_LOCK = 0x6A696B02
"""Advisory lock: who holds it is the one sealer."""


def become_sealer(connection: sa.Connection) -> None:
    """Wait until nobody else seals; nobody else will until this transaction ends."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SEALER_LOCK)))


def add(connection: sa.Connection, note: str, *, size: int, at: datetime) -> None:
    """Store a signed note. Only the sealer may."""
    connection.execute(sa.insert(CHECKPOINT).values(size=size, note=note, at=at))


def latest(connection: sa.Connection) -> str | None:
    """The newest signed note; None when nothing was ever sealed."""
    rows = fetch(connection, "select note from jikim.checkpoint order by size desc limit 1", {})
    return rows[0][0] if rows else None


def sizes(connection: sa.Connection) -> list[int]:
    """The sizes at which there are notes, ascending."""
    return list(connection.execute(sa.select(CHECKPOINT.c.size).order_by(CHECKPOINT.c.size)).scalars())


def note_at(connection: sa.Connection, size: int) -> str:
    """The signed note of one size."""
    note: str = connection.execute(sa.select(CHECKPOINT.c.note).where(CHECKPOINT.c.size == size)).scalar_one()
    return note
