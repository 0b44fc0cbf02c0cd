"""A ledger to copy from: its migrations take longer than a copy of what they made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
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
