"""Copies that cross over to an archive on another server as lines."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.keeping import Kept, audit_of, elsewhere
from tests.servers import fresh_database
from tests.shop import APRIL, TABLES, shop

from jikim.backends.base import Move, Provenance, StoreError
from jikim.backends.postgresql.archive import PostgresArchive
from jikim.backends.postgresql.arriving import Lines
from jikim.clock import now
from jikim.plan.finding import FindingKind
from jikim.postgres import Server

HARD = 'salt, "fine"\nand \\N, 100% {"pepper"}\\.'
MOVE = Move("run-9", "orders/archive", 3)
KEPT = "kept_by_law.orders__contracts"


@pytest.fixture
def kept(empty_database_18: str, pg15: Server) -> Iterator[Kept]:
    """A shop with three orders of the member who left that a law keeps, and its archive on another server."""
    more = "insert into orders select n, 1, %s, '2026-02-01 12:00+09' from generate_series(4, 5) n;"
    literal = psycopg.sql.Literal(HARD).as_string()
    with fresh_database(pg15) as url:
        archive = elsewhere(url)
        with shop(empty_database_18, tables=TABLES + more.replace("%s", literal), archive=archive) as opened:
            yield opened
        archive.keeper.dispose()


def _archive(kept: Kept) -> PostgresArchive:
    assert isinstance(kept.store.archive, PostgresArchive)
    return kept.store.archive


def _apart(kept: Kept, query: str) -> list[tuple[Any, ...]]:
    with _archive(kept).keeper.begin() as connection:
        found = connection.exec_driver_sql(query)
        return [tuple(row) for row in found] if found.returns_rows else []


def test_whatever_stands_in_a_row_arrives_as_it_was(kept: Kept) -> None:
    """Quotes, commas, ends of lines and what COPY takes for a sign."""
    assert kept.sweep(APRIL).complete
    assert {key: copy["what"] for (*_, key), copy in kept.archive(APRIL).items()} == {
        ("1",): "bread",
        ("4",): HARD,
        ("5",): HARD,
    }
    assert kept.execute(
        "select sum(rows)::int as rows, sum(copies)::int as copies from jikim.receipt"
        " where step = 'orders/archive'"
    ) == [{"rows": 3, "copies": 3}]
    assert kept.execute("select * from jikim.move") == []
    assert not _archive(kept).unsettled()


def test_a_copy_that_is_kept_already_stays_the_only_one_and_the_receipt_says_so(kept: Kept) -> None:
    """An order came back under the number of one that was archived before."""
    assert kept.sweep(APRIL).complete
    kept.execute("insert into members values (1, 'a@mail.example', '2026-01-01+09', '2026-03-01 12:00+09')")
    kept.execute("insert into orders select n, 1, 'rice', '2026-02-01 12:00+09' from generate_series(5, 6) n")
    assert kept.sweep(APRIL).complete
    assert sorted(_apart(kept, f"select jikim_key[1], what from {KEPT}")) == [
        ("1", "bread"),
        ("4", HARD),
        ("5", HARD),
        ("6", "rice"),
    ]
    receipts = """
        select sum(rows)::int as rows, sum(copies)::int as copies from jikim.receipt
        where step = 'orders/archive' group by run order by min(at)"""
    assert kept.execute(receipts) == [{"rows": 3, "copies": 3}, {"rows": 2, "copies": 1}]
    assert not _archive(kept).unsettled()


@pytest.mark.parametrize("went", [True, False])
def test_lines_of_a_killed_run_are_found_and_kept_only_if_their_rows_went(kept: Kept, went: bool) -> None:
    """They say when they came; of rows that are there still nothing is kept."""
    why = Provenance("a law", "1", "sha256:0", "run-9")
    columns = ("jikim_key", "jikim_provenance", "jikim_destroy_after", "what")
    text = ",".join(f'"{each}"' for each in ("{77}", why.id, "2031-02-02 00:00+09", "tea"))
    arriving = _archive(kept).arriving
    with suppress(StoreError), arriving.crossing(MOVE) as take:
        assert take([Lines("orders__contracts", columns, 1, text, why)]) == 1
        raise StoreError("killed")
    _apart(kept, "update jikim.arriving set at = '2026-03-01 00:00+09'")
    if went:
        kept.execute("insert into jikim.move values ('run-9', 'orders/archive', 3, 'true')")
    [finding] = [
        f
        for f in audit_of(kept, as_of=APRIL, now=now() + timedelta(days=2)).findings
        if f.kind is FindingKind.UNSETTLED
    ]
    assert (finding.count, "1 copy is pending" in finding.message) == (1, True)
    assert _apart(kept, f"select 1 from {KEPT}") == []
    for _ in range(2):
        kept.store.recover()
        found = _apart(kept, f"select what, jikim_moved_at = '2026-03-01 00:00+09' from {KEPT}")
        assert found == ([("tea", True)] if went else [])
        assert not _archive(kept).unsettled()
        assert kept.execute("select * from jikim.move") == []
