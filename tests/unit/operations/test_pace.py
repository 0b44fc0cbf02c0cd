"""How large batches become, from how long they took."""

import pytest

from jikim.operations.pace import AIM, LARGEST, LONGEST, SMALLEST, Pace


def sizes(*took: float, size: int = 1000) -> list[int]:
    """The size after each of some batches, which took so many times as long as they should."""
    pace, found = Pace.of(size), list[int]()
    for each in took:
        pace.took(each * AIM, found=pace.size)
        found.append(pace.size)
    return found


def test_batches_grow_fast_until_one_takes_half_its_time_and_then_by_a_quarter() -> None:
    """A quick moment later on makes no batch that is several times too long."""
    assert sizes(0.01, 0.1, 0.6, 0.01, 0.01) == [3000, 9000, 11_250, 14_062, 17_577]


def test_a_batch_that_took_too_long_makes_the_next_one_smaller_at_once() -> None:
    """However large the ones before were."""
    assert sizes(0.9, 4, 0.8) == [1111, 277, 346]


def test_the_first_batch_of_a_step_does_not_end_the_fast_growth() -> None:
    """It builds and plans what the others use again."""
    assert sizes(0.9, 0.01) == [1111, 3333]


@pytest.mark.parametrize(("took", "bound"), [(0.0, LARGEST), (1000.0, SMALLEST)])
def test_sizes_stay_within_bounds(took: float, bound: int) -> None:
    """Whatever a clock says."""
    assert sizes(*[took] * 9)[-1] == bound


def test_a_step_of_which_some_batches_are_dear_stays_so_small_that_those_are_not_too_long() -> None:
    """The dearest of late decides, not what most take."""
    pace = Pace.of(1000)
    for seconds in (AIM, AIM, 4 * AIM):
        pace.took(seconds, found=pace.size)
    dear = 4 * AIM / 1000
    for _ in range(9):
        pace.took(AIM / 2, found=pace.size)
    assert pace.size * dear == pytest.approx(LONGEST, rel=0.1)


def test_a_moment_in_which_the_machine_did_other_things_is_forgotten() -> None:
    """After some hundreds of batches they are as large as they were."""
    pace = Pace.of(1000)
    for seconds in (AIM, AIM, 20 * AIM):
        pace.took(seconds, found=pace.size)
    for _ in range(400):
        pace.took(AIM * pace.size / 1000, found=pace.size)
    assert pace.size == pytest.approx(1000, rel=0.01)


def test_batches_whose_time_goes_into_what_each_costs_anyway_do_not_become_ever_smaller() -> None:
    """A disk takes longer to commit than a batch should take: fewer rows would not make it quicker."""
    pace = Pace.of(1000)
    for _ in range(50):
        pace.took(1.2 * AIM + pace.size * AIM / 10_000, found=pace.size)
    assert pace.size > 500


def test_a_disk_that_stalls_now_and_then_makes_batches_half_as_large_at_most() -> None:
    """However small they are, it takes as long, and so a row of a small one seems dear."""
    pace = Pace.of(1000)
    for n in range(399):
        pace.took(10 * AIM if n % 20 == 19 else AIM * pace.size / 1000, found=pace.size)
    assert pace.size == pytest.approx(500, rel=0.01)


def test_a_batch_is_no_larger_than_would_be_right_if_all_it_looks_at_were_due() -> None:
    """Where none was, or few, it takes but a moment, and says nothing of those that come."""
    pace = Pace.of(1000)
    for _ in range(9):
        pace.took(AIM / 100, found=0)
    assert pace.size == pytest.approx(2000, abs=1)
    pace.took(AIM / 10, found=500)
    for _ in range(9):
        pace.took(AIM / 100, found=1)
    assert pace.size == pytest.approx(5000, abs=1)


def test_a_step_whose_rows_others_point_to_begins_with_fewer() -> None:
    """Nobody measured yet what goes along with one."""
    assert [Pace.of(size, dear=True).size for size in (1000, 2)] == [250, 1]
