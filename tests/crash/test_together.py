"""Others work at the same time: a second sweep, whoever places a hold, whoever locks a row, whoever says stop."""

import signal
import time
from datetime import timedelta

import psycopg
import pytest
from tests.crash.judge import Judge
from tests.crash.scene import AS_OF, Original, Scene
from tests.keeping import kept_at, plask_promise
from tests.telling import held, released

from jikim.operations.pace import DEAR
from jikim.plan.schedule import Hold

HALFWAY = "apply_plan access_log/destroy | sweeper carry out, after"
FIRST_BATCH = "apply_plan access_log/destroy | sweeper commit, after"
TEN = 10 * DEAR
"""The size of batches by which the log's first has ten rows: what goes along with one is not known yet."""


def count(stage: Scene, table: str) -> int:
    """All rows of one of Plask's tables."""
    return int(stage.execute(f'select count(*) as n from public."{table}"')[0]["n"])


def place(stage: Scene, hold: Hold) -> None:
    """Put a hold into force, beside whatever runs."""
    with kept_at(stage.store_url, promise=plask_promise()) as plask:
        held(plask.store, hold, at=AS_OF)


def release(stage: Scene, hold: str) -> None:
    """End a hold."""
    with kept_at(stage.store_url, promise=plask_promise()) as plask:
        released(plask.store, hold, at=AS_OF + timedelta(days=1))


def test_two_sweeps_at_once_do_everything_once(stage: Scene, judge: Judge) -> None:
    """Two processes share the work in small batches; the model, the receipts and the database agree on it."""
    with stage.sweeping(size=2) as one, stage.sweeping(size=3) as other:
        one.start()
        other.start()
        ends = [one.finish(), other.finish()]
    assert all(end is not None and end.rows > 0 for end in ends), ends
    assert {end.state for end in ends if end} <= {"finished", "partial"}
    assert stage.sweep().state == "finished"
    judge.check(stage)


def test_the_application_works_on_beside_a_sweep(stage: Scene, judge: Judge) -> None:
    """Sweeps meet live writers, who never meet a deadlock; every row becomes what the model makes of it."""
    with stage.writing("alone", writers=2) as alone:
        time.sleep(1)
    with stage.writing("beside", writers=2) as beside:
        for _ in range(2):
            stage.sweep(size=10)
    print(f"\nwithout a sweep: {alone}\nbeside a sweep: {beside}")  # noqa: T201 - measured, not judged
    assert (alone.deadlocks, beside.deadlocks) == (0, 0)
    assert len(beside.took) > 20
    assert stage.sweep().state == "finished"
    judge.check(stage)


def test_a_hold_placed_during_a_run_stops_the_following_batches(stage: Scene, judge: Judge) -> None:
    """Ten rows of the log are gone when the hold comes; no eleventh goes until it is released."""
    before = count(stage, "access_log")
    with stage.sweeping(size=TEN, halt=FIRST_BATCH) as run:
        assert run.go() == FIRST_BATCH
        place(stage, Hold("court", "a case", None, (), "access_log"))
        run.start()
        assert run.finish()
    assert count(stage, "access_log") == before - 10
    release(stage, "court")
    assert stage.sweep().state == "finished"
    assert count(stage, "access_log") < before - 10
    judge.check(stage)


def test_a_hold_on_a_person_placed_during_a_run_keeps_all_that_is_left_of_them(
    stage: Scene, judge: Judge
) -> None:
    """Whoever is due and held meanwhile keeps their row, and nothing of theirs is archived."""
    due = stage.execute(
        "select member_id from orders where completed_at is not null and member_id in"
        " (select id from members where status = 'left') order by member_id limit 1"
    )[0]["member_id"]
    rows = (
        "select m.email, o.* from members m join orders o on o.member_id = m.id where m.id = %s order by o.id"
    )
    before = stage.execute(rows, due)
    assert before
    with stage.sweeping(halt=FIRST_BATCH) as run:
        assert run.go() == FIRST_BATCH
        place(stage, Hold("court", "a case", "member", (str(due),), None))
        run.start()
        assert run.finish()
    assert stage.execute(rows, due) == before
    release(stage, "court")
    assert stage.sweep().state == "finished"
    assert stage.execute(rows, due) == []
    judge.check(stage)


def test_rows_that_others_hold_locked_are_said_to_be_left_and_go_with_the_next_run(
    stage: Scene, judge: Judge
) -> None:
    """A lock makes the run `partial` and its step `incomplete`, never done; the next run finishes."""
    with psycopg.connect(stage.store_url) as other:
        other.execute("select from abuse_records for update")
        end = stage.sweep()
        assert end.state == "partial"
        [(step, state, reason)] = end.states
        assert (step, state) == ("abuse_records/destroy", "incomplete")
        assert "locked by others" in reason
    assert stage.sweep().state == "finished"
    judge.check(stage)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_a_run_ends_with_the_batch_in_hand(
    number: signal.Signals, stage: Scene, judge: Judge
) -> None:
    """SIGTERM or Ctrl-C in the middle of a transaction: that batch is committed and proved, no other begins."""
    with stage.sweeping(size=TEN, halt=HALFWAY) as run:
        assert run.go() == HALFWAY
        run.signal(number)
        run.start()
        end = run.finish()
    assert end is not None
    assert end.state == "stopped"
    receipts = stage.execute("select step, rows, shipped_at from jikim.receipt where run = %s", run.task.run)
    assert receipts[-1]["step"] == "access_log/destroy"
    assert [r["rows"] for r in receipts if r["step"] == "access_log/destroy"] == [10]
    assert all(r["shipped_at"] for r in receipts)
    assert stage.sweep().state == "finished"
    judge.check(stage)


def test_a_second_ctrl_c_undoes_the_batch_in_hand(stage: Scene, judge: Judge) -> None:
    """Whoever does not wait loses one batch and nothing else; the next run finishes."""
    before = count(stage, "access_log")
    with stage.sweeping(size=10, halt=HALFWAY) as run:
        assert run.go() == HALFWAY
        while run.process.is_alive():
            run.signal(signal.SIGINT)
            run.process.join(0.05)
        assert run.finish() is None
    assert count(stage, "access_log") == before
    assert stage.sweep().state == "finished"
    judge.check(stage)


def test_without_the_ledger_nothing_is_touched(original: Original, stage: Scene, judge: Judge) -> None:
    """A run that cannot be put on record does not begin."""
    with stage.sweeping(planned=original.planned) as run:
        original.ledger.kill()
        run.start()
        end = run.finish()
    original.ledger.restart()
    assert end is not None
    assert end.state == "refused"
    assert "ledger refused while recording a run" in end.words
    assert stage.execute("select 1 from noted.change where n > %s", judge.noted_before) == []
