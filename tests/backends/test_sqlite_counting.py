"""What an apply counts in a SQLite file, and how the rows of a step are come to there."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from examples.made_up.world import World
from examples.plask.world import SETTING
from tests.agreeing import Archive, swept_alike
from tests.backends.test_agreement import DATES
from tests.backends.test_sqlite import ROWS, TABLES, ids, shop
from tests.keeping import seoul
from tests.lite import KeptLite, plask_lite
from tests.shop import APRIL, MAP
from tests.ways import Way, coming_by

from jikim.backends.sql.dialect import Statement
from jikim.backends.sqlite import counting
from jikim.backends.sqlite.counting import leading
from jikim.operations.apply_plan import Applied
from jikim.operations.explain_rows import explain_person
from jikim.operations.plan_sweep import Planned, plan_sweep

DATED: Any = {"orders": {**MAP["tables"]["orders"], "orphans": "date-from(completed_at)"}}
"""It is said what becomes of orders that belong to nobody: none of them is looked for."""
INDEXES = "create index members_left on members (left_at); create index orders_done on orders (completed_at);"
MANY = """
    with recursive these(n) as (select 100 union all select n + 1 from these where n < 12099)
    insert into members (id, email, joined_at, left_at)
        select n, 'm' || n || '@mail.example', '2025-01-01', case when n % {every} = 0 then '2026-03-01 03:00:00' end
        from these;
    insert into orders (id, member_id, what, completed_at)
        select id, id, 'bread', case when left_at is not null then '2020-02-01 03:00:00' end
        from members where id >= 100;
"""
"""Twelve thousand members, each with an order; one in so many left, and their orders are old."""


def shop_of(
    folder: Path,
    *,
    every: int,
    indexes: str = INDEXES,
    mapped: Any = DATED,
    tables: str = TABLES,
    more: str = "",
) -> AbstractContextManager[KeptLite]:
    """A shop in which one member in so many is due, with an order."""
    rows = ROWS + MANY.replace("{every}", str(every)) + indexes + more
    kept: AbstractContextManager[KeptLite] = shop(folder, tables=tables, rows=rows, mapped=mapped)
    return kept


def planned(kept: KeptLite, *, whole: bool = False) -> Planned:
    return plan_sweep(kept.store, kept.promise, as_of=APRIL, made_at=APRIL, whole=whole)


def ways(found: Planned) -> dict[str, tuple[str, str]]:
    return {step: (path.kind, path.why) for step, path in found.plan.access.items() if found.plan.rows[step]}


@pytest.fixture
def few(tmp_path: Path) -> Iterator[KeptLite]:
    """One in a thousand is due."""
    with shop_of(tmp_path, every=1000) as kept:
        yield kept


def test_an_apply_counts_only_what_is_due_where_an_index_leads_there(few: KeptLite) -> None:
    """The same rows of every step, without a census of the tables; the plan keeps its name."""
    whole, brief = planned(few, whole=True).plan, planned(few).plan
    assert brief.rows == whole.rows
    assert brief.digest == whole.digest
    assert whole.census.keys() - brief.census.keys() == {"members", "orders"}


def test_where_no_index_leads_to_one_of_its_steps_every_row_of_a_table_is_counted(tmp_path: Path) -> None:
    """Counted together with the others, its rows cost nothing more."""
    with shop_of(tmp_path, every=1000, indexes="create index members_left on members (left_at);") as kept:
        assert list(planned(kept).plan.census) == ["orders"]


@pytest.mark.parametrize("orphan", [False, True], ids=["none", "one"])
def test_orphans_are_looked_for_by_themselves_and_every_row_is_counted_where_there_is_one(
    tmp_path: Path, orphan: bool
) -> None:
    """The map does not say what becomes of them: their table is left alone, whoever counts."""
    with shop_of(tmp_path, every=1000, mapped={}) as kept:
        if orphan:
            kept.execute("insert into orders values (50000, 60000, 'salt', null)")
        plan = planned(kept).plan
        assert {name: counts.orphan for name, counts in plan.census.items()} == (
            {"orders": 1} if orphan else {}
        )
        assert list(plan.blocked) == (["orders"] if orphan else [])


OF_TWO = """
    with n(i) as (select 10 union all select i + 1 from n where i < 12000)
    insert into orders (id, member_id, what, completed_at) select i, 1 + i % 2, 'salt', '2026-02-01 03:00:00' from n;
