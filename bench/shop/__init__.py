"""A made-up shop kept by jikim, with a table for each kind of work that is measured. Effectful."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import yaml

from bench.measure import seconds_of
from jikim.backends.auditing.auditor import Auditor
from jikim.backends.base import Batch, Run, Store
from jikim.canonical import digest
from jikim.datamap.parse import parse as parse_map
from jikim.evidence.note import Signer
from jikim.law.resolve import resolve
from jikim.operations.keep_promise import Kept, keep_promise
from jikim.operations.plan_sweep import Planned, Promise, plan_sweep
from jikim.policy.parse import parse as parse_policy

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Seoul")
AS_OF = datetime(2026, 6, 1, tzinfo=ZONE)
KEY = b"k" * 32
WRITTEN = (
    "posts",
    "notes",
    "drafts",
    "letters",
    "pictures",
    "likes",
    "lists",
    "reviews",
    "replies",
    "reports",
)
"""Tables of what people write, beside their own and their orders: twelve in all."""
_RUNS = count(1)


def floor(name: str) -> str:
    """What one would write by hand."""
    return (HERE.parent / "floors" / f"{name}.sql").read_text()


class Shop(ABC):
    """The shop in one database: its store, and a ledger beside it.

    :param where: a URL of PostgreSQL, or a file of SQLite.
    :param archive: the same of where what a law keeps goes, if it goes elsewhere.
    """

    def __init__(
        self, where: str, store: Store, ledger: sa.Engine, promised: Promise, *, archive: str | None = None
    ) -> None:
        self.where, self.archive, self.store, self.ledger = where, archive, store, ledger
        self.promise = promised
        self.batches: list[float] = []
        """Seconds for which each batch kept others waiting."""
        store.batch = self._noted(store.batch)  # type: ignore[method-assign]

    def _noted(self, batch: Callable[..., Batch]) -> Callable[..., Batch]:
        """Batches, each with a note of its seconds."""

        def noted(*args: Any, **options: Any) -> Batch:
            took, done = seconds_of(partial(batch, *args, **options))
            self.batches.append(done.seconds or took)
            return done

        return noted

    @abstractmethod
    def auditor(self) -> Auditor:
        """Whoever audits it."""

    @abstractmethod
    def close(self) -> None:
        """End every session."""

    def plan(self, *, whole: bool = True) -> Planned:
        """What is due; ``whole``, beside all that is stored."""
        return plan_sweep(self.store, self.promise, as_of=AS_OF, made_at=datetime.now(UTC), whole=whole)

    def apply(self, planned: Planned) -> Kept:
        """Carry it out, receipts and evidence included."""
        return keep(self.store, self.ledger, self.promise, planned)


def keep(store: Store, ledger: sa.Engine, promised: Promise, planned: Planned) -> Kept:
    """Carry a plan out, import the receipts and seal them."""
    return keep_promise(
        store,
        ledger,
        Run(f"run-{next(_RUNS)}", planned.plan, promised.resolved.digests["policy"]),
        signer=Signer("jikim.bench", bytes(range(32))),
        folders={},
        clock=lambda: datetime.now(UTC),
    )


def changed(kept: Kept) -> int:
    """How many rows a run changed, which left nothing that was due."""
    assert kept.complete, kept.applied
    return sum(step.rows for step in kept.applied.steps)


def promise(tables: Collection[str] = (), *, times: str = "", orphans: str = "") -> Promise:
    """The shop's policy and map; of the tables, only these, if any are named.

    :param times: how a store without a type for times writes them.
    :param orphans: what becomes of visits of nobody, where the map says so.
    """
    known = yaml.safe_load((HERE / "datamap.yaml").read_text().replace(": no", ": 'no'"))
    known["tables"] = {
        name: table for name, table in known["tables"].items() if name in (tables or known["tables"])
    }
    if times:
        known["stores"]["app"]["times"] = times
    if orphans:
        known["tables"]["visits"]["orphans"] = orphans
    datamap = yaml.safe_dump(known, allow_unicode=True, sort_keys=False).encode()
    policy = parse_policy((HERE / "policy.yaml").read_bytes(), name="policy.yaml")
    read, document = parse_map(datamap, name="datamap.yaml")
    return Promise(resolve(policy, in_force_on=AS_OF.date()), read, document, digest(document.value))
