"""How large a step's next batch is, from how long those before it took. Pure."""

from dataclasses import dataclass
from typing import Final

AIM: Final = 0.04
"""Seconds that a batch should take: a moment in which the machine does other things makes some take twice as long."""
LONGEST: Final = 0.075
"""Seconds that no batch should take. Some are dearer than those before and after: rows that change fill the pages of an
index alike, and when those are full PostgreSQL tidies or splits all of them within a few batches."""
DEARER: Final = 2
"""How many times smaller dear batches make the others at most: where a disk stalls now and then, any size is dear."""
HELPED: Final = 0.8
"""A smaller batch after one that took too long takes less than so much of its time, or smaller ones are of no use: the
time went into what a batch costs however few its rows are."""
FORGETTING: Final = 0.99
"""How much of the dearest batch is remembered after each other: what a machine does once says little of the step."""
SUPPOSED: Final = 2
"""A row is supposed to take so many times less than the first batch would let it; where many are looked at and none is
due, nothing says how long one takes."""
DEAR: Final = 4
"""How many times smaller the first batch is where a row takes along what nobody measured: others point to it, or
triggers run for it."""
SMALLEST: Final = 100
LARGEST: Final = 100_000
FIRST_GROWTH: Final = 3
"""Until one has taken half as long as it should, a batch is at most so many times as large as the one before."""
GROWTH: Final = 1.25
"""So afterwards: rows that are seldom due, or a quick moment, say little of those that come."""


@dataclass
class Pace:
    """The size of one step's batches, in rows.

    :param row: the fewest seconds that a due row has taken, in a batch of many or few; before there was any, a guess.
    :param batches: how many there were.
    :param known: whether one has taken about as long as it should; the first does what is done once, and counts not.
    :param dearest: seconds a row of the dearest, and less the longer ago it was.
    :param before: the size of the batch before, and its seconds.
    """

    size: int
    row: float
    batches: int = 0
    known: bool = False
    dearest: float = 0.0
    before: tuple[int, float] = (0, 0.0)

    @classmethod
    def of(cls, size: int, *, dear: bool = False) -> "Pace":
        """Before the first batch: of so many rows, or fewer where each may be dear."""
        size = max(1, size // DEAR) if dear else size
        return cls(size, AIM / (SUPPOSED * size))

    def took(self, seconds: float, *, found: int) -> None:
        """Let the next batch take as long as one should, judging by one of this size.

        :param found: how many rows it met that were due. Where there were few it was quick, and says nothing of a batch
            that meets as many as it should: none is larger than the quickest of those rows allows.
        """
        self.known = self.known or (self.batches > 0 and seconds > AIM / 2)
        if self.batches:
            self.dearest = max(seconds / self.size, self.dearest * FORGETTING)
        if found:
            self.row = min(self.row, seconds / found)
        self.batches += 1
        size, took = self.before
        self.before = self.size, seconds
        if self.size < size and seconds > max(AIM, HELPED * took):
            self.size = size
            return
        growth = GROWTH if self.known else FIRST_GROWTH
        wanted = self.size * AIM / max(seconds, 1e-6)
        bound = max(wanted / DEARER, LONGEST / max(self.dearest, 1e-9))
        together = AIM / max(self.row, 1e-9)
        self.size = int(min(LARGEST, max(SMALLEST, min(wanted, bound, together, self.size * growth))))
