"""A sweep beside what one would do by hand, on copies of the same rows, while the service writes. Effectful."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from bench.measure import Figure, Scale, Target, at_most, seconds, within
from bench.shop import Shop
from bench.shop.places import Place, writing
from jikim.postgres import Server


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

    def work(self, where: str, writes: str, work: Callable[[], object]) -> float:
        """Do the work while the service writes there; the seconds it took."""
        took: list[float] = []
        found = writing(where, writes, lambda: took.append(seconds(work)), alone=self.before)
        self.alone += found.alone
        self.beside += found.beside
        return took[0]

    def beside_it(self, floor: "Felt | None" = None) -> Figure:
        """How long the service's transactions were beside the work, and beside the same by hand."""
        alone = f"alone {1e3 * within(0.99, self.alone):.1f} ms"
        beside = 1e3 * within(0.99, self.beside)
        beside_floor = 1e3 * within(0.99, floor.beside) if floor else None
        return Figure(f"  a writer's p99 beside it; {alone}", "ms", beside, beside_floor)


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
    ours, floors, plans, batches = [], [], [], list[float]()
    felt, floor_felt = Felt.by(scale), Felt.by(scale)
    rows = 0
    for _ in range(scale.times):
        with filled.copied(archive=archive) as shop:
            done: list[int] = []
            floors.append(floor_felt.work(shop.url, writes, _kept(done, by_hand, shop)))
            rows = done[0]
        with filled.copied(archive=archive) as shop:
            plans.append(seconds(shop.plan))
            ours.append(felt.work(shop.url, writes, _applied(shop, rows)))
            batches += shop.batches
    rate, floor = rows / statistics.median(ours), rows / statistics.median(floors)
    yield Figure(what, "rows/s", rate, floor, target)
    yield Figure("  its plan", "s", statistics.median(plans))
    yield Figure("  its transactions, p99", "ms", 1e3 * within(0.99, batches), target=at_most(100))
    yield felt.beside_it(floor_felt)


def _kept(done: list[int], by_hand: ByHand, shop: Shop) -> Callable[[], object]:
    return lambda: done.append(by_hand(shop))


def _applied(shop: Shop, rows: int) -> Callable[[], object]:
    """Apply the plan, and see that it did what was done by hand."""
    planned = shop.plan()

    def work() -> None:
        kept = shop.apply(planned)
        done = sum(step.rows for step in kept.applied.steps)
        assert kept.complete, kept.applied
        assert done == rows, (done, rows, kept.applied)

    return work
