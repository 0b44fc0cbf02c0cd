"""The sealed log: entries in their exact bytes, from 0 without gaps. Effectful."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

import sqlalchemy as sa

from jikim.evidence.export import Block
from jikim.ledger.driver import copy_in, fetch
from jikim.ledger.queue import Draft
from jikim.ledger.tables import ENTRY


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry as the log holds it."""

    seq: int
    exact: bytes


def append(connection: sa.Connection, placed: Iterable[tuple[int, Draft, bytes, bytes]]) -> None:
    """Add entries: place, draft, leaf hash, exact bytes. Only the sealer may."""
    rows = ((seq, d.key, d.kind, d.run, d.tag, leaf, exact) for seq, d, leaf, exact in placed)
    copy_in(connection, ENTRY, ("seq", "key", "kind", "run", "tag", "leaf_hash", "exact"), rows)


_BLOCK: LiteralString = """
    select leaf_hash, exact from jikim.entry where seq >= %(start)s and seq < %(end)s order by seq"""


def block(connection: sa.Connection, *, note: str, start: int, end: int) -> Block:
    """The entries from ``start`` to ``end`` (exclusive) under their checkpoint, as an export holds them."""
    rows = fetch(connection, _BLOCK, {"start": start, "end": end})
    return Block(note, [leaf for leaf, _ in rows], [exact for _, exact in rows])


_AT: LiteralString = "select seq, exact from jikim.entry where seq = %(seq)s::bigint"


def at(connection: sa.Connection, seq: int) -> SealedEntry | None:
    """The entry at one place."""
    rows = fetch(connection, _AT, {"seq": seq})
    return SealedEntry(*rows[0]) if rows else None


def found(
    connection: sa.Connection,
    *,
    run: str | None = None,
    tag: str | None = None,
    kinds: Sequence[str] = (),
    after: int = -1,
    most: int | None = None,
) -> list[SealedEntry]:
    """Entries in order: of a run, about a person, of some kinds, after a place. What is not said matches."""
    query = sa.select(ENTRY.c.seq, ENTRY.c.exact).where(ENTRY.c.seq > after).order_by(ENTRY.c.seq).limit(most)
    if run is not None:
        query = query.where(ENTRY.c.run == run)
    if tag is not None:
        query = query.where(ENTRY.c.tag == tag)
    if kinds:
        query = query.where(ENTRY.c.kind.in_(kinds))
    return [SealedEntry(*row) for row in connection.execute(query)]
