"""Keep the promise once: apply a plan and prove it.

1. The ledger records that the run begins; without that, nothing is touched.
2. What a killed run left between store and archive is finished.
3. The plan is applied, each batch with its receipt in the store.
4. Files of rows that are gone are removed and seen to be absent.
5. The ledger imports the receipts, seals them, and records how the run ended.
6. Keys of epochs that no backup needs any more are shredded, and words about people that were told are forgotten.

Killed anywhere, a later run finishes: the store knows what was done, the outbox what is left, the ledger what
it holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from jikim.backends.base import Run, Store
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.note import Signer
from jikim.operations.apply_plan import Applied, Progress, apply_plan
from jikim.operations.import_receipts import Imported, import_receipts
from jikim.operations.record_run import finish_run, start_run
from jikim.operations.remove_files import Removed, remove_files
from jikim.operations.seal_evidence import seal_evidence
from jikim.operations.shred_epochs import shred_epochs
from jikim.operations.tell import behind, forget
from jikim.plan.plan import Agreed

BACKUPS = timedelta(days=90)
"""How long the oldest backup of a store is kept: until then a tag can still be recognised, and facts told again."""


@dataclass(frozen=True)
class Kept:
    """What a run did and where its proof stands."""

    applied: Applied
    files: Removed
    imported: Imported
    checkpoint: Checkpoint

    @property
    def complete(self) -> bool:
        """Nothing that was due is left, in rows or files."""
        return self.applied.complete and not self.files.failed


def keep_promise(
    store: Store,
    ledger: sa.Engine,
    run: Run,
    *,
    signer: Signer,
    folders: Mapping[str, Path],
    clock: Callable[[], datetime],
    given: Agreed | None = None,
    size: int = 1000,
    report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    backups: timedelta = BACKUPS,
    to: Callable[[], Applied] | None = None,
) -> Kept:
    """Apply ``run.plan``, remove files, import receipts and seal.

    :param to: carries the plan out in another way, such as on one person alone.
    :param folders: where each files store lies.
    :param clock: says when each part was done.
    :param backups: how long the oldest backup of the store is kept.
    :param given: the plan agreed on, if another was; what differs from it is refused.
    :raises LedgerError: the ledger refused; before the first batch, nothing was touched.
    :raises StoreError: the store cannot be read.
    """
    start_run(ledger, run, now=clock())
    with store.asking():
        store.recover()
        applied = (
            to()
            if to
            else apply_plan(
                store,
                run,
                given=given,
                now=clock(),
                size=size,
                report=report,
                stop=stop,
                behind=lambda: behind(ledger, store),
            )
        )
        files = remove_files(store, folders)
        imported = import_receipts(store, ledger, name=run.plan.store)
    finish_run(ledger, applied, now=clock())
    checkpoint = seal_evidence(ledger, signer=signer, now=clock())
    shred_epochs(ledger, now=clock())
    forget(ledger, store, before=clock() - backups)
    return Kept(applied, files, imported, checkpoint)
