"""Full-text indexes of SQLite hold the words of rows that went until they are made anew; virtual tables are seen."""

from pathlib import Path
from typing import Any

import pytest
from tests.backends.test_sqlite import ROWS, TABLES, agree, ids, sees, shop
from tests.keeping import audit_of
from tests.lite import KeptLite
from tests.shop import APRIL

from jikim.evidence.stage import Stage
from jikim.operations.plan_sweep import bound

WORDS = "xylophone quagmire"
"""What member 1 ordered: no other row holds either word."""

LATE = ROWS.replace("'milk'", f"'{WORDS}'")
ELSEWHERE = """
    create virtual table search using fts5(what, content='orders', content_rowid='id');
    insert into search(search) values ('rebuild');
"""
TRIGGERS = """
    create trigger ordered after insert on orders begin
        insert into search (rowid, what) values (new.id, new.what);
    end;
    create trigger unordered after delete on orders begin
        insert into search (search, rowid, what) values ('delete', old.id, old.what);
    end;
"""
OWN = """
    create virtual table search using {}(what, {});
    insert into search (rowid, what) select id, what from orders;
"""
SEARCH = {
    "owner": {"orders": "rowid"},
    "orphans": "destroy",
    "processing": ["purchase"],
    "columns": {"what": "order-history"},
}


def indexed(kept: KeptLite) -> bool:
    """Whether a word of member 1 stands in a page of the index."""
    tables = kept.execute("select name from sqlite_schema where name like 'search\\_%' escape '\\'")
    pages = [row for t in tables for row in kept.execute(f"select * from {t['name']}")]
    return any(word.encode() in (v if isinstance(v, bytes) else str(v).encode())
               for row in pages for v in row.values() for word in WORDS.split())  # fmt: skip


def found(kept: KeptLite, word: str) -> list[Any]:
    return [row["rowid"] for row in kept.execute(f"select rowid from search where search match '{word}'")]


def codes(kept: KeptLite) -> dict[str, Any]:
    return {f.code: f for f in bound(kept.store, kept.promise, as_of=APRIL)[2] if f.severity.name == "ERROR"}


@pytest.mark.parametrize("triggers", ["", TRIGGERS], ids=["without triggers", "with triggers"])
def test_an_index_over_a_table_is_made_anew(tmp_path: Path, triggers: str) -> None:
    """A trigger marks a row as gone, and its words stay; without one they are found, even. Either way they go."""
    refreshed = {"derived": {"search": "refresh"}}
    with shop(tmp_path, rows=LATE + ELSEWHERE + triggers, beside=refreshed) as kept:
        assert codes(kept) == {}
        assert indexed(kept)
        agree(kept)
        assert not indexed(kept)
        assert (found(kept, "xylophone"), found(kept, "salt")) == ([], [3])
        [receipt] = [r for r in kept.store.unshipped() if r.action == "refresh"]
        assert (receipt.table, receipt.rows) == ("search", 0)
        assert kept.plan(APRIL).plan.rows["search/refresh"] == 0
        list(kept.store.drive(Stage.REWRITTEN, ["orders", "members", "search"], admin=None))
        assert sees(tmp_path, "quagmire") == []


def test_an_index_that_was_not_made_anew_is_finished_by_the_next_run(tmp_path: Path) -> None:
    """A run that is stopped before it: the plan says that one is stale, and nothing else is left to do."""
    refreshed = {"derived": {"search": "refresh"}}
    with shop(tmp_path, rows=LATE + ELSEWHERE, beside=refreshed) as kept:
        planned = kept.plan(APRIL)
        for step in planned.plan.steps[:-1]:
            kept.store.batch(step, run=kept.run(planned), number=0, size=100)
        assert indexed(kept)
        assert kept.plan(APRIL).plan.rows["search/refresh"] == 1
        assert kept.sweep(APRIL).complete
        assert not indexed(kept)


