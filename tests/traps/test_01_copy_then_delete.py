"""Trap 1: INSERT … SELECT and then DELETE with the same predicate, at READ COMMITTED."""

import psycopg
from tests.keeping import Kept
from tests.traps.people import AS_OF, archived, meanwhile, member, order


def test_two_statements_destroy_what_arrives_in_between_and_keep_what_was_corrected(kept: Kept) -> None:
    """Naive: the late order is in neither place, and the copy is of a version that nobody has corrected yet."""
    order(kept, 1, of=member(kept, 10))
    due = "completed_at < now() and member_id in (select id from members where status = 'left')"
    kept.execute("create table copied (like orders)")
    with psycopg.connect(kept.url) as mover:
        mover.execute(f"insert into copied select * from orders where {due}".encode())
        kept.execute("update orders set summary = 'corrected' where id = 1")
        order(kept, 2, of=10)
        mover.execute(f"delete from orders where {due}".encode())
    assert kept.rows("orders") == []
    assert [(row["id"], row["summary"]) for row in kept.rows("copied")] == [(1, "as ordered")]


def test_a_batch_archives_what_it_destroys_as_it_was_at_that_moment(kept: Kept) -> None:
    """Ours: one order is being corrected as the sweep begins, another arrives in its midst; both are archived."""
    order(kept, 1, of=member(kept, 10))
    order(kept, 2, of=10)
    with psycopg.connect(kept.url) as other:
        correct = "update orders set summary = 'corrected' where id = 1"
        events = {
            "orders/archive | sweeper pick, before": lambda: other.execute(correct),
            "orders/archive | sweeper pick, after": lambda: order(kept, 3, of=10, summary="late"),
            "orders/archive | sweeper commit, after": other.commit,
        }
        with meanwhile(kept, events):
            assert kept.sweep(AS_OF).complete
    assert kept.rows("orders") == []
    copies = archived(kept, "orders__contracts")
    assert {key: copy["summary"] for key, copy in copies.items()} == {
        "1": "corrected",
        "2": "as ordered",
        "3": "late",
    }
