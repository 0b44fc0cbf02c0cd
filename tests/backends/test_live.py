"""Sweeps beside the service's own traffic, wherever rows and archive lie: every row becomes what the model says."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests import live
from tests.keeping import KEY, SEOUL, Kept, elsewhere, promise_of, seoul
from tests.lite import lite
from tests.servers import fresh_database
from tests.shop import APRIL, MAP, POLICY, TABLES, shop

from jikim.backends import memory
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.operations.plan_sweep import bound
from jikim.postgres import Server

PROMISE = promise_of(POLICY, yaml.safe_dump(dict(MAP), allow_unicode=True).encode())
LITE = TABLES.replace("create index on orders", "create index of_orders on orders").replace("+09'", "+09:00'")
PLACES = ("one database", "another database", "a file beside a database", "two files")
DOINGS = 400
"""Before the first sweep begins."""
FIRST: dict[str, list[dict[str, Any]]] = {
    "members": [
        {
            "id": 1,
            "email": "a@mail.example",
            "joined_at": seoul(2026, 1, 1),
            "left_at": seoul(2026, 3, 1, 12),
        },
        {"id": 2, "email": "b@mail.example", "joined_at": seoul(2026, 1, 1), "left_at": None},
    ],
    "orders": [
        {"id": 1, "member_id": 1, "what": "bread", "completed_at": seoul(2026, 2, 1, 12)},
        {"id": 2, "member_id": 1, "what": "milk", "completed_at": seoul(2020, 2, 1, 12)},
        {"id": 3, "member_id": 2, "what": "salt", "completed_at": seoul(2026, 2, 1, 12)},
    ],
}
"""What the shop starts with."""


@contextmanager
def opened(place: str, folder: Path, server: Server) -> Iterator[tuple[Kept, Callable[[], Any]]]:
    """The shop in that place, and how its service opens a session."""
    with ExitStack() as stack:
        if place == "two files":
            kept = stack.enter_context(
                lite(folder, tables=[LITE], promise=PROMISE, as_of=APRIL, pragmas={"journal_mode": "wal"})
            )
            yield kept, lambda: live.File(kept.url)
            return
        url = stack.enter_context(fresh_database(server))
        archive: Any = None
        if place == "another database":
            other = stack.enter_context(fresh_database(server))
            archive = elsewhere(other)
        elif place == "a file beside a database":
            archive = SqliteArchive(folder / "archive.db", zone=SEOUL)
        yield stack.enter_context(shop(url, archive=archive)), lambda: live.Server(url)


@pytest.mark.parametrize("place", ["one database", "two files"])
def test_somebody_writes_beside_every_sweep_of_every_test(place: str, tmp_path: Path, pg18: Server) -> None:
    """While a batch waits to be followed by the next, rows are written anew; in the end each is what it was."""
    with opened(place, tmp_path, pg18) as (kept, _):
        seen = []

        def report(_: object) -> None:
            before, until = kept.restless.rewritten, time.monotonic() + 30
            while kept.restless.rewritten == before and time.monotonic() < until:
                time.sleep(0.005)
            seen.append(kept.restless.rewritten - before)

        assert kept.sweep(APRIL, size=1, report=report).complete
        assert min(seen) > 0
        assert [(row["id"], row["what"]) for row in kept.rows("orders")] == [(3, "salt")]


@pytest.mark.parametrize("place", PLACES)
def test_every_row_becomes_what_the_model_says_beside_live_writers(
    place: str, tmp_path: Path, pg18: Server
) -> None:
    """Nobody waits long enough to fail; what was written meanwhile is judged by the next run; nothing is left."""
    with opened(place, tmp_path, pg18) as (kept, session):
        known = live.Traffic()
        with live.traffic(session, known):
            while len(known.took) < DOINGS and not known.error:
                time.sleep(0.05)
            for size in (3, 50):
                assert kept.sweep(APRIL, size=size).state in ("finished", "partial")
        assert kept.sweep(APRIL).complete
        schedules, _, _ = bound(kept.store, kept.promise, as_of=APRIL)
        written = {"members": known.members, "orders": known.orders}
        model = memory.World({t: [*rows, *written[t].values()] for t, rows in FIRST.items()})
        memory.sweep(model, schedules, as_of=APRIL, mask_key=KEY)
        for table, rows in model.tables.items():
            assert {row["id"] for row in kept.rows(table)} == {row["id"] for row in rows}, table
        assert {key for _, _, key in kept.archive(APRIL)} == {
            tuple(map(str, key)) for _, _, key in model.archive
        }
        assert len(model.archive) > 5
