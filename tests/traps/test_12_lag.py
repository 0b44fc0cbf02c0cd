"""Trap 12: queues fall behind silently. Lag is a number, with an alarm."""

from datetime import timedelta

import sqlalchemy as sa
from tests.keeping import Kept, auditor_of
from tests.traps.people import AS_OF, keep, member

from jikim.backends.postgresql.session import engine
from jikim.clock import now
from jikim.operations.audit_store import audit_store
from jikim.operations.audit_waits import PATIENCE
from jikim.plan.finding import Finding, FindingKind


def waiting(kept: Kept, *, later: timedelta) -> list[Finding]:
    """What an audit says of receipts that wait for the ledger, some time from now."""
    admin = engine(kept.url, role="auditor")
    try:
        report = audit_store(auditor_of(admin), kept.promise, as_of=AS_OF, now=now() + later)
        return [f for f in report.findings if f.kind is FindingKind.UNSHIPPED]
    finally:
        admin.dispose()


def test_receipts_that_wait_too_long_are_counted_and_dated(kept: Kept, ledger: sa.Engine) -> None:
    """Naive: a sweep whose ledger is away succeeds, and goes on succeeding, while nothing of it is proved.

    Ours: an hour later the audit says how many receipts wait and since when, until they have been imported.
    """
    member(kept, 10)
    before = now()
    assert kept.sweep(AS_OF).complete
    assert waiting(kept, later=timedelta(0)) == []
    [finding] = waiting(kept, later=PATIENCE + timedelta(minutes=1))
    assert finding.count == 1
    assert finding.oldest is not None
    assert before <= finding.oldest <= now()
    keep(kept, ledger, run="run-2")
    assert waiting(kept, later=PATIENCE + timedelta(minutes=1)) == []
