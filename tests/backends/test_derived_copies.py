"""What a store keeps of its tables beside them: materialised views are made anew once their tables were changed."""

from typing import Any

import psycopg
from tests.agreement import swept
from tests.keeping import Kept, audit_of, seoul
from tests.shapes import APRIL, MAP, POLICY
from tests.shop import errors, shop

from jikim.evidence.entry import Entry
from jikim.operations.import_receipts import drafts_of

TABLES = """
    create table members (id bigint primary key, email text not null, left_at timestamptz);
    insert into members values (1, 'one@x.example', '2026-03-01 12:00+09'), (2, 'two@x.example', null);
    create table countries (id int primary key); insert into countries values (1);
    create materialized view mailing as select id, email from members;
    create unique index on mailing (id);
    create view seen as select email from members;
    create materialized view words as select to_tsvector('simple', email) as words from seen;
    create materialized view "lo.ng" as select id, length(email) as long from mailing;
    create materialized view numbers as select count(*) from members;
    create materialized view places as select id from countries;
    create materialized view later as select email from members with no data;
    do $$ declare name text; begin
        foreach name in array array['mailing', 'words', '"lo.ng"', 'numbers', 'later'] loop
            execute 'alter materialized view ' || name || ' owner to plask_sweeper';
        end loop;
    end $$;
    grant select on mailing to plask_sweeper;
"""
FOLLOWED = {
    "mailing": "refresh",
    "words": "refresh",
    '"lo.ng"': "refresh",
    "numbers": "no",
    "later": "refresh",
}


def datamap(derived: dict[str, str]) -> dict[str, Any]:
    tables = {"members": MAP["tables"]["members"], "countries": {"personal": False}}
    return {**MAP, "subjects": {"member": MAP["subjects"]["member"]}, "tables": tables, "derived": derived}


def made(url: str, derived: dict[str, str]) -> Any:
    return shop(url, tables=TABLES, datamap=datamap(derived), policy=POLICY.encode())


def emails(kept: Kept) -> list[str]:
    return [row["email"] for row in kept.execute("select email from mailing order by id")]


def test_a_copy_is_made_anew_after_the_tables_it_reads(empty_database: str) -> None:
    """Through a view, and from another copy; with a receipt each, and not again until something changed."""
    with made(empty_database, FOLLOWED) as kept:
        assert errors(kept) == []
        swept(kept, APRIL)
        assert emails(kept) == ["two@x.example"]
        assert kept.execute("select count(*) as n from words") == [{"n": 1}]
        assert kept.execute('select count(*) as n from "lo.ng"') == [{"n": 1}]
        assert kept.execute("select relispopulated from pg_class where relname = 'later'") == [
            {"relispopulated": False}
        ]
        receipts = [r for r in kept.store.unshipped() if r.action == "refresh"]
        assert [r.table for r in receipts] == ["mailing", '"lo.ng"', "words"]
        assert {(r.rows, r.because) for r in receipts} == {(0, ("processing.membership",))}
        bodies = [Entry.decode(draft.exact).body for r in receipts for draft in drafts_of([r], store="app")]
        assert [(body.action, body.rows) for body in bodies] == [("refresh", 0)] * 3  # type: ignore[attr-defined]
        kept.execute("insert into members values (3, 'three@x.example', null)")
        assert kept.sweep(APRIL).complete
        assert emails(kept) == ["two@x.example"]
        kept.execute("update jikim.receipt set shipped_at = at")
        assert not [f for f in audit_of(kept, as_of=APRIL).findings if "materialised" in f.message]


def test_what_was_changed_before_a_copy_could_be_made_anew_is_in_it_after_the_next_run(
    empty_database_18: str,
) -> None:
    """The sweeper does not own it: the run says what right is missing, and the next finishes what it could not."""
    with made(empty_database_18, FOLLOWED) as kept:
        kept.execute("alter materialized view mailing owner to postgres")
        kept.execute("grant select on mailing to plask_sweeper")
        [failed] = [s for s in kept.sweep(APRIL).steps if s.state == "failed"]
        assert failed.step == "mailing/refresh"
        assert emails(kept) == ["one@x.example", "two@x.example"]
        assert kept.plan(APRIL).plan.rows["mailing/refresh"] == 1
        kept.execute(failed.reason.partition("; ")[2].partition("   --")[0])
        assert kept.execute('select count(*) as n from "lo.ng"') == [{"n": 2}]
        assert kept.sweep(APRIL).complete
        assert emails(kept) == ["two@x.example"]
        assert kept.execute('select count(*) as n from "lo.ng"') == [{"n": 1}]


def test_a_copy_that_the_map_does_not_speak_of_blocks_what_it_reads(empty_database_18: str) -> None:
    """Each with the line of the map that mends it; a `no` beside a personal column is doubted, a plain view is not."""
    with made(empty_database_18, {"words": "no", "gone": "refresh"}) as kept:
        findings = {f.code: f for f in kept.plan(APRIL).findings if f.code in ("missing-view", "doubtful-no")}
        told = [f for f in kept.plan(APRIL).findings if f.code == "derived-copy"]
        assert [f.message.split("`")[1] for f in told] == ["later", "mailing", "numbers", '"lo.ng"']
        assert "it is made of `members.email`" in told[1].message
        assert "it is made of" not in told[2].message
        assert told[3].fix.startswith("derived: {'\"lo.ng\"': refresh}")
        assert (findings["doubtful-no"].path, findings["missing-view"].path) == (
            ("derived", "words"),
            ("derived", "gone"),
        )
        assert set(kept.plan(APRIL).plan.blocked) == {"members"}


def test_a_refresh_waits_for_nobody_who_reads(empty_database_18: str) -> None:
    """Where a unique index allows it: somebody who reads the copy meanwhile goes on reading what was there."""
    with made(empty_database_18, FOLLOWED) as kept, psycopg.connect(empty_database_18) as reader:
        assert reader.execute("select count(*) from mailing").fetchone() == (2,)
        assert kept.sweep(seoul(2026, 4, 1)).complete
        assert emails(kept) == ["two@x.example"]


HISTORY = """
    create table members_before (
        id bigint generated always as identity primary key, member_id bigint not null, email text not null,
        at timestamptz not null default now());
    create function remember() returns trigger language plpgsql as $$ begin
        insert into members_before (member_id, email) values (old.id, old.email); return null;
    end $$;
    create trigger remembers after update or delete on members for each row execute function remember();
    grant insert on members_before to plask_sweeper;
"""


def test_what_a_trigger_keeps_of_a_row_goes_in_the_same_run(empty_database_18: str) -> None:
    """A history table is mapped like any other; what the sweep itself writes into it is not left for the next."""
    history = {
        "owner": {"member": "member_id"},
        "orphans": "destroy",
        "processing": ["membership"],
        "columns": {"email": {"item": "email", "mask": "fixed(-)"}, "at": "no"},
    }
    mapped = datamap(FOLLOWED)
    mapped["tables"] = {**mapped["tables"], "members_before": history}
    with shop(empty_database_18, tables=TABLES + HISTORY, datamap=mapped, policy=POLICY.encode()) as kept:
        kept.execute("update members set email = 'new@x.example' where id = 2")
        assert kept.sweep(APRIL).complete
        assert [row["member_id"] for row in kept.rows("members_before")] == [2]
        assert emails(kept) == ["new@x.example"]
