"""Write the whole log to one file that stands alone: with the public key, anybody can verify it."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.export import Block, export
from jikim.evidence.note import Signer
from jikim.evidence.seal import spaced
from jikim.ledger import checkpoints, entries
from jikim.ledger.engine import snapshot
from jikim.operations.seal_evidence import seal_evidence


def export_evidence(ledger: sa.Engine, path: Path, *, signer: Signer, now: datetime) -> Checkpoint:
    """Seal what waits, then export the log; the checkpoint that the file ends at.

    The file appears whole or not at all, in place of an older one. A damaged log is exported as it is: to
    verify the file is what names the damage. Memory is bounded by one block of 4,096 entries.

    :raises LedgerError: the ledger refused, or its head does not hold.
    :raises OSError: the file cannot be written.
    """
    seal_evidence(ledger, signer=signer, now=now)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with snapshot(ledger, doing="exporting evidence") as connection, new.open("wb") as file:
            sizes = checkpoints.sizes(connection)
            head = checkpoints.note_at(connection, sizes[-1])
            file.writelines(export(_blocks(connection, sizes), head=head))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)  # still there only when something went wrong
    return Checkpoint.read(head)


def _blocks(connection: sa.Connection, sizes: list[int]) -> Iterator[Block]:
    start = 0
    for end in spaced(sizes):
        yield entries.block(connection, note=checkpoints.note_at(connection, end), start=start, end=end)
        start = end
