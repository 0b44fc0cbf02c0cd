"""kill -9 of our process, of the store's server and of the ledger's, each at a step of its own.

Every scene is killed several times in a row, each time further on, with Plask's application at work beside; then
it runs to the end once. Afterwards nothing is lost, nothing left, nothing was done twice, and all of it is proved.
"""

import pytest
from tests.crash.judge import Judge
from tests.crash.scene import VICTIMS, Scene

SCENES = (
    (
        ("process", "start_run | ledger commit, before"),
        ("process", "apply_plan payments/archive | sweeper carry out, after"),
        ("process", "remove_files | files unlink, after"),
        ("process", "import_receipts | ledger commit, after"),
    ),
    (
        ("process", "start_run | ledger commit, after"),
        ("store", "apply_plan payments/archive | sweeper commit, before"),
        ("process", "remove_files | files unlink, before"),
        ("ledger", "import_receipts | ledger insert into jikim.imported, after"),
    ),
    (
        ("ledger", "start_run | ledger insert into jikim.run, after"),
        ("process", "apply_plan payments/archive | sweeper commit, after"),
        ("store", "apply_plan payments__payments/expire | keeper insert into jikim.receipt, after"),
        ("process", "import_receipts | sweeper commit, before"),
    ),
    (
        ("process", "apply_plan members/destroy | sweeper pick, after"),
        ("process", "apply_plan members/stub | sweeper carry out, after"),
        ("process", "remove_files | sweeper commit, before"),
        ("store", "import_receipts | sweeper update jikim.receipt, after"),
    ),
    (
        ("store", "apply_plan motion_files/destroy | sweeper commit, after"),
        ("process", "apply_plan members/destroy | sweeper commit, after"),
        ("process", "apply_plan orders__contracts/expire | keeper commit, after"),
        ("ledger", "import_receipts | ledger commit, before"),
    ),
    (
        ("process", "apply_plan payments/mask-1 | sweeper commit, before"),
        ("ledger", "apply_plan rejoin_keys/destroy | sweeper commit, after"),
        ("process", "finish_run | ledger commit, before"),
        ("ledger", "seal_evidence | ledger commit, before #2"),
    ),
    (
        ("store", "remove_files | sweeper commit, after"),
        ("process", "import_receipts | sweeper commit, after"),
        ("process", "seal_evidence | ledger insert into jikim.checkpoint, after #2"),
        ("process", "seal_evidence | ledger commit, after #2"),
    ),
)
"""Whom to kill, and at which step. `boundaries.py` says what the names mean."""


def test_each_kill_hits_a_step_of_its_own() -> None:
    """At least twenty kills, all at different steps, of all three victims and in every part of a run."""
    kills = [kill for kills in SCENES for kill in kills]
    steps = {step for _, step in kills}
    assert len(steps) == len(kills) >= 20
    assert {victim for victim, _ in kills} == set(VICTIMS)
    assert {step.split()[0] for step in steps} == {
        *("start_run", "apply_plan", "remove_files", "import_receipts", "finish_run", "seal_evidence")
    }


@pytest.mark.parametrize("kills", SCENES, ids=range(len(SCENES)))
def test_killed_at_any_step_a_run_can_be_run_again(
    kills: tuple[tuple[str, str], ...], stage: Scene, judge: Judge
) -> None:
    """After several kills, one more run finishes, and everything is as if nobody had been killed."""
    with stage.writing(seed=kills[0][1]):
        for victim, step in kills:
            assert stage.kill_at(victim, step), "\n  ".join(stage.history)
    assert stage.sweep().state == "finished"
    judge.check(stage)
