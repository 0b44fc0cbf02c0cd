"""What jikim cannot see or may not touch blocks its own table, with a remedy; the rest of the promise is kept."""

from datetime import datetime, timedelta

import pytest
from tests.keeping import Kept, seoul
from tests.shop import APRIL, MAP, TABLES, errors, mapped, shop


def rows(kept: Kept, table: str) -> list[int]:
    return [row["id"] for row in kept.execute(f"select id from {table} order by id")]


def test_a_table_of_another_schema_that_would_be_cascaded_blocks_its_parent(empty_database: str) -> None:
    """Its rows stay, and so does the member; orders are kept as promised, and the remedy can be run."""
    outside = """
        create schema other;
        create table other.notes (
            id int primary key, member_id bigint constraint cascades references members on delete cascade);
        insert into other.notes values (1, 1);
    """
    with shop(empty_database, tables=TABLES + outside) as kept:
        assert errors(kept) == ["outside"]
        planned = kept.plan(APRIL)
        assert set(planned.plan.blocked) == {"members"}
        assert not kept.sweep(APRIL).complete
        assert (rows(kept, "other.notes"), rows(kept, "members"), rows(kept, "orders")) == ([1], [1, 2], [3])
        [finding] = [f for f in planned.findings if f.code == "outside"]
        kept.execute(finding.fix)
        assert errors(kept) == []
        assert kept.sweep(APRIL).complete
        assert rows(kept, "members") == [2]


def test_a_table_that_the_sweeper_may_not_read_blocks_itself(empty_database: str) -> None:
    """The plan names the statement that gives the right; members, to whom it points, wait for it."""
    with shop(empty_database) as kept:
        kept.execute("revoke all on orders from plask_sweeper")
        blocked = kept.plan(APRIL).plan.blocked
        assert set(blocked) == {"orders", "members"}
        grant = blocked["orders"].partition("; ")[2].partition("   --")[0]
        assert grant == 'GRANT SELECT, UPDATE, DELETE ON "public"."orders" TO "plask_sweeper";'
        kept.execute(grant)
        assert kept.sweep(APRIL).complete
        assert (rows(kept, "orders"), rows(kept, "members")) == ([3], [2])


def test_row_security_without_the_right_to_see_past_it_blocks_its_table(empty_database: str) -> None:
    """A sweep that saw no row would call the promise kept."""
    with shop(empty_database) as kept:
        kept.execute("alter table orders enable row level security")
        kept.execute("alter role plask_sweeper nobypassrls")
        try:
            blocked = kept.plan(APRIL).plan.blocked
        finally:
            kept.execute("alter role plask_sweeper bypassrls")
        assert "BYPASSRLS" in blocked["orders"]
        assert kept.sweep(APRIL).complete


def test_triggers_of_the_service_find_what_they_name(empty_database: str) -> None:
    """A trigger that names a table without its schema works in a sweep as it does in the service."""
    trigger = """
        create table log (note text);
        create function remember() returns trigger language plpgsql as
            'begin insert into log values (old.id); return old; end';
        create trigger remembers after delete on orders for each row execute function remember();
        grant insert on log to plask_sweeper;
    """
    with shop(empty_database, tables=TABLES + trigger, datamap=mapped(log={"personal": False})) as kept:
        assert kept.sweep(APRIL).complete
        assert len(kept.rows("log")) == 2
        kept.execute("revoke insert on log from plask_sweeper")
        kept.execute("update orders set completed_at = '2020-02-01' where id = 3")
        kept.execute("update members set left_at = '2026-03-02 12:00+09' where id = 2")
        failed = [s.reason for s in kept.sweep(APRIL).steps if s.state == "failed"]
        assert len(failed) == 1
        assert "in `remember`, which a trigger of the store runs" in failed[0]


def test_a_second_owner_who_would_never_be_asked_is_refused(empty_database_18: str) -> None:
    """Where every row names both, the row of one who is still there would go with the other."""
    friends = """
        create table friends (
            id bigint primary key, a bigint not null references members, b bigint not null references members,
            note text);
        create index on friends (a); create index on friends (b);
        insert into friends values (1, 1, 2, 'school');
    """
    both = {
        "owner": [{"member": "a"}, {"member": "b"}],
        "processing": ["membership"],
        "columns": {"note": {"item": "email", "mask": "null"}},
    }
    with shop(empty_database_18, tables=TABLES + friends, datamap=mapped(friends=both)) as kept:
        assert errors(kept) == ["co-owner"]
        assert not kept.sweep(APRIL).complete
        assert rows(kept, "friends") == [1]


