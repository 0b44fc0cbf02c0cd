"""What is due of one person goes at once: as much as a sweep takes, in one transaction, with receipts, or nothing."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from examples.made_up.world import World
from examples.plask.world import SETTING
from tests import shapes
from tests.agreeing import Archive, swept_alike
from tests.keeping import KEY, Kept, plask, seoul
from tests.servers import fresh_database
from tests.shop import APRIL, TABLES, mapped, shop
from tests.telling import held

from jikim.backends.base import StoreError
from jikim.evidence.tags import tag
from jikim.operations.apply_plan import Applied
from jikim.operations.apply_to_person import Whose, apply_to_person
from jikim.operations.explain_rows import explain_person
from jikim.operations.plan_sweep import Planned
from jikim.plan.schedule import Hold
from jikim.postgres import Server

LEAVER = Whose("member", ("1",))


@pytest.fixture
def kept(pg18: Server) -> Iterator[Kept]:
    """The shop of the how-to: member 1 left, with an order whose record runs and one whose record has run out."""
    with fresh_database(pg18) as url, shop(url) as kept:
        yield kept


def _apply(kept: Kept, planned: Planned, whose: Whose = LEAVER) -> Applied:
    return apply_to_person(kept.store, kept.run(planned), planned.schedules, whose)


def test_what_is_due_of_one_person_goes_in_one_transaction_with_its_receipts(kept: Kept) -> None:
    """The orders and then the member, an order's copy in the archive; each receipt names her by her tag."""
    kept.execute("insert into members values (3, 'c@mail.example', '2026-01-01+09', '2026-03-01 12:00+09')")
    applied = _apply(kept, kept.plan(APRIL))
    assert applied.complete
    assert {s.step: s.rows for s in applied.steps if s.rows} == {
        "orders/archive": 1,
        "orders/destroy": 1,
        "members/destroy": 1,
    }
    receipts = kept.execute("select step, rows, at, persons from jikim.receipt order by step")
    assert [(r["step"], r["rows"]) for r in receipts] == [
        ("members/destroy", 1),
        ("orders/archive", 1),
        ("orders/destroy", 1),
    ]
    assert {tuple(r["persons"].values()) for r in receipts} == {(1,)}
    her_tag = tag(KEY, store=kept.store.name, kind="member", key="1")
    assert {tuple(r["persons"]) for r in receipts} == {(her_tag,)}
    assert [row["id"] for row in kept.rows("members")] == [2, 3]
    assert [copy["jikim_key"] for copy in kept.execute("select * from kept_by_law.orders__contracts")] == [
        ["1"]
    ]


def test_of_somebody_who_stays_nothing_goes(kept: Kept) -> None:
    """Nor of somebody who is not there."""
    planned = kept.plan(APRIL)
    for key in ("2", "77"):
        assert not any(step.rows for step in _apply(kept, planned, replace(LEAVER, key=(key,))).steps)
    assert len(kept.rows("members")) == 2


def test_a_hold_keeps_all_that_it_names(kept: Kept) -> None:
    """It is no failure: nothing of hers is due."""
    held(kept.store, Hold("h1", "case 27", "member", ("1",)), at=APRIL)
    applied = _apply(kept, kept.plan(APRIL))
    assert applied.complete
    assert not any(step.rows for step in applied.steps)


def test_a_hold_that_is_told_after_the_plan_stops_it(kept: Kept) -> None:
    """Nothing is done."""
    planned = kept.plan(APRIL)
    held(kept.store, Hold("h1", "case 27", "member", ("1",)), at=APRIL)
    with pytest.raises(StoreError, match="told since this was planned"):
        _apply(kept, planned)
    assert len(kept.rows("orders")) == 3


def test_while_somebody_holds_one_of_her_rows_nothing_goes(kept: Kept) -> None:
    """All of it goes, or none."""
    planned = kept.plan(APRIL)
    with psycopg.connect(kept.url) as other:
        other.execute("select from orders where id = 2 for update")
        with pytest.raises(StoreError, match="55P03"):
            _apply(kept, planned)
    assert len(kept.rows("orders")) == 3
    assert kept.execute("select * from kept_by_law.orders__contracts") == []
    assert _apply(kept, planned).complete


def test_a_late_child_is_not_destroyed_with_its_parent(kept: Kept) -> None:
    """Whoever inserts an order holds the member, so nothing goes before it is there; then it goes as it should."""
    kept.execute(
        "alter table orders drop constraint orders_member_id_fkey, add constraint orders_member_id_fkey"
        " foreign key (member_id) references members on delete cascade"
    )
    planned = kept.plan(APRIL)
    with psycopg.connect(kept.url) as other:
        other.execute("insert into orders values (9, 1, 'late', '2026-02-01 12:00+09')")
        with pytest.raises(StoreError, match="55P03"):
            _apply(kept, planned)
    assert _apply(kept, planned).complete
    assert len(kept.execute("select jikim_key from kept_by_law.orders__contracts")) == 2


