"""The books of a store together with those of its archive. Effectful."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final, Generic, Protocol, TypeVar

from jikim.backends.base import Behind, Reached, Receipt
from jikim.backends.sql.hearing import Hearing
from jikim.evidence.stage import Stage
from jikim.plan.plan import Action, Step
from jikim.plan.schedule import Hold
from jikim.plan.sweep import Sweep

NOT_COUNTED: Final = (Action.EXPIRE, Action.REFRESH)
"""What steps do elsewhere than among the rows of a table."""
STATES: Final = ("due", "retained", "waiting", "orphan", "held", "stubs")
ReceiptNames = Sequence[tuple[str, str, int]]
"""Receipts by run, step and batch."""


def of_tables(sweeps: Sequence[Sweep], steps: Sequence[Step]) -> list[tuple[Sweep, list[Step]]]:
    """Each table's sweep, and those of its steps that are counted among its rows."""
    own: dict[str, list[Step]] = {sweep.schedule.table: [] for sweep in sweeps}
    for step in steps:
        if step.action not in NOT_COUNTED:
            own[step.table].append(step)
    return [(sweep, own[sweep.schedule.table]) for sweep in sweeps]


class _KeepsReceipts(Protocol):
    """An archive, wherever it is; one whose receipts lie among the store's own has none."""

    def unshipped(self) -> Iterator[Receipt]: ...
    def shipped(self, receipts: list[Receipt]) -> None: ...
    def held(self, names: ReceiptNames) -> set[tuple[str, str, int]]: ...
    def behind(self, stage: Stage) -> list[Behind]: ...
    def reached(self) -> list[Reached]: ...
    def told(self, reached: Sequence[Reached]) -> None: ...
    def expirable(
        self, steps: Sequence[Step], *, as_of: datetime, holds: tuple[Hold, ...]
    ) -> dict[str, int]: ...


A = TypeVar("A", bound=_KeepsReceipts)


class Both(Hearing, Generic[A]):
    """Speaks of the receipts of both as of one store's."""

    archive: A

    @abstractmethod
    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows that still meet the step, counted without locks."""

    def _counted_elsewhere(self, steps: Sequence[Step], *, as_of: datetime) -> dict[str, int]:
        """The rows of those steps that do their work elsewhere than among a table's rows; holds are asked for once."""
        expiring = [s for s in steps if s.action is Action.EXPIRE]
        refreshed = (s for s in steps if s.action is Action.REFRESH)
        found = self.archive.expirable(expiring, as_of=as_of, holds=self.facts().holds) if expiring else {}
        return {**found, **{s.id: self.remaining(s, as_of=as_of) for s in refreshed}}

    def unshipped(self) -> Iterator[Receipt]:
        """Receipts that the ledger has not acknowledged, of store and archive."""
        return chain(super().unshipped(), self.archive.unshipped())

    def shipped(self, receipts: list[Receipt]) -> None:
        """The ledger holds these now."""
        super().shipped(receipts)
        self.archive.shipped(receipts)

    def held(self, names: ReceiptNames) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which store or archive hold a receipt."""
        return super().held(names) | self.archive.held(names)

    def behind(self, stage: Stage) -> list[Behind]:
        """What was removed and has not come to a stage, by table, of store and archive."""
        return [*super().behind(stage), *self.archive.behind(stage)]

    def reached(self) -> list[Reached]:
        """Runs of which everything removed from a table has come further than the ledger was told."""
        return [*super().reached(), *self.archive.reached()]

    def told(self, reached: Sequence[Reached]) -> None:
        """The ledger was told of these."""
        super().told(reached)
        self.archive.told(reached)
