"""The ledger on a real PostgreSQL: its tables, what may not be changed, its tree, its keys."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.integration.evidence import NOW, SIGNER
from tests.servers import fresh_database

from jikim.evidence.entry import HoldBody
from jikim.evidence.merkle import Frontier, leaf_hash
from jikim.ledger import checkpoints, entries, epoch_keys, keys, tree, upgrading
from jikim.ledger.engine import connect, snapshot, transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.queue import Draft, enqueue, key
from jikim.ledger.tables import ENTRY, METADATA, TREE_NODE
from jikim.ledger.upgrading import HEAD, upgrade
from jikim.operations.seal_evidence import seal_evidence
from jikim.operations.shred_epochs import shred_epochs
from jikim.postgres import Server

DAY = timedelta(days=1)


@pytest.fixture
def ledger(pg18: Server, blank_ledger: str) -> Iterator[sa.Engine]:
    """An empty ledger."""
    with fresh_database(pg18, template=blank_ledger) as url:
        engine = connect(url)
        yield engine
        engine.dispose()


def hold(number: int) -> Draft:
    return Draft.of(
        HoldBody(hold=f"case-{number}", state="placed"), key=key("hold", number), at=NOW, as_of=NOW
    )


def fill(ledger: sa.Engine, numbers: range) -> None:
    with transaction(ledger, doing="filling") as connection:
        enqueue(connection, [hold(n) for n in numbers])
    seal_evidence(ledger, signer=SIGNER, now=NOW)


def test_migrations_make_the_tables_that_the_code_speaks_of(empty_database: str) -> None:
    engine = connect(empty_database)
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        options = {"include_schemas": True, "version_table_schema": "jikim"}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_processes_that_start_together_upgrade_one_after_the_other(empty_database_18: str) -> None:
    engines = [connect(empty_database_18) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, engines))
    with engines[0].connect() as connection:
        versions = connection.execute(sa.text("select version_num from jikim.alembic_version")).all()
    assert versions == [(HEAD,)]
    for engine in engines:
        engine.dispose()


UPGRADE = """
import sys
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import HEAD, upgrade
upgrade(connect(sys.argv[1]))
print("alembic" in sys.modules)
"""


def test_what_migrates_is_loaded_only_where_something_is_missing(empty_database_18: str) -> None:
    command = [sys.executable, "-c", UPGRADE, empty_database_18]
    loaded = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert loaded == ["True\n", "False\n"]


def test_a_ledger_of_a_newer_jikim_is_left_alone(ledger: sa.Engine) -> None:
    with ledger.begin() as connection:
        connection.execute(sa.text("update jikim.alembic_version set version_num = '9999'"))
    with pytest.raises(LedgerError, match="newer jikim"):
        upgrade(ledger)


def test_an_upgrade_does_not_wait_for_a_lock_for_ever(
    ledger: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "PATIENCE", "0.2s")
    with ledger.begin() as busy:
        busy.execute(sa.text("lock table jikim.alembic_version in access exclusive mode"))
        with pytest.raises(LedgerError, match=r"upgrading its tables: .* \(55P03\)"):
            upgrade(ledger)


def test_only_a_postgresql_url_is_a_ledger() -> None:
    for url in ("sqlite://", "not a url"):
        with pytest.raises(LedgerError, match="PostgreSQL"):
            connect(url)


def test_an_error_of_the_database_is_told_without_its_values(ledger: sa.Engine) -> None:
    with pytest.raises(LedgerError) as caught, transaction(ledger, doing="asking") as connection:
        connection.execute(sa.text("select cast(:value as integer)"), {"value": "hong@example.com"})
    assert "asking" in str(caught.value)
    assert "hong" not in f"{caught.value} {caught.value.fix}"
    assert caught.value.__cause__ is None


def test_an_error_while_copying_is_told_without_its_values(ledger: sa.Engine) -> None:
    fill(ledger, range(1))
    with (
        pytest.raises(LedgerError, match=r"appending: UniqueViolation") as caught,
        transaction(ledger, doing="appending") as connection,
    ):
        entries.append(connection, [(1, hold(0), bytes(32), b"{}")])
    assert "hold" not in f"{caught.value} {caught.value.fix}"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("table", ["entry", "tree_node", "checkpoint", "confirmation", "imported"])
@pytest.mark.parametrize("change", ["delete from jikim.{}", "truncate jikim.{} cascade"])
def test_evidence_is_only_ever_added_to(ledger: sa.Engine, table: str, change: str) -> None:
    fill(ledger, range(1))
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), ledger.begin() as connection:
        connection.execute(sa.text(change.format(table)))


def test_an_entry_is_not_edited_by_accident(ledger: sa.Engine) -> None:
    fill(ledger, range(1))
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), ledger.begin() as connection:
        connection.execute(sa.update(ENTRY).values(exact=b""))


def test_the_tree_gives_every_older_frontier_from_what_is_stored(ledger: sa.Engine) -> None:
    start = 0
    for end in (1, 2, 63, 64, 65, 200, 333):
        fill(ledger, range(start, end))
        start = end
    with snapshot(ledger, doing="looking") as connection:
        exact = connection.execute(sa.select(ENTRY.c.exact).order_by(ENTRY.c.seq)).scalars().all()
        for size in range(0, 334, 9):
            expected = Frontier().extend([leaf_hash(e) for e in exact[:size]]).frontier
            assert tree.frontier(connection, size=size) == expected
        assert connection.execute(sa.select(sa.func.min(TREE_NODE.c.level))).scalar_one() == 6
        assert len(checkpoints.sizes(connection)) == 8


def test_lost_hashes_are_named(ledger: sa.Engine) -> None:
    fill(ledger, range(130))
    with ledger.begin() as connection:
        connection.execute(sa.text("alter table jikim.entry disable trigger user"))
        connection.execute(sa.delete(ENTRY).where(ENTRY.c.seq == 129))
    with pytest.raises(LedgerError, match="lost hashes of its entries `128` to `129`"):
        fill(ledger, range(130, 131))


def epoch(ledger: sa.Engine, made: keys.Keys, now: datetime) -> epoch_keys.EpochKey:
    with transaction(ledger, doing="asking for a key") as connection:
        return epoch_keys.current(connection, made, now=now, lasts=30 * DAY, horizon=60 * DAY)


def test_an_epoch_key_makes_tags_until_it_ends_and_lives_until_no_backup_needs_it(
    ledger: sa.Engine, tmp_path: Path
) -> None:
    made = keys.create(tmp_path, name="jikim.plask")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    first = epoch(ledger, made, start)
    assert epoch(ledger, made, start + 29 * DAY) == first
    second = epoch(ledger, made, start + 30 * DAY)
    assert second.key != first.key
    assert shred_epochs(ledger, now=start + 89 * DAY) == []
    with snapshot(ledger, doing="looking") as connection:
        assert epoch_keys.living(connection, made) == [second, first]
    assert shred_epochs(ledger, now=start + 90 * DAY) == [first.id]
    assert shred_epochs(ledger, now=start + 90 * DAY) == []
    with snapshot(ledger, doing="looking") as connection:
        assert epoch_keys.living(connection, made) == [second]


def test_of_many_who_ask_for_a_new_epoch_key_all_get_the_same(ledger: sa.Engine, tmp_path: Path) -> None:
    made = keys.create(tmp_path, name="jikim.plask")
    with ThreadPoolExecutor(4) as pool:
        assert len({each.id for each in pool.map(lambda _: epoch(ledger, made, NOW), range(8))}) == 1


def files_of_the_database(connection: sa.Connection) -> bytes:
    """Every byte of its files, as the disk has them."""
    connection.execute(sa.text("checkpoint"))
    query = sa.text("""
        select string_agg(coalesce(pg_read_binary_file('base/' || d.oid || '/' || f, true), ''), '')
        from pg_database d, pg_ls_dir('base/' || d.oid) f where datname = current_database()""")
    return bytes(connection.execute(query).scalar_one())


def test_a_shredded_key_is_in_no_file_even_while_somebody_looks_at_the_past(
    ledger: sa.Engine, tmp_path: Path
) -> None:
    made = keys.create(tmp_path, name="jikim.plask")
    epoch(ledger, made, NOW)
    with ledger.connect() as connection:
        wrapped = bytes(connection.execute(sa.text("select wrapped from jikim.epoch_key")).scalar_one())
    alone = ledger.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        assert wrapped in files_of_the_database(connection)
    with snapshot(ledger, doing="looking at the past") as past:
        past.execute(sa.select(sa.func.count()).select_from(ENTRY))
        assert len(shred_epochs(ledger, now=NOW + 90 * DAY)) == 1
        with alone.connect() as connection:
            assert wrapped not in files_of_the_database(connection)
