"""Paths into JSON: the memory model and PostgreSQL agree on any value, and no shape slips through unsaid."""

from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.keeping import KEY, SEOUL, Kept, audit_of
from tests.servers import fresh_database
from tests.shop import APRIL, TABLES, errors, mapped, shop

from jikim.backends import memory
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.operations.plan_sweep import bound
from jikim.plan import json_path
from jikim.plan.json_path import EVERY
from jikim.postgres import Server

NAMES = ["a", "b", "0", "-1", "*", "it's"]
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab'%\\", max_size=2)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)
PATHS = st.lists(st.sampled_from([*NAMES, EVERY, EVERY, EVERY]), min_size=1, max_size=4).map(tuple)


def test_both_find_take_along_and_take_out_the_same(pg15: Server, pg18: Server) -> None:
    """Whatever the value and the path: lists in lists, names that look like places, null within and instead."""
    with (
        fresh_database(pg15) as old,
        fresh_database(pg18) as new,
        psycopg.connect(old) as one,
        psycopg.connect(new) as other,
    ):

        @settings(max_examples=300, deadline=None)
        @given(value=VALUES, path=PATHS)
        def agree(value: Any, path: tuple[str, ...]) -> None:
            meant = [each(value, path) for each in (json_path.found, json_path.part, json_path.without)]
            assert _said(one, value, path) == meant
            assert _said(other, value, path) == meant

        agree()


def _said(connection: psycopg.Connection[Any], value: Any, path: tuple[str, ...]) -> list[Any]:
    dialect = PostgreSQL(SEOUL)
    asked = [
        dialect.json_found("t.v", path),
        dialect.json_part("t.v", path),
        dialect.json_masked("t.v", path, where="true"),
    ]
    values = {**dialect.values.said, "value": psycopg.types.json.Jsonb(value)}
    query = f"select {', '.join(asked)} from (select %(value)s::jsonb as v) t"
    row = connection.execute(query.encode(), values).fetchone()
    assert row is not None
    return list(row)


GUESTS = """
    alter table members add guests jsonb;
    alter table orders add wishes json;
    update orders set wishes = '{"gift": {"for": [{"name": "kim", "say": "hi"}, {"say": "ho"}, 7]}}';
    insert into members values (3, 'c@mail.example', '2026-01-01+09', '2026-03-01 12:00+09');
    create table notes (id bigint primary key, member_id bigint not null references members, ends timestamptz);
    create index on notes (member_id);
    insert into notes values (1, 1, null), (3, 3, null);
    update members set guests = '[{"name": "lee", "tel": ["1", "2"]}, {"tel": []}, "odd", [{"name": "in"}]]'
        where id = 1;
    update members set guests = '"SECRET"' where id = 2;
    update members set guests = '{"name": "choi"}' where id = 3;
"""
NOTES = {
    "owner": {"member": "member_id"},
    "processing": [{"purchase": {"membership ended": "ends"}}],
    "columns": {"ends": "order-history"},
}


def guests(*paths: str) -> dict[str, Any]:
    """The how-to's map with guests of members at these paths, and wishes of orders."""
    members, orders = mapped()["tables"]["members"], mapped()["tables"]["orders"]
    inside = {"json": dict.fromkeys(paths, "email")}
    wishes = {"json": {"$.gift.for[*].name": "email"}}
    return mapped(
        notes=NOTES,
        members={**members, "columns": {**members["columns"], "guests": inside}},
        orders={
            **orders,
            "processing": ["purchase", "membership"],
            "columns": {**orders["columns"], "wishes": wishes},
        },
    )


def test_lists_are_masked_and_archived_as_the_memory_model_means(empty_database: str) -> None:
    """Each element loses its key, what is of another shape stays, and a record keeps each element in its place."""
    with shop(
        empty_database, tables=TABLES + GUESTS, datamap=guests("$[*].name", "$[*].tel[*]", "$.name")
    ) as kept:
        assert errors(kept) == []
        _agree(kept)
        left = {row["id"]: row["guests"] for row in kept.rows("members")}
        assert left[1] == [{"tel": []}, {"tel": []}, "odd", [{"name": "in"}]]
        assert left[3] == {}
        [copy] = kept.archive(APRIL).values()
        assert copy["wishes$.gift.for[*].name"] == ["kim", None, None]


def _agree(kept: Kept) -> None:
    model = kept.memory(APRIL)
    schedules, _, _ = bound(kept.store, kept.promise, as_of=APRIL)
    meant = memory.census(model, schedules, as_of=APRIL, mask_key=KEY)
    found = kept.plan(APRIL).plan.census
    assert {t: c.due for t, c in meant.items()} == {t: c.due for t, c in found.items()}
    memory.sweep(model, schedules, as_of=APRIL, mask_key=KEY)
    assert kept.sweep(APRIL).complete
    for table, rows in model.tables.items():
        assert sorted(map(repr, kept.rows(table))) == sorted(map(repr, rows)), table


@pytest.mark.parametrize(
    ("paths", "strays"),
    [(["$.name"], 2), (["$[*].name"], 3), (["$.name", "$[*].name", "$[*].tel[*]"], 2)],
)
def test_a_shape_that_no_path_reaches_is_a_finding(
    empty_database_18: str, paths: list[str], strays: int
) -> None:
    """A list where an object is known, an object where a list is, a text where either is; never the value itself."""
    with shop(empty_database_18, tables=TABLES + GUESTS, datamap=guests(*paths)) as kept:
        report = audit_of(kept, as_of=APRIL)
        found = [f for f in report.findings if f.kind.value == "unreached" and f.where == "members.guests"]
        assert [f.count for f in found] == [strays]
        assert not any(word in str(report.to_json()) for word in ("SECRET", "choi", "odd"))


@pytest.mark.parametrize("path", ["$", "$.", "name", "$[0]", "$[*", "$.*", "$.a..b", "$..name", "$['a']"])
def test_what_is_no_path_blocks_its_table(empty_database_18: str, path: str) -> None:
    """Nothing is reached by guessing."""
    with shop(empty_database_18, tables=TABLES + GUESTS, datamap=guests(path)) as kept:
        assert "json-path" in errors(kept)
        assert "members" in kept.plan(APRIL).plan.blocked