def test_tables_that_inherit_another_are_not_swept_with_it(empty_database: str) -> None:
    """A sweep of orders leaves the rows of a table that inherits them: those are its own to keep."""
    inherits = """
        create table gifts (card text, primary key (id)) inherits (orders);
        insert into gifts values (9, 1, 'cake', '2020-02-01 12:00+09', 'dear');
    """
    with shop(empty_database, tables=TABLES + inherits) as kept:
        assert kept.plan(APRIL).plan.census["orders"].total == 3
        kept.sweep(APRIL)
        assert kept.execute("select id from gifts") == [{"id": 9}]


@pytest.mark.parametrize(("times", "first"), [("local", seoul(2026, 11, 19)), ("utc", seoul(2026, 11, 20))])
def test_times_without_a_zone_are_read_as_the_map_says(
    empty_database: str, times: str, first: datetime
) -> None:
    """20:00 of the 18th in UTC is the 19th in Seoul, so the statute ends a day later than by the local reading."""
    naive = TABLES + "; alter table orders alter completed_at type timestamp using '2021-11-18 20:00'"
    stores = {**MAP["stores"], "app": {**MAP["stores"]["app"], "times": times}}
    with shop(empty_database, tables=naive, datamap={**MAP, "stores": stores}) as kept:
        assert errors(kept) == []
        kept.execute("update members set left_at = '2021-12-01+09'")
        before, after = (kept.plan(at).plan.rows for at in (first - timedelta(seconds=1), first))
        assert (before["orders/archive"], before["orders/destroy"]) == (3, 0)
        assert (after["orders/archive"], after["orders/destroy"]) == (0, 3)


MORE = """
    create type state as enum ('open', 'done');
    alter table orders add state state not null default 'done', add paid boolean, add code text, add n int;
"""


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("state", "dome", 'state: "done"'),
        ("paid", "true", "paid: true"),
        ("paid", "perhaps", "ask for a value that the column can hold"),
        ("code", 1, 'code: "1"'),
        ("n", "1", "n: 1"),
        ("n", True, "ask for a value that the column can hold"),
    ],
)
def test_a_condition_that_no_row_can_meet_is_a_finding(
    empty_database_18: str, column: str, value: object, remedy: str
) -> None:
    """A value of another type, or no label of an enumerated one: told in the map, with the value that fits."""
    with shop(empty_database_18, tables=TABLES + MORE, datamap=mapped(orders=when(column, value))) as kept:
        [finding] = [f for f in kept.plan(APRIL).findings if f.code == "condition"]
        assert finding.fix == remedy


@pytest.mark.parametrize(("column", "value"), [("state", "done"), ("paid", True), ("code", "x"), ("n", 7)])
def test_a_condition_may_ask_for_any_type(empty_database: str, column: str, value: object) -> None:
    """Enumerated, boolean, text, number: the row that has the value is archived, the other is not."""
    with shop(empty_database, tables=TABLES + MORE, datamap=mapped(orders=when(column, value))) as kept:
        kept.execute("update orders set state = 'open', completed_at = '2026-02-01'")
        kept.execute(f"update orders set {column} = %s where id = 1", value)
        assert kept.sweep(APRIL).complete
        assert [key for _, _, key in kept.archive(APRIL)] == [("1",)]


def when(column: str, value: object) -> dict[str, object]:
    """Orders that count as completed where a column has a value."""
    columns: dict[str, object] = dict.fromkeys(("state", "paid", "code", "n", "completed_at"), "no")
    return {
        "owner": {"member": "member_id"},
        "processing": ["purchase"],
        "records": ["contracts"],
        "facts": {"contract completed": {"column": "completed_at", "when": {column: value}}},
        "columns": {"what": {"item": "order-history", "mask": "fixed(-)"}, **columns},
    }
