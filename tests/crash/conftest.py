"""Two servers of their own, to be killed, and Plask on them."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.crash.judge import Judge
from tests.crash.killable import KillableServer
from tests.crash.scene import Original, Scene, fresh, prepared, scene


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """Plask on one server and its ledger on another; killed as a process is, they lose nothing."""
    yield from _original(tmp_path_factory, durable=False)


@pytest.fixture(scope="session")
def durable_original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """The same on servers as a service runs them."""
    yield from _original(tmp_path_factory, durable=True)


def _original(folders: pytest.TempPathFactory, *, durable: bool) -> Iterator[Original]:
    with ExitStack() as stack:
        servers = []
        for name in ("store", "ledger"):
            server = KillableServer(folders.mktemp(name), durable=durable)
            stack.callback(server.stop)
            servers.append(server)
        yield prepared(*servers, folders.mktemp("original"))


@pytest.fixture(scope="session")
def judge(original: Original, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Knows how everything was before."""
    with scene(original, tmp_path_factory.mktemp("before")) as first:
        return Judge(first)


@pytest.fixture
def stage(original: Original) -> Iterator[Scene]:
    """A copy of Plask before its sweep."""
    with fresh(original) as copy:
        yield copy
