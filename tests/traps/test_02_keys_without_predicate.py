"""Trap 2: a batch by a list of keys that does not repeat the predicate."""

import threading

import psycopg
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
    """Ours: rows are picked, since somebody holds one of them, and locked; their member comes back, and they stay."""
    kept.alone = "somebody else holds a row for as long as the run lasts"
    interest(kept, 1, of=member(kept, 10))
    interest(kept, 2, of=10)
    with psycopg.connect(kept.url) as other:
        other.execute("select from interests where id = 2 for update")
        with meanwhile(kept, {"interests/destroy | sweeper pick, after": lambda: kept.execute(COME_BACK)}):
            applied = kept.sweep(AS_OF)
    assert applied.complete
    assert sum(step.rows for step in applied.steps) == 0
    assert [row["id"] for row in kept.rows("interests")] == [1, 2]
    assert [row["name"] for row in kept.rows("members")] == ["Ahra"]


def test_a_row_that_changes_while_a_statement_waits_for_it_is_judged_as_it_is_then(kept: Kept) -> None:
    """Ours, where rows are taken by one statement: it becomes somebody else's, and stays."""
    kept.alone = "somebody else holds a row until the sweep has come to it"
    interest(kept, 1, of=member(kept, 10))
    member(kept, 20)
    kept.execute("update members set status = 'active', left_at = null where id = 20")
    with psycopg.connect(kept.url) as other:
        other.execute("update interests set member_id = 20")
        soon = threading.Timer(0.01, other.commit)
        with meanwhile(kept, {"interests/destroy | sweeper lock, after": soon.start}):
            assert kept.sweep(AS_OF).complete
        soon.join()
    assert [row["member_id"] for row in kept.rows("interests")] == [20]
