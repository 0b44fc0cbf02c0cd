"""What a finding asks of a SQLite file is said in SQLite's own words."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.backends.test_sqlite import TABLES, shop
from tests.lite import KeptLite
from tests.shop import APRIL

from jikim.datamap.mends import SQLiteMends
from jikim.datamap.schema import table
from jikim.operations.plan_sweep import bound

WRONG = """
    create table members (id integer, email text, joined_at datetime not null, left_at datetime);
    create table orders (
        id integer primary key, member_id text references members (id) on delete cascade, what text not null,
        completed_at datetime);
"""
TRIGGERS = """
    drop index orders_of;
    create trigger keeps before delete on orders begin select raise(ignore); end;
    create trigger "puts ""back" before update on members begin select raise(ignore); end;
"""


def fixes(kept: KeptLite) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in bound(kept.store, kept.promise, as_of=APRIL)[2]:
        found.setdefault(finding.code, []).append(finding.fix)
    return found


def test_what_sqlite_can_change_is_a_statement_that_it_takes(tmp_path: Path) -> None:
    """Indexes and triggers: after each statement the finding is gone."""
    with shop(tmp_path, tables=TABLES + TRIGGERS) as kept:
        told = fixes(kept)
        assert told["no-index"] == ['CREATE INDEX "orders_member_id" ON "orders" ("member_id");']
        for code in ("no-index", "no-clock-index", "keeping-trigger", "changing-trigger"):
            for fix in told[code]:
                kept.execute(fix + "\n")  # what follows `--` ends with the line
        assert not {"no-index", "no-clock-index", "keeping-trigger", "changing-trigger"} & set(fixes(kept))


def test_names_in_statements_are_quoted() -> None:
    """Whatever they hold: a unique index, a column that goes."""
    orders = table('or"ders', {"id": "integer", 'a "b"': "text", "c;": "text"})
    mends = SQLiteMends()
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute('create table "or""ders" (id integer primary key, "a ""b""" text, "c;" text)')
        connection.execute(mends.unique(orders, ('a "b"', "id")))
        connection.execute(mends.dropped(orders, "c;"))
        assert [row[1] for row in connection.execute("pragma table_info('or\"ders')")] == ["id", 'a "b"']


def test_what_sqlite_cannot_change_is_said_of_a_table_made_anew(tmp_path: Path) -> None:
    """No statement of PostgreSQL is told: SQLite would refuse it."""
    with shop(tmp_path, tables=WRONG, rows="") as kept:
        told = fixes(kept)
        words = [fix for code in ("no-key", "subject-key", "edge", "cascade") for fix in told[code]]
        assert [fix.partition("   --")[0] for fix in words] == [
            'make "members" anew, with "jikim_id" INTEGER PRIMARY KEY',
            'make "members" anew, with NOT NULL on "id"',
            'make "orders" anew, with "member_id" as integer',
            'make "orders" anew, with FOREIGN KEY ("member_id") REFERENCES "members" ("id")',
        ]


def test_a_number_that_is_given_twice_is_told(tmp_path: Path) -> None:
    """SQLite gives the number of the newest member to the next, once that one is gone; with AUTOINCREMENT never."""
    with shop(tmp_path) as kept:
        newest = kept.execute(
            "insert into members (email, joined_at) values ('x@mail.example', '2026-01-01') returning id"
        )
        kept.execute("delete from members where email = 'x@mail.example'")
        again = kept.execute(
            "insert into members (email, joined_at) values ('y@mail.example', '2026-01-01') returning id"
        )
        assert again == newest
        [fix] = fixes(kept)["reused-key"]
        assert fix.startswith("id integer primary key autoincrement")
    (tmp_path / "sure").mkdir()
    sure = TABLES.replace("id integer primary key", "id integer primary key autoincrement")
    with shop(tmp_path / "sure", tables=sure) as kept:
        assert "reused-key" not in fixes(kept)
