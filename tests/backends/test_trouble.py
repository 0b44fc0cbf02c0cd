"""When the store is in trouble: each run ends in a clear state and message, and a later one completes."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.crash.boundaries import Boundaries
from tests.keeping import Kept, as_role
from tests.servers import fresh_database
from tests.shop import APRIL, shop

from jikim.operations.apply_plan import Applied
from jikim.operations.plan_sweep import bound
from jikim.postgres import Server

SCHEMA_CHANGES = {
    "a column that the archive takes along is dropped": "alter table orders drop column what cascade",
    "a column that starts a clock is renamed": "alter table orders rename completed_at to done_at",
    "a column that starts a clock becomes text": "alter table orders alter completed_at type text",
    "the table is dropped": "drop table orders",
}


@pytest.fixture
def kept(pg18: Server) -> Iterator[Kept]:
    with fresh_database(pg18) as url, shop(url) as kept:
        yield kept


def states(applied: Applied, table: str) -> dict[str, str]:
    """The steps of a table that did not end well, and what was said of them."""
    return {
        s.step: s.reason for s in applied.steps if s.table == table and s.state not in ("done", "stopped")
    }


def completes(kept: Kept) -> None:
    """A later run does all there is to do."""
    assert kept.sweep(APRIL).complete
    assert [row["id"] for row in kept.rows("orders")] == [3]
    assert [row["id"] for row in kept.rows("members")] == [2]
    assert [key for _, _, key in kept.archive(APRIL)] == [("1",)]


@contextmanager
def once(kept: Kept, where: str, event: Callable[[], object]) -> Iterator[None]:
    """Let something happen in the midst of a sweep: at the first boundary that is called so."""
    waiting = [event]

    def say(name: str) -> None:
        if where in name and waiting:
            waiting.pop()()

    Boundaries(say).watch(kept.store.sweeper, who="sweeper")
    yield
    assert not waiting, "the sweep never came there"


def _again(server: Server, kept: Kept, home: Path, meanwhile: Callable[[], object]) -> Server:
    """Stopped, and started again after a change."""
    kept.store.sweeper.dispose()
    kept.store.archive.keeper.dispose()
    server.stop()
    meanwhile()
    return Server.start(home, durable=False)


def test_a_store_that_is_a_standby_refuses_every_step_and_says_so(tmp_path: Path) -> None:
    """Nothing is done, nothing is said to be; once it is the primary again, a later run completes."""
    home = tmp_path / "standby"
    server = Server.start(home, durable=False)
    try:
        with fresh_database(server) as url, shop(url) as kept:
            planned = kept.plan(APRIL)
            kept.alone = "nobody writes to a standby"
            server = _again(server, kept, home, (home / "data/standby.signal").touch)
            reasons = states(kept.apply(planned, APRIL), "orders")
            assert set(reasons) == {"orders/archive", "orders/destroy"}
            assert "25006" in reasons["orders/archive"]
            assert "standby" in reasons["orders/archive"]
            server = _again(server, kept, home, (home / "data/standby.signal").unlink)
            completes(kept)
    finally:
        server.stop()


def test_a_statement_that_takes_too_long_fails_its_step(kept: Kept) -> None:
    """With the remedy: smaller batches."""
    kept.execute("""
        create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return old; end $$;
        create trigger slow after delete on orders for each row execute function slow()""")
    kept.execute("alter role plask_sweeper set statement_timeout = '300ms'")
    try:
        kept.store.sweeper.dispose()
        reasons = states(kept.sweep(APRIL), "orders")
        assert "57014" in reasons["orders/destroy"]
        assert "smaller `--batch`" in reasons["orders/destroy"]
    finally:
        kept.execute("alter role plask_sweeper reset statement_timeout")
        kept.execute("drop trigger slow on orders")
        kept.store.sweeper.dispose()
    completes(kept)


def test_a_table_that_somebody_has_locked_fails_its_steps_after_a_moment(kept: Kept) -> None:
    """A migration holds the table: the step says that a lock is held, and does not wait for ever."""
    planned = kept.plan(APRIL)
    hurry = "set lock_timeout = '50ms'"  # the session's own three seconds are not waited for
    sa.event.listen(kept.store.sweeper, "begin", lambda connection: connection.exec_driver_sql(hurry))
    with psycopg.connect(kept.url) as other:
        other.execute("lock table orders in access exclusive mode")
        reasons = states(kept.apply(planned, APRIL), "orders")
        assert "55P03" in reasons["orders/archive"]
    completes(kept)


def test_a_connection_that_is_lost_fails_its_step_and_nothing_of_the_batch_was_done(kept: Kept) -> None:
    """An administrator ends the session in the midst of a batch."""
    end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jikim sweeper'"
    with once(kept, "orders/archive | sweeper", lambda: kept.execute(end)):
        applied = kept.sweep(APRIL)
    assert any("57P01" in r or "no connection" in r for r in states(applied, "orders").values())
    assert len(kept.rows("orders")) >= 2
    completes(kept)


@pytest.mark.parametrize("change", SCHEMA_CHANGES)
def test_a_schema_that_changes_during_a_run_fails_its_steps(kept: Kept, change: str) -> None:
    """Between the plan and its batches: the step fails, no row goes that was not meant, and the next plan knows."""
    planned = kept.plan(APRIL)
    kept.execute(SCHEMA_CHANGES[change])
    applied = kept.apply(planned, APRIL)
    reasons = states(applied, "orders")
    assert "orders/archive" in reasons
    assert any(code in reasons["orders/archive"] for code in ("42703", "42P01", "42883"))
    if change != "the table is dropped":
        assert {1, 3} <= {row["id"] for row in kept.rows("orders")}
    again = kept.plan(APRIL).plan
    assert "orders" in again.blocked or "orders" not in again.census


def fill(kept: Kept) -> None:
    """To the last page."""
    while True:
        kept.execute("insert into filler select repeat('x', 1000) from generate_series(1, 10)")


def test_a_disk_that_is_full_fails_the_step_and_the_next_run_completes(kept: Kept) -> None:
    """The archive has no room for a copy: its row stays."""
    if os.geteuid():
        pytest.skip("a disk that is full is made as root")
    disk = Path(tempfile.mkdtemp(prefix="jikim-full-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=True)
    try:
        owner = Path(str(sa.make_url(kept.url).query["host"])).stat()
        os.chown(disk, owner.st_uid, owner.st_gid)
        kept.execute(f"create tablespace small location '{disk}'")
        kept.execute("alter table kept_by_law.orders__contracts set tablespace small")
        kept.execute("create table filler (t text) tablespace small")
        with pytest.raises(psycopg.errors.DiskFull):
            fill(kept)
        filled = kept.execute("select pg_relation_size('kept_by_law.orders__contracts') as bytes")
        assert filled == [{"bytes": 0}]
        kept.alone = "the disk is full for the service, too"
        reasons = states(kept.sweep(APRIL), "orders")
        assert "53100" in reasons["orders/archive"]
        assert "full" in reasons["orders/archive"]
        kept.execute("drop table filler")
        completes(kept)
        kept.execute("alter table kept_by_law.orders__contracts set tablespace pg_default")
        kept.execute("drop tablespace small")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
        disk.rmdir()


KEYS = {1: "primary key (id)", 2: "primary key (what, id)"}


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1)])
def test_copies_of_rows_with_longer_or_shorter_keys_want_an_archive_that_was_prepared_for_them(
    kept: Kept, before: int, after: int
) -> None:
    """Until then they are refused and their rows stay; those that are kept already stay as they are."""

    def keyed(parts: int) -> None:
        kept.execute(f"alter table orders drop constraint orders_pkey, add {KEYS[parts]}")
        bound(kept.store, kept.promise, as_of=APRIL)

    def prepared() -> None:
        kept.store.prepare(as_role(kept.url, "postgres"), app_role=None)

    def copies() -> list[int]:
        asked = "select cardinality(jikim_key) as parts from kept_by_law.orders__contracts order by jikim_moved_at"
        return [row["parts"] for row in kept.execute(asked)]

    keyed(before)
    prepared()
    assert kept.sweep(APRIL).complete
    kept.execute(
        "insert into members values (5, 'e@mail.example', '2026-01-01+09', '2026-03-01+09');"
        " insert into orders values (5, 5, 'bread', '2026-02-01+09'), (6, 5, 'bread', '2026-02-01+09')"
    )
    keyed(after)
    assert "CheckViolation" in states(kept.sweep(APRIL), "orders")["orders/archive"]
    assert (len(kept.rows("orders")), copies()) == (3, [before])
    prepared()
    assert kept.sweep(APRIL).complete
    assert copies() == [before, after, after]
