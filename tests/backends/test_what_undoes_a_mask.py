"""A store that puts back what a mask replaced is told so, and nothing is put on record that did not happen."""

import pytest
from tests.keeping import Kept
from tests.shop import APRIL, TABLES, mapped, shop

STUBS = """
    create table notes (id bigint primary key, member_id bigint not null references members, ends timestamptz);
    create index on notes (member_id);
    insert into members select n, n || '@mail.example', '2026-01-01+09', '2026-03-01 12:00+09'
        from generate_series(4, 6) n;
    insert into notes select id, id, null from members;
"""
"""Four members who left, and whose rows stay as stubs: notes that nobody ends point to them."""

NOTES = {
    "owner": {"member": "member_id"},
    "processing": [{"purchase": {"membership ended": "ends"}}],
    "columns": {"ends": "order-history"},
}
BEFORE = """
    create function back() returns trigger language plpgsql as
        $$ begin if old.id > 4 then {} end if; return new; end $$;
    create trigger puts_back before update on members for each row execute function back();
"""
AFTER = """
    create function back() returns trigger language plpgsql as $$ begin
        if old.id > 4 and pg_trigger_depth() = 1 then
            update members set email = old.email where id = old.id;
        end if;
        return null;
    end $$;
    create trigger puts_back after update on members for each row execute function back();
"""


def masked(kept: Kept) -> list[int]:
    return [m["id"] for m in kept.execute("select id from members where email like 'gone-%' order by id")]


def said(kept: Kept) -> int:
    """Rows of members that the store's receipts speak of."""
    return sum(r["rows"] for r in kept.execute("select rows from jikim.receipt where on_table = 'members'"))


@pytest.mark.parametrize("then", ["return old;", "new.email := old.email;", "return null;"])
def test_only_masks_that_took_are_counted(empty_database: str, then: str) -> None:
    """Two rows are put back in the trigger that runs before: receipts, persons and the report speak of the others."""
    with shop(empty_database, tables=TABLES + STUBS, datamap=mapped(notes=NOTES)) as kept:
        kept.execute(BEFORE.format(then))
        [finding] = [f for f in kept.plan(APRIL).findings if f.code == "changing-trigger"]
        assert finding.severity.name == "WARNING"
        stub = next(s for s in kept.sweep(APRIL).steps if s.step == "members/stub")
        assert (stub.state, stub.rows, stub.remaining) == ("incomplete", 2, 2)
        assert "trigger" in stub.reason
        assert (masked(kept), said(kept)) == ([1, 4], 2)
        persons = kept.execute("select persons from jikim.receipt where on_table = 'members'")
        assert sum(len(row["persons"]) for row in persons) == 2
        kept.execute(finding.fix)
        again = kept.sweep(APRIL)
        assert again.complete
        assert (masked(kept), said(kept)) == ([1, 4, 5, 6], 4)


def test_a_file_stays_where_its_name_stays(empty_database_18: str) -> None:
    """What is queued for removal belongs to masks that took."""
    files = "alter table members add photo text; update members set photo = id || '.jpg';"
    datamap = mapped(notes=NOTES)
    datamap["stores"] = {**datamap["stores"], "files": {"photos": {"path": "photos"}}}
    members = datamap["tables"]["members"]
    columns = {**members["columns"], "photo": {"item": "email", "file": "photos"}}
    datamap["tables"]["members"] = {**members, "columns": columns}
    with shop(empty_database_18, tables=TABLES + STUBS + files, datamap=datamap) as kept:
        kept.execute(BEFORE.format("return old;"))
        kept.sweep(APRIL)
        assert sorted(row["path"] for row in kept.execute("select path from jikim.outbox")) == [
            "1.jpg",
            "4.jpg",
        ]


def test_a_mask_that_is_undone_afterwards_ends_the_step(empty_database_18: str) -> None:
    """A trigger that runs after puts two rows back: the others are masked, and receipts speak of them alone."""
    with shop(empty_database_18, tables=TABLES + STUBS + AFTER, datamap=mapped(notes=NOTES)) as kept:
        stub = next(s for s in kept.sweep(APRIL).steps if s.step == "members/stub")
        assert (stub.state, stub.rows, stub.remaining) == ("incomplete", 2, 2)
        assert "trigger" in stub.reason
        assert (masked(kept), said(kept)) == ([1, 4], 2)
