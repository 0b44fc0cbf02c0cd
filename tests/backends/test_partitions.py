"""Partitions of which every row is due are emptied at once; of any other, rows go as those of a table do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from tests.keeping import Kept
from tests.servers import fresh_database
from tests.shapes import APRIL, MAP, POLICY
from tests.shop import shop

from jikim.backends.base import Batch
from jikim.backends.postgresql.parts import Emptying, parts_of
from jikim.backends.sql.dialect import Statement
from jikim.postgres import Server

OLD = """
  logs:
    about: member
    purpose: 접속 기록
    basis: contract
    items: {required: [content]}
    keep: 1 year after recorded
kept_by_law:
"""
TABLES = """
    create table members (id bigint primary key, email text not null, left_at timestamptz);
    create table visits (
        id bigint, member_id bigint not null references members, body text, at timestamptz, primary key (id, at))
        partition by range (at);
    create table visits_2023 partition of visits for values from ('2023-01-01+09') to ('2024-01-01+09');
    create table "100% of 2024" partition of visits for values from ('2024-01-01+09') to ('2025-01-01+09')
        partition by range (id);
    create table visits_2024_few partition of "100% of 2024" for values from (0) to (9);
    create table "100% more" partition of "100% of 2024" default;
    create table visits_2026 partition of visits for values from ('2026-01-01+09') to ('2027-01-01+09');
    create table visits_now partition of visits default;
    create table logs (id bigint, member_id bigint, body text, at timestamptz, primary key (id, at))
        partition by range (at);
    create table logs_old partition of logs for values from ('2023-01-01+09') to ('2025-01-01+09');
    create table logs_2025 partition of logs for values from ('2025-01-01+09') to ('2026-01-01+09');
    create table logs_now partition of logs default;
    create table orders (
        id bigint, member_id bigint not null references members, what text, completed_at timestamptz,
        primary key (id, completed_at)) partition by range (completed_at);
    create table orders_2019 partition of orders for values from ('2019-01-01+09') to ('2020-01-01+09');
    create table orders_2025 partition of orders for values from ('2025-01-01+09') to ('2026-01-01+09');
    create index on visits (member_id); create index on logs (member_id); create index on orders (member_id);
    insert into members values (1, 'one@x.example', '2026-03-01 12:00+09'), (2, 'two@x.example', null),
        (3, 'three@x.example', '2026-03-01 12:00+09');
    insert into visits values
        (1, 2, 'a', '2023-05-01+09'), (2, 2, 'b', '2023-06-01+09'), (3, 1, 'c', '2024-06-01+09'),
        (10, 2, 'd', '2024-06-01+09'), (11, 2, 'e', '2025-01-01+09'), (12, 2, 'f', '2025-12-01+09'),
        (13, 1, 'g', '2026-01-01+09'), (14, 3, 'h', '2026-01-01+09');
    insert into logs values
        (1, 2, 'a', '2023-05-01+09'), (2, 77, 'b', '2024-05-01+09'), (3, 2, 'c', '2025-03-31+09'),
        (4, 2, 'd', '2026-01-02+09');
    insert into orders values
        (1, 1, 'oil', '2019-02-02+09'), (2, 2, 'tea', '2019-02-03+09'), (3, 2, 'jam', '2025-02-02+09'),
        (4, 1, 'figs', '2025-02-02+09');
    grant truncate on all tables in schema public to plask_sweeper;
