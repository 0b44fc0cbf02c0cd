"""Looking at a few rows of a PostgreSQL: whatever names and values it holds, and nothing is changed."""

import psycopg
import pytest

from jikim.backends.base import StoreError
from jikim.bootstrap import open_sampler
from jikim.datamap.schema import ForeignKey
from jikim.draft.guess import POSSIBLE, Why
from jikim.draft.relations import Edge, Overlap

ODD = """
    create table "we""ird %s -- x" (
        "i%d" bigint primary key, "a""b" text, at timestamptz, born date, made json, raw bytea, tags text[], mood text);
    insert into "we""ird %s -- x"
    select n, repeat('x', 9000), case when n % 2 = 0 then 'infinity' else timestamptz '2026-01-01' end, '4000-01-01 BC',
        '{"a": 1}', 'x', '{y}', null
    from generate_series(1, 30) n;
    create table other ("i%d" bigint, person bigint);
    insert into other select n, n % 40 from generate_series(1, 30) n;
"""


def test_odd_names_and_values_are_read_and_long_ones_cut(empty_database_18: str) -> None:
    """The newest rows by key; times that no calendar here knows are left out, and bytes are not read."""
    with psycopg.connect(empty_database_18, autocommit=True) as connection:
        connection.execute(ODD.encode())
    with open_sampler(empty_database_18, tables_in="public") as sampler:
        table = sampler.reflect().tables['we"ird %s -- x']
        sample = sampler.sample(table, rows=4)
    assert list(sample["i%d"]) == [30, 29, 28, 27]
    assert [len(text) for text in sample['a"b']] == [4000] * 4
    assert [at and at.year for at in sample["at"]] == [None, 2026, None, 2026]
    assert list(sample["born"]) == [None] * 4
    assert "raw" not in sample


def test_the_store_counts_what_is_found_elsewhere_and_sends_no_value(empty_database_18: str) -> None:
    with psycopg.connect(empty_database_18, autocommit=True) as connection:
        connection.execute(ODD.encode())
        connection.execute("update other set person = person + 20")
    with open_sampler(empty_database_18, tables_in="public") as sampler:
        tables = sampler.reflect().tables
        edge = Edge("other", ("person",), 'we"ird %s -- x', ("i%d",), "owning", False, Why(POSSIBLE, "named"))
        assert sampler.overlap(tables["other"], edge, rows=100) == Overlap(30, 10)
        assert ForeignKey(edge.columns, edge.to, edge.to_columns) not in tables["other"].foreign_keys


def test_a_sample_can_change_nothing(empty_database_18: str) -> None:
    """A view that writes when it is read is refused by the transaction."""
    with psycopg.connect(empty_database_18, autocommit=True) as connection:
        connection.execute("create table t (id bigint primary key)")
        connection.execute("create table log (n int)")
        connection.execute(
            "create function spy() returns boolean language plpgsql as "
            "$$ begin insert into public.log values (1); return true; end $$"
        )
        connection.execute("insert into t values (1)")
        connection.execute("alter table t enable row level security")
        connection.execute("create policy spying on t using (public.spy())")
        connection.execute("drop role if exists sampled")
        connection.execute("create role sampled login")
        connection.execute("grant select on t to sampled; grant insert on log to sampled")
    one = empty_database_18.replace("postgres@", "sampled@", 1)
    with open_sampler(one, tables_in="public") as sampler:
        table = sampler.reflect().tables["t"]
        with pytest.raises(StoreError, match="looking at `t`"):
            sampler.sample(table, rows=5)
    with psycopg.connect(empty_database_18, autocommit=True) as connection:
        assert connection.execute("select count(*) from log").fetchone() == (0,)
        connection.execute("drop owned by sampled")
        connection.execute("drop role sampled")
