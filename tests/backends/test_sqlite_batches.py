"""What is due is listed once, while others write; each batch of a SQLite file asks again of the rows it takes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import inf
from pathlib import Path

import pytest
import yaml
from tests.backends.test_sqlite import ROWS, TABLES, ids, shop
from tests.keeping import promise_of
from tests.lite import KeptLite, lite
from tests.shop import APRIL, MAP, POLICY

from jikim.backends.base import START, Batch, Run
from jikim.backends.sqlite import counting, store
from jikim.backends.sqlite.reflect import number_of
from jikim.operations.apply_plan import Progress

MILK = "".join(f"insert into orders values ({n}, 1, 'milk', '2020-02-01 03:00:00');" for n in range(10, 20))
"""Ten more orders whose record has run out."""
TILL_COMPLETED = POLICY.replace(b"keep: until membership ended", b"keep: until contract completed").replace(
    b"keep: until contract completed", b"keep: until membership ended", 1
)
"""Orders that nobody's leaving ends: nothing need be noted of them before they go."""


@contextmanager
def till_completed(folder: Path, *, policy: bytes = TILL_COMPLETED) -> Iterator[KeptLite]:
    """The shop with ten more orders, and nobody else who writes."""
    stores = {**MAP["stores"], "app": {**MAP["stores"]["app"], "times": "utc"}}
    promise = promise_of(policy, yaml.safe_dump({**MAP, "stores": stores}, allow_unicode=True).encode())
    with lite(folder, tables=[TABLES + ROWS + MILK], promise=promise, as_of=APRIL) as kept:
        kept.alone = "what a test does itself is what happens meanwhile"
        yield kept


@pytest.mark.parametrize(
    ("policy", "meanwhile", "stay"),
    [
        (POLICY, "update members set left_at = null where id = 3", {17, 19}),
        (TILL_COMPLETED, "update orders set completed_at = null where id in (17, 19)", {17, 19}),
        (TILL_COMPLETED, "update orders set what = 'cream' where id = 17", set()),
    ],
    ids=["noted first", "at once", "nothing lives again"],
)
def test_a_listed_row_that_is_live_again_stays_and_one_that_fell_due_meanwhile_goes(
    tmp_path: Path, policy: bytes, meanwhile: str, stay: set[int]
) -> None:
    """Its member came back, or it was ordered anew, after the list was made; another was written after."""
    with till_completed(tmp_path, policy=policy) as kept:
        kept.execute("insert into members values (3, 'c', '2026-01-01', '2026-03-01 03:00:00')")
        kept.execute("update orders set member_id = 3 where id in (17, 19)")
        planned, listed = kept.plan(APRIL), iter([True])

        def report(progress: Progress) -> None:
            if progress.step.id == "orders/destroy" and next(listed, False):
                kept.execute(meanwhile)
                kept.execute("insert into orders values (30, 1, 'milk', '2020-02-01 03:00:00')")

        done = {step.step: step.rows for step in kept.apply(planned, APRIL, size=2, report=report).steps}
        assert done["orders/destroy"] == 12 - len(stay)
        assert set(ids(kept, "orders")) & {2, *range(10, 31)} == stay


def test_a_row_that_a_trigger_writes_when_another_goes_goes_as_well(tmp_path: Path) -> None:
    """What is due was listed before it was there, and when the run was planned nobody knew of the trigger."""
    with till_completed(tmp_path) as kept:

        def report(progress: Progress) -> None:
            kept.execute(
                "create trigger if not exists again after delete on orders when old.id = 19 begin"
                " insert into orders values (40, old.member_id, old.what, old.completed_at); end;"
            )

        assert kept.sweep(APRIL, size=4, report=report).complete
        assert 40 not in ids(kept, "orders")


@pytest.mark.parametrize(
    ("made", "known"),
    [
        ("(id integer primary key)", "rowid"),
        ("(id text primary key)", "rowid"),
        ("(id integer primary key, RowId text, oid text)", "_rowid_"),
        ("(id integer primary key, rowid text, oid text, _rowid_ text)", None),
        ("(id integer primary key) without rowid", None),
    ],
)
def test_a_table_is_gone_through_by_the_numbers_of_its_rows_where_sqlite_gives_them(
    made: str, known: str | None
) -> None:
    """A column may bear any of their names, and a table may have none."""
    with closing(sqlite3.connect(":memory:")) as session:
        session.execute(f"create table orders {made}")
        assert number_of(session, "orders") == known


@pytest.mark.parametrize("share", [counting.MANY, 2], ids=["by ranges", "by a list"])
@pytest.mark.parametrize("apart", [20, 4_000_000_000_000])
def test_due_rows_go_by_ranges_or_by_a_list_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, apart: int
) -> None:
    """Copies, receipts and what stays are the same, and rows near one another and far apart are all met."""
    monkeypatch.setattr(counting, "MANY", share)
    with till_completed(tmp_path, policy=POLICY) as kept:
        kept.execute(f"insert into orders select id + {apart}, 1, 'far', completed_at from orders")
        done = {step.step: step.rows for step in kept.sweep(APRIL, size=3).steps}
        assert {step: rows for step, rows in done.items() if rows} == {
            "orders/archive": 3,
            "orders/destroy": 22,
            "members/destroy": 1,
        }
        said = "select sum(rows) as rows, sum(copies) as copies from jikim_receipt where step like 'orders/%'"
        assert kept.execute(said) == [{"rows": 25, "copies": 3}]


