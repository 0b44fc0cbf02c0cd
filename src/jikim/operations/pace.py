"""How large a step's next batch is, from how long those before it took. Pure."""

from dataclasses import dataclass
from typing import Final

AIM: Final = 0.04
"""Seconds that a batch should take: a moment in which the machine does other things makes some take twice as long."""
SMALLEST: Final = 100
LARGEST: Final = 100_000
FIRST_GROWTH: Final = 4
"""Until one has taken half as long as it should, a batch is at most so many times as large as the one before."""
GROWTH: Final = 1.25
"""So afterwards: rows that are seldom due, or a quick moment, say little of those that come."""


@dataclass
class Pace:
    """The size of one step's batches, in rows.

    :param batches: how many there were.
    :param known: whether one has taken about as long as it should; the first does what is done once, and counts not.
    """

    size: int
    batches: int = 0
    known: bool = False

    def took(self, seconds: float) -> None:
        """Let the next batch take as long as one should, judging by one of this size."""
        self.known = self.known or (self.batches > 0 and seconds > AIM / 2)
        self.batches += 1
        growth = GROWTH if self.known else FIRST_GROWTH
        wanted = int(self.size * min(growth, AIM / max(seconds, 1e-6)))
        self.size = min(LARGEST, max(SMALLEST, wanted))
