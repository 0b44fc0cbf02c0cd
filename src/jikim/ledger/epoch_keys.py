"""Epoch keys: what persons' tags are made with, for one epoch each, and shredded when no backup needs them.

Effectful. An epoch key makes new tags until it ends. Then it is kept until the longest backup horizon has
passed, so that a restored store can be replayed: tags are computed anew and matches removed. Then it is
shredded, and the tags mean nothing.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from jikim.evidence.tags import KEY_BYTES
from jikim.ledger.keys import Keys
from jikim.ledger.tables import EPOCH_KEY

_EPOCH_LOCK = 0x6A696B03


@dataclass(frozen=True, slots=True)
class EpochKey:
    """A living epoch key."""

    id: str
    key: bytes = field(repr=False)


def current(
    connection: sa.Connection, keys: Keys, *, now: datetime, lasts: timedelta, horizon: timedelta
) -> EpochKey:
    """The key that makes tags now; a new one, from fresh random bytes, when the last has ended.

    :param lasts: how long a new key makes tags.
    :param horizon: how long the oldest backup is kept.
    :raises LedgerError: it was wrapped by another key file.
    """
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_EPOCH_LOCK)))
    query = sa.select(EPOCH_KEY).where(EPOCH_KEY.c.wrapped.is_not(None), EPOCH_KEY.c.ends_at > now)
    row = connection.execute(query.order_by(EPOCH_KEY.c.created_at.desc()).limit(1)).one_or_none()
    if row:
        return EpochKey(row.id, keys.unwrap(row.wrapped, id=row.id))
    made = EpochKey(secrets.token_hex(8), secrets.token_bytes(KEY_BYTES))
    values = {
        "id": made.id,
        "wrapped": keys.wrap(made.key, id=made.id, nonce=secrets.token_bytes(12)),
        "created_at": now,
        "ends_at": now + lasts,
        "retire_after": now + lasts + horizon,
    }
    connection.execute(sa.insert(EPOCH_KEY).values(values))
    return made


def living(connection: sa.Connection, keys: Keys) -> list[EpochKey]:
    """Every key that is not shredded, the newest first: what can still recognise a person.

    :raises LedgerError: one was wrapped by another key file.
    """
    query = sa.select(EPOCH_KEY).where(EPOCH_KEY.c.wrapped.is_not(None))
    rows = connection.execute(query.order_by(EPOCH_KEY.c.created_at.desc()))
    return [EpochKey(row.id, keys.unwrap(row.wrapped, id=row.id)) for row in rows]


def shred(connection: sa.Connection, *, now: datetime) -> list[str]:
    """Destroy the keys whose horizon has passed; their names.

    The table is emptied and filled again: TRUNCATE gives it a new file, and the old one goes when this
    transaction is committed. UPDATE or VACUUM FULL could leave the bytes behind, as long as some session may
    yet look at the past. What the write-ahead log and backups of the ledger hold is not touched.
    """
    connection.execute(sa.text(f"lock table {EPOCH_KEY.fullname} in access exclusive mode"))
    rows = connection.execute(sa.select(EPOCH_KEY).order_by(EPOCH_KEY.c.created_at)).mappings().all()
    due = [row["id"] for row in rows if row["wrapped"] is not None and row["retire_after"] <= now]
    if due:
        gone = {"wrapped": None, "shredded_at": now}
        kept = [{**row, **(gone if row["id"] in due else {})} for row in rows]
        connection.execute(sa.text(f"truncate {EPOCH_KEY.fullname}"))
        connection.execute(sa.insert(EPOCH_KEY), kept)
    return due
