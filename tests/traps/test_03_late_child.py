"""Trap 3: a child that an open transaction inserts while its parent is being moved."""

import threading

import psycopg
import pytest
from tests.keeping import Kept
from tests.traps.people import AS_OF, COMPLAINT, JOINED, archived, complaint, meanwhile, member, order

LATE = "insert into orders values (2, 10, 1, 9900, 'late', %s, %s)"


@pytest.fixture
def cascading(kept: Kept) -> Kept:
    """Plask with orders that go with their member."""
    kept.execute(
        "alter table orders drop constraint orders_member_id_fkey, add constraint orders_member_id_fkey"
        " foreign key (member_id) references members on delete cascade"
    )
    order(kept, 1, of=member(kept, 10))
    return kept


def test_a_cascade_takes_a_late_child_that_nobody_archived(cascading: Kept) -> None:
    """Naive: children are moved, then their parent is deleted; the late child goes with it."""
    kept = cascading
    kept.execute("create table copied (like orders)")
    with psycopg.connect(kept.url) as other, psycopg.connect(kept.url) as mover:
        other.execute(LATE, (JOINED, JOINED))
        mover.execute(
            "with gone as (delete from orders where member_id = 10 returning *)"
            " insert into copied select * from gone"
        )
        last = threading.Thread(target=mover.execute, args=("delete from members where id = 10",))
        last.start()
        waits = (
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        )
        while not kept.execute(waits):
            assert last.is_alive()
        other.commit()
        last.join()
        mover.commit()
    assert kept.rows("orders") == []
    assert [row["id"] for row in kept.rows("copied")] == [1]


def test_a_parent_waits_for_its_late_child(cascading: Kept) -> None:
    """Ours: whoever inserts a child holds its parent, which is passed over, and said to be left; then both go."""
    kept = cascading
    with psycopg.connect(kept.url) as other:
        other.execute(LATE, (JOINED, JOINED))
        applied = kept.sweep(AS_OF)
        left = [(s.step, s.state, s.remaining) for s in applied.steps if s.state != "done"]
        assert left == [("members/destroy", "incomplete", 1)]
    assert [row["id"] for row in kept.rows("orders")] == [2]
    assert kept.sweep(AS_OF).complete
    assert kept.rows("members") == kept.rows("orders") == []
    assert {k: c["summary"] for k, c in archived(kept, "orders__contracts").items()} == {
        "1": "as ordered",
        "2": "late",
    }


def test_a_child_that_comes_just_before_its_parent_goes_is_archived_with_its_owner(cascading: Kept) -> None:
    """Ours: the parent becomes a stub, which keeps what the child's copy needs of it until then."""
    kept = cascading
    event = {"members/destroy | sweeper pick, before": lambda: kept.execute(LATE, JOINED, JOINED)}
    with meanwhile(kept, event):
        kept.sweep(AS_OF)
    assert [row["status"] for row in kept.rows("members")] == ["left"]
    assert kept.sweep(AS_OF).complete
    assert kept.rows("members") == kept.rows("orders") == []
    assert archived(kept, "orders__contracts")["2"]["member_email"] == "member-10@mail.example"


def test_without_a_foreign_key_a_join_never_finds_the_late_child(kept: Kept) -> None:
    """Naive: the member is gone when the complaint is committed, and no sweep that joins them meets it again."""
    complaint(kept, 1, of=member(kept, 10))
    clean = "delete from support_posts p using members m where m.id = p.member_id and m.status = 'left'"
    with psycopg.connect(kept.url) as other:
        other.execute(COMPLAINT, (2, 10, "late", "late", JOINED, JOINED))
        kept.execute(clean)
        kept.execute("delete from members where status = 'left'")
    kept.execute(clean)
    assert [row["id"] for row in kept.rows("support_posts")] == [2]


def test_without_a_foreign_key_the_late_child_is_found_as_an_orphan(kept: Kept) -> None:
    """Ours: the map says by which date an orphan goes, so it is archived with the next run."""
    complaint(kept, 1, of=member(kept, 10))
    with psycopg.connect(kept.url) as other:
        other.execute(COMPLAINT, (2, 10, "late", "late", JOINED, JOINED))
        kept.sweep(AS_OF)
        assert kept.rows("members") == []
    assert kept.sweep(AS_OF).complete
    assert kept.rows("support_posts") == []
    assert {k: c["title"] for k, c in archived(kept, "support_posts__complaints").items()} == {
        "1": "title",
        "2": "late",
    }
