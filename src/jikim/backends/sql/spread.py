"""How due rows lie in a table that is gone through from end to end: everywhere alike, or together. Pure.

A batch that should meet so many due rows looks at more than those. Where due rows stand together it may meet nothing
else, and would take many times as long as it should.
"""

from typing import Final

WIDE: Final = 5
"""Nothing but what was counted keeps a batch from meeting so many times as many due rows as it should, and no more."""
TOGETHER: Final = 1
"""Each row that follows may be due."""
UNLIKE: Final = 3
"""Due rows stand together where there were so many times more or fewer than expected."""
CHANCE: Final = 10
"""So many more or fewer may be chance."""
LEARNT: Final = 2
"""Where there were some, but fewer, one is due in so many times more rows at most among those that follow."""


def one_in(expected: int, *, found: int, looked_at: int) -> int:
    """Of how many rows one is due, about, among those that follow.

    :param expected: of how many one was expected to be due among those that were looked at.
    """
    few = looked_at / expected
    if few / UNLIKE <= found <= few * UNLIKE or abs(found - few) <= CHANCE:
        return expected
    return TOGETHER if found > few or not found else min(LEARNT * expected, looked_at // found)
