"""Seal what waits: give entries their places in the log, and sign its new head.

A lock for each event would not scale, and two writers of one tree would fork it. So everybody queues, and one
sealer at a time, whoever holds the lock, does this for up to 4,096 entries in one transaction:

1. Open the newest checkpoint with our own key. Another key, or a forged note: nothing is signed on top of it.
2. Rebuild the tree's right edge from the stored hashes. If it does not give the signed root, the log was
   changed behind our back: nothing is signed on top of that either.
3. Take the oldest queued entries. What the log already has, by key, is dropped.
4. Give places, hash, sign, store.

Killed anywhere, the transaction is not: entries are either queued or sealed.
"""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import NoteError
from jikim.evidence.merkle import EMPTY_ROOT, Frontier, leaf_hash
from jikim.evidence.note import Signer
from jikim.evidence.seal import MOST_ENTRIES, seal_leaves
from jikim.ledger import checkpoints, entries, queue, tree
from jikim.ledger.engine import transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.queue import Draft


def seal_evidence(ledger: sa.Engine, *, signer: Signer, now: datetime) -> Checkpoint:
    """Seal all that waits at this moment; the log's head afterwards.

    A log that has none gets the checkpoint of the empty log. Several processes may do this at once.

    :raises LedgerError: the log was changed since it was signed, was signed by another key, or is locked.
    """
    with transaction(ledger, doing="looking for unsealed evidence") as connection:
        newest = queue.newest(connection)
    after = 0
    while True:
        with transaction(ledger, doing="sealing") as connection:
            checkpoints.become_sealer(connection)
            head = _head(connection, signer=signer, now=now)
            taken = queue.take(connection, after=after, until=newest, most=MOST_ENTRIES)
            if taken.last is None:
                return head
            if taken.fresh:
                _append(connection, taken.fresh, head=head, signer=signer, now=now)
        after = taken.last


def _head(connection: sa.Connection, *, signer: Signer, now: datetime) -> Checkpoint:
    """The newest checkpoint, verified; that of the empty log is made when there is none."""
    note = checkpoints.latest(connection)
    if note is None:
        empty = Checkpoint(signer.name, 0, EMPTY_ROOT)
        checkpoints.add(connection, empty.sign(signer), size=0, at=now)
        return empty
    try:
        return Checkpoint.open(note, verifier=signer.verifier)
    except NoteError as error:
        raise LedgerError(
            f"the log's newest checkpoint does not hold: {error}",
            fix="use the key file that belongs to this ledger; if it is the one, somebody changed the ledger",
        ) from None


def _append(
    connection: sa.Connection, drafts: list[Draft], *, head: Checkpoint, signer: Signer, now: datetime
) -> None:
    frontier = _edge(connection, head=head)
    leaves: list[bytes] = []

    def placed() -> Iterator[tuple[int, Draft, bytes, bytes]]:
        """Hashed on the way into the database, which stores what came before in the meantime."""
        for seq, draft in enumerate(drafts, start=head.size):
            exact = draft.placed(seq)
            leaves.append(leaf := leaf_hash(exact))
            yield seq, draft, leaf, exact

    entries.append(connection, placed())
    sealed = seal_leaves(leaves, frontier=frontier, signer=signer)
    tree.grow(connection, sealed.growth)
    checkpoints.add(connection, sealed.note, size=sealed.growth.frontier.size, at=now)


def _edge(connection: sa.Connection, *, head: Checkpoint) -> Frontier:
    """The tree's right edge, which gives the signed root. Raises ``LedgerError`` when it does not."""
    frontier = tree.frontier(connection, size=head.size)
    if frontier.root() != head.root:
        raise LedgerError(
            f"the log's hashes are not those signed at `{head.size}` entries: somebody changed the ledger",
            fix="export it and verify the export: that names the first entry that cannot be trusted",
        )
    return frontier
