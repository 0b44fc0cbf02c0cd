"""The log's Merkle tree: stored hashes of complete subtrees. Effectful.

Leaf hashes stand beside their entries. Subtrees of 64 leaves and more are stored; a smaller one is folded
from its leaves when somebody asks, which spares the sealer a row for every entry.
"""

from collections.abc import Iterable
from typing import LiteralString

import sqlalchemy as sa

from jikim.evidence import merkle
from jikim.evidence.merkle import HASH_BYTES, Frontier, Growth, HashAt, Node
from jikim.ledger.driver import copy_in, fetch
from jikim.ledger.errors import LedgerError
from jikim.ledger.tables import TREE_NODE

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


# Each is looked up in an index, whatever the planner believes: a join would read all of a table it takes for small.
_HASHES: LiteralString = """
    select level, place, case when level >= %(stored)s
        then (select hash from jikim.tree_node node where node.level = given.level and node.place = given.place)
        else (select string_agg(leaf_hash, '' order by seq) from jikim.entry
              where seq >= place << level::integer and seq < (place + 1) << level::integer) end
    from unnest(%(levels)s::text::smallint[], %(places)s::text::bigint[]) given (level, place)"""


def hashes(connection: sa.Connection, nodes: Iterable[Node]) -> HashAt:
    """The hashes of these complete subtrees, fetched at once; a lost one raises ``LedgerError`` when asked."""
    wanted = list(set(nodes))
    # As texts: the driver takes twice as long to spell a list as the server takes to find what it names.
    levels, places = ("{" + ",".join(str(node[n]) for node in wanted) + "}" for n in (0, 1))
    given = {"levels": levels, "places": places, "stored": STORED_FROM}
    known: dict[Node, bytes] = {}
    for level, place, found in fetch(connection, _HASHES, given):
        if found is not None and len(found) == (HASH_BYTES if level >= STORED_FROM else HASH_BYTES << level):
            leaves = [found[at : at + HASH_BYTES] for at in range(0, len(found), HASH_BYTES)]
            known[level, place] = merkle.complete(leaves)

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
