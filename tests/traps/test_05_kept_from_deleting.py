"""Trap 5: row-level security, or a BEFORE DELETE trigger, that keeps rows while the DELETE succeeds."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.keeping import Kept, as_role
from tests.traps.people import AS_OF, interest, member

KEEPER = """
    create function keep() returns trigger language plpgsql as 'begin return null; end';
    create trigger keep before delete on interests for each row execute function keep()"""


@pytest.fixture
def seeing_no_further(kept: Kept) -> Iterator[Kept]:
    """A Plask whose sweeper is subject to row security, as any role is that nobody took out of it."""
    interest(kept, 1, of=member(kept, 10))
    kept.execute("alter role plask_sweeper nobypassrls")
    yield kept
    kept.execute("alter role plask_sweeper bypassrls")


def test_row_security_lets_a_delete_succeed_and_delete_nothing(seeing_no_further: Kept) -> None:
    """Naive: no error, no rows, and the data of who left is still there."""
    with psycopg.connect(as_role(seeing_no_further.url, "plask_sweeper").replace("+psycopg", "")) as sweeper:
        assert sweeper.execute("delete from interests").rowcount == 0
    assert len(seeing_no_further.rows("interests")) == 1


def test_a_table_that_row_security_would_filter_is_left_alone(seeing_no_further: Kept) -> None:
    """Ours: sessions ask for an error instead of a filter, so the table blocks itself, and says what to do."""
    blocked = seeing_no_further.plan(AS_OF).plan.blocked
    assert "InsufficientPrivilege (42501)" in blocked["interests"]
    assert "BYPASSRLS" in blocked["interests"]


def test_a_step_that_row_security_would_filter_fails(kept: Kept) -> None:
    """Ours: the same when row security comes between plan and batch."""
    interest(kept, 1, of=member(kept, 10))
    planned = kept.plan(AS_OF)
    kept.execute("alter role plask_sweeper nobypassrls")
    try:
        applied = kept.apply(planned, AS_OF)
    finally:
        kept.execute("alter role plask_sweeper bypassrls")
    states = {s.step: s.state for s in applied.steps}
    assert states["interests/destroy"] == states["members/destroy"] == "failed"
    assert applied.state == "partial"


def test_a_trigger_lets_a_delete_succeed_and_delete_nothing(kept: Kept) -> None:
    """Naive: the statement succeeds; whoever does not look, believes."""
    interest(kept, 1, of=member(kept, 10))
    kept.execute(KEEPER)
    kept.execute("delete from interests")
    assert len(kept.rows("interests")) == 1


def test_a_step_whose_rows_a_trigger_keeps_is_not_done(kept: Kept) -> None:
    """Ours: rows are counted afterwards, so the step is `incomplete`, says why, and writes no receipt."""
    interest(kept, 1, of=member(kept, 10))
    kept.execute(KEEPER)
    applied = kept.sweep(AS_OF)
    step = next(s for s in applied.steps if s.step == "interests/destroy")
    assert (step.state, step.rows, step.remaining) == ("incomplete", 0, 1)
    assert "trigger" in step.reason
    assert applied.state == "partial"
    assert "interests/destroy" not in {row["step"] for row in kept.execute("select step from jikim.receipt")}
