"""A store that counts and changes nothing: what a run would meet, answered from counts. Effectful: reads.

It answers for the rows that are due now. Rows that fall due only once others are gone, such as a person's own
row behind the orders that point to it, are met by a real run and not by this one.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from jikim.backends.base import (
    START,
    Batch,
    Counted,
    ListedFile,
    OutboxEntry,
    Place,
    Receipt,
    Run,
    Store,
)
from jikim.datamap.schema import Schema, Table
from jikim.plan.plan import Step
from jikim.plan.schedule import Facts, Restriction, Schedules
from jikim.plan.sweep import Sweep
from jikim.plan.telling import Telling


class DryRun:
    """Answers like ``store`` and passes on nothing that would change it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: dict[str, int] = {}

    def reflect(self) -> Schema:
        """The shape of the service's tables now."""
        return self._store.reflect()

    def use(self, schedules: Schedules) -> None:
        """The schedules that steps and sweeps handed in from now on were made from."""
        self._store.use(schedules)

    def asking(self) -> AbstractContextManager[None]:
        """What is asked meanwhile, from here, goes over one connection."""
        return self._store.asking()

    def facts(self) -> Facts:
        """Legal holds in force and service-wide facts."""
        return self._store.facts()

    def count(
        self, sweeps: list[Sweep], steps: tuple[Step, ...], *, as_of: datetime, whole: bool = True
    ) -> Counted:
        """Every table's rows by state, and the rows of each step."""
        return self._store.count(sweeps, steps, as_of=as_of, whole=whole)

    def batch(self, step: Step, *, run: Run, number: int, size: int, at: Place = START) -> Batch:
        """Say what a batch would meet: rows counted once, then handed out."""
        del number, at
        left = self.remaining(step, as_of=run.plan.as_of)
        met = min(size, left)
        self._left[step.id] = left - met
        return Batch(met, met)

    def recover(self) -> None:
        """Nothing is finished."""

    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows not handed out yet; counted at the first question."""
        if step.id not in self._left:
            self._left[step.id] = self._store.remaining(step, as_of=as_of)
        return self._left[step.id]

    def unshipped(self) -> Iterator[Receipt]:
        """Receipts of earlier runs."""
        return self._store.unshipped()

    def shipped(self, receipts: list[Receipt]) -> None:
        """Nothing is marked."""

    def outbox(self) -> list[OutboxEntry]:
        """Files of earlier runs still to be removed."""
        return self._store.outbox()

    def removed(self, entries: list[OutboxEntry]) -> None:
        """Nothing is marked."""

    def named(self, files: str, paths: Sequence[str]) -> set[str]:
        """Those of these paths that a row names now."""
        return self._store.named(files, paths)

    def marks(self, listing: Table, paths: Sequence[str], *, store: str) -> list[tuple[str, str]]:
        """Each of these paths that is listed or waits to be removed."""
        return self._store.marks(listing, paths, store=store)

    def take_in(self, listing: Table, files: Sequence[Mapping[str, Any]]) -> None:
        """Nothing is listed."""

    def listed(self, listing: Table, *, after: int, most: int) -> list[ListedFile]:
        """Some files of a listing."""
        return self._store.listed(listing, after=after, most=most)

    def take_out(self, listing: Table, files: Sequence[ListedFile]) -> None:
        """Nothing is taken out."""

    def restrictions(self) -> tuple[Restriction, ...]:
        """Restrictions in force."""
        return self._store.restrictions()

    def heard(self) -> int:
        """The place in the ledger up to which the store was told of facts."""
        return self._store.heard()

    def understands(self, word: Telling) -> None:
        """Whether the store could be told of this."""
        self._store.understands(word)

    def hear(self, words: Sequence[tuple[int, Telling]]) -> None:
        """Nothing is told."""

    def drop_untold(self) -> int:
        """Nothing is forgotten."""
        return 0

    def archived(self, subject: str, key: tuple[str, ...]) -> list[dict[str, Any]]:
        """Everything the archive holds about one person."""
        return self._store.archived(subject, key)
