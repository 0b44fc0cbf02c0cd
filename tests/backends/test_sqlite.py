"""What is SQLite's own: times as text, keys that may be NULL, triggers, journals, and bytes that stay in a file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.keeping import KEY, SEOUL, promise_of, seoul
from tests.lite import KeptLite, lite
from tests.shop import APRIL, MAP, POLICY

from jikim.backends import memory
from jikim.backends.base import StoreError
from jikim.backends.opening import Places
from jikim.backends.sqlite.functions import Functions
from jikim.backends.sqlite.session import opened, path_of
from jikim.bootstrap import open_sampler
from jikim.draft.guess import POSSIBLE, Why
from jikim.draft.relations import Edge, Overlap
from jikim.evidence.stage import Stage
from jikim.operations.plan_sweep import bound
from jikim.plan.decide import moment

SECRET = "a-secret-that-must-go@mail.example"  # noqa: S105 - nobody's
TABLES = """
    create table members (id integer primary key, email text not null, joined_at datetime not null, left_at datetime);
    create table orders (
        id integer primary key, member_id integer not null references members, what text not null,
        completed_at datetime);
    create index orders_of on orders (member_id);
"""
ROWS = f"""
    insert into members values (1, '{SECRET}', '2026-01-01 00:00:00', '2026-03-01T03:00:00Z'),
        (2, 'b@mail.example', '2026-01-01', null);
    insert into orders values (1, 1, 'bread', '2026-02-01 03:00'), (2, 1, 'milk', '2020-02-01 03:00:00.5'),
        (3, 2, 'salt', '2026-02-01 03:00:00');
"""


def shop(
    folder: Path,
    *,
    tables: str = TABLES,
    rows: str = ROWS,
    mapped: Mapping[str, Any] | None = None,
    beside: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """The how-to's shop in a file, its times in UTC; ``mapped`` are tables of the map, ``beside`` its other parts."""
    stores = {**MAP["stores"], "app": {**MAP["stores"]["app"], "times": "utc"}}
    datamap = {**MAP, "stores": stores, "tables": {**MAP["tables"], **(mapped or {})}, **(beside or {})}
    promise = promise_of(POLICY, yaml.safe_dump(datamap, allow_unicode=True).encode())
    return lite(folder, tables=[tables + rows], promise=promise, as_of=APRIL, **options)


def ids(kept: KeptLite, table: str) -> list[int]:
    return [row["id"] for row in kept.rows(table)]


def sees(folder: Path, words: str) -> list[str]:
    """The files of a folder in which these bytes stand."""
    return sorted(path.name for path in folder.iterdir() if words.encode() in path.read_bytes())


@pytest.mark.parametrize("foreign_keys", ["on", "off"])
@pytest.mark.parametrize("mode", ["wal", "delete", "persist"])
def test_a_row_is_in_no_byte_of_any_file_once_it_is_rewritten(
    tmp_path: Path, mode: str, foreign_keys: str
) -> None:
    """Rows that were changed before they went leave earlier versions behind; finishing takes those, too."""
    (tmp_path / "live").mkdir()
    with shop(tmp_path / "live", pragmas={"journal_mode": mode, "foreign_keys": foreign_keys}) as kept:
        kept.execute("update members set email = email || '.kr' where id = 1")
        assert kept.sweep(APRIL).complete
        assert ids(kept, "members") == [2]
        assert sees(tmp_path / "live", SECRET)
        tables = [each.table for each in kept.store.behind(Stage.REWRITTEN)]
        driven = list(kept.store.drive(Stage.REWRITTEN, tables, admin=None))
        assert {each.table for each in driven} == {"members", "orders"}
        left = sees(tmp_path / "live", SECRET)
        assert left
        assert {name.removesuffix("-wal") for name in left} == {"archive.db"}
        assert not kept.store.behind(Stage.REWRITTEN)


def test_a_log_that_somebody_reads_is_not_said_to_be_empty(tmp_path: Path) -> None:
    """A reader keeps the write-ahead log from being emptied: said, and finished the next time."""
    with shop(tmp_path, pragmas={"journal_mode": "wal"}) as kept:
        with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as reader:
            reader.execute("begin")
            reader.execute("select count(*) from members").fetchone()
            assert kept.sweep(APRIL).complete
            kept.store.connection.execute("pragma busy_timeout = 100")
            with pytest.raises(StoreError, match="somebody is reading"):
                list(kept.store.drive(Stage.VACUUMED, ["members"], admin=None))
            assert kept.store.behind(Stage.VACUUMED)
        assert list(kept.store.drive(Stage.VACUUMED, ["members"], admin=None))


@pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30 00:00:00", "2026-03-01", 20260301])
def test_a_time_that_cannot_be_read_blocks_its_table_and_is_not_quoted(tmp_path: Path, wrong: Any) -> None:
    """It is neither due nor waiting: nobody knows. The finding names the column; the other tables go on."""
    with shop(tmp_path) as kept:
        kept.execute("update orders set completed_at = ? where id = 3", wrong)
        planned = kept.plan(APRIL)
        assert "`completed_at` holds what cannot be read" in planned.plan.blocked["orders"]
        assert str(wrong) not in planned.plan.blocked["orders"]
        assert set(planned.plan.census) == {"members"}


def test_a_row_without_a_key_blocks_its_table(tmp_path: Path) -> None:
    """SQLite lets a text key be NULL; such a row could be told from no other."""
    tables = TABLES.replace("id integer primary key, member_id", "id text primary key, member_id")
    with shop(tmp_path, tables=tables) as kept:
        assert kept.sweep(APRIL).complete
        kept.execute("insert into orders values (null, 2, 'rye', null)")
        assert "1 row of `orders` has no `id`" in kept.plan(APRIL).plan.blocked["orders"]


def test_a_trigger_that_can_ignore_a_delete_is_warned_of(tmp_path: Path) -> None:
    """RAISE(IGNORE) makes a delete succeed and keep the row; a trigger without it cannot."""
    triggers = """
        create trigger keeps before delete on orders begin select raise(ignore); end;
        create trigger looks before delete on orders begin select 1; end;
    """
    with shop(tmp_path, tables=TABLES + triggers) as kept:
        _, _, findings = bound(kept.store, kept.promise, as_of=APRIL)
        [warned] = [f.message for f in findings if f.code == "keeping-trigger"]
        assert "`keeps`" in warned


def test_a_trigger_that_appears_later_keeps_its_row_and_no_receipt_claims_it(tmp_path: Path) -> None:
    """A row that is still there after its delete went nowhere: no copy is kept, and the step is not done."""
    with shop(tmp_path) as kept:
        planned = kept.plan(APRIL)
        kept.execute(
            "create trigger keep before delete on orders when old.id = 1 begin select raise(ignore); end"
        )
        applied = kept.apply(planned, APRIL)
        [archive] = [s for s in applied.steps if s.step == "orders/archive"]
        assert (archive.state, archive.rows, archive.remaining) == ("incomplete", 0, 1)
        assert ids(kept, "orders") == [1, 3]
        assert kept.archive(APRIL) == {}
        assert not kept.store.archive.unsettled()


def test_tables_without_row_numbers_and_with_keys_of_several_columns(tmp_path: Path) -> None:
    """WITHOUT ROWID and a key of two columns: the same census, survivors and copies as the memory model."""
    tables = """
        create table members (id text primary key not null, email text not null, joined_at datetime not null,
            left_at datetime) without rowid;
        create table orders (id integer not null, rowid text not null, member_id text not null, what text not null,
            completed_at datetime, primary key (id, rowid)) without rowid;
        create index orders_of on orders (member_id);
    """
    rows = ROWS.replace("(1, 1, 'bread'", "(1, 'a', '1', 'bread'").replace(
        "(2, 1, 'milk'", "(1, 'b', '1', 'milk'"
    )
    with shop(
        tmp_path,
        tables=tables,
        rows=rows.replace("(3, 2, 'salt'", "(3, 'c', '2', 'salt'"),
        mapped={"orders": {**MAP["tables"]["orders"], "columns": {"what": "order-history", "rowid": "no"}}},
    ) as kept:
        agree(kept)
        assert [key for _, _, key in kept.archive(APRIL)] == [("1", "a")]


def agree(kept: KeptLite) -> None:
    """One sweep, by the store and by the memory model."""
    world = kept.memory(APRIL)
    schedules, _, findings = bound(kept.store, kept.promise, as_of=APRIL)
    assert not [f for f in findings if f.severity.name == "ERROR"], findings
    meant = memory.census(world, schedules, as_of=APRIL, mask_key=KEY)
    found = kept.plan(APRIL).plan.census
    assert {t: vars(c) for t, c in meant.items()} == {
        t: {k: v for k, v in vars(c).items() if k != "total"} for t, c in found.items()
    }
    memory.sweep(world, schedules, as_of=APRIL, mask_key=KEY)
    assert kept.sweep(APRIL).complete
    for table, rows in world.tables.items():
        assert sorted(map(repr, kept.rows(table))) == sorted(map(repr, rows)), table
    assert {(t, r, tuple(map(str, k))) for t, r, k in world.archive} == set(kept.archive(APRIL))


