"""Trap 2: a batch by a list of keys that does not repeat the predicate."""

from tests.keeping import Kept
from tests.traps.people import AS_OF, interest, meanwhile, member

COME_BACK = "update members set status = 'active', left_at = null where id = 10"


def test_a_list_of_keys_destroys_what_became_live_again(kept: Kept) -> None:
    """Naive: the keys are picked, the member comes back, the rows go all the same."""
    interest(kept, 1, of=member(kept, 10))
    keys = kept.execute(
        "select i.id from interests i join members m on m.id = i.member_id where m.status = 'left'"
    )
    kept.execute(COME_BACK)
    kept.execute("delete from interests where id = any(%s)", [row["id"] for row in keys])
    assert kept.rows("interests") == []


def test_a_batch_judges_each_row_again(kept: Kept) -> None:
    """Ours: rows are picked and locked, their member comes back, and they stay."""
    interest(kept, 1, of=member(kept, 10))
    with meanwhile(kept, {"interests/destroy | sweeper pick, after": lambda: kept.execute(COME_BACK)}):
        applied = kept.sweep(AS_OF)
    assert applied.complete
    assert sum(step.rows for step in applied.steps) == 0
    assert [row["id"] for row in kept.rows("interests")] == [1]
    assert [row["name"] for row in kept.rows("members")] == ["Ahra"]
