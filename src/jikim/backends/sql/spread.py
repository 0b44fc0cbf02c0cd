"""How due rows lie in a table that is gone through from end to end: everywhere alike, or together. Pure.

A batch that should meet so many due rows looks at more than those. Where due rows stand together it may meet nothing
else, and would take many times as long as it should.
"""

from typing import Final

UNLIKE: Final = 3
"""Due rows stand together where there were so many times more or fewer than expected."""
CHANCE: Final = 10
"""So many more or fewer may be chance."""


def one_in(expected: int, *, found: int, looked_at: int) -> int:
    """Of how many rows one is due, about, among those that follow; 1 if all of them may be.

    :param expected: of how many one was expected to be due among those that were looked at.
    """
    few = looked_at / expected
    alike = few / UNLIKE <= found <= few * UNLIKE or abs(found - few) <= CHANCE
    return expected if alike else 1
