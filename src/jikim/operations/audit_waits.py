"""Audit what was begun and is not done: receipts, files, moves, destruction to its stage, runs. Changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from jikim.backends.auditing.auditor import Auditor, Snapshot
from jikim.ledger import facts
from jikim.ledger.engine import snapshot as reading
from jikim.operations.confirm_run import unconfirmed_runs
from jikim.operations.find_restored import find_restored
from jikim.operations.finish_store import Demand
from jikim.plan.finding import Finding, FindingKind, counted
from jikim.policy.period import Period
from jikim.source import Severity

PATIENCE: Final = timedelta(hours=1)
"""How long a receipt may wait for the ledger, or a file for its removal, before it is a finding."""
A_NIGHT: Final = timedelta(days=1)
"""How long a move may be on its way: every run settles first what others left, and runs come every night."""


def audit_waits(snapshot: Snapshot, demand: Demand, *, within: Period, now: datetime) -> Iterator[Finding]:
    """What waits in the store and its archive for longer than it should.

    :param demand: the stage that a removal must reach, and within how many days.
    :param within: how long destruction may take at all.
    :raises StoreError: jikim's own tables cannot be read.
    """
    before = now - PATIENCE
    receipts, files = snapshot.unshipped(before=before), snapshot.outbox(before=before)
    if receipts.count:
        yield Finding(
            FindingKind.UNSHIPPED,
            Severity.ERROR,
            "jikim.receipt",
            counted(receipts.count, "receipt has", "receipts have")
            + " not reached the ledger: what is done is not proved",
            receipts.count,
            receipts.oldest,
            fix="run `jikim apply`, or see why the ledger refuses",
        )
    if files.count:
        yield Finding(
            FindingKind.OUTBOX,
            Severity.ERROR,
            "jikim.outbox",
            f"{counted(files.count, 'file is', 'files are')} still there though the rows are gone",
            files.count,
            files.oldest,
            fix="run `jikim apply`, or see why the folder refuses",
        )
    yield from _moves(snapshot, within, now)
    yield from _stages(snapshot, demand, now)


def _moves(snapshot: Snapshot, within: Period, now: datetime) -> Iterator[Finding]:
    hours = timedelta(hours=within.count) if within.unit == "hours" else A_NIGHT
    found = snapshot.unsettled(before=now - min(hours, A_NIGHT))
    if found.moves:
        begun = counted(found.moves, "move to the archive was begun", "moves to the archive were begun")
        copies = (
            counted(found.copies, "copy is pending, and counts", "copies are pending, and count")
            + " for nothing"
        )
        yield Finding(
            FindingKind.UNSETTLED,
            Severity.ERROR,
            "jikim.move",
            f"{begun} and never settled: {copies if found.copies else 'the store still waits to hear of it'}",
            found.moves,
            found.oldest,
            fix="run `jikim apply`: it settles first what others left",
        )


def _stages(snapshot: Snapshot, demand: Demand, now: datetime) -> Iterator[Finding]:
    for table, waits in snapshot.unfinished(demand.stage.height, before=now - demand.within):
        removals = counted(waits.count, f"removal from `{table}` is", f"removals from `{table}` are")
        yield Finding(
            FindingKind.UNFINISHED,
            Severity.ERROR,
            table,
            f"{removals} late to be finished: `{demand.stage.value}` within {demand.within.days} days was demanded",
            waits.count,
            waits.oldest,
            ("stores.app.must_reach", "개인정보 보호법 제21조 제2항"),
            "run `jikim finish`",
        )


def audit_ledger(
    ledger: sa.Engine, auditor: Auditor, snapshot: Snapshot, *, store: str, now: datetime
) -> Iterator[Finding]:
    """Runs that nobody confirmed, facts that the store was not told, and a store that was restored from a backup.

    :raises StoreError: receipts cannot be read.
    :raises LedgerError: the ledger refused.
    """
    runs = [run for run in unconfirmed_runs(ledger, now=now) if run.store == store]
    if runs:
        yield Finding(
            FindingKind.UNCONFIRMED,
            Severity.ERROR,
            store,
            counted(len(runs), "run has", "runs have")
            + " waited over seven days for the privacy officer's confirmation",
            len(runs),
            min(run.started_at for run in runs),
            ("표준 개인정보 보호지침 제10조",),
            "`jikim evidence confirm` each of them",
        )
    with reading(ledger, doing="reading facts") as connection:
        count, first = facts.untold(connection, snapshot.heard(), before=now - PATIENCE)
    if count:
        told = counted(count, "fact of the ledger is", "facts of the ledger are")
        yield Finding(
            FindingKind.UNTOLD,
            Severity.ERROR,
            store,
            f"{told} not told to the store: it knows of no hold, consent or end that was told since",
            count,
            first,
            fix="run `jikim apply`: it tells the store first",
        )
    # The store is asked now, not as it stood in the snapshot: what was imported meanwhile is not forgotten.
    if lost := find_restored(auditor, ledger, name=store):
        yield Finding(
            FindingKind.RESTORED,
            Severity.ERROR,
            store,
            f"the store has forgotten {counted(len(lost), 'batch', 'batches')}: it was restored from a backup, "
            "and what went is back",
            len(lost),
            min(batch.at for batch in lost),
            fix="run `jikim apply` before the service goes on",
        )
