"""A person's rows in a SQLite file are found by the few values that are spelled as the given key is."""

import sqlite3
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jikim.backends.sqlite.dialect import SQLite
from jikim.backends.sqlite.functions import Functions, key_of
from jikim.plan.keys import text_of

SEOUL = ZoneInfo("Asia/Seoul")
VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.from_regex(r"\s?[-+]?0?\d{1,20}(\.\d*)?(e[-+]?\d{1,3})?\s?", fullmatch=True),
    st.binary(),
)
COLUMNS = ("", "integer", "text", "numeric", "real", "blob", "text collate nocase", "text collate rtrim")


@pytest.mark.parametrize("declared", COLUMNS)
@given(value=VALUES)
@example(value="a\0b")
def test_whatever_a_column_holds_is_among_the_values_that_its_text_may_spell(
    declared: str, value: object
) -> None:
    """Whatever SQLite made of it when it was stored."""
    with closing(sqlite3.connect(":memory:")) as session:
        Functions(SEOUL, b"", None).install(session)
        session.execute(f"create table orders (member_id {declared})")
        session.execute("insert into orders values (?)", [value])
        [(stored,)] = session.execute("select member_id from orders").fetchall()
        dialect = SQLite(SEOUL)
        near = dialect.may_be_given('r."member_id"', 0)
        said = {**dialect.values.said, "key": key_of([text_of(stored)])}
        assert session.execute(f"select {near} from orders r", said).fetchall() == [(1,)]


def test_an_index_answers_for_them() -> None:
    """No row of anybody else is read."""
    with closing(sqlite3.connect(":memory:")) as session:
        Functions(SEOUL, b"", None).install(session)
        session.execute("create table orders (member_id integer)")
        session.execute("create index orders_of on orders (member_id)")
        dialect = SQLite(SEOUL)
        near = dialect.may_be_given('r."member_id"', 0)
        said = {**dialect.values.said, "key": key_of(["5"])}
        told = session.execute(f"explain query plan select 1 from orders r where {near}", said).fetchall()
    assert [words for *_, words in told] == ["SEARCH r USING COVERING INDEX orders_of (member_id=?)"]
