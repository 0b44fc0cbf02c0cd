"""How due rows lie in a table that is gone through from end to end: everywhere alike, or together. Pure.

A batch that should meet so many due rows looks at more than those. Where due rows stand together it may meet nothing
else, and would take many times as long as it should.
"""

from typing import Final

WIDE: Final = 5
"""A batch may meet so many times as many due rows as it should. Where it might meet more, something must stop it."""
TOGETHER: Final = 1
"""One in one: each row that follows may be due."""
UNLIKE: Final = 3
"""Due rows lie otherwise than expected where so many times more or fewer were met."""
CHANCE: Final = 10
"""So many more or fewer may be chance. A range that should meet no more than this tells nothing."""
LEARNT: Final = 2
"""After fewer than expected, one in so many times more rows is expected at most: many may come again."""


def one_in(expected: int, *, found: int, looked_at: int) -> int:
    """Of how many rows one is due, about, among those that follow.

    :param expected: of how many one was expected to be due among those that were looked at.
    """
    few = looked_at / expected
    if few / UNLIKE <= found <= few * UNLIKE or abs(found - few) <= CHANCE:
        return expected
    return TOGETHER if found > few or not found else min(LEARNT * expected, looked_at // found)
