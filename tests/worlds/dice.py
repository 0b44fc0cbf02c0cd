"""Dice whose every throw hypothesis chooses, so that a world that fails shrinks; and how many worlds they draw.

In every choice of the grammar the plainest comes first, and `chance` says no: what is left is what the failure needs.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Final, Generic, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

T = TypeVar("T")


class Dice(Random):
    """A choice is an integer that hypothesis draws; which of them are made for one part of a world it is told."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__()
        self._draw, self._parts = draw, count()
        self._throw = draw(st.randoms(use_true_random=False))

    def _randbelow(self, n: int) -> int:
        return self._throw.randrange(n)

    def part(self, make: Callable[[], T]) -> T:
        """Tell hypothesis."""
        return self._draw(st.builds(_Part(make, next(self._parts))))


def part(dice: Random, make: Callable[[], T]) -> T:
    """What is drawn for it can be left out, or be the plainest, as a whole."""
    return dice.part(make) if isinstance(dice, Dice) else make()


@dataclass(frozen=True)
class _Part(Generic[T]):
    """Each has a number: hypothesis writes no part over another that looks alike, since worlds should differ."""

    make: Callable[[], T] = field(hash=False)
    number: int

    def __call__(self) -> T:
        return self.make()


DICE: Final = st.composite(Dice)()
PLACES: Final = st.sampled_from(["file", "database", "apart"])
SEED: Final = os.environ.get("JIKIM_SEED") or secrets.token_hex(4)
_EVERY: Final = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
ALWAYS_THE_SAME: Final = settings(_EVERY, derandomize=True, phases=[Phase.generate])
MANY: Final = settings(
    _EVERY,
    max_examples=int(os.environ.get("JIKIM_WORLDS", "300")),
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
)
"""Each time others; ``JIKIM_SEED`` repeats those of an earlier time."""
