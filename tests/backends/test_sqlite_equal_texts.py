"""Texts that SQLite takes for equal by a column's COLLATE: told of the column, refused in edges, exact elsewhere."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.backends.test_sqlite import agree, shop
from tests.shop import APRIL, MAP

from jikim.backends.sqlite.reflect import reflect
from jikim.operations.plan_sweep import bound

MEMBERS = "create table members (id integer primary key, email text not null, joined_at datetime, left_at datetime);"


def test_a_column_is_fuzzy_by_its_collation_alone() -> None:
    """However it is written; not by a COLLATE in an index, a check or a default; one that nobody here has is."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        connection.create_collation("of_an_app", lambda a, b: (a > b) - (a < b))
        connection.executescript("""
            create table t (
                bare text, written text collate binary, folded text COLLATE /* so */ [nocase],
                padded text collate "RTRIM",
                "col""late" text default 'collate nocase', checked text check (checked collate nocase in ('a')),
                "fol;ded" text constraint filled not null collate nocase, apart text collate of_an_app,
                made text generated always as (folded) collate nocase);
            create index by_bare on t (bare collate nocase);
        """)
        connection.create_collation("of_an_app", None)
        columns = reflect(connection).tables["t"].columns.values()
        assert [c.name for c in columns if c.fuzzy] == ["folded", "padded", "fol;ded", "apart", "made"]


def test_an_edge_over_such_a_column_is_refused(tmp_path: Path) -> None:
    """Whose an order is would depend on which member is found first; the remedy says how the table must be."""
    tables = (
        MEMBERS.replace("email text not null", "email text not null unique")
        + """
        create table orders (id integer primary key, member text not null collate nocase, what text not null,
            completed_at datetime);
        create index orders_of on orders (member);
    """
    )
    orders = {**MAP["tables"]["orders"], "owner": {"member": "member"}}
    subjects = {"member": {**MAP["subjects"]["member"], "key": "email"}}
    with shop(
        tmp_path, tables=tables, rows="", mapped={"orders": orders}, beside={"subjects": subjects}
    ) as kept:
        [refused] = [f for f in bound(kept.store, kept.promise, as_of=APRIL)[2] if f.code == "key-type"]
        assert refused.path[:2] == ("tables", "orders")
        assert refused.fix.startswith('make "orders" anew, with "member" as text COLLATE BINARY   --')


def test_classes_masks_and_keys_are_of_the_letters_that_stand_there(tmp_path: Path) -> None:
    """`DONE` is not `done`, a mask that differs by case is not there yet, and a key is one row's."""
    tables = (
        MEMBERS
        + """
        create table orders (id text collate nocase not null, member_id integer not null references members,
            what text not null collate nocase, note text, state text not null collate nocase, completed_at datetime,
            primary key (id collate binary));
        create index orders_of on orders (member_id);
    """
    )
    rows = """
        insert into members values (1, 'a@mail.example', '2026-01-01 00:00', '2026-03-01T03:00:00Z'),
            (2, 'b@mail.example', '2026-01-01 00:00', null);
        insert into orders (id, member_id, what, state, completed_at) values
            ('a', 1, 'bread', 'done', '2026-02-01 03:00'), ('A', 2, 'GONE', 'DONE', null),
            ('b', 1, 'salt', 'DONE', '2026-02-01 03:00'), ('c', 2, 'milk', 'done', '2026-02-01 03:00');
    """
    done = {"where": {"state": "done"}, "processing": ["purchase"], "records": ["contracts"]}
    orders = {
        "owner": {"member": "member_id"},
        "rows": {
            "done": {**done, "facts": {"contract completed": "completed_at"}},
            "other": {"processing": ["membership"]},
        },
        "columns": {
            "what": {"item": "order-history", "mask": "fixed(gone)"},
            "note": "email",
            "state": "no",
            "completed_at": "no",
        },
    }
    with shop(tmp_path, tables=tables, rows=rows, mapped={"orders": orders}) as kept:
        agree(kept)
        assert [(row["id"], row["what"]) for row in kept.rows("orders")] == [("A", "gone"), ("c", "milk")]