"""
CONTENT = {
    "owner": {"member": "member_id"},
    "orphans": "date-from(at)",
    "facts": {"recorded": "at"},
    "columns": {"body": "content"},
}
OWNERS = {"member": MAP["subjects"]["member"]}
ORDERS = {
    "owner": {"member": "member_id"},
    "processing": ["purchase"],
    "records": ["contracts"],
    "facts": {"contract completed": "completed_at"},
    "columns": {"what": {"item": "order-history", "mask": "fixed(-)"}},
}
VISITS = ['public."100% more"', "public.visits_2023", "public.visits_2024_few", "public.visits_2026"]
DATAMAP: dict[str, Any] = {
    **{**MAP, "subjects": OWNERS},
    "tables": {
        "members": MAP["tables"]["members"],
        "visits": {**CONTENT, "processing": ["content"]},
        "logs": {**CONTENT, "processing": ["logs"]},
        "orders": ORDERS,
    },
}


@pytest.fixture
def parted(pg18: Server) -> Iterator[Kept]:
    """A service of which three tables lie in parts."""
    with fresh_database(pg18) as url, _made(url) as kept:
        yield kept


def _made(url: str) -> Any:
    policy = POLICY.replace("kept_by_law:\n", OLD.lstrip("\n"))
    return shop(url, tables=TABLES, datamap=DATAMAP, policy=policy.encode())


def _bodies(kept: Kept, part: str) -> list[str]:
    return [row["body"] for row in kept.execute(f'select body from only "{part}" order by 1')]


def _file(kept: Kept, part: str) -> tuple[int, int]:
    """Which file a table lies in, and how large that is: TRUNCATE begins another."""
    place = "pg_relation_filenode(c.oid) as file, pg_relation_size(c.oid)::int as size"
    [row] = kept.execute(f"select {place} from pg_class c where relname = %s", part)
    return row["file"], row["size"]


def _receipts(kept: Kept, table: str) -> list[tuple[Any, ...]]:
    said = "step, batch, rows::int, copies::int, (select sum(n::int)::int from jsonb_each_text(persons) p (tag, n))"
    query = f"select {said} as persons from jikim.receipt where on_table = %s order by step, batch"
    return [tuple(row.values()) for row in kept.execute(query, table)]


def test_what_holds_nothing_but_due_rows_is_emptied_at_once(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is left in its file; receipts, copies and persons are those of any batch. The partition beside it,
    of which one row is due, keeps its file and loses that row."""
    with _made(empty_database) as kept:
        kept.alone = "whether somebody uses a partition just then is not left to chance"
        planned = kept.plan(APRIL)
        assert {step: path.to_json() for step, path in planned.plan.access.items()} == {
            step: {
                "kind": "parts",
                "why": f"{of} partitions hold nothing but due rows: emptied at once",
                "parts": parts,
            }
            for step, of, parts in (
                ("logs/destroy", "2 of 3", ["public.logs_2025", "public.logs_old"]),
                ("orders/archive", "1 of 2", ["public.orders_2025"]),
                ("orders/destroy", "1 of 2", ["public.orders_2019"]),
                ("visits/destroy", "4 of 5", VISITS),
            )
        }
        whole = [
            part.split(".")[1].strip('"') for path in planned.plan.access.values() for part in path.parts
        ]
        before = {part: _file(kept, part) for part in (*whole, "visits_now", "logs_now")}
        sizes: list[int] = []
        batch = kept.store.batch

        def sized(*args: Any, size: int, **rest: Any) -> Batch:
            sizes.append(size)
            done: Batch = batch(*args, size=size, **rest)
            return done

        monkeypatch.setattr(kept.store, "batch", sized)
        applied = kept.apply(planned, APRIL, size=7)
        assert applied.complete
        assert sizes[:2] == [7, 7]  # how long a partition takes says nothing of the batches behind it
        for part in whole:
            assert _file(kept, part)[0] != before[part][0]
            assert _file(kept, part)[1] == 0
        assert all(_file(kept, part) == before[part] for part in ("visits_now", "logs_now"))
        assert (_bodies(kept, "visits_now"), _bodies(kept, "logs_now")) == (["f"], ["d"])
        assert _receipts(kept, "logs") == [("logs/destroy", 0, 1, 0, None), ("logs/destroy", 1, 2, 0, None)]
        assert _receipts(kept, "visits") == [
            ("visits/destroy", n, rows, 0, rows) for n, rows in enumerate((1, 2, 1, 2, 1))
        ]
        assert _receipts(kept, "orders") == [
            ("orders/archive", 0, 2, 2, None),
            ("orders/destroy", 0, 2, 0, None),
        ]
        assert [
            row["what"] for row in kept.execute("select what from kept_by_law.orders__contracts order by 1")
        ] == [
            "figs",
            "jam",
        ]


def test_a_partition_is_looked_at_again_before_it_goes(parted: Kept) -> None:
    """One with a row that is not due, come or kept since the plan, or with a trigger upon delete now, loses the others
    one by one; one that was taken out of its table keeps all, and one that is gone keeps nobody from the rest."""
    parted.alone = "whether somebody uses a partition just then is not left to chance"
    planned = parted.plan(APRIL)
    parted.execute("update members set left_at = null where id = 3")
    parted.execute("alter table logs detach partition logs_old")
    parted.execute("drop table visits_2023")
    parted.execute("insert into logs values (5, 2, 'e', '2025-11-01+09')")
    parted.execute("create function told() returns trigger language plpgsql as 'begin return null; end'")
    parted.execute("create trigger told after delete on visits_2024_few for each row execute function told()")
    files = {part: _file(parted, part) for part in ("visits_2026", "visits_2024_few", "logs_2025")}
    applied = parted.apply(planned, APRIL)
    assert applied.complete
    assert {part: _file(parted, part) for part in files} == files
    assert {part: _bodies(parted, part) for part in files} == {
        "visits_2026": ["h"],
        "visits_2024_few": [],
        "logs_2025": ["e"],
    }
    assert _bodies(parted, "logs_old") == ["a", "b"]
    assert sum(rows for _, _, rows, _, _ in _receipts(parted, "visits")) == 4