def test_what_the_store_refuses_at_the_end_undoes_all_of_it(kept: Kept) -> None:
    """What is looked at when the transaction ends keeps rows and receipts as they were; then the session goes on."""
    kept.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise check_violation; end $$;"
        " create constraint trigger refuse after insert on jikim.receipt deferrable initially deferred"
        " for each row execute function refuse()"
    )
    planned = kept.plan(APRIL)
    with kept.store.asking():
        with pytest.raises(StoreError, match="23514"):
            _apply(kept, planned)
        assert (len(kept.rows("members")), len(kept.rows("orders"))) == (2, 3)
        assert kept.execute("select * from jikim.receipt") == []
        kept.execute("drop trigger refuse on jikim.receipt")
        assert _apply(kept, planned).complete
    assert len(kept.rows("members")) == 1


def test_what_a_rule_does_beside_a_deletion_stops_all_of_it(empty_database_18: str) -> None:
    """The server would count the rule's rows, too."""
    tables = f"""{TABLES}
        create table notes (id bigint primary key, member_id bigint not null references members, said text);
        create index on notes (member_id);
        insert into notes values (1, 1, 'mine');
        create table log (id bigint);
        create rule noted as on delete to notes do also insert into log values (old.id);
    """
    notes = {"owner": {"member": "member_id"}, "processing": ["membership"], "columns": {"said": "email"}}
    with shop(empty_database_18, tables=tables, datamap=mapped(notes=notes, log={"personal": False})) as kept:
        planned = kept.plan(APRIL)
        with pytest.raises(StoreError, match="0A000"):
            _apply(kept, planned)
        assert (len(kept.rows("notes")), len(kept.rows("orders"))) == (1, 3)
        assert kept.execute("select * from log") == []


GUESTS = """
    create table orders (id bigint primary key, email text not null, what text not null, completed_at timestamptz);
    create index on orders (email);
    create table lines (
        id bigint primary key, order_id bigint not null references orders, email text, wish text not null);
    create index on lines (order_id);
    insert into orders values (1, 'a@x.example', 'salt', '2019-02-02 12:00+09'), (2, 'b@x.example', 'tea', null),
        (3, 'a@x.example', 'oil', null);
    insert into lines values (1, 1, null, 'black'), (2, 2, null, 'green'), (3, 3, 'a@x.example', 'brown');
"""
"""What guests ordered: whose it is stands in the order alone, whatever its lines say."""


def test_whose_a_row_is_stands_in_another_row(empty_database_18: str) -> None:
    """A column of the same name says nothing of it; the other guest's rows stay."""
    of_guests = {"orders": shapes.MAP["tables"]["orders"], "lines": shapes.MAP["tables"]["lines"]}
    of_guests["orders"] = {
        **of_guests["orders"],
        "owner": {"guest": "email"},
        "columns": {
            "what": {"item": "order-history", "mask": "fixed(-)"},
            "email": {"item": "email", "mask": "tag(gone-{tag}@invalid.example)"},
        },
    }
    of_guests["lines"] = {
        **of_guests["lines"],
        "columns": {"wish": {"item": "order-history", "mask": "fixed(-)"}, "email": {"item": "email"}},
    }
    datamap = {**shapes.MAP, "subjects": {}, "inline": {}, "tables": of_guests}
    with shop(empty_database_18, tables=GUESTS, datamap=datamap, policy=shapes.POLICY.encode()) as kept:
        planned, whose = kept.plan(APRIL), Whose("guest", ("a@x.example",))
        held_of_her = [
            (row.table, *row.facts.key)
            for row in explain_person(
                kept.store, planned.schedules, subject="guest", key=whose.key, as_of=APRIL
            )
        ]
        assert sorted(held_of_her) == [("lines", "1"), ("lines", "3"), ("orders", "1"), ("orders", "3")]
        assert _apply(kept, planned, whose).complete
        assert [row["id"] for row in kept.rows("orders")] == [2, 3]
        assert [row["id"] for row in kept.rows("lines")] == [2, 3]


def test_people_one_by_one_and_then_the_rest_leave_what_a_sweep_leaves(pg18: Server) -> None:
    """In Plask, at three dates: as the memory model means, to the last value and copy."""
    world, archive, done = World(SETTING, 5, 20), Archive(), []
    with fresh_database(pg18) as url, plask(url) as kept:
        for as_of in (seoul(2021, 1, 1, 12), seoul(2023, 9, 29), seoul(2026, 10, 5)):
            kept.live(world.until(as_of))

            def one_by_one(planned: Planned) -> None:
                run = kept.run(planned)
                for n, member in enumerate(kept.rows("members")):
                    whose = Whose("member", (str(member["id"]),))
                    applied = apply_to_person(kept.store, run, planned.schedules, whose, number=n)
                    done.extend(step for step in applied.steps if step.rows)

            archive = swept_alike(kept, as_of, archive, first=one_by_one).archive
    assert {"orders/archive", "members/destroy"} <= {step.step for step in done}
