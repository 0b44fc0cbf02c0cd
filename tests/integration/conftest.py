"""A ledger to copy from, for its migrations take longer than a copy of what they made; a project to type in."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.backends.test_told import LITE, MAPPED, PROMISE
from tests.command import here
from tests.integration.evidence import World, fresh_world, make_store
from tests.servers import fresh_database, name_of

from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.postgres import Server


@pytest.fixture(scope="session")
def blank_ledger(pg18: Server) -> Iterator[str]:
    """The name of a database on PostgreSQL 18 that is a ledger with nothing in it."""
    with fresh_database(pg18) as url:
        engine = connect(url)
        upgrade(engine)
        engine.dispose()
        yield name_of(url)


@pytest.fixture(scope="module")
def blank(pg18: Server, blank_ledger: str) -> Iterator[tuple[str, str]]:
    """The names of a store without receipts and of a ledger without entries, to copy from."""
    with fresh_database(pg18) as url:
        make_store(url).sweeper.dispose()
        yield name_of(url), blank_ledger


@pytest.fixture
def world(pg18: Server, blank: tuple[str, str], tmp_path: Path) -> Iterator[World]:
    """A store without receipts and a ledger without entries."""
    with fresh_world(pg18, blank, tmp_path) as made:
        yield made


@pytest.fixture
def typed(pg18: Server, tmp_path: Path) -> Iterator[tuple[Callable[..., Any], str]]:
    """What is typed in a prepared project of ``tmp_path``, whose store is SQLite, and where its ledger is.

    Typed words end with the exit code that is expected, and answer with what was said: as a value with ``--json``.
    """
    with closing(sqlite3.connect(tmp_path / "app.db")) as app:
        app.executescript(LITE.replace("+09'", "+09:00'"))
    stores = {
        "app": {"url": "sqlite:///app.db", "zone": "Asia/Seoul"},
        "archive": {"url": "sqlite:///archive.db"},
    }
    (tmp_path / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\n')
    (tmp_path / "policy.yaml").write_bytes(PROMISE)
    (tmp_path / "datamap.yaml").write_text(yaml.safe_dump({**MAPPED, "stores": stores}, allow_unicode=True))
    with fresh_database(pg18) as ledger:

        def types(*words: str, expect: int = 0) -> Any:
            done = here(*words, folder=tmp_path, environment={**os.environ, "LEDGER_URL": ledger})
            assert done.returncode == expect, done.stdout + done.stderr
            return json.loads(done.stdout) if "--json" in words else done.stdout + done.stderr

        types("prepare")
        yield types, ledger