@pytest.mark.parametrize(
    "use", ["select from {} for update", "select from {}", "lock table {} in row exclusive mode"]
)
def test_a_partition_that_somebody_uses_is_left_to_batches(
    parted: Kept, use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it: what others do not hold goes row by row, and the rest with the next run."""
    parted.alone = "somebody else uses a partition for as long as the run lasts"
    monkeypatch.setattr("jikim.operations.apply_plan.PATIENCE", 0.0)
    planned = parted.plan(APRIL)
    file = _file(parted, "visits_2023")
    with psycopg.connect(parted.url) as other:
        other.execute(use.replace("{}", "visits_2023").encode())
        applied = parted.apply(planned, APRIL)
        assert _file(parted, "visits_2023") == file
    held = "update" in use
    assert [(s.step, s.remaining) for s in applied.steps if s.remaining] == (
        [("visits/destroy", 2)] if held else []
    )
    assert _bodies(parted, "visits_2023") == (["a", "b"] if held else [])
    assert parted.sweep(APRIL).complete
    assert _bodies(parted, "visits_2023") == []


def test_a_partition_goes_only_with_what_was_written_down_of_it(parted: Kept) -> None:
    """Where the receipt tells of fewer rows than there are, neither stays: not the receipt, not the TRUNCATE."""
    planned = parted.plan(APRIL)
    [step] = [step for step in planned.plan.steps if step.id == "visits/destroy"]
    emptying = Emptying.of(
        "public.visits_2023", step, run=parted.run(planned), batches=parted.store._batches(step)
    )
    one_less = f"with told as ({emptying.carry_out.text}) select rows - 1 from told"
    with parted.store.sweeper.begin() as connection:
        short = replace(emptying, carry_out=Statement(one_less, emptying.carry_out.values))
        assert short(connection, ("public", "visits"), number=0) == 0
    assert (_bodies(parted, "visits_2023"), _receipts(parted, "visits")) == (["a", "b"], [])
    with parted.store.sweeper.begin() as connection:
        assert emptying(connection, ("public", "visits"), number=0) == 2
    assert (_bodies(parted, "visits_2023"), len(_receipts(parted, "visits"))) == ([], 1)


def test_only_a_partition_that_nobody_needs_to_be_told_of_is_emptied_at_once(parted: Kept) -> None:
    """Not where the right is missing, a trigger or a rule speaks of deleting, a key points, a replica would not hear
    of it, or it lies elsewhere."""

    def left(*statements: str) -> set[str]:
        for statement in statements:
            parted.execute(statement)
        with parted.store.sweeper.connect() as connection:
            return {part.name for part in parts_of(connection, "public", "visits") if part.at_once}

    every = {*VISITS, "public.visits_now"}
    assert left() == every
    assert left("create publication replica for table visits with (publish = 'insert, delete')") == set()
    assert left("alter publication replica set (publish = 'insert, delete, truncate')") == every
    assert left("alter publication replica set (publish_via_partition_root)") == set()
    assert left("drop publication replica", "revoke truncate on visits_2023 from plask_sweeper") == every - {
        "public.visits_2023"
    }
    told = "create function told() returns trigger language plpgsql as 'begin return null; end'"
    upon = "create trigger told after {} execute function told()"
    assert left(told, upon.format('delete on "100% of 2024"')) == {"public.visits_2026", "public.visits_now"}
    assert left(upon.format("truncate on visits_now")) == {"public.visits_2026"}
    assert left("create rule kept as on delete to visits_2026 do also nothing") == set()
    pins = "create table pins (visit bigint, at timestamptz, foreign key (visit, at) references logs_old)"
    parted.execute(pins)
    with parted.store.sweeper.connect() as connection:
        free = {part.name for part in parts_of(connection, "public", "logs") if part.at_once}
    assert free == {"public.logs_2025", "public.logs_now"}


def test_an_operator_reads_how_a_partition_is_emptied(parted: Kept) -> None:
    """The statements of one stand before those of the batches that do the rest."""
    planned = parted.plan(APRIL)
    [step] = [step for step in planned.plan.steps if step.id == "visits/destroy"]
    texts = [each.text for each in parted.store.sql(step, run=parted.run(planned))]
    assert texts[0] == 'lock table only public."100% more" in share row exclusive mode'
    assert texts[3] == 'truncate only public."100% more"'
    assert len(texts) == 6
