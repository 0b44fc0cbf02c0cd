"""How large batches become, from how long they took."""

import pytest

from jikim.operations.pace import AIM, LARGEST, SMALLEST, Pace


def sizes(*took: float, size: int = 1000) -> list[int]:
    """The size after each of some batches, which took so many times as long as they should."""
    pace, found = Pace(size), list[int]()
    for each in took:
        pace.took(each * AIM)
        found.append(pace.size)
    return found


def test_batches_grow_fast_until_one_takes_half_its_time_and_then_by_a_quarter() -> None:
    """A quick moment later on makes no batch that is several times too long."""
    assert sizes(0.01, 0.1, 0.6, 0.01, 0.01) == [4000, 16_000, 20_000, 25_000, 31_250]


def test_a_batch_that_took_too_long_makes_the_next_one_smaller_at_once() -> None:
    """However large the ones before were."""
    assert sizes(0.9, 4, 0.8) == [1111, 277, 346]


def test_the_first_batch_of_a_step_does_not_end_the_fast_growth() -> None:
    """It builds and plans what the others use again."""
    assert sizes(0.9, 0.01) == [1111, 4444]


@pytest.mark.parametrize(("took", "bound"), [(0.0, LARGEST), (1000.0, SMALLEST)])
def test_sizes_stay_within_bounds(took: float, bound: int) -> None:
    """Whatever a clock says."""
    assert sizes(*[took] * 9)[-1] == bound
