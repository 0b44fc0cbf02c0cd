"""Notice a store restored from a backup: the ledger knows of batches that the store has forgotten."""

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from jikim.ledger import imports
from jikim.ledger.engine import snapshot
from jikim.ledger.imports import ReceiptName

_AT_ONCE = 1000


class HoldsReceipts(Protocol):
    """A store that can be asked for its receipts."""

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which the store holds a receipt."""


def find_restored(store: HoldsReceipts, ledger: sa.Engine, *, name: str) -> list[ReceiptName]:
    """The batches that the ledger has imported and the store no longer holds, newest first.

    What they destroyed is back, until their step is carried out again: then it was due once more, and went.

    A backup forgets the newest receipts, so the search ends at the first thousand of which none is
    missing.

    :param name: the store's, as the data map calls it.
    :raises StoreError: the store cannot be read.
    :raises LedgerError: the ledger refused.
    """
    missing: list[ReceiptName] = []
    again: set[str] = set()
    with snapshot(ledger, doing="comparing receipts") as connection:
        last: ReceiptName | None = None
        while known := imports.newest(connection, store=name, before=last, most=_AT_ONCE):
            held = store.held([(r.run, r.step, r.batch) for r in known])
            for each in known:
                if (each.run, each.step, each.batch) in held:
                    again.add(each.step)
                elif each.step not in again:
                    missing.append(each)
            last = known[-1]
            if len(held) == len(known):
                break
    return missing
