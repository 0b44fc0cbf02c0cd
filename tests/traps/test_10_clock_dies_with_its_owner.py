"""Trap 10: a clock that dies with its owner. Abuse is kept a year after leaving; the leaver is gone on day six."""

from datetime import timedelta

from tests.keeping import Kept
from tests.traps.people import AS_OF, LEFT, member

ABUSE = "insert into abuse_records values (1, 10, '192.0.2.9', 'abuse', %s)"
A_YEAR_LATER = AS_OF + timedelta(days=400)


def test_a_join_with_an_owner_who_is_gone_finds_nothing_for_ever(kept: Kept) -> None:
    """Naive: members go five days after leaving; a year later nobody knows when that was."""
    member(kept, 10)
    kept.execute(ABUSE, LEFT)
    kept.execute("delete from members where left_at < %s", AS_OF - timedelta(days=5))
    kept.execute(
        "delete from abuse_records a using members m where m.id = a.member_id and m.left_at < %s",
        A_YEAR_LATER - timedelta(days=365),
    )
    assert len(kept.rows("abuse_records")) == 1


def test_a_stub_keeps_the_clock_until_its_last_dependent_goes(kept: Kept) -> None:
    """Ours: the member is masked on time, only key and dates stay, and both go when the year is over."""
    member(kept, 10, name="Ahra")
    kept.execute(ABUSE, LEFT)
    assert kept.sweep(AS_OF).complete
    [stub] = kept.rows("members")
    assert (stub["id"], stub["left_at"], stub["name"]) == (10, LEFT, "-")
    assert "member-10" not in stub["email"]
    assert len(kept.rows("abuse_records")) == 1
    assert kept.sweep(A_YEAR_LATER).complete
    assert kept.rows("abuse_records") == kept.rows("members") == []