"""
"""Twelve thousand orders of two members."""
NOBODY = (0, 3, 1.5, "x", b"1", -(2**60), 2**60)


def test_where_few_people_have_many_rows_each_orphans_are_looked_for_from_one_to_the_next(
    tmp_path: Path,
) -> None:
    """Whatever stands there instead of a member's number, their table is counted as a whole."""
    with shop(tmp_path, rows=ROWS + OF_TWO) as kept:
        asked = list[str]()
        kept.store.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]
        assert "orders" not in planned(kept).plan.census
        assert [text for text in asked if "recursive" in text and "member_id" in text]
        for nobody in NOBODY:
            kept.execute("update orders set member_id = ? where id = 5000", nobody)
            plan = planned(kept).plan
            assert plan.census["orders"].orphan == 1
            assert list(plan.blocked) == ["orders"]


@pytest.mark.parametrize("classed", [False, True], ids=["beside", "asked for"])
@pytest.mark.parametrize("name", ["v", "V", "each", "r", 'member_id"b', "r.member_id"])
def test_no_column_is_taken_for_another_whatever_its_name(tmp_path: Path, name: str, classed: bool) -> None:
    """Neither beside the owner's number, nor beside the time, nor where it says of which class a row is."""
    quoted, orders = '"' + name.replace('"', '""') + '"', dict(MAP["tables"]["orders"])
    orders["columns"] = {**orders["columns"], name: "no"}
    if classed:
        claims = {each: orders.pop(each) for each in ("processing", "records", "facts")}
        orders["rows"] = {"one": {"where": {name: "x"}, **claims}, "rest": claims}
    tables = TABLES + f"alter table orders add column {quoted} text;"
    rows = ROWS.replace("orders values", "orders (id, member_id, what, completed_at) values") + OF_TWO
    with shop(tmp_path, tables=tables, rows=rows + INDEXES, mapped={"orders": orders}) as kept:
        assert not planned(kept).plan.blocked
        for wrong in ("member_id = 99", "member_id = 1, completed_at = 'yesterday'"):
            kept.execute(f"update orders set {wrong} where id = 5000")
            found = planned(kept).plan.blocked
            assert list(found) == ["orders"]
            assert found == planned(kept, whole=True).plan.blocked


@pytest.mark.parametrize(
    ("index", "steps"),
    [
        ("(completed_at)", True),
        ("(completed_at desc, what)", True),
        ("(completed_at) where completed_at is not null", True),
        ("(completed_at) where completed_at > ''", False),
        ("(completed_at collate nocase)", False),
        ("(what, completed_at)", False),
    ],
)
def test_times_are_gone_through_day_by_day_only_where_an_index_passes_over_the_others(
    tmp_path: Path, index: str, steps: bool
) -> None:
    """One that SQLite reads in parts, or would read from end to end for each day, is not asked for days."""
    orders = f"create index orders_done on orders {index}; update orders set what = id % 3; analyze;"
    with shop(tmp_path, rows=ROWS + OF_TWO + "create index left_of on members (left_at);" + orders) as kept:
        asked = list[str]()
        kept.store.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]
        planned(kept)
        days = [text for text in asked if text.startswith("with recursive") and "completed_at" in text]
        assert bool(days) == steps


def test_where_rows_point_to_one_another_every_row_of_a_table_is_counted(tmp_path: Path) -> None:
    """What goes frees others of the same table."""
    more = (
        "alter table members add column invited_by integer references members;"
        "create index members_by on members (invited_by);"
    )
    columns = {**MAP["tables"]["members"]["columns"], "invited_by": "no"}
    mapped = {**DATED, "members": {**MAP["tables"]["members"], "columns": columns}}
    with shop_of(tmp_path, every=1000, mapped=mapped, more=more) as kept:
        assert list(planned(kept).plan.census) == ["members"]


