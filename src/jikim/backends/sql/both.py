"""The books of a store together with those of its archive. Effectful."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Generic, Protocol, TypeVar

from jikim.backends.base import Behind, Reached, Receipt
from jikim.backends.sql.hearing import Hearing
from jikim.evidence.stage import Stage

ReceiptNames = Sequence[tuple[str, str, int]]
"""Receipts by run, step and batch."""


class _KeepsReceipts(Protocol):
    """An archive, wherever it is; one whose receipts lie among the store's own has none."""

    def unshipped(self) -> Iterator[Receipt]: ...
    def shipped(self, receipts: list[Receipt]) -> None: ...
    def held(self, names: ReceiptNames) -> set[tuple[str, str, int]]: ...
    def behind(self, stage: Stage) -> list[Behind]: ...
    def reached(self) -> list[Reached]: ...
    def told(self, reached: Sequence[Reached]) -> None: ...


A = TypeVar("A", bound=_KeepsReceipts)


class Both(Hearing, Generic[A]):
    """Speaks of the receipts of both as of one store's."""

    archive: A

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
