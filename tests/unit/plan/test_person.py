"""A person's life is counted from what happened, and from nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.plan.person import PersonError, person_life
from jikim.policy.life import Happening, Scene, Stay


def day(number: int) -> datetime:
    return datetime(2024, 1, number, tzinfo=UTC)


END = day(31)


def test_scenes_stand_in_order_of_time_with_what_was_left_after_each() -> None:
    told = [
        Happening(day(9), "destroy", "orders", 2),
        Happening(day(1), "recorded", "orders", 2),
        Happening(day(1), "recorded", "members", 1),
        Happening(day(5), "membership ended"),
    ]
    scenes = person_life(told, as_of=END).scenes
    assert [(s.at, s.by, s.in_use, s.apart) for s in scenes] == [
        (day(1), "service", 3, 0),
        (day(5), "service", 3, 0),
        (day(9), "jikim", 1, 0),
    ]


def test_what_the_service_and_jikim_do_at_one_instant_are_two_scenes() -> None:
    told = [Happening(day(1), "recorded", "orders", 1), Happening(day(1), "destroy", "orders", 1)]
    assert [scene.by for scene in person_life(told, as_of=END).scenes] == ["service", "jikim"]


def test_an_archived_row_leaves_the_service_and_stands_apart_until_its_copy_expires() -> None:
    told = [
        Happening(day(1), "recorded", "orders", 1),
        Happening(day(5), "archive", "orders", 1, copies=1),
        Happening(day(9), "expire", "orders", 1),
    ]
    life = person_life(told, as_of=END)
    assert life.stays == (
        Stay("orders", "in use", day(1), day(5), "archive"),
        Stay("orders", "apart", day(5), day(9), "expire"),
    )
    assert (life.scenes[-1].in_use, life.scenes[-1].apart) == (0, 0)


def test_a_stub_stays_masked_until_it_goes() -> None:
    told = [
        Happening(day(1), "recorded", "members", 1),
        Happening(day(5), "stub", "members", 1),
        Happening(day(9), "destroy", "members", 1),
    ]
    assert person_life(told, as_of=END).stays == (
        Stay("members", "in use", day(1), day(5), "stub"),
        Stay("members", "masked", day(5), day(9), "destroy"),
    )


def test_a_stay_that_has_not_ended_has_no_end() -> None:
    told = [Happening(day(1), "recorded", "members", 1)]
    assert person_life(told, as_of=END).stays == (Stay("members", "in use", day(1)),)


def test_what_happens_after_the_day_asked_about_is_left_out() -> None:
    told = [Happening(day(1), "recorded", "members", 1), Happening(day(9), "destroy", "members", 1)]
    assert len(person_life(told, as_of=day(8)).scenes) == 1


@pytest.mark.parametrize(("action", "place"), [("destroy", "the service"), ("expire", "the archive")])
def test_an_account_in_which_more_leaves_than_came_is_refused(action: str, place: str) -> None:
    told = [Happening(day(1), "recorded", "orders", 1), Happening(day(2), action, "orders", 2)]
    with pytest.raises(PersonError, match=rf"2 rows of `orders` leave {place} at 2024-01-02"):
        person_life(told, as_of=END)


def test_nobody_has_no_scenes() -> None:
    assert person_life([], as_of=END).scenes == ()


@given(st.data())
def test_rows_in_use_and_apart_always_add_up_to_what_came_and_has_not_gone(data: st.DataObject) -> None:
    """recorded + copies = in use + apart + gone, whatever happens in whatever order."""
    in_use, apart, came, gone, told = 0, 0, 0, 0, []
    for number in range(1, data.draw(st.integers(1, 20)) + 1):
        action = data.draw(st.sampled_from(["recorded", "archive", "destroy", "removed", "expire", "mask"]))
        most = {"recorded": 5, "expire": apart, "mask": 0}.get(action, in_use)
        rows = data.draw(st.integers(0, most))
        copies = rows if action == "archive" else 0
        told.append(Happening(day(number), action, "t", rows, copies))
        came += copies + (rows if action == "recorded" else 0)
        gone += rows if action in ("archive", "destroy", "removed", "expire") else 0
        in_use += (
            rows if action == "recorded" else -rows if action in ("archive", "destroy", "removed") else 0
        )
        apart += copies - (rows if action == "expire" else 0)
    last: Scene = person_life(told, as_of=END).scenes[-1]
    assert last.in_use + last.apart == came - gone
    assert (last.in_use, last.apart) == (in_use, apart)
