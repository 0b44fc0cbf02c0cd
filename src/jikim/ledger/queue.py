"""Entries that wait to be sealed. Effectful.

Whoever did something queues what is to be said about it, in the transaction that records the deed. Nobody
waits for anybody: places in the log are given out later, by the one sealer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.canonical import canonical
from jikim.evidence.entry import Body, Entry
from jikim.ledger.driver import copy_in, fetch
from jikim.ledger.errors import LedgerError
from jikim.ledger.tables import ENTRY, ENTRY_QUEUE

_UNPLACED = b'"seq":0,"v":1}'


class Draft(NamedTuple):
    """An entry without its place in the log.

    :param key: what it is about, as ``key`` spells it: two drafts with one key are one entry, the first. None where
        something else keeps it from being said twice: the name of a receipt does, in ``imported``.
    :param exact: the entry's canonical bytes at ``seq`` 0.
    """

    key: str | None
    kind: str
    run: str | None
    tag: str | None
    exact: bytes

    @classmethod
    def of(cls, body: Body, *, key: str | None, at: datetime, as_of: datetime) -> "Draft":
        """The draft of something done at ``at``, decided for ``as_of``. Raises ``EntryError``."""
        exact = Entry(0, at=at, as_of=as_of, body=body).encode()
        return cls(key, body.kind, getattr(body, "run", None), getattr(body, "tag", None), exact)

    def placed(self, seq: int) -> bytes:
        """The entry's bytes at its place. Equal to encoding it there, and a hundred times faster.

        One sealer does this for everybody. In canonical form ``seq`` and ``v`` are the last keys of an entry.
        """
        if not self.exact.endswith(_UNPLACED):
            raise LedgerError(
                f"a queued entry of kind `{self.kind}` is not in the form in which it was queued"
            )
        return b'%b"seq":%d,"v":1}' % (self.exact[: -len(_UNPLACED)], seq)


def key(*parts: str | int | datetime) -> str:
    """One spelling for what an entry is about: different parts, different keys."""
    return canonical([p.isoformat() if isinstance(p, datetime) else p for p in parts]).decode()


def enqueue(connection: sa.Connection, drafts: Sequence[Draft]) -> None:
    """Queue entries in this order; those whose key is queued already are left out.

    One whose key was sealed before is queued, and dropped by the sealer: only the sealer, being one, can tell
    without a race.
    """
    columns = ("key", "kind", "run", "tag")
    arrays = {c: sa.literal([getattr(d, c) for d in drafts], pg.ARRAY(sa.Text)) for c in columns}
    exact = sa.literal([d.exact for d in drafts], pg.ARRAY(sa.LargeBinary))
    given = (
        sa.func.unnest(*arrays.values(), exact)
        .table_valued(*columns, "draft", with_ordinality="place", name="given")
        .render_derived()
    )
    wanted = [given.c[c] for c in (*columns, "draft")]
    statement = pg.insert(ENTRY_QUEUE).from_select(
        [*columns, "draft"], sa.select(*wanted).order_by(given.c.place), include_defaults=False
    )
    connection.execute(statement.on_conflict_do_nothing())


def enqueue_all(connection: sa.Connection, drafts: Iterable[Draft]) -> None:
    """Queue entries in this order, many at once. None of them has a key."""
    copy_in(connection, ENTRY_QUEUE, ("key", "kind", "run", "tag", "draft"), drafts)


def newest(connection: sa.Connection) -> int:
    """The number of the newest queued entry; 0 when none waits."""
    return connection.execute(sa.select(sa.func.max(ENTRY_QUEUE.c.id))).scalar_one() or 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Entries that left the queue: the number of the last, if any, and those that the log does not have yet."""

    last: int | None
    fresh: list[Draft]


# One range of numbers, and not so many numbers: half of the work. It begins at the oldest and has no more numbers than
# entries may be taken: to look for the last of so many entries, a planner without statistics sorts all that wait. What
# was taken before is still in the index, and is not gone through again.
_TAKE: LiteralString = """
    delete from jikim.entry_queue where id > %(after)s::bigint and id <= %(until)s::bigint and id < %(most)s + (
        select id from jikim.entry_queue where id > %(after)s::bigint and id <= %(until)s::bigint order by id limit 1)
    returning id, key, kind, run, tag, draft"""


def take(connection: sa.Connection, *, after: int, until: int, most: int) -> Taken:
    """Take out the oldest entries after number ``after`` and up to ``until``: numbers are passed over by what was not
    queued after all, so there may be fewer than ``most`` while others wait. Only the sealer may."""
    rows = fetch(connection, _TAKE, {"after": after, "until": until, "most": most})
    rows.sort()
    drafts = [Draft._make(row[1:]) for row in rows]
    sealed = _sealed(connection, [draft.key for draft in drafts if draft.key is not None])
    last = rows[-1][0] if rows else None
    return Taken(last, [draft for draft in drafts if draft.key not in sealed] if sealed else drafts)


def _sealed(connection: sa.Connection, keys: list[str]) -> frozenset[str]:
    """Those of the keys that the log has."""
    if not keys:
        return frozenset()
    query = sa.select(ENTRY.c.key).where(ENTRY.c.key == sa.func.any(sa.literal(keys, pg.ARRAY(sa.Text))))
    return frozenset(connection.execute(query).scalars())


def waiting(connection: sa.Connection, *, run: str | None = None, tag: str | None = None) -> int:
    """How many entries wait to be sealed, of all or about this run or person."""
    query = sa.select(sa.func.count()).select_from(ENTRY_QUEUE)
    if run is not None:
        query = query.where(ENTRY_QUEUE.c.run == run)
    if tag is not None:
        query = query.where(ENTRY_QUEUE.c.tag == tag)
    return connection.execute(query).scalar_one()
