"""The log's Merkle tree: stored hashes of complete subtrees. Effectful.

Leaf hashes stand beside their entries. Subtrees of 64 leaves and more are stored; a smaller one is folded
from its leaves when somebody asks, which spares the sealer a row for every entry.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.evidence import merkle
from jikim.evidence.merkle import Frontier, Growth, HashAt, Node
from jikim.ledger.driver import copy_in
from jikim.ledger.errors import LedgerError
from jikim.ledger.tables import ENTRY, TREE_NODE

STORED_FROM = 6
"""The lowest level whose hashes are stored."""


def grow(connection: sa.Connection, growth: Growth) -> None:
    """Store the hashes that appending gave. Only the sealer may."""
    copy_in(connection, TREE_NODE, ("level", "place", "hash"), growth.nodes(lowest=STORED_FROM))


def frontier(connection: sa.Connection, *, size: int) -> Frontier:
    """The tree's right edge when the log held ``size`` entries.

    :raises LedgerError: hashes are missing.
    """
    return Frontier.at(size, hash_at=hashes(connection, merkle.subtrees(0, size)))


def hashes(connection: sa.Connection, nodes: Iterable[Node]) -> HashAt:
    """The hashes of these complete subtrees, fetched at once; a lost one raises ``LedgerError`` when asked."""
    wanted = set(nodes)
    known = _stored(connection, [node for node in wanted if node[0] >= STORED_FROM])
    low = [node for node in wanted if node[0] < STORED_FROM]
    leaves = _leaves(connection, {place << level >> STORED_FROM for level, place in low})
    for level, place in low:
        each = [leaves.get(seq) for seq in range(place << level, (place + 1) << level)]
        whole = [leaf for leaf in each if leaf is not None]
        if len(whole) == len(each):
            known[level, place] = merkle.root(whole)

    def hash_at(level: int, place: int) -> bytes:
        try:
            return known[level, place]
        except KeyError:
            first, last = place << level, ((place + 1) << level) - 1
            raise LedgerError(
                f"the log has lost hashes of its entries `{first}` to `{last}`",
                fix="restore the ledger from a backup, or go by an earlier export",
            ) from None

    return hash_at


def _stored(connection: sa.Connection, nodes: list[Node]) -> dict[Node, bytes]:
    """Hashes of larger subtrees."""
    given = (
        sa.func.unnest(
            sa.literal([level for level, _ in nodes], pg.ARRAY(sa.SmallInteger)),
            sa.literal([place for _, place in nodes], pg.ARRAY(sa.BigInteger)),
        )
        .table_valued(sa.column("level", sa.SmallInteger), sa.column("place", sa.BigInteger), name="given")
        .render_derived()
    )
    joined = sa.and_(TREE_NODE.c.level == given.c.level, TREE_NODE.c.place == given.c.place)
    query = sa.select(TREE_NODE).join(given, joined)
    return {(row.level, row.place): row.hash for row in connection.execute(query)}


def _leaves(connection: sa.Connection, groups: set[int]) -> Mapping[int, bytes]:
    """Leaf hashes by place, of whole groups of 64."""
    given = (
        sa.func.unnest(sa.literal(sorted(groups), pg.ARRAY(sa.BigInteger)))
        .table_valued(sa.column("first", sa.BigInteger), name="given")
        .render_derived()
    )
    width = 1 << STORED_FROM
    inside = sa.and_(ENTRY.c.seq >= given.c.first * width, ENTRY.c.seq < (given.c.first + 1) * width)
    query = sa.select(ENTRY.c.seq, ENTRY.c.leaf_hash).join(given, inside)
    return {row.seq: row.leaf_hash for row in connection.execute(query)}
