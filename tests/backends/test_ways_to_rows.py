"""How the rows of a step are come to: what the plan says of it, and that every way leaves the same."""

from collections.abc import Iterator
from contextlib import closing, nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.keeping import SEOUL, Kept
from tests.servers import fresh_database
from tests.shop import APRIL, TABLES, shop
from tests.ways import Way, coming_by

from jikim.backends.base import START, Batch, Run
from jikim.backends.postgresql.access import SOME
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.operations.plan_sweep import Planned, plan_sweep
from jikim.plan.plan import Plan, Step
from jikim.postgres import Server

MANY = (
    TABLES
    + """
    create index on orders (completed_at);
    insert into members select n, 'm' || n || '@mail.example', '2025-01-01+09',
        case when n % {every} = 0 then timestamptz '2026-03-01 12:00+09' end from generate_series(100, 12100) n;
    insert into orders select n, n, 'bread', '2020-02-01 12:00+09' from generate_series(100, 12100) n;
    analyze;
"""
)


@pytest.fixture
def few(pg18: Server) -> Iterator[Kept]:
    """A shop of 12,000 orders, of which one in a thousand goes."""
    with fresh_database(pg18) as url, shop(url, tables=MANY.replace("{every}", "1000")) as kept:
        kept.execute("create index on members (left_at)")
        kept.execute("analyze")
        yield kept


@pytest.fixture
def half(pg18: Server) -> Iterator[Kept]:
    """A shop of 12,000 orders, of which every second goes."""
    with fresh_database(pg18) as url, shop(url, tables=MANY.replace("{every}", "2")) as kept:
        yield kept


@pytest.fixture
def behind(pg18: Server) -> Iterator[Kept]:
    """A shop of 12,000 orders, of which those of the last thousand members go."""
    tables = MANY.replace("n % {every} = 0", "n > 11100")
    with fresh_database(pg18) as url, shop(url, tables=tables) as kept:
        yield kept


def _planned(kept: Kept, *, whole: bool = True) -> Planned:
    return plan_sweep(kept.store, kept.promise, as_of=APRIL, made_at=APRIL, whole=whole)


def _ways(plan: Plan) -> dict[str, tuple[str, str]]:
    return {step: (path.kind, path.why) for step, path in plan.access.items()}


def _batches(kept: Kept, step: Step, plan: Plan, *, size: int) -> Iterator[Batch]:
    """All batches of one size."""
    place, run = START, Run("run", plan, plan.digests["policy"])
    for number in count():
        batch = kept.store.batch(step, run=run, number=number, size=size, at=place)
        yield batch
        if batch.next is None:
            return
        place = batch.next


def test_a_table_of_which_much_is_due_is_read_from_end_to_end(half: Kept) -> None:
    """The plan says so, and why; of a small table it says nothing."""
    ways = _ways(_planned(half).plan)
    assert ways["orders/destroy"] == ("ranges", "6,002 of 12,004 rows: the table is read from end to end")


def test_a_table_of_which_little_is_due_is_come_to_by_an_index(few: Kept) -> None:
    """By the one that PostgreSQL itself would take."""
    kind, why = _ways(_planned(few).plan)["orders/destroy"]
    assert kind == "index"
    assert why == "13 of 12,004 rows: found by `orders_member_id_idx`"


def test_without_an_index_it_is_read_from_end_to_end(few: Kept) -> None:
    """However little is due."""
    few.execute("drop index members_left_at_idx")
    kind, why = _ways(_planned(few).plan)["members/destroy"]
    assert kind == "ranges"
    assert why.endswith(" of 12,003 rows, to which no index leads: the table is read from end to end"), why


def test_whoever_carries_a_plan_out_counts_what_is_due_and_no_more(few: Kept) -> None:
    """The same rows of every step, without a census of a table to whose due rows an index leads."""
    whole, brief = (_planned(few, whole=each).plan for each in (True, False))
    assert brief.rows == whole.rows
    assert brief.digest == whole.digest
    assert whole.census.keys() - brief.census.keys() == {"members"}


