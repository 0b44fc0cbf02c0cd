"""A ledger to copy from: its migrations take longer than a copy of what they made."""

from collections.abc import Iterator

import pytest
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