def test_more_rows_than_a_list_has_go_list_after_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every receipt is of one batch, and together they count every row once."""
    monkeypatch.setattr(store, "LISTED", 3)
    monkeypatch.setattr(counting, "MANY", 2)  # none is gone through by ranges
    with till_completed(tmp_path) as kept:
        done = {step.step: step for step in kept.sweep(APRIL, size=3).steps}
        assert (done["orders/destroy"].rows, done["orders/destroy"].batches) == (11, 4)
        said = (
            "select sum(rows) as rows, count(*) as batches from jikim_receipt where step = 'orders/destroy'"
        )
        assert kept.execute(said) == [{"rows": 11, "batches": 4}]


def test_a_trigger_that_is_made_during_a_run_is_believed_no_more_than_one_that_was_there(
    tmp_path: Path,
) -> None:
    """Rows that it puts back are counted as due, and not as gone."""
    with till_completed(tmp_path) as kept:

        def report(progress: Progress) -> None:
            kept.execute(
                "create trigger if not exists back after delete on orders begin"
                " insert into orders values (old.id, old.member_id, old.what, old.completed_at); end;"
            )

        done = {step.step: step for step in kept.sweep(APRIL, size=4, report=report).steps}
        assert ids(kept, "orders")[-1] == 19
        assert done["orders/destroy"].state == "incomplete"
        assert done["orders/destroy"].rows + done["orders/destroy"].remaining == 11


@pytest.mark.parametrize("written", [False, True], ids=["nobody", "another"])
def test_what_is_left_is_counted_where_somebody_wrote_since_all_that_went_was_counted(
    tmp_path: Path, written: bool
) -> None:
    """A run ends before the end of the table when all that was due is gone; what fell due meanwhile goes as well."""
    with till_completed(tmp_path) as kept:
        kept.execute("delete from orders where id in (1, 3)")
        kept.execute("insert into orders select id + 100, 2, 'salt', null from orders")
        planned, asked, once = kept.plan(APRIL), list[str](), iter([written])

        def report(progress: Progress) -> None:
            if next(once, False):
                kept.execute("insert into orders values (300, 1, 'milk', '2020-02-01 03:00:00')")
            kept.store.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]

        done = {step.step: step.rows for step in kept.apply(planned, APRIL, size=12, report=report).steps}
        assert done["orders/destroy"] == 11 + written
        assert min(ids(kept, "orders")) == 102
        counts = [text for text in asked if text.startswith('select count(*) from "main"."orders"')]
        assert bool(counts) == written


def test_a_session_that_was_opened_again_does_not_take_itself_for_somebody_else(tmp_path: Path) -> None:
    """Each session counts what others wrote by itself, and what one counted says nothing to the next."""
    with shop(tmp_path) as kept:
        kept.store.close()
        with closing(sqlite3.connect(kept.store.path, isolation_level=None)) as service:
            assert service.execute("pragma journal_mode = delete").fetchone() == ("delete",)
            for _ in range(3):
                kept.plan(APRIL)
                service.execute("update members set email = email || 'x'")
            kept.plan(APRIL)
        assert kept.store._turns.others > -inf
        kept.store.close()
        kept.store._turns.others = -inf
        kept.plan(APRIL)
        assert kept.store._turns.others == -inf


def test_rows_that_stand_together_behind_others_are_met_a_batch_at_a_time(tmp_path: Path) -> None:
    """A range that should meet an eighth of its rows would meet all of them; and none is taken to pass the others."""
    with till_completed(tmp_path) as kept:
        kept.execute(
            "insert into orders with n(i) as (select 100 union all select i + 1 from n where i < 1129)"
            " select i, 1, 'milk', case when i < 1000 then '2026-03-01 03:00:00' else '2020-02-01 03:00:00' end from n"
        )
        plan = kept.plan(APRIL).plan
        [step] = [each for each in plan.steps if each.id == "orders/destroy"]
        place, met = START, list[Batch]()
        while place is not None:
            met.append(kept.store.batch(step, run=Run("r", plan, ""), number=len(met), size=30, at=place))
            place = met[-1].next
        assert sum(batch.changed for batch in met) == plan.rows[step.id]
        assert plan.one_in(step) > 5
        assert max(batch.changed for batch in met) <= 30
        assert len(met) <= 1 + plan.rows[step.id] // 30 + 2


@pytest.mark.parametrize("written", [False, True], ids=["nobody", "another"])
def test_of_rows_that_all_went_with_an_earlier_step_it_is_seen_at_once_that_none_is_left(
    tmp_path: Path, written: bool
) -> None:
    """The whole table is looked through once, for as long as nobody writes meanwhile."""
    with till_completed(tmp_path) as kept:
        kept.execute(
            "insert into orders with n(i) as (select 100 union all select i + 1 from n where i < 1129)"
            " select i, 1, 'milk', '2020-02-01 03:00:00' from n"
        )
        plan, batches = kept.plan(APRIL).plan, list[Batch]()
        kept.execute("update orders set completed_at = null")
        [step] = [each for each in plan.steps if each.id == "orders/destroy"]
        run, place, asked = Run("r", plan, ""), START, list[str]()
        while place is not None:
            batches.append(kept.store.batch(step, run=run, number=0, size=30, at=place))
            place = batches[-1].next
        if written:
            kept.execute("update orders set completed_at = '2020-02-01 03:00:00' where id = 101")
        kept.store.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]
        assert kept.store.remaining(step, as_of=plan.as_of) == written
        assert [batch.found for batch in batches] == [0, 0]
        assert any(text.startswith("select count(*)") for text in asked) == written
