"""Example services, installed and prepared once a test process, and copied for each scene."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from examples.made_up.service import Service
from tests.services.scene import Ready, Scene, ready, scene

from jikim.operations.plan_sweep import Promise
from jikim.postgres import Server

Opened = Callable[..., AbstractContextManager[Scene]]


@pytest.fixture(scope="session")
def made_ready(
    pg18: Server, pg15: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Service], Ready]]:
    """Installs and prepares a service the first time that it is asked for."""
    found: dict[str, Ready] = {}
    with ExitStack() as opened:

        def ready_for(service: Service) -> Ready:
            if service.id not in found:
                folder = tmp_path_factory.mktemp(service.id)
                found[service.id] = opened.enter_context(ready(service, folder, (pg18, pg15)))
            return found[service.id]

        yield ready_for


@pytest.fixture
def opened(made_ready: Callable[[Service], Ready], tmp_path: Path) -> Opened:
    """Opens a scene of a service, with its own promise or another."""

    def open_scene(service: Service, promise: Promise | None = None) -> AbstractContextManager[Scene]:
        return scene(made_ready(service), tmp_path / "scene", promise=promise)

    return open_scene