def test_the_shop_is_kept_as_the_memory_model_says(tmp_path: Path) -> None:
    """Times as people write them to a file: with and without seconds, a zone, a T."""
    with shop(tmp_path, rows=ROWS.replace("'2026-01-01', null", "'2026-01-01 00:00', null")) as kept:
        agree(kept)
        assert ids(kept, "orders") == [3]


def test_receipts_that_fill_several_pages_come_once_each_and_in_order(tmp_path: Path) -> None:
    """Also where many were written at one instant."""
    with shop(tmp_path) as kept:
        kept.execute("""
            with recursive n(i) as (select 0 union all select i + 1 from n where i < 29)
            insert into jikim_receipt (run, step, batch, action, on_table, rows, because, as_of, plan, policy, at)
            select 'r' || (1 - i / 20), 's', i, 'destroy', 't', 1, '[]', '2026-01-01 00:00:00', 'p', 'p',
                '2026-01-01 00:00:0' || (i / 10) from n""")
        found = [(receipt.at, receipt.run, receipt.batch) for receipt in kept.store.unshipped()]
    assert len(found) == 30
    assert found == sorted(set(found))


def test_references_are_emptied_before_any_row_leaves(tmp_path: Path) -> None:
    """So that a receipt tells of each, also where rows of one table are all there is to do."""
    tables = TABLES.replace("what text", "part_of integer references orders, what text")
    rows = ROWS.replace("(1, 1, 'bread'", "(1, 1, null, 'bread'").replace("(2, 1, 'milk'", "(2, 1, 1, 'milk'")
    orders = {**MAP["tables"]["orders"], "unlink": "part_of"}
    with shop(
        tmp_path,
        tables=tables,
        rows=rows.replace("(3, 2, 'salt'", "(3, 2, null, 'salt'"),
        mapped={"orders": orders},
    ) as kept:
        assert kept.sweep(APRIL).complete
        told = {receipt.step: receipt.rows for receipt in kept.store.unshipped()}
    assert told == {
        "orders/unlink-part_of": 1,
        "orders/archive": 1,
        "orders/destroy": 1,
        "members/destroy": 1,
    }


def test_a_copy_goes_on_its_date_though_its_table_may_not_be_swept(tmp_path: Path) -> None:
    """An order of nobody blocks orders, and what the archive kept of another goes all the same."""
    with shop(tmp_path) as kept:
        assert kept.sweep(APRIL).complete
        assert len(kept.archive(APRIL)) == 1
        kept.execute("insert into orders values (4, 99, 'rye', null)")
        later = seoul(2031, 4, 1)
        applied = kept.sweep(later)
        assert set(applied.blocked) == {"orders"}
        assert [s.rows for s in applied.steps if s.action == "expire"] == [1]
        assert (ids(kept, "orders"), kept.archive(later)) == ([3, 4], {})


# -- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///a.db?mode=memory"]
)
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    """With the form that would do."""
    with pytest.raises(StoreError, match="names no file") as refused:
        path_of(url, role="sweeper")
    assert "sqlite:///folder/file.db" in refused.value.fix


