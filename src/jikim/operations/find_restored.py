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

    What they destroyed is back.

    A backup forgets the newest receipts, so the search ends at the first thousand of which none is
    missing.

    :param name: the store's, as the data map calls it.
    :raises StoreError: the store cannot be read.
    :raises LedgerError: the ledger refused.
    """
    missing: list[ReceiptName] = []
    with snapshot(ledger, doing="comparing receipts") as connection:
        last: ReceiptName | None = None
        while known := imports.newest(connection, store=name, before=last, most=_AT_ONCE):
            held = store.held([(r.run, r.step, r.batch) for r in known])
            gone = [r for r in known if (r.run, r.step, r.batch) not in held]
            missing += gone
            last = known[-1]
            if not gone:
                break
    return missing
