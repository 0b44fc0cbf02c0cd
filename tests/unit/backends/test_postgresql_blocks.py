"""A table is gone through block by block, and where due rows stand together is looked up."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from jikim.backends.base import Place
from jikim.backends.postgresql.access import MOST, SOME, Blocks
from jikim.backends.sql.spread import TOGETHER, UNLIKE, WIDE

ROWS = 10
"""Rows in a block."""
TABLES = st.lists(st.tuples(st.integers(1, 60), st.integers(0, ROWS)), min_size=1, max_size=6)
"""Stretches of a table: so many blocks, in each of which so many rows are due."""


def gone_through(due: list[int], *, size: int, one_in: int) -> Iterator[tuple[Blocks, int]]:
    """All blocks of a table, and how many rows were due in those that were changed."""
    place: Place | None = (0, len(due), ROWS, one_in, 0)
    while place:
        blocks = Blocks.of(place, size=size)
        here = slice(blocks.first, blocks.after)
        found = 0
        if blocks.look:
            seen = (n for n, rows in enumerate(due[here], blocks.first) if rows)
            place = blocks.looked(next(seen, None))
        else:
            most = left = sum(due[here]) if blocks.most is None else blocks.most
            for n in range(blocks.first, min(blocks.after, blocks.end)):
                taken = min(left, due[n])
                due[n] -= taken
                left -= taken
            found = most - left
            place = blocks.next(found)
        yield blocks, found


@given(TABLES, st.integers(1, 200), st.integers(1, 50))
def test_whatever_is_due_is_met_wherever_it_lies(
    table: list[tuple[int, int]], size: int, one_in: int
) -> None:
    """However many rows were expected to be due, and whatever is passed over after a look."""
    due = [rows for blocks, rows in table for _ in range(blocks)]
    total = sum(due)
    assert sum(found for _, found in gone_through(due, size=size, one_in=one_in)) == total
    assert not any(due)


def test_rows_that_stand_together_behind_others_are_looked_for_and_met_a_batch_at_a_time() -> None:
    """A fifth of the table is due, all of it at the end: no batch meets five times what it should."""
    met = list(gone_through([0] * 4000 + [ROWS] * 1000, size=200, one_in=5))
    looks = [blocks.after - blocks.first for blocks, _ in met if blocks.look]
    assert looks == [100, 200, 400, 800, 1600, 2000]
    assert [found for blocks, found in met if not blocks.look] == [0, *[200] * 50]


def test_a_look_goes_no_further_than_so_many_blocks() -> None:
    """A run can be stopped between two."""
    met = list(gone_through([0] * 100_000 + [ROWS] * 100, size=10_000, one_in=100))
    assert max(blocks.after - blocks.first for blocks, _ in met if blocks.look) == MOST


def test_rows_that_lie_everywhere_alike_are_met_so_many_at_a_time_from_the_second_batch_on() -> None:
    """The first looks at fewer: they might all be due."""
    met = list(gone_through([1, *[0] * 9] * 1000, size=50, one_in=100))
    assert [found for _, found in met[:3]] == [WIDE * 50 // 100 + 1, 50, 50]
    assert not any(blocks.look for blocks, _ in met)


def test_no_batch_changes_far_more_than_it_should_wherever_rows_come_to_stand_together() -> None:
    """Scattered at first, about as many as were counted, and then every row of many blocks."""
    due = [1, *[0] * 4] * 1000 + [ROWS] * 500
    met = list(gone_through(due, size=100, one_in=30))
    assert max(found for _, found in met) == SOME * 100
    assert any(blocks.one_in > WIDE for blocks, _ in met)
    assert met[-1][0].one_in == TOGETHER


def test_after_blocks_in_which_none_was_due_it_is_learnt_again_how_rows_lie() -> None:
    """One row in a hundred, but for the first twentieth of the table."""
    met = list(gone_through([0] * 1000 + [1, *[0] * 9] * 1900, size=100, one_in=105))
    assert len(met) < 60
    assert met[-2][0].one_in > 100 / UNLIKE
