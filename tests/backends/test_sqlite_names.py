"""Names of a SQLite file that hold dots, quotes, signs or reserved words are names like others."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.backends.test_sqlite import agree, shop
from tests.keeping import audit_of
from tests.shop import APRIL

from jikim.backends.sqlite.sample import SqliteSampler
from jikim.cli.explain import parted_place
from jikim.datamap.schema import table
from jikim.datamap.survey import quoted
from jikim.draft.guess import POSSIBLE, Why
from jikim.draft.relations import Edge, Overlap
from jikim.operations.explain_rows import explain_person, explain_table
from jikim.operations.plan_sweep import bound

PEOPLE, ORDERS, LINES = 'mem.b"ers', "select", "a;b :size ?1 %s 'c'"
MAIL, LEFT, WHAT, DONE, STATE = "e.mail", "le.ft at", 'what "is" [it]', "do.ne", "group"
TABLES = f"""
    create table {quoted(PEOPLE)} (id integer primary key, {quoted(MAIL)} text not null, {quoted(LEFT)} datetime);
    create table {quoted(ORDERS)} (
        id integer primary key, "memb.er" integer not null references {quoted(PEOPLE)}, {quoted(WHAT)} text not null,
        {quoted(DONE)} datetime, {quoted(STATE)} text not null check ({quoted(STATE)} in ('open', 'do.ne')));
    create table {quoted(LINES)} (
        "order.id" integer not null references {quoted(ORDERS)}, "from" integer not null, wish text,
        primary key ("order.id", "from"));
    create index "orders.of" on {quoted(ORDERS)} ("memb.er");
    create virtual table "sea.rch" using fts5(wish, content='{LINES.replace("'", "''")}');
    insert into {quoted(PEOPLE)} values (1, 'a@mail.example', '2026-03-01 03:00'), (2, 'b@mail.example', null);
    insert into {quoted(ORDERS)} values (1, 1, 'bread', '2026-02-01 03:00', 'do.ne'),
        (2, 1, 'milk', '2026-02-01 03:00', 'open'), (3, 2, 'salt', '2026-02-01 03:00', 'do.ne');
    insert into {quoted(LINES)} values (1, 1, 'sliced'), (2, 1, 'cold'), (3, 1, 'fine');
"""
IN_MAP = '"mem.b""ers"'
"""How a map writes a name that holds a dot: as SQL does."""

HOSTILE = {
    "subjects": {"member": {"table": IN_MAP, "key": "id", "facts": {"membership ended": LEFT}}},
    "derived": {'"sea.rch"': "refresh"},
    "tables": {
        IN_MAP: {"processing": ["membership"], "columns": {MAIL: {"item": "email", "mask": "fixed(-)"}, LEFT: "no"}},
        ORDERS: {
            "owner": {"member": "memb.er"},
            "rows": {
                "done": {
                    "where": {STATE: "do.ne"},
                    "processing": ["purchase"],
                    "records": [{"contracts": {"contract completed": DONE}}],
                },
                "other": {"processing": ["purchase"]},
            },
            "columns": {WHAT: {"item": "order-history", "mask": "fixed(-)"}, DONE: "no", STATE: "no"},
        },
        LINES: {
            "owner": {ORDERS: "order.id"},
            "processing": ["purchase"],
            "records": ["contracts"],
            "facts": {"contract completed": f"order.id.{DONE}"},
            "columns": {"wish": "order-history"},
        },
    },
}  # fmt: skip


def test_a_sweep_over_hostile_names_is_the_memory_model_s(tmp_path: Path) -> None:
    """Tables and columns with dots, a clock in another table, an index over it; explained by the same names."""
    with shop(tmp_path, tables=TABLES, rows="", beside=HOSTILE) as kept:
        states = {table: counts.due for table, counts in kept.plan(APRIL).plan.census.items()}
        audited = audit_of(kept, as_of=APRIL).tables
        assert {table: audited[table]["due"] for table in states} == states
        agree(kept)
        assert [row["id"] for row in kept.rows(IN_MAP)] == [2]
        assert {(t, key) for t, _, key in kept.archive(APRIL)} == {
            (ORDERS, ("1",)),
            (LINES, ("1", "1")),
            (LINES, ("2", "1")),
        }
        schedules, _, _ = bound(kept.store, kept.promise, as_of=APRIL)
        [mine] = explain_person(
            kept.store, schedules, subject="member", key=("2",), as_of=APRIL, table=IN_MAP
        )
        assert (mine.table, mine.state) == (IN_MAP, "waiting")
        place = parted_place(f"{IN_MAP}.{MAIL}", schedules)
        assert place == (IN_MAP, MAIL)
        [[claim]] = explain_table(schedules, *place).claims.values()
        assert claim.id == "membership"


def test_a_draft_looks_at_tables_by_their_own_names(tmp_path: Path) -> None:
    """The map's name is not the file's; the sample and the overlap are of the right table."""
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.executescript(TABLES)
        sampler = SqliteSampler(connection, "app")
        tables = sampler.reflect().tables
        edge = Edge(ORDERS, ("memb.er",), IN_MAP, ("id",), "owning", False, Why(POSSIBLE, "named"))
        assert sampler.overlap(tables[ORDERS], edge, rows=3) == Overlap(2, 2)
        assert sampler.sample(tables[IN_MAP], rows=3)[MAIL] == ["b@mail.example", "a@mail.example"]


def test_a_way_is_read_by_the_longest_column_that_begins_it() -> None:
    """A dot parts a reference from what it leads to, unless the table has a column of that name."""
    orders = table("orders", {"order": "bigint", "order.id": "bigint", "a.b": "text"})
    assert [orders.step(way) for way in ("a.b", "order.id.done", "order.at", "no.where", "order")] == [
        ("a.b", ""),
        ("order.id", "done"),
        ("order", "at"),
        ("no", "where"),
        ("order", ""),
    ]
