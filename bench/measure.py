"""What benchmarks share: a figure and its target, medians, how much is measured, and a clock. Effectful."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Compared = Literal["at least", "at most"]
T = TypeVar("T")


@dataclass(frozen=True)
class Scale:
    """How much is measured: rows of the large tables, and how often."""

    rows: int = 5_000_000
    times: int = 5
    small: bool = False

    def of(self, size: int) -> int:
        """So many at full size, and their share at another; never none."""
        return max(1, size * self.rows // 5_000_000)


@dataclass(frozen=True)
class Target:
    """What a figure is held to: a bound on its ratio to the floor, or on itself where there is no floor."""

    compared: Compared
    bound: float

    def met(self, value: float) -> bool:
        """Whether a value keeps it."""
        return value >= self.bound if self.compared == "at least" else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.compared == 'at least' else '≤'} {self.bound:g}"


def at_least(bound: float) -> Target:
    """Of rates: so much of the floor, or of the unit, at the least."""
    return Target("at least", bound)


def at_most(bound: float) -> Target:
    """Of times and sizes: so many times the floor, or so many of the unit, at the most."""
    return Target("at most", bound)


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    :param floor: the same by hand or by a peer, in the same unit and run; None where the target stands for itself.
    :param target: None for a figure that only explains another.
    """

    name: str
    unit: str
    ours: float
    floor: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the floor; None without one."""
        return self.ours / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether the target is kept; None where there is none."""
        if self.target is None:
            return None
        return self.target.met(self.ours if self.ratio is None else self.ratio)

    def to_json(self) -> dict[str, Any]:
        """One row of ``bench/results.json``."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "floor": self.floor,
            "ratio": self.ratio,
            "target": str(self.target) if self.target else None,
            "met": self.met,
            **({"note": self.note} if self.note else {}),
        }


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, with no garbage of earlier work to collect on the way."""
    gc.collect()
    return seconds_of(work)[0]


def seconds_of(work: Callable[[], T]) -> tuple[float, T]:
    """How long it takes, and what comes of it."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def median(times: int, work: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> float:
    """The median seconds of some rounds, each after what prepares it."""
    return side_by_side(times, work, before=before)[0]


def side_by_side(
    times: int, *works: Callable[[], object], before: Callable[[], object] = lambda: None
) -> tuple[float, ...]:
    """The median seconds of several kinds of work, taken in turns, so that a slow moment meets them all."""
    took: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for each, work in zip(took, works, strict=True):
            before()
            each.append(seconds(work))
    return tuple(statistics.median(each) for each in took)


def within(share: float, took: Iterable[float]) -> float:
    """The time within which that share of them stayed; 0 for none."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    """Add how long the block took, in seconds."""
    began = time.perf_counter()
    yield
    into.append(time.perf_counter() - began)
