"""Finish what was begun: take what was removed to the stage that the map demands, within its days, and prove it.

1. Tables of which the oldest removal must be finished within a day are driven there; all of them, where asked to.
2. The store marks the receipts of what got there. What some older snapshot may still see is left for another time.
3. The ledger is told for each run and table of which nothing is left behind, and seals.

Killed anywhere, the next time tells the rest: the store knows what the ledger was told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from jikim.backends.base import Behind, Driven
from jikim.backends.sql.store import SqlStore
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.entry import StageBody
from jikim.evidence.note import Signer
from jikim.evidence.stage import Stage
from jikim.ledger import queue, runs
from jikim.ledger.engine import transaction
from jikim.ledger.queue import Draft
from jikim.operations.seal_evidence import seal_evidence

A_DAY = timedelta(days=1)
"""What must be finished within a day is finished now: whoever runs this every night is never late."""


@dataclass(frozen=True)
class Demand:
    """What a map demands of a store: a stage, and within how many days of a removal."""

    stage: Stage
    within: timedelta

    @classmethod
    def parse(cls, text: str) -> "Demand":
        """Read ``rewritten within 30 days``."""
        stage, _, days, _ = text.split()
        return cls(Stage(stage), timedelta(days=int(days)))

    def late(self, behind: Behind, *, now: datetime) -> bool:
        """Whether the days have passed."""
        return behind.oldest + self.within < now

    def pressing(self, behind: Behind, *, now: datetime) -> bool:
        """Whether they pass within a day."""
        return behind.oldest + self.within < now + A_DAY


@dataclass(frozen=True)
class Finished:
    """What became of each table, what is left for later, and where the proof stands."""

    demand: Demand
    driven: tuple[Driven, ...]
    later: tuple[Behind, ...]
    told: int
    checkpoint: Checkpoint | None = None

    @property
    def complete(self) -> bool:
        """Everything that was tried got there."""
        return not any(each.behind for each in self.driven)


@dataclass(frozen=True)
class ToFinish:
    """What would be driven now, and what may wait."""

    demand: Demand
    pressing: tuple[Behind, ...]
    later: tuple[Behind, ...]


def to_finish(store: SqlStore, demand: Demand, *, now: datetime, everything: bool) -> ToFinish:
    """What there is to do, touching nothing. Raises ``StoreError``."""
    behind = store.behind(demand.stage)
    pressing = tuple(each for each in behind if everything or demand.pressing(each, now=now))
    return ToFinish(demand, pressing, tuple(each for each in behind if each not in pressing))


def finish_store(
    store: SqlStore,
    ledger: sa.Engine,
    demand: Demand,
    *,
    signer: Signer,
    admin: str | None,
    now: datetime,
    everything: bool = False,
    report: Callable[[Driven], None] = lambda _: None,
) -> Finished:
    """Take what was removed to the stage that is demanded.

    :param admin: the URL of a role that owns the service's tables.
    :param everything: whether what may wait is finished as well.
    :raises StoreError: a database cannot be asked.
    :raises LedgerError: the ledger refused.
    """
    todo = to_finish(store, demand, now=now, everything=everything)
    driven = []
    if todo.pressing:
        for each in store.drive(demand.stage, [each.table for each in todo.pressing], admin=admin):
            driven.append(each)
            report(each)
    with transaction(ledger, doing="looking which runs are over") as connection:
        reached = [r for r in store.reached() if (run := runs.get(connection, r.run)) and run.over]
    drafts = [
        Draft.of(
            StageBody(run=r.run, store=store.name, table=r.table, stage=r.stage, batches=r.batches),
            key=queue.key(StageBody.kind, store.name, r.run, r.table, r.stage.value, r.batches),
            at=now,
            as_of=now,
        )
        for r in reached
    ]
    with transaction(ledger, doing="telling how far destruction has come") as connection:
        queue.enqueue(connection, drafts)
    store.told(reached)
    return Finished(
        demand, tuple(driven), todo.later, len(reached), seal_evidence(ledger, signer=signer, now=now)
    )
