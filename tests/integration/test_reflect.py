"""What is read of a real catalogue: which questions an index answers, what can keep a row, what may stand where."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa
from examples.plask.world import PLASK
from tests.keeping import plask_promise, seoul

from jikim.backends.postgresql.reflect import reflect
from jikim.datamap.schema import Schema, Table
from jikim.operations.check_map import check_map

TABLES = """
create table parents (id bigint primary key);
create table children (
    id bigint primary key,
    parent_id bigint constraint "to parents" references parents on delete cascade,
    kind varchar(9) constraint kinds check (kind in ('a', 'b')),
    at timestamp(3) with time zone,
    word text,
    lowered text generated always as (lower(word)) stored,
    constraint ends check (at > '2000-01-01')
);
create function keep() returns trigger language plpgsql as 'begin return null; end';
create trigger before_row before delete on children for each row execute function keep();
create trigger after_row after delete on children for each row execute function keep();
create trigger before_change before update on children for each row execute function keep();
create trigger before_all before delete on children for each statement execute function keep();
create trigger off before delete on children for each row execute function keep();
alter table children disable trigger off;
"""


@pytest.fixture
def connection(empty_database: str) -> Iterator[sa.Connection]:
    """A database with these tables, on each of the two servers."""
    with filled(empty_database) as opened:
        yield opened


@contextmanager
def filled(url: str) -> Iterator[sa.Connection]:
    """An empty database, filled with these tables."""
    with psycopg.connect(url) as session:
        session.execute(TABLES.encode())
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def children(connection: sa.Connection) -> Table:
    return reflect(connection, tables_in="public").tables["children"]


@pytest.mark.parametrize(
    ("index", "answers"),
    [
        ("(parent_id)", True),
        ("(parent_id, lower(word))", True),
        ("(parent_id) include (word)", True),
        ("(parent_id) where parent_id is not null", True),
        ("(parent_id desc, at)", True),
        ("(word, parent_id)", False),
        ("(lower(word), parent_id)", False),
        ("(parent_id) where word = 'x'", False),
        ("(word) include (parent_id)", False),
        ("using brin (parent_id)", False),
    ],
)
def test_an_index_answers_for_the_columns_it_leads_with(
    connection: sa.Connection, index: str, answers: bool
) -> None:
    assert not children(connection).indexed(("parent_id",))
    connection.execute(sa.text(f"create index on children {index}"))
    assert children(connection).indexed(("parent_id",)) is answers


def test_a_partial_or_computed_unique_index_makes_nothing_unique(connection: sa.Connection) -> None:
    connection.execute(sa.text("create unique index on children (word) where kind = 'a'"))
    connection.execute(sa.text("create unique index on children (kind, lower(word))"))
    assert children(connection).unique == ()
    connection.execute(sa.text("create unique index on children (word, kind)"))
    assert children(connection).unique == (("word", "kind"),)


def test_what_runs_before_each_row_can_keep_it_or_put_it_back(connection: sa.Connection) -> None:
    connection.execute(sa.text("create rule as_it_was as on update to children do instead nothing"))
    connection.execute(sa.text("create rule for_ever as on delete to children do instead nothing"))
    table = children(connection)
    assert table.keepers == ("before_row", "for_ever")
    assert table.changers == ("as_it_was", "before_change")
    assert table.copiers == ("after_row",)
    assert set(table.triggers) == {
        *("before_row", "after_row", "before_change", "before_all"),
        *("as_it_was", "for_ever"),
    }


def test_constraints_keep_their_names_and_words(connection: sa.Connection) -> None:
    table = children(connection)
    (foreign,) = table.foreign_keys
    assert (foreign.name, foreign.on_delete) == ("to parents", "CASCADE")
    allowed = {check.name: (check.columns, check.allowed) for check in table.checks}
    assert allowed == {"kinds": (("kind",), frozenset({"a", "b"})), "ends": (("at",), None)}


def test_a_type_is_known_without_its_length(connection: sa.Connection) -> None:
    columns = children(connection).columns
    assert columns["at"].time_type == "instant"
    assert (columns["kind"].family, columns["kind"].longest) == ("text", 9)
    assert columns["lowered"].generated


def test_the_map_of_plask_fits_its_tables(empty_database_18: str) -> None:
    """Nothing is to be mended; what is told is that the sweeper must be let past row security."""
    with psycopg.connect(empty_database_18, autocommit=True) as session:
        PLASK.install(session)
    engine = sa.create_engine(sa.make_url(empty_database_18).set(drivername="postgresql+psycopg"))

    class Plask:
        def reflect(self) -> Schema:
            with engine.connect() as opened:
                return reflect(opened, tables_in="public")

    promise = plask_promise()
    result = check_map(Plask(), promise, as_of=seoul(2026, 2, 1))
    engine.dispose()
    assert [finding.code for finding in result.findings] == ["row-security"]
    assert not result.blocked
    assert set(result.kept) == {name for name, table in promise.datamap.tables.items() if table.personal}


def test_a_column_that_was_never_looked_at_whole_may_be_null(empty_database_18: str) -> None:
    """Since 18 a column can be forbidden to be NULL from now on, whatever it held before."""
    with filled(empty_database_18) as connection:
        connection.execute(sa.text("insert into children (id, at) values (1, '2026-01-01')"))
        connection.execute(sa.text("alter table children add constraint said not null word not valid"))
        assert children(connection).columns["word"].nullable
        connection.execute(sa.text("alter table children disable trigger all; update children set word = ''"))
        connection.execute(sa.text("alter table children validate constraint said"))
        assert not children(connection).columns["word"].nullable
