"""Trap 11: "nothing found" and "done" look alike."""

import pytest
from tests.keeping import Kept
from tests.traps.people import AS_OF, interest, member

from jikim.backends.base import StoreError


@pytest.fixture
def orphaned(kept: Kept) -> Kept:
    """A Plask that lost a foreign key, and then a member by hand: their interest belongs to nobody now."""
    kept.execute("alter table interests drop constraint interests_member_id_fkey")
    interest(kept, 1, of=10)
    return kept


def test_a_delete_that_finds_nothing_looks_like_one_that_is_done(orphaned: Kept) -> None:
    """Naive: no row, no error, and the data of somebody who is gone stays for ever."""
    gone = orphaned.execute(
        "delete from interests i using members m where m.id = i.member_id and m.status = 'left' returning 1"
    )
    assert gone == []
    assert len(orphaned.rows("interests")) == 1


def test_rows_that_belong_to_nobody_refuse_their_table(orphaned: Kept) -> None:
    """Ours: every row is in one of five states, so the orphan is counted, and the run is not complete."""
    planned = orphaned.plan(AS_OF)
    assert planned.plan.census["interests"].orphan == planned.plan.census["interests"].total == 1
    applied = orphaned.sweep(AS_OF)
    assert "to nobody who exists" in applied.blocked["interests"]
    assert (applied.complete, applied.state) == (False, "partial")


def test_done_says_how_many_rows_were_looked_at(kept: Kept) -> None:
    """Ours: a run that has nothing to do is complete because all rows are accounted for, not because none was met."""
    interest(kept, 1, of=member(kept, 10, left=None))
    planned = kept.plan(AS_OF)
    counts = planned.plan.census["interests"]
    assert (counts.total, counts.due, counts.retained + counts.waiting) == (1, 0, 1)
    assert kept.sweep(AS_OF).complete


def test_a_table_that_is_not_there_is_no_empty_table(kept: Kept) -> None:
    """Ours: where the tables are not what the map says, the plan says so."""
    kept.execute("drop table interests")
    planned = kept.plan(AS_OF)
    assert "interests" in planned.plan.blocked
    kept.execute("drop schema jikim cascade")
    with pytest.raises(StoreError, match="the store refused"):
        kept.plan(AS_OF)
