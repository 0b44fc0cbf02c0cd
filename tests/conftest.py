"""Servers for every test that wants one: each worker has its own, started at the first use."""

from collections.abc import Iterator

import pytest
from tests.servers import debian_postgresql_15, fresh_database, throwaway_server

from jikim.postgres import Server


@pytest.fixture(scope="session")
def pg15() -> Iterator[Server]:
    """Debian's PostgreSQL 15."""
    with throwaway_server(bin_dir=debian_postgresql_15()) as server:
        yield server


@pytest.fixture(scope="session")
def pg18() -> Iterator[Server]:
    """The PostgreSQL 18 that jikim brings along."""
    with throwaway_server() as server:
        yield server


@pytest.fixture(params=["pg15", "pg18"])
def pg(request: pytest.FixtureRequest) -> Server:
    """Each of the two in turn."""
    server: Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def empty_database(pg: Server) -> Iterator[str]:
    """The URL of an empty database, on each of the two servers in turn."""
    with fresh_database(pg) as url:
        yield url


@pytest.fixture
def empty_database_18(pg18: Server) -> Iterator[str]:
    """The URL of an empty database on PostgreSQL 18: for what does not depend on the version."""
    with fresh_database(pg18) as url:
        yield url
