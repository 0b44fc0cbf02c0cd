"""List the log's entries, and the runs they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from jikim.evidence.entry import Entry
from jikim.ledger import entries, queue, runs
from jikim.ledger.engine import snapshot
from jikim.ledger.runs import RunRow


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the log; ``waiting`` entries of all are not sealed yet."""

    entries: tuple[Entry, ...]
    waiting: int


def list_evidence(
    ledger: sa.Engine,
    *,
    run: str | None = None,
    tag: str | None = None,
    kinds: Sequence[str] = (),
    after: int = -1,
    most: int = 50,
) -> Listed:
    """Up to ``most`` entries after place ``after``, of a run, about a tag, of some kinds; oldest first.

    :raises LedgerError: the ledger refused.
    :raises EntryError: an entry was damaged.
    """
    with snapshot(ledger, doing="listing evidence") as connection:
        found = entries.found(connection, run=run, tag=tag, kinds=kinds, after=after, most=most)
        return Listed(tuple(Entry.decode(e.exact) for e in found), queue.waiting(connection))


def list_runs(ledger: sa.Engine, *, most: int = 50) -> list[RunRow]:
    """Runs, the newest first. Raises ``LedgerError``."""
    with snapshot(ledger, doing="listing runs") as connection:
        return runs.newest(connection, most=most)
