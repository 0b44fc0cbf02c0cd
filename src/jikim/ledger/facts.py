"""What is said of facts that stand in no row of a service, in order: what its store must be told. Effectful.

A word names the person it is about by the key of their rows, so the ledger forgets it as soon as the store was told
and no backup of the store needs to be told again. Its place, and the id of a hold, remain.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from jikim.ledger.errors import LedgerError
from jikim.ledger.tables import FACT

_FACT_LOCK = 0x6A696B04
"""Advisory lock: words get their places in the order in which they are committed."""


def say(
    connection: sa.Connection, words: bytes, *, at: datetime, id: str | None = None, over: bool = False
) -> int:
    """Add a word; its place.

    :param id: ``kind:name`` of a hold or a restriction, which may be begun once and ended once.
    :raises LedgerError: it was begun or ended before, or ends before it began.
    """
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_FACT_LOCK)))
    if id is not None:
        _is_next(connection, id, over=over)
    place = head(connection) + 1
    connection.execute(sa.insert(FACT).values(place=place, id=id, over=over, words=words, at=at))
    return place


def _is_next(connection: sa.Connection, id: str, *, over: bool) -> None:
    kind, _, name = id.partition(":")
    known = set(connection.execute(sa.select(FACT.c.over).where(FACT.c.id == id)).scalars())
    if not over and known:
        raise LedgerError(
            f"a {kind} `{name}` exists already, or did", fix="choose another id, or release that one"
        )
    if over and known != {False}:
        raise LedgerError(f"no {kind} `{name}` is in force", fix=f"see `jikim {kind} list`")


def head(connection: sa.Connection) -> int:
    """The place of the newest word; 0 when nothing was said."""
    return int(connection.execute(sa.select(sa.func.max(FACT.c.place))).scalar_one() or 0)


def after(connection: sa.Connection, place: int, *, most: int) -> Sequence[tuple[int, bytes]]:
    """Words after a place, in order.

    :raises LedgerError: one of them is forgotten.
    """
    query = (
        sa.select(FACT.c.place, FACT.c.words).where(FACT.c.place > place).order_by(FACT.c.place).limit(most)
    )
    found = [(int(row.place), row.words) for row in connection.execute(query)]
    forgotten = [at for at, words in found if words is None]
    if forgotten:
        raise LedgerError(
            f"the store was told of {place} facts, and the ledger no longer holds the next, up to {forgotten[-1]}",
            fix="the store is older than any backup that may be put back: restore a newer one",
        )
    return found


def untold(connection: sa.Connection, heard: int, *, before: datetime) -> tuple[int, datetime | None]:
    """How many words after a place were said before then, and when the first of them was."""
    query = sa.select(sa.func.count(), sa.func.min(FACT.c.at)).where(FACT.c.place > heard, FACT.c.at < before)
    count, first = connection.execute(query).one()
    return int(count), first


def forget(connection: sa.Connection, *, told: int, before: datetime) -> int:
    """Forget the words up to place ``told`` that were said before then; how many."""
    old = sa.update(FACT).where(FACT.c.place <= told, FACT.c.at < before, FACT.c.words.is_not(None))
    return connection.execute(old.values(words=None)).rowcount
