"""A Plask of its own for every trap, copied from one that is prepared once; and a ledger beside it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from tests.keeping import Kept, kept_at, plask, plask_promise
from tests.servers import fresh_database

from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.postgres import Server


@pytest.fixture(scope="session")
def prepared(pg18: Server) -> Iterator[str]:
    """The name of a database where Plask is installed and prepared, and nobody lives."""
    with fresh_database(pg18) as url:
        with plask(url):
            pass
        yield str(sa.make_url(url).database)


@pytest.fixture
def kept(pg18: Server, prepared: str) -> Iterator[Kept]:
    """Plask, kept by jikim."""
    with fresh_database(pg18, template=prepared) as url, kept_at(url, promise=plask_promise()) as found:
        yield found


@pytest.fixture
def ledger(pg18: Server) -> Iterator[sa.Engine]:
    """A ledger in a database of its own."""
    with fresh_database(pg18) as url:
        engine = connect(url)
        upgrade(engine)
        yield engine
        engine.dispose()
