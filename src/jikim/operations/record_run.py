"""Put on record that a run began, and how it ended."""

from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from jikim.backends.base import Run
from jikim.canonical import canonical
from jikim.evidence.entry import RunBody
from jikim.ledger import queue, runs
from jikim.ledger.engine import transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.queue import Draft
from jikim.operations.apply_plan import Applied


def start_run(ledger: sa.Engine, run: Run, *, now: datetime) -> None:
    """Record a run before its first batch: its plan's program, and the digests of plan and policy.

    :raises LedgerError: there was a run of that name, or the ledger refused. Nothing may be applied then.
    """
    plan = run.plan
    body = RunBody(run=run.id, state="started", policy=run.policy_digest, plan=plan.digest, store=plan.store)
    draft = Draft.of(body, key=queue.key("run", run.id, "started"), at=now, as_of=plan.as_of)
    with transaction(ledger, doing="recording a run") as connection:
        new = runs.start(
            connection,
            run.id,
            store=plan.store,
            policy=run.policy_digest,
            plan=plan.digest,
            program=canonical(plan.program()),
            as_of=plan.as_of,
            at=now,
        )
        if not new:
            raise LedgerError(f"there was a run `{run.id}` before", fix="give the new run a name of its own")
        queue.enqueue(connection, [draft])


def finish_run(ledger: sa.Engine, applied: Applied, *, now: datetime) -> None:
    """Record how a run ended: rows by action, and the steps that were refused or left something.

    :raises LedgerError: no such run goes on, or the ledger refused.
    """
    rows = Counter[str]()
    for step in applied.steps:
        rows[step.action] += step.rows
    left = {step.step: step.state for step in applied.steps if step.state != "done"}
    with transaction(ledger, doing="recording a run") as connection:
        run = runs.get(connection, applied.run)
        if run is None or not runs.finish(connection, applied.run, outcome=applied.state, at=now):
            raise LedgerError(f"no run `{applied.run}` goes on")
        body = RunBody(
            run=run.id,
            state="finished",
            policy=run.policy,
            plan=run.plan,
            store=run.store,
            outcome=applied.state,
            rows=dict(rows),
            left=left,
            blocked=sorted(applied.blocked),
        )
        draft = Draft.of(body, key=queue.key("run", run.id, "finished"), at=now, as_of=run.as_of)
        queue.enqueue(connection, [draft])