def test_a_file_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    """A mistyped path would otherwise be an empty database, in which nothing is due."""
    with pytest.raises(StoreError, match="there is no database"):
        opened(tmp_path / "none.db", role="sweeper")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Whatever else it is, its words are not repeated."""
    (tmp_path / "app.db").write_text(SECRET * 100)
    with pytest.raises(StoreError, match="SQLITE_NOTADB") as refused:
        opened(tmp_path / "app.db", role="sweeper")
    assert SECRET not in str(refused.value)


def test_an_archive_in_the_service_s_own_file_is_refused(tmp_path: Path) -> None:
    """SQLite has no roles: apart means another file."""
    (tmp_path / "app.db").touch()
    places = Places(
        app="sqlite:///app.db",
        archive="sqlite:///./app.db",
        tables_in="",
        archive_in="",
        zone=SEOUL,
        folder=tmp_path,
    )
    with pytest.raises(StoreError, match="the service's own file"):
        places.store(mask_key=KEY, epoch_key=None)


def test_the_archive_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """Whoever prepares it owns it."""
    with shop(tmp_path):
        assert (tmp_path / "archive.db").stat().st_mode & 0o077 == 0


def test_a_writer_that_does_not_end_leaves_the_run_incomplete_and_the_next_completes(tmp_path: Path) -> None:
    """The step says who is in the way; nothing was done by halves."""
    with shop(tmp_path) as kept:
        planned = kept.plan(APRIL)
        kept.store.connection.execute("pragma busy_timeout = 50")
        with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as writer:
            writer.execute("begin immediate")
            kept.alone = "the writer of this test keeps every other out"
            applied = kept.apply(planned, APRIL)
            assert {s.state for s in applied.steps if s.rows == 0 and s.state != "done"} == {"failed"}
            assert any("another process is writing" in s.reason for s in applied.steps)
            writer.execute("rollback")
        assert kept.sweep(APRIL).complete


# -- times ------------------------------------------------------------------------------------------------


@given(
    at=st.datetimes(),
    offset=st.sampled_from(["", "Z", "+00:00", "+09:00", "-11:30"]),
    sep=st.sampled_from(" T"),
    kind=st.sampled_from(["local", "utc", "instant"]),
    hours=st.integers(-60, 60),
)
def test_a_row_at_or_before_a_cutoff_is_never_parted_off(
    at: datetime, offset: str, sep: str, kind: Any, hours: int
) -> None:
    """What an index answers first holds every row that the exact comparison would."""
    if not 2 <= at.year <= 9998:
        return
    text = at.isoformat(sep) + offset
    when = moment(text, time_type=kind, zone=SEOUL)
    assert isinstance(when, datetime)
    try:
        by = when.astimezone(UTC) + timedelta(hours=hours)
    except OverflowError:
        return
    connection = sqlite3.connect(":memory:")
    Functions(SEOUL, KEY, KEY).install(connection)
    from jikim.backends.sqlite.dialect import SQLite

    dialect = SQLite(SEOUL)
    with closing(connection):
        said = dialect.compared("t.v", "<=", by, kind)
        values = {**dialect.values.said, "text": text}
        [(found,)] = connection.execute(f"select {said} from (select :text as v) t", values).fetchall()
    assert bool(found) == (when.astimezone(UTC) <= by)


def test_an_archive_holds_the_value_as_it_was(tmp_path: Path) -> None:
    """Numbers stay numbers and text stays text: the archive's columns have no types."""
    with shop(tmp_path) as kept:
        assert kept.sweep(APRIL).complete
        [copy] = kept.store.archived("member", ("1",))
        assert (copy["archive"], copy["what"], copy["jikim_key"]) == ("orders__contracts", "bread", ("1",))
        assert copy["jikim_destroy_after"] > seoul(2031, 1, 1)


def test_a_disk_that_is_full_loses_nothing_and_a_later_run_completes(tmp_path: Path) -> None:
    """The archive cannot grow: the step fails with the remedy, and its row is where it was."""
    with shop(tmp_path, rows=ROWS.replace("'bread'", f"'{'b' * 20_000}'")) as kept:
        file = kept.store.archive.connection
        [(pages,)] = file.execute("pragma page_count").fetchall()
        file.execute(f"pragma max_page_count = {pages}")
        [failed] = [s for s in kept.sweep(APRIL).steps if s.state == "failed"]
        assert (failed.step, failed.rows) == ("orders/archive", 0)
        assert "SQLITE_FULL" in failed.reason
        assert "make room" in failed.reason
        assert 1 in ids(kept, "orders")
        file.execute("pragma max_page_count = 1000000")
        assert kept.sweep(APRIL).complete
        assert ids(kept, "orders") == [3]
        assert len(kept.archive(APRIL)) == 1
        assert not kept.store.archive.unsettled()


def test_an_archive_that_is_gone_loses_nothing(tmp_path: Path) -> None:
    """Its disk is not mounted: the step says where nothing is, and no empty archive is made in its place."""
    with shop(tmp_path) as kept:
        kept.store.archive.close()
        (tmp_path / "archive.db").rename(tmp_path / "elsewhere.db")
        with pytest.raises(StoreError, match="there is no database of the keeper"):
            kept.plan(APRIL)
        assert ids(kept, "orders") == [1, 2, 3]
        assert not (tmp_path / "archive.db").exists()


def test_a_file_is_looked_at_to_draft_a_map_and_stays_as_it_is(tmp_path: Path) -> None:
    """Values of their column's type, long ones cut; what is written in no form is none."""
    with shop(tmp_path, rows=ROWS.replace("'bread'", f"'{'b' * 9000}'")) as kept:
        kept.execute("update orders set completed_at = 'soon' where id = 2")
        before = (tmp_path / "app.db").read_bytes()
        with open_sampler(f"sqlite:///{tmp_path}/app.db", tables_in="public") as sampler:
            orders = sampler.reflect().tables["orders"]
            sample = sampler.sample(orders, rows=3)
            edge = Edge("orders", ("member_id",), "members", ("id",), "owning", False, Why(POSSIBLE, "named"))
            assert sampler.overlap(orders, edge, rows=3) == Overlap(2, 2)
        assert list(sample["id"]) == [3, 2, 1]
        assert [at is None for at in sample["completed_at"]] == [False, True, False]
        assert [len(text) for text in sample["what"]] == [4, 4, 4000]
        assert (tmp_path / "app.db").read_bytes() == before
