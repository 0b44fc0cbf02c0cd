"""A number among the keys of another SQLite table is found without EXISTS, which is never contradicted."""

import sqlite3
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest

from jikim.backends.sql.compile import Compiler, Row
from jikim.backends.sqlite.dialect import SQLite
from jikim.datamap.schema import Column, Schema, Table
from jikim.plan.predicate import All, AnyOf, Leads, LeadsNowhere
from jikim.plan.schedule import Hop

VALUES = "(1), (5), (5.0), (5.5), ('5'), ('5.0'), (' 5'), ('x'), (x'35'), (null), (9e99), (-1)"
HOP = Hop(("member_id",), "members", ("id",))
ROW = Row("orders", "r")


def compiler(own: Column, key: Column) -> Compiler:
    """Orders that point to members."""
    members = Table("members", {"id": key}, primary_key=("id",))
    return Compiler(
        SQLite(ZoneInfo("Asia/Seoul")),
        Schema({"orders": Table("orders", {"member_id": own}), "members": members}),
        b"",
    )


@pytest.mark.parametrize("key", ["integer primary key", "bigint primary key not null"])
@pytest.mark.parametrize("own", ["integer", "bigint", "numeric", "real", "integer not null"])
def test_what_is_among_the_keys_of_another_table_is_what_exists_there(own: str, key: str) -> None:
    """Of whatever a column holds that should hold numbers; and it is never NULL."""
    nullable = "not null" not in own
    build = compiler(
        Column("member_id", own.partition(" ")[0], nullable=nullable), Column("id", "bigint", nullable=False)
    )
    among, nowhere = (build.condition(each((HOP,)), ROW) for each in (Leads, LeadsNowhere))
    with closing(sqlite3.connect(":memory:")) as session:
        session.execute(f"create table members (id {key})")
        session.execute("insert into members values (5), (0)")
        session.execute(f"create table orders (member_id {own})")
        session.execute(f"insert or ignore into orders values {VALUES}")
        exists = "exists (select 1 from members t where t.id = r.member_id)"
        said = session.execute(f"select {among}, {nowhere}, {exists}, not {exists} from orders r").fetchall()
    assert "exists" not in among
    assert len(said) == 12 - (not nullable)
    assert {row[2] for row in said} == {0, 1}
    assert all(row[:2] == row[2:] for row in said)


NUMBER, TEXT = Column("member_id", "integer"), Column("member_id", "text")
KEY = Column("id", "integer", nullable=False)


@pytest.mark.parametrize(
    ("own", "key"),
    [
        (TEXT, Column("id", "text", nullable=False)),
        (TEXT, KEY),
        (Column("member_id", "integer", fuzzy=True), KEY),
        (NUMBER, Column("id", "integer", nullable=False, fuzzy=True)),
        (NUMBER, Column("id", "integer")),
    ],
    ids=["texts", "a text that spells a number", "a fuzzy column", "a fuzzy key", "a key that may be NULL"],
)
def test_what_in_could_take_for_equal_where_exists_does_not_is_left_to_exists(
    own: Column, key: Column
) -> None:
    """The two do not ask the same column how texts are compared, nor say the same of NULL."""
    assert "exists" in compiler(own, key).condition(Leads((HOP,)), ROW)


def test_what_is_so_of_a_row_already_is_not_asked_again() -> None:
    """Nor what follows from it alone."""
    known = compiler(NUMBER, KEY).where(All((Leads((HOP,)),)), ROW)
    assert known.condition(AnyOf((LeadsNowhere((HOP,)), Leads((HOP,)))), ROW) == "true"
    assert known.condition(Leads((HOP,)), known.another("orders")) != "true"