def test_a_small_table_is_counted_as_a_whole_and_nothing_is_said_of_the_way_to_its_rows(
    tmp_path: Path,
) -> None:
    """However few of its rows are due."""
    with shop(tmp_path, rows=ROWS + INDEXES, mapped=DATED) as kept:
        plan = planned(kept).plan
        assert list(plan.census) == ["orders", "members"]
        assert not plan.access


def test_a_row_without_a_key_is_refused_where_only_what_is_due_is_counted(tmp_path: Path) -> None:
    """Its table is left alone; the others are counted."""
    tables = TABLES.replace(
        "orders (\n        id integer primary key", "orders (\n        id text primary key"
    )
    with shop_of(tmp_path, every=1000, tables=tables) as kept:
        assert not planned(kept).plan.census
        kept.execute("insert into orders values (null, 2, 'salt', null)")
        plan = planned(kept).plan
        assert {t: why.partition(";")[0] for t, why in plan.blocked.items()} == {
            "orders": "1 row of `orders` has no `id`"
        }
        assert not plan.census


@pytest.mark.parametrize("whole", [True, False], ids=["for a reader", "for an apply"])
def test_each_step_says_by_which_index_its_rows_are_found(few: KeptLite, whole: bool) -> None:
    """The same is said to whoever reads a plan and to whoever carries one out."""
    few.execute("delete from orders where id = 1000")
    there = "12,002" if whole else "at most 12,099"
    assert ways(planned(few, whole=whole)) == {
        "orders/archive": ("index", f"1 of {there} rows: found by `orders_done`"),
        "orders/destroy": ("index", f"12 of {there} rows: found by `orders_done`"),
        "members/destroy": ("index", f"1 of {there} rows: found by `members_left`"),
    }


def test_without_an_index_due_rows_are_listed_by_one_look(tmp_path: Path) -> None:
    """A step says so."""
    with shop_of(tmp_path, every=1000, indexes="") as kept:
        listed = (
            "to which no index leads: listed by one look over the whole table, then changed by their keys"
        )
        assert ways(planned(kept))["orders/destroy"] == ("listed", f"13 of 12,003 rows, {listed}")


def test_a_table_of_which_a_tenth_is_due_is_gone_through_by_ranges_though_an_index_leads_there(
    tmp_path: Path,
) -> None:
    """It is not read once more to be counted, and the run ends where the last due row went."""
    with shop_of(tmp_path, every=5) as kept:
        found = planned(kept)
        assert not found.plan.census
        assert ways(found)["orders/destroy"] == (
            "ranges",
            "2,401 of at most 12,099 rows: the table is read from end to end",
        )
        done = {step.step: step.rows for step in kept.apply(found, APRIL).steps}
        assert done["orders/destroy"] == 2401
        assert done["members/destroy"] == 2401
        assert [n for n in ids(kept, "orders") if n % 5 == 0] == []


def test_rows_without_a_number_are_found_by_an_index_however_many_are_due(tmp_path: Path) -> None:
    """Such a table has no first and no last row."""
    tables = TABLES.replace("completed_at datetime);", "completed_at datetime) without rowid;")
    with shop_of(tmp_path, every=5, tables=tables) as kept:
        assert ways(planned(kept))["orders/destroy"] == ("index", "2,401 rows: found by `orders_done`")
        whole = planned(kept, whole=True)
        assert ways(whole)["orders/destroy"] == ("index", "2,401 of 12,003 rows: found by `orders_done`")
        assert kept.apply(planned(kept), APRIL).complete


