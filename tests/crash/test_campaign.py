"""The long campaign, `make test-crash`: kill -9 at random boundaries and at random moments, hundreds of times.

On durable servers, as a service runs them. ``JIKIM_KILLS`` says how many; ``JIKIM_SEED`` repeats the choices of
an earlier campaign (though never its timing).
"""

import os
import random
import secrets
import time
from collections import Counter

import pytest
from tests.crash.judge import Judge
from tests.crash.scene import VICTIMS, Original, Scene, fresh
from tests.crash.writers import Latencies

KILLS = int(os.environ.get("JIKIM_KILLS", "200"))
SEED = os.environ.get("JIKIM_SEED") or secrets.token_hex(4)
MOST_IN_A_ROW = 5


def recorded(original: Original) -> tuple[Judge, tuple[str, ...], float]:
    """A judge, every boundary of a run that nobody disturbs, and how long that takes (seconds)."""
    with fresh(original) as copy:
        judge = Judge(copy)
        with copy.sweeping(planned=original.planned) as run:
            began = time.monotonic()
            run.start()
            end = run.finish()
            took = time.monotonic() - began
        assert end is not None
        assert end.state == "finished"
        judge.check(copy)
    return judge, end.boundaries, took


def killed_in_a_row(copy: Scene, dice: random.Random, *, boundaries: int, took: float) -> list[str]:
    """Some kills, one after the other, wherever the dice say; the victim and the moment of each."""
    hit = []
    for place in range(dice.randint(1, MOST_IN_A_ROW)):
        victim = dice.choice((*VICTIMS, "process"))
        left = boundaries if place == 0 else boundaries // 2  # what is done already is not passed again
        if dice.random() < 0.5:
            if copy.kill_at(victim, dice.randint(1, left)):
                hit.append(f"{victim} at a boundary")
        elif copy.kill_after(victim, dice.uniform(0, took * left / boundaries)):
            hit.append(f"{victim} at a moment")
    return hit


@pytest.mark.crash
@pytest.mark.timeout(0)
def test_killed_anywhere_and_at_any_moment_nothing_is_lost_left_or_done_twice(
    durable_original: Original,
) -> None:
    """However often and whenever it is killed, one more run finishes, and the model finds no fault."""
    judge, boundaries, took = recorded(durable_original)
    with fresh(durable_original) as copy, copy.writing(SEED, writers=2) as alone:
        time.sleep(5)
    print(f"\nseed {SEED}: {len(boundaries)} boundaries, a run takes {took:.2f} s")  # noqa: T201 - the report of the campaign
    kinds, number, cost = Counter[str](), 0, Latencies()
    while kinds.total() < KILLS:
        number += 1
        dice = random.Random(f"{SEED}/{number}")  # noqa: S311 - dice, not secrets
        with fresh(durable_original) as copy:
            with copy.writing(f"{SEED}/{number}", writers=2) as latencies:
                kinds.update(killed_in_a_row(copy, dice, boundaries=len(boundaries), took=took))
                if dice.random() < 0.5:
                    copy.sweep()
            assert not latencies.deadlocks
            assert copy.sweep().state == "finished", copy.history
            judge.check(copy)
            cost.took += latencies.took
        print(f"{kinds.total():4} kills survived; scene {number}: {len(copy.history)} events", flush=True)  # noqa: T201 - the same
    print(f"seed {SEED}: {dict(kinds)} in {number} scenes")  # noqa: T201 - the same
    print(f"the application alone: {alone}\nbeside kills and recoveries: {cost}")  # noqa: T201 - the report of the campaign