def test_an_index_that_the_map_does_not_speak_of_blocks_what_it_reads(tmp_path: Path) -> None:
    """Through a view and under names that need quotes; the pages of an index are no tables of their own."""
    tables = (
        TABLES
        + """
        create view "se""en" as select id, what || '!' as what from orders;
        create virtual table 'search' using FTS5(what, tokenize = 'porter ascii', content="se""en");
    """
    )
    with shop(tmp_path, tables=tables) as kept:
        told = codes(kept)
        assert set(told) == {"derived-copy", "waits"}
        assert "it is made of `orders.what`" in told["derived-copy"].message
        assert told["derived-copy"].fix.startswith("derived: {search: refresh}")
        assert "orders" in kept.plan(APRIL).plan.blocked


@pytest.mark.parametrize(("module", "option"), [("fts5", "tokenize=ascii"), ("fts4", "tokenize=simple")])
def test_an_index_with_rows_of_its_own_is_a_table(tmp_path: Path, module: str, option: str) -> None:
    """Its rows are mapped by their number and go before what they lead to; its index is made anew unasked."""
    with shop(tmp_path, rows=LATE + OWN.format(module, option)) as kept:
        assert set(codes(kept)) == {"unmapped-table"}
    (tmp_path / "again").mkdir()
    with shop(tmp_path / "again", rows=LATE + OWN.format(module, option), mapped={"search": SEARCH}) as kept:
        assert codes(kept) == {}
        assert audit_of(kept, as_of=APRIL).tables["search"]["due"] == 2
        assert kept.sweep(APRIL).complete
        assert (ids(kept, "orders"), found(kept, "salt"), found(kept, "quagmire")) == ([3], [3], [])
        assert not indexed(kept)
        kept.execute("insert into search (rowid, what) values (9, 'of nobody')")
        assert kept.sweep(APRIL).complete
        assert found(kept, "nobody") == []


def test_an_index_without_content_is_refused(tmp_path: Path) -> None:
    """Nobody could make it anew, or tell what it was made of: no run is whole until the map or the file says more."""
    bare = "create virtual table search using fts5(what, content='');"
    with shop(tmp_path, tables=TABLES + bare) as kept:
        assert codes(kept)["lasting-copy"].path == ("tables", "search")
        assert not kept.sweep(APRIL).complete
        assert ids(kept, "orders") == [3]
    (tmp_path / "again").mkdir()
    with shop(tmp_path / "again", tables=TABLES + bare, beside={"derived": {"search": "no"}}) as kept:
        assert kept.sweep(APRIL).complete


def test_a_virtual_table_is_a_table_whatever_it_is_made_by(tmp_path: Path) -> None:
    """Boxes have a key; what is made by a module that is not here has no column to look at, and must be named."""
    other = """
        create virtual table boxes using rtree(id, low, high);
        create virtual table words using fts5vocab(search, row);
        pragma writable_schema = on;
        insert into sqlite_schema values ('table', 'apart', 'apart', 0, 'create virtual table apart using nowhere(a)');
        pragma writable_schema = reset;
    """
    with shop(tmp_path, rows=ROWS + OWN.format("fts5", "tokenize=ascii") + other) as kept:
        schema = kept.store.reflect()
        assert schema.tables["boxes"].primary_key == ("id",)
        assert schema.tables["apart"].columns == {}
        assert set(schema.tables) == {"members", "orders", "search", "boxes", "apart"}
        unmapped = [
            f.path[1] for f in bound(kept.store, kept.promise, as_of=APRIL)[2] if f.code == "unmapped-table"
        ]
        assert sorted(unmapped) == ["apart", "boxes", "search"]


def test_a_trigger_reaches_no_function_of_jikim(tmp_path: Path) -> None:
    """Where a schema is trusted with its virtual tables, its triggers still cannot ask for anybody's tag."""
    spying = """
        create table told (tag text);
        create trigger spies after delete on orders begin
            insert into told select jikim_person_tag('app', 'member', '["1"]');
        end;
    """
    told = {"told": {"personal": False}}
    with shop(
        tmp_path, rows=LATE + ELSEWHERE + spying, mapped=told, beside={"derived": {"search": "refresh"}}
    ) as kept:
        failed = [s for s in kept.sweep(APRIL).steps if s.state == "failed"]
        assert {s.table for s in failed} == {"orders"}
        assert kept.execute("select * from told") == []
