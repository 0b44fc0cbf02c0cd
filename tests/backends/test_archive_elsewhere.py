"""What crosses over to an archive on another server: rows of partitions, and files that a law demands."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
from tests.foldered import KEPT_LOGS, foldered, foldered_lite, removed, there, write
from tests.keeping import SEOUL, Kept, as_role, elsewhere, seoul
from tests.servers import fresh_database, name_of
from tests.shop import APRIL, MAP, errors, mapped, shop

from jikim.backends.base import Run, StoreError
from jikim.backends.files.folder import MARKER
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.postgres import Server

PARTED = """
    create table members (
        id bigint primary key, email text not null, joined_at timestamptz not null, left_at timestamptz);
    create table orders (
        id bigint not null, member_id bigint not null references members, what text not null, completed_at timestamptz,
        month int not null, primary key (id, month)) partition by list (month);
    create table orders_1 partition of orders for values in (1);
    create table orders_2 (month int not null, what text not null, gone int, completed_at timestamptz,
        member_id bigint not null, id bigint not null, primary key (id, month));
    alter table orders_2 drop gone;
    alter table orders attach partition orders_2 default;
    create index on orders (member_id);
    insert into members select n, n || '@mail.example', '2026-01-01+09', case when n < 3 then timestamptz
        '2026-03-01 12:00+09' end from generate_series(1, 3) n;
    insert into orders select n, 1 + n % 3, 'w' || n, case when n % 4 > 0 then timestamptz '2026-02-01 12:00+09' end,
        1 + n % 2 from generate_series(1, 24) n;
"""


def test_rows_of_partitions_move_elsewhere_each_with_its_own_content(
    empty_database_18: str, tmp_path: Path
) -> None:
    """Rows of two partitions stand at the same place: a batch of one row copies that row and takes it away."""
    orders = {**MAP["tables"]["orders"]}
    orders["columns"] = {**orders["columns"], "month": "no"}
    archive = SqliteArchive(tmp_path / "archive.db", zone=SEOUL)
    with closing(archive), shop(
        empty_database_18, tables=PARTED, datamap=mapped(orders=orders), archive=archive
    ) as kept:  # fmt: skip
        assert errors(kept) == []
        [row] = kept.execute("select count(distinct ctid) as places, count(*) as rows from orders")
        assert row["places"] < row["rows"]
        plan = kept.plan(APRIL).plan
        [step] = [s for s in plan.steps if s.id == "orders/archive"]
        batch = kept.store.batch(step, run=Run("one", plan, plan.digests["policy"]), number=0, size=1)
        assert (batch.found, batch.changed, len(kept.archive(APRIL))) == (1, 1, 1)
        [(_, _, (id_, month))] = kept.archive(APRIL)
        assert kept.execute("select 1 from orders where id = %s and month = %s", int(id_), int(month)) == []
        assert kept.sweep(APRIL).complete
        gone = [n for n in range(1, 25) if n % 3 < 2 and n % 4]
        assert {(key, copy["what"]) for (*_, key), copy in kept.archive(APRIL).items()} == {
            ((str(n), str(1 + n % 2)), f"w{n}") for n in gone
        }
        assert {row["id"] for row in kept.rows("orders")} == {*range(1, 25)} - {*gone}
        assert not archive.unsettled()


def test_a_keeper_that_may_not_make_schemas_is_told_what_to_ask_for(
    empty_database_18: str, pg15: Server
) -> None:
    """Whoever runs the archive's server gives it its database; then it is prepared, and prepared again."""
    with fresh_database(pg15) as url, psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute("create role plain_keeper login")
        archive = elsewhere(as_role(url, "plain_keeper"))
        try:
            with shop(empty_database_18) as kept:
                bound = kept.store._bound()
                with pytest.raises(StoreError, match="42501") as refused:
                    archive.prepare(*bound)
                told = refused.value.fix.partition(": ")[2]
                assert told == f'ALTER DATABASE "{name_of(url)}" OWNER TO "plain_keeper";'
                administrator.execute(told.encode())
                for _ in range(2):
                    archive.prepare(*bound)
        finally:
            archive.keeper.dispose()
            administrator.execute(
                "alter database {} owner to current_user".format(f'"{name_of(url)}"').encode()
            )
            administrator.execute("drop owned by plain_keeper cascade")
            administrator.execute("drop role plain_keeper")


@pytest.fixture(params=["pg18, archive in a file", "pg18, archive in pg15", "file, archive in pg18"])
def begun(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """A shop with access logs that a law demands, and its archive on another server."""
    where, _, apart = request.param.partition(", archive in ")
    with ExitStack() as opened_:
        if apart.startswith("pg"):
            url = opened_.enter_context(fresh_database(request.getfixturevalue(apart)))
            archive = elsewhere(url)
        else:
            archive = opened_.enter_context(closing(SqliteArchive(tmp_path / "archive.db", zone=SEOUL)))
        if where == "pg18":
            url = opened_.enter_context(fresh_database(request.getfixturevalue(where)))
            yield opened_.enter_context(foldered(url, tmp_path, archive=archive, logs=KEPT_LOGS))
        else:
            yield opened_.enter_context(foldered_lite(tmp_path, archive=archive, logs=KEPT_LOGS))


def test_a_file_is_kept_with_its_copy_elsewhere_and_goes_with_it(begun: Kept, tmp_path: Path) -> None:
    """The copy's row is in the other database, the file in the archive's folder; both go on the copy's own day."""
    write(tmp_path / "logs", "access-2026-03-01.log", "access-2025-11-30.log")
    assert begun.sweep(seoul(2026, 4, 2)).complete
    assert removed(begun).failed == {}
    assert there(tmp_path / "logs") == []
    [name] = there(tmp_path / "archive")
    [copy] = [c for (table, *_), c in begun.archive(APRIL).items() if table == "access_logs"]
    assert (copy["path"], copy["jikim_destroy_after"]) == (name, seoul(2026, 6, 2))
    assert (tmp_path / "archive" / name).read_bytes() == b"said access-2026-03-01.log"
    assert begun.sweep(seoul(2026, 6, 1, 23, 59)).complete
    assert removed(begun).files == 0
    begun.sweep(seoul(2026, 6, 2))
    assert "access_logs__visits/expire" not in {r.step for r in begun.store.unshipped()}
    assert removed(begun).files == 1
    assert list((tmp_path / "archive").iterdir()) == [tmp_path / "archive" / MARKER]
    assert {r.step: r.files for r in begun.store.unshipped()}["access_logs__visits/expire"] == 1


def test_an_archive_that_was_prepared_with_another_key_is_prepared_anew(
    empty_database_18: str, pg15: Server
) -> None:
    """Its primary key goes, and what tells copies apart now is there."""
    with fresh_database(pg15) as url, psycopg.connect(url, autocommit=True) as administrator:
        archive = elsewhere(url)
        try:
            with shop(empty_database_18) as kept:
                bound = kept.store._bound()
            archive.prepare(*bound)
            table = "kept_by_law.orders__contracts"
            administrator.execute(f"alter table {table} add primary key (jikim_key, jikim_pending)".encode())
            administrator.execute("drop index kept_by_law.orders__contracts__jikim_key")
            archive.prepare(*bound)
            keys = "select indisprimary from pg_index where indisunique and indrelid = %s::regclass"
            assert administrator.execute(keys, (table,)).fetchall() == [(False,)]
        finally:
            archive.keeper.dispose()
