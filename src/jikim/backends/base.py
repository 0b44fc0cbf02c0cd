"""What jikim asks of a store. Whatever answers, `memory` says what the answer must be. Protocols only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from jikim.datamap.schema import Schema
from jikim.errors import JikimError
from jikim.plan.plan import Counts, Plan, Step
from jikim.plan.predicate import Sweep
from jikim.plan.schedule import Facts, Hold, Schedules


class StoreError(JikimError):
    """A store that cannot be used, or would not do what a step asks. Never quotes a row."""


@dataclass(frozen=True)
class Run:
    """One application of a plan: what every receipt of it says."""

    id: str
    plan: Plan
    policy_digest: str


@dataclass(frozen=True)
class Receipt:
    """What one batch did, as the store wrote it in the transaction that did it.

    ``persons`` maps keyed tags to rows; it names only people who caused the step. ``kept_until`` is when the last of
    its archived copies goes, ``persons_kept`` the same for each of these people.
    """

    run: str
    step: str
    batch: int
    action: str
    table: str
    rows: int
    at: datetime
    as_of: datetime
    plan: str
    policy: str
    because: tuple[str, ...]
    copies: int = 0
    files: int = 0
    persons: dict[str, int] = field(default_factory=dict)
    kept_until: datetime | None = None
    persons_kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """What one look at a store found: each table's census, and how many rows each step would meet.

    ``refused`` are the tables that could not be looked at, and why.
    """

    census: dict[str, Counts]
    rows: dict[str, int]
    refused: dict[str, StoreError] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """What one batch met: rows it found due, rows it changed."""

    found: int
    changed: int


@dataclass(frozen=True)
class OutboxEntry:
    """A file that must go because its row went."""

    id: int
    store: str
    path: str


class Store(Protocol):
    """One database of the service, with its archive."""

    def reflect(self) -> Schema:
        """The shape of the service's tables now."""

    def use(self, schedules: Schedules) -> None:
        """The schedules that steps and sweeps handed in from now on were made from."""

    def facts(self) -> Facts:
        """Legal holds in force and service-wide facts."""

    def count(self, sweeps: list[Sweep], steps: tuple[Step, ...], *, as_of: datetime) -> Counted:
        """Every table's rows by state beside an unconditional count, and the rows of each step, in one snapshot."""

    def batch(self, step: Step, *, run: Run, number: int, size: int) -> Batch:
        """Carry out one step on up to ``size`` rows, in one transaction with its receipt."""

    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows that still meet the step, counted without locks and without regard to earlier batches."""

    def unshipped(self) -> Iterator[Receipt]:
        """Receipts that the ledger has not acknowledged and whose files are gone, oldest first."""

    def shipped(self, receipts: list[Receipt]) -> None:
        """The ledger holds these now."""

    def outbox(self) -> list[OutboxEntry]:
        """Files still to be removed."""

    def removed(self, entries: list[OutboxEntry]) -> None:
        """These files are verified to be absent."""

    def place(self, hold: Hold, *, because: str, at: datetime) -> None:
        """Put a legal hold into force."""

    def release(self, hold: str, *, at: datetime) -> None:
        """End a legal hold. Raises ``StoreError`` when there is none of that id."""

    def set_service_fact(self, name: str, when: date | datetime) -> None:
        """Tell the store of something that happened to the service as a whole."""

    def archived(self, subject: str, key: tuple[str, ...]) -> list[dict[str, Any]]:
        """Everything the archive holds about one person, read as the keeper."""
