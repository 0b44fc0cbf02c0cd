"""Whether due rows lie everywhere alike or stand together, from how many were met."""

import pytest

from jikim.backends.sql.spread import TOGETHER, one_in


@pytest.mark.parametrize("found", [334, 1000, 3000])
def test_rows_that_were_met_about_as_often_as_expected_lie_everywhere_alike(found: int) -> None:
    """One in five was due before and is so among those that follow."""
    assert one_in(5, found=found, looked_at=5000) == 5


@pytest.mark.parametrize("found", [0, 3001, 5000])
def test_after_far_more_or_none_all_that_follow_may_be_due(found: int) -> None:
    """They stand together, here or elsewhere."""
    assert one_in(5, found=found, looked_at=5000) == TOGETHER


@pytest.mark.parametrize(
    ("expected", "found", "learnt"), [(5, 333, 10), (5, 1, 10), (1, 1500, 2), (2, 800, 4)]
)
def test_after_fewer_that_were_no_chance_as_few_are_expected_again(
    expected: int, found: int, learnt: int
) -> None:
    """But no fewer than half as many as before: others may come."""
    assert one_in(expected, found=found, looked_at=5000) == learnt


@pytest.mark.parametrize("found", [0, 11])
def test_a_few_rows_more_or_fewer_are_chance(found: int) -> None:
    """One was expected."""
    assert one_in(1000, found=found, looked_at=1000) == 1000