@pytest.mark.parametrize("way", ["ranges", "index", "listed"])
@pytest.mark.parametrize("every", [5, 1000])
def test_the_store_comes_to_its_rows_as_the_plan_says(tmp_path: Path, way: Way, every: int) -> None:
    """Whatever it says, the same rows go; only ranges ask for the ends of a table."""
    with shop_of(tmp_path, every=every) as kept:
        found, asked = coming_by(way, planned(kept)), list[str]()
        kept.store.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]
        applied = kept.apply(found, APRIL)
        assert applied.complete
        assert {s.step: s.rows for s in applied.steps}["orders/destroy"] == found.plan.rows["orders/destroy"]
        assert any("(select min(" in text for text in asked) == (way == "ranges")


def test_an_apply_meets_what_a_plan_for_a_reader_meets_through_six_years_of_plask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an index on every column, at each date; and what it leaves is what the memory model leaves."""
    monkeypatch.setattr(counting, "SMALL", 0)
    world, left_out, archive = World(SETTING, 3, 16), set[str](), Archive()
    with plask_lite(tmp_path) as kept:
        carry_out = kept.apply
        for table in kept.store.reflect().tables.values():
            for column in table.columns:
                if table.name == table.at("main")[1]:
                    kept.execute(f'create index "of {table.name} {column}" on "{table.name}" ("{column}")')

        def briefly(whole: Planned, as_of: datetime) -> Applied:
            brief = plan_sweep(kept.store, kept.promise, as_of=as_of, made_at=as_of, whole=False)
            assert brief.plan.rows == whole.plan.rows
            left_out.update(whole.plan.census.keys() - brief.plan.census.keys())
            return carry_out(brief, as_of)

        monkeypatch.setattr(kept, "apply", briefly)
        for as_of in DATES[2::2]:
            kept.live(world.until(as_of))
            archive = swept_alike(kept, as_of, archive).archive
    assert left_out


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("visits r where r.at < '2026'", "visits_at"),
        ("visits r where r.at < '2026' and r.page is not null", "visits_at"),
        ("visits r where r.at < '2026' or r.member = 5", "visits_at`, `visits of"),
        ("visits r where r.id < 5", "INTEGER PRIMARY KEY"),
        ("bare r where r.id = 'a'", "PRIMARY KEY"),
        ("visits r", ""),
        ("visits r where r.at || '' < '2026'", ""),
        ("visits r where r.at < '2026' or r.page = '/'", ""),
        ("visits r where r.page in (select r.page from visits r where r.at < '2026')", ""),
        ("visits r where exists (select 1 from visits t1 where t1.at = r.page)", ""),
    ],
)
def test_an_index_leads_to_rows_where_sqlite_would_search_for_them_by_it(query: str, index: str) -> None:
    """One that is read as a whole leads nowhere, and one by which other rows are found does not lead to these."""
    with closing(sqlite3.connect(":memory:")) as session:
        session.executescript(
            "create table visits (id integer primary key, member integer, page text, at datetime);"
            'create index visits_at on visits (at); create index "visits of" on visits (member);'
            "create table bare (id text primary key) without rowid;"
        )
        assert leading(session, Statement(f"select count(*) from {query}", {})) == index


@pytest.mark.parametrize("person", ["1", "2", "x"])
def test_of_one_persons_rows_no_table_is_read_from_end_to_end(tmp_path: Path, person: str) -> None:
    """Neither where a row names her itself, nor where another row does that it points to."""
    lines = {
        "owner": {"orders": "order_id"},
        "processing": ["purchase"],
        "columns": {"what": "order-history"},
    }
    tables = TABLES + (
        "create table lines (id integer primary key, order_id integer not null references orders, what text);"
        "create index lines_of on lines (order_id);"
    )
    rows = ROWS + "insert into lines select id * 10, id, 'bread' from orders;"
    with shop(tmp_path, tables=tables, rows=rows, mapped={"lines": lines}) as kept:
        schedules, asked = kept.plan(APRIL).schedules, list[str]()
        session = kept.store.connection  # type: ignore[attr-defined]
        session.set_trace_callback(asked.append)
        found = explain_person(kept.store, schedules, subject="member", key=(person,), as_of=APRIL)
        session.set_trace_callback(None)
        questions = [text for text in asked if text.startswith("select") and " r where " in text]
        ways = [row[3] for text in questions for row in session.execute(f"explain query plan {text}")]
        assert len(questions) == 3
        assert [way for way in ways if way.startswith("SCAN r")] == []
        assert len(found) == {"1": 5, "2": 3}.get(person, 0)


def test_rows_that_go_when_another_ends_are_found_from_there(tmp_path: Path) -> None:
    """Of few members who left the orders are found by the index on whose they are, and nobody else's is looked at."""
    with shop(tmp_path) as kept:
        many = "with n(i) as (select 10 union all select i + 1 from n where i < {most})"
        kept.execute(
            f"insert into members {many.format(most=200)} select i, 'm' || i, '2026-01-01', null from n"
        )
        kept.execute(
            f"insert into orders {many.format(most=12_000)}"
            " select i, 10 + i % 100, 'salt', '2026-02-01 03:00:00' from n"
        )
        planned = plan_sweep(kept.store, kept.promise, as_of=APRIL, made_at=APRIL, whole=False)
        access = planned.plan.access["orders/archive"]
        assert (access.kind, access.why) == ("index", "1 of at most 12,000 rows: found by `orders_of`")
        assert "orders" not in planned.plan.census
        assert kept.apply(planned, APRIL).complete
        assert ids(kept, "orders")[:2] == [3, 10]


