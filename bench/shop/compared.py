"""A sweep beside what one would do by hand, on copies of the same rows, while the service writes. Effectful."""

import gc
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from bench.measure import Figure, Scale, T, Target, at_most, seconds_of, within
from bench.shop import Shop, changed
from bench.shop.places import Place, writing
from jikim.postgres import Server

FEW = 200
"""Of fewer transactions the hundredth part says little."""


class ByHand(Protocol):
    """What one would write by hand: it does the same to a copy of the shop, and says to how many rows."""

    def __call__(self, shop: Shop) -> int: ...


@dataclass
class Felt:
    """What the service's own transactions took (seconds): alone, for so long before it, and beside the work."""

    before: float
    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)

    @classmethod
    def by(cls, scale: Scale) -> "Felt":
        """Nothing yet."""
        return cls(0.1 if scale.small else 1.0)

    def work(self, where: str, writes: str, work: Callable[[], T]) -> tuple[float, T]:
        """Do the work while the service writes there; the seconds it took, and what comes of it."""
        gc.collect()
        with writing(where, writes, seconds=self.before, alone=self.alone, beside=self.beside):
            return seconds_of(work)

    def beside_it(self, floor: "Felt") -> Figure:
        """How long the service's transactions were beside the work, and beside the floor; of few, the longest."""
        assert self.beside
        assert floor.beside
        what = "p99" if min(len(self.beside), len(floor.beside)) >= FEW else "longest"
        alone = f"alone {1e3 * within(0.99, self.alone + floor.alone):.1f} ms"
        beside, beside_floor = (
            1e3 * (within(0.99, each.beside) if what == "p99" else max(each.beside)) for each in (self, floor)
        )
        return Figure(f"  a writer's {what} beside it; {alone}", "ms", beside, beside_floor)


def compared(
    what: str,
    filled: Place,
    by_hand: ByHand,
    scale: Scale,
    *,
    writes: str,
    target: Target | None,
    archive: Server | None = None,
) -> Iterator[Figure]:
    """Rates of both, what the plan took, what the service felt, and how long a transaction of ours was.

    :param writes: what the service writes meanwhile, again and again.
    """
    ours, floors, plans, batches = (list[float]() for _ in range(4))
    felt, floor_felt = Felt.by(scale), Felt.by(scale)
    rows = 0
    for _ in range(scale.times):
        with filled.copied(archive=archive) as shop:
            took, rows = floor_felt.work(shop.where, writes, partial(by_hand, shop))
            floors.append(took)
        with filled.copied(archive=archive) as shop:
            planning, planned = seconds_of(shop.plan)
            took, kept = felt.work(shop.where, writes, partial(shop.apply, planned))
            assert changed(kept) == rows, (rows, kept.applied)
            plans.append(planning)
            ours.append(took)
            batches += shop.batches
    rate, floor = rows / statistics.median(ours), rows / statistics.median(floors)
    yield Figure(what, "rows/s", rate, floor, target)
    yield Figure("  its plan", "s", statistics.median(plans))
    yield Figure("  its transactions, p99", "ms", 1e3 * within(0.99, batches), target=at_most(100))
    yield felt.beside_it(floor_felt)