@pytest.mark.parametrize("way", ["", "index", "ranges"])
def test_every_way_leaves_the_same(half: Kept, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who left is gone with all orders, in batches each with its receipt; who stayed has every order.

    No batch looks for more once all that was due is gone.
    """
    met, batch = list[int](), half.store.batch

    def noted(step: Step, **options: Any) -> Batch:
        done = batch(step, **options)
        met.extend([done.changed] if step.id == "orders/destroy" else [])
        return done

    monkeypatch.setattr(half.store, "batch", noted)
    applied = half.apply(coming_by(way, _planned(half)), APRIL)
    assert applied.complete
    assert {s.step: s.rows for s in applied.steps if s.rows} == {
        "orders/archive": 1,
        "orders/destroy": 6002,
        "members/destroy": 6002,
    }
    told = half.execute("select sum(rows)::int as rows from jikim.receipt where step = 'orders/destroy'")
    assert told == [{"rows": sum(met)}] == [{"rows": 6002}]
    assert all(met)
    left = half.execute(
        "select count(*)::int as n, count(*) filter (where m.left_at is null)::int as staying"
        " from orders o join members m on m.id = o.member_id where o.id >= 100"
    )
    assert left[0]["n"] == left[0]["staying"] == 6000


@pytest.mark.parametrize("way", ["index", "ranges"])
def test_a_row_that_somebody_holds_does_not_keep_the_others(half: Kept, way: Way) -> None:
    """It is passed over and said to be left; the next run takes it."""
    half.alone = "somebody else holds a row for as long as the run lasts"
    planned = coming_by(way, _planned(half))
    with psycopg.connect(half.url) as other:
        other.execute("select from orders where id = 200 for update")
        applied = half.apply(planned, APRIL)
    [orders] = [s for s in applied.steps if s.step == "orders/destroy"]
    assert (orders.state, orders.rows, orders.remaining) == ("incomplete", 6001, 1)
    assert half.sweep(APRIL).complete


def test_a_parent_gone_through_by_ranges_waits_for_its_late_child(half: Kept) -> None:
    """Whoever inserts a child holds its parent: it is not destroyed with it."""
    half.alone = "somebody else inserts a child for as long as the run lasts"
    half.execute(
        "alter table orders drop constraint orders_member_id_fkey, add constraint orders_member_id_fkey"
        " foreign key (member_id) references members on delete cascade"
    )
    planned = coming_by("ranges", _planned(half))
    with psycopg.connect(half.url) as other:
        other.execute("insert into orders values (1000000, 200, 'late', '2020-02-01 12:00+09')")
        applied = half.apply(planned, APRIL)
        left = [(s.step, s.state, s.remaining) for s in applied.steps if s.state != "done"]
        assert left == [("members/destroy", "incomplete", 1)]
    assert len(half.execute("select id from orders where id = 1000000")) == 1


def test_rows_that_stand_together_behind_others_are_met_a_batch_at_a_time(behind: Kept) -> None:
    """Where they begin is looked up; a range that should meet a twelfth of its rows would meet all of them."""
    plan = coming_by("ranges", _planned(behind)).plan
    [step] = [each for each in plan.steps if each.id == "orders/destroy"]
    assert plan.one_in(step) == 12
    met = list(_batches(behind, step, plan, size=200))
    changed = [batch.changed for batch in met if batch.sized]
    assert changed[:2] == [1, 0]
    assert sum(changed) == plan.rows[step.id] == 1001
    assert max(changed) <= 400
    assert len(changed) < 12
    assert not any(batch.found for batch in met if not batch.sized)


def test_what_postgresql_says_of_a_block_may_be_old(half: Kept) -> None:
    """As many rows lie in one as were counted: a first batch meets no five times as many for that."""
    half.execute("update pg_class set reltuples = 2 * relpages where relname = 'orders'")
    plan = coming_by("ranges", _planned(half)).plan
    [step] = [each for each in plan.steps if each.id == "orders/destroy"]
    assert max(batch.changed for batch in _batches(half, step, plan, size=300)) <= 300


def test_the_statements_of_ranges_are_a_look_and_changes_with_and_without_a_limit(half: Kept) -> None:
    """Whoever reads a plan reads all of them."""
    plan = coming_by("ranges", _planned(half)).plan
    [step] = [each for each in plan.steps if each.id == "orders/destroy"]
    texts = [each.text for each in half.store.sql(step, run=Run("run", plan, plan.digests["policy"]))]
    assert [("min(r.ctid)" in text, "delete from" in text, " limit " in text) for text in texts[:3]] == [
        (True, False, False),
        (False, True, False),
        (False, True, True),
    ]


@pytest.mark.parametrize("there", [False, True], ids=["in the same database", "in a file"])
@pytest.mark.parametrize("done", ["2020-02-01", "2026-02-01"], ids=["destroyed", "archived"])
def test_a_wide_range_changes_no_more_rows_than_it_is_told(
    pg18: Server, tmp_path: Path, there: bool, done: str
) -> None:
    """One row in twenty is due, and then every row: what is left of a range is met by those after it."""
    tables = MANY.replace("n % {every} = 0", "(n % 20 = 0 or n > 11500)").replace("'2020-02-01", f"'{done}")
    archive = SqliteArchive(tmp_path / "archive.db", zone=SEOUL) if there else None
    with (
        closing(archive) if archive else nullcontext(),
        fresh_database(pg18) as url,
        shop(url, tables=tables, archive=archive) as kept,
    ):
        plan = coming_by("ranges", _planned(kept)).plan
        step = max(
            (step for step in plan.steps if step.table == "orders"), key=lambda step: plan.rows[step.id]
        )
        changed = [batch.changed for batch in _batches(kept, step, plan, size=150) if batch.sized]
        assert max(changed) == SOME * 150
        assert sum(changed) == plan.rows[step.id] > 1100
        assert kept.store.remaining(step, as_of=APRIL) == 0
        assert len(kept.archive(APRIL)) == (sum(changed) if step.copies else 0)
