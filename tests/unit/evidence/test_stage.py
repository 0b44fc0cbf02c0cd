"""No word beyond the stage that was reached."""

import pytest

from jikim.evidence.stage import Stage

EARNED = {
    Stage.UNREACHABLE: {Stage.UNREACHABLE},
    Stage.VACUUMED: {Stage.UNREACHABLE, Stage.VACUUMED},
    Stage.REWRITTEN: {Stage.UNREACHABLE, Stage.VACUUMED, Stage.REWRITTEN},
    Stage.SHREDDED: {Stage.UNREACHABLE, Stage.VACUUMED, Stage.SHREDDED},
    Stage.BEYOND_BACKUPS: set(Stage),
}


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_earns_its_own_word_and_the_lower_ones(stage: Stage) -> None:
    assert {word for word in Stage if stage.earns(word)} == EARNED[stage]


def test_only_what_was_rewritten_or_shredded_is_irrecoverable() -> None:
    assert {stage for stage in Stage if stage.irrecoverable} == {
        Stage.REWRITTEN,
        Stage.SHREDDED,
        Stage.BEYOND_BACKUPS,
    }
