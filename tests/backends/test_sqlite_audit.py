"""What is SQLite's own in an audit: values of any type anywhere, keys of bytes, logs that nobody has open."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.backends.test_sqlite import shop
from tests.keeping import Kept, audit_of
from tests.shop import APRIL

from jikim.backends.auditing.auditor import Auditor
from jikim.backends.base import StoreError
from jikim.backends.sqlite.audit import SqliteFile
from jikim.plan.finding import Finding, FindingKind
from jikim.plan.reading import Reading
from jikim.plan.schedule import Hop, Ref

CARD = "4000000000000002"


def told(kept: Kept, *kinds: FindingKind) -> list[tuple[str, int]]:
    """The places of findings of these kinds, and how often."""
    return [(f.where, f.count) for f in _findings(kept) if f.kind in kinds]


def _findings(kept: Kept) -> tuple[Finding, ...]:
    return audit_of(kept, as_of=APRIL).findings


@pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30 00:00:00", "2026-03-01", 20260301])
def test_a_time_that_is_none_is_found_and_hides_no_other_row(tmp_path: Path, wrong: Any) -> None:
    """The plan blocks the table; the audit reads on."""
    with shop(tmp_path) as kept:
        kept.execute("update orders set completed_at = ? where id = 3", wrong)
        assert told(kept, FindingKind.UNJUDGED) == [("orders", 1)]
        assert told(kept, FindingKind.OVERDUE) == [("orders", 2)]
        assert str(wrong) not in " ".join(f.message for f in _findings(kept))


@pytest.mark.parametrize("value", [f"x {CARD}", int(CARD), f"x {CARD}".encode(), f'{{"a": ["{CARD}"]}}'])
def test_a_secret_is_found_whatever_type_it_has_in_whatever_column(tmp_path: Path, value: Any) -> None:
    """Among text, numbers and times; a text that is no UTF-8 is read as well."""
    with shop(tmp_path) as kept:
        kept.execute("insert into members values (3, ?, '2026-01-01 00:00:00', null)", value)
        kept.execute("update orders set member_id = ? where id = 3", value)
        kept.execute("update orders set what = cast(x'ff20' || ? as text) where id = 1", CARD)
        assert {where for where, _ in told(kept, FindingKind.CLEAR_SECRET)} == {
            "members.email",
            "orders.member_id",
            "orders.what",
        }


def test_tables_that_hide_behind_jikims_name_and_full_text_ones_are_found(tmp_path: Path) -> None:
    """A table is looked through whatever it is called, and so is a full-text one that keeps rows of its own."""
    own = """
        create table jikim_leads (note text);
        create virtual table notes using fts5(body);
        create virtual table found using fts5(what, content='orders', content_rowid='id');
        create virtual table words using fts5vocab(found, row);
    """
    with shop(tmp_path) as kept:
        kept.execute(own)
        for table in ("jikim_leads", "notes", "found"):
            kept.execute(f"insert into {table} values (?)", CARD)
        report = audit_of(kept, as_of=APRIL)
        assert [f.where for f in report.findings if "no map speaks of" in f.message] == ["jikim_leads"]
        assert {f.where for f in report.findings if f.kind is FindingKind.CLEAR_SECRET} == {
            "jikim_leads.note",
            "notes.body",
        }
        assert {"jikim_leads", "notes"} < set(report.tables)
        assert not {"found", "words", "notes_content"} & set(report.tables)


# -- reading ----------------------------------------------------------------------------------------------

BYTES = """
    create table owners (id blob primary key not null, rowid text) without rowid;
    create table parts (rowid text, kind text, joined blob);
    insert into owners values (x'00ff', 'a'), (x'01', 'b');
    insert into parts values ('one', 'k', x'00ff'), ('two', 'k', x'00ff'), ('three', 'm', x'01'), ('four', null, null);
"""


def test_rows_are_joined_and_listed_by_keys_of_any_kind(tmp_path: Path) -> None:
    """Bytes, a column called rowid, a table without; where several rows are led to, one; of many, each once."""
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.executescript(BYTES)
    own = Hop(("joined",), "owners", ("id",))
    some = Hop(("kind",), "parts", ("kind",))
    many = Hop(("id",), "parts", ("joined",), many=True)
    file = SqliteFile(tmp_path / "app.db", tmp_path / "app.db")
    with Auditor(file, file, home="main", apart=True).snapshot() as snapshot:
        parts = Reading("parts", (), (Ref("rowid"), Ref("rowid", (own,)), Ref("kind", (some,))))
        rows = [tuple(row) for chunk in snapshot.read(parts) for row in chunk]
        assert sorted(rows) == [
            ("four", None, None),
            ("one", "a", "k"),
            ("three", "b", "m"),
            ("two", "a", "k"),
        ]
        owners = Reading("owners", (), (Ref("id"), Ref("rowid", (many,)), Ref("joined", (many,))))
        listed = [(row[0], *map(tuple, row[1:])) for chunk in snapshot.read(owners) for row in chunk]
        assert sorted(listed) == [
            (b"\x00\xff", ("one", "two"), (b"\x00\xff", b"\x00\xff")),
            (b"\x01", ("three",), (b"\x01",)),
        ]


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_an_audit_changes_nothing_leaves_nothing_and_cannot(tmp_path: Path, mode: str) -> None:
    """Not a byte and no file beside it, whether somebody has it open or nobody."""
    with shop(tmp_path, pragmas={"journal_mode": mode}) as kept:
        assert kept.sweep(APRIL).complete
        kept.store.close()
        kept.store.archive.close()
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert set(before) == {"app.db", "archive.db"}
        audit_of(kept, as_of=APRIL)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
        with (
            SqliteFile(tmp_path / "app.db", tmp_path / "app.db").reading() as side,
            pytest.raises(sqlite3.OperationalError, match="readonly"),
        ):
            side.connection.execute("delete from orders")


def test_whoever_begins_to_write_while_a_file_is_read_as_it_lies_is_noticed(tmp_path: Path) -> None:
    """It has a write-ahead log that nobody had open: what was read may be torn. Where somebody has, it cannot be."""
    with shop(tmp_path, pragmas={"journal_mode": "wal"}) as kept:
        kept.store.close()
        file = SqliteFile(tmp_path / "app.db", tmp_path / "app.db")
        with pytest.raises(StoreError, match=r"wrote `app\.db` while it was read"), file.reading():
            kept.execute("update orders set what = 'rye'")
        with closing(sqlite3.connect(tmp_path / "app.db")) as service:
            service.execute("select count(*) from orders").fetchone()
            with file.reading() as side:
                kept.execute("update orders set what = 'oats'")
                assert side.ask("select distinct what from orders") == [("rye",)]


def test_a_file_that_is_not_there_or_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """By its name, and nothing is made in its place."""
    with (
        pytest.raises(StoreError, match="no database for the auditor"),
        SqliteFile(tmp_path / "a", tmp_path).reading(),
    ):
        pass
    assert not list(tmp_path.iterdir())
