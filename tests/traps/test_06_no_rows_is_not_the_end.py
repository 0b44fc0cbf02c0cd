"""Trap 6: ``rowcount = 0`` is not the end when rows were skipped as locked, or moved by an update."""

import psycopg
from tests.keeping import Kept
from tests.traps.people import AS_OF, interest, meanwhile, member

from jikim.operations.apply_plan import PASSES

LOCK = "select from interests where id = 1 for update"
MOVE = "update interests set topic = 'shade' where id = 1"


def test_a_loop_until_no_rows_passes_over_what_is_locked(kept: Kept) -> None:
    """Naive: SKIP LOCKED finds nothing more, which is taken for done."""
    interest(kept, 1, of=member(kept, 10))
    batch = "delete from interests where id in (select id from interests limit 10 for update skip locked)"
    with psycopg.connect(kept.url) as other:
        other.execute(LOCK)
        with psycopg.connect(kept.url, autocommit=True) as sweeper:
            while sweeper.execute(batch).rowcount:
                pass
    assert len(kept.rows("interests")) == 1


def test_an_address_of_a_row_that_was_moved_leads_nowhere(kept: Kept) -> None:
    """Naive: a row was updated since it was picked by its place; nothing is deleted there, and nothing is said."""
    interest(kept, 1, of=member(kept, 10))
    [place] = kept.execute("select ctid::text as at from interests")
    kept.execute(MOVE)
    kept.execute("delete from interests where ctid = %s::tid", place["at"])
    assert len(kept.rows("interests")) == 1


def test_what_is_locked_is_counted_and_goes_with_the_next_run(kept: Kept) -> None:
    """Ours: the step is `incomplete` with one row left; when the lock is gone, the next run finishes."""
    interest(kept, 1, of=member(kept, 10))
    interest(kept, 2, of=10)
    kept.alone = "somebody else holds a row for as long as the run lasts"
    with psycopg.connect(kept.url) as other:
        other.execute(LOCK)
        applied = kept.sweep(AS_OF)
        step = next(s for s in applied.steps if s.step == "interests/destroy")
        assert (step.state, step.rows, step.remaining) == ("incomplete", 1, 1)
        assert not applied.complete
    assert kept.sweep(AS_OF).complete
    assert kept.rows("interests") == []


def test_what_is_locked_for_a_moment_goes_in_the_same_run(kept: Kept) -> None:
    """Ours: the run looks again until the lock is gone, more often than there are passes, and not for ever."""
    interest(kept, 1, of=member(kept, 10))
    with psycopg.connect(kept.url) as other:
        other.execute(LOCK)
        with meanwhile(kept, {f"interests/destroy | sweeper pick, before #{PASSES + 1}": other.rollback}):
            assert kept.sweep(AS_OF).complete
    assert kept.rows("interests") == []


def test_a_row_that_is_moved_during_a_run_goes_in_the_same_run(kept: Kept) -> None:
    """Ours: an update holds the row as the batch comes to it, and is committed after; another pass meets it."""
    interest(kept, 1, of=member(kept, 10))
    interest(kept, 2, of=10)
    with psycopg.connect(kept.url) as other:
        events = {
            "interests/destroy | sweeper lock, before": lambda: other.execute(MOVE),
            "interests/destroy | sweeper commit, after": other.commit,
        }
        with meanwhile(kept, events):
            assert kept.sweep(AS_OF).complete
    assert kept.rows("interests") == []