WRONG = ["yesterday", "31/12/2019", "2099-02-30 00:00:00", "", 20990301, -1.5, b"2099-03-01", "2099-03-01년"]


@pytest.mark.parametrize("column", ["orders.completed_at", "members.left_at"])
@pytest.mark.parametrize("indexes", [INDEXES, ""], ids=["an index", "no index"])
def test_an_apply_meets_a_time_that_cannot_be_read_wherever_it_sorts(
    tmp_path: Path, column: str, indexes: str
) -> None:
    """No index on what is due leads there; the same tables are refused as for a reader."""
    table, _, column = column.partition(".")
    with shop_of(tmp_path, every=1000, mapped={}, indexes=indexes) as kept:
        assert "orders" not in planned(kept).plan.census
        for wrong in WRONG:
            kept.execute(f"update {table} set {column} = ? where id = 100", wrong)
            found = planned(kept).plan.blocked
            assert found == planned(kept, whole=True).plan.blocked
            assert f"`{column}` holds what cannot be read" in found[table]
        kept.execute(f"update {table} set {column} = null where id = 100")
        assert not planned(kept).plan.blocked


@pytest.mark.parametrize("wrong", ["yesterday", "", b"1", 1e300, -1e300])
def test_an_apply_meets_a_number_that_is_no_time(tmp_path: Path, wrong: Any) -> None:
    """Texts and bytes sort behind every number; a number that no calendar reaches lies at one of the ends."""
    orders = {
        **MAP["tables"]["orders"],
        "facts": {"contract completed": {"column": "completed_at", "as": "epoch"}},
    }
    numbers = "update orders set completed_at = unixepoch(completed_at);"
    with shop_of(tmp_path, every=1000, mapped={"orders": orders}, more=numbers) as kept:
        assert not planned(kept).plan.blocked
        assert not planned(kept).plan.census
        kept.execute("update orders set completed_at = ? where id = 100", wrong)
        found = planned(kept).plan.blocked
        assert list(found) == ["orders"]
        assert found == planned(kept, whole=True).plan.blocked


def test_what_is_wrong_with_a_time_within_a_day_is_met_when_that_day_comes(few: KeptLite) -> None:
    """Nothing goes before that, and the row that has it never goes unseen."""
    for n, at in ((100, "00:00:00"), (101, "12:99:00"), (102, "23:00:00")):
        few.execute("update orders set completed_at = ? where id = ?", f"2026-06-01 {at}", n)
    assert not planned(few).plan.blocked
    later = plan_sweep(few.store, few.promise, as_of=seoul(2032, 6, 2), made_at=APRIL, whole=False)
    assert list(later.plan.blocked) == ["orders"]
