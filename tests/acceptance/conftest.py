"""Stages for the acceptance of Plask: a copy of one prepared database each, swept by SQL or by the model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from examples.plask.service import hash_password
from sqlalchemy import make_url
from tests.acceptance.lite_stage import lite_stage, prepare
from tests.acceptance.stage import ModelStage, Stage, stage
from tests.keeping import plask as prepared
from tests.keeping import plask_promise
from tests.servers import fresh_database

from jikim.postgres import Server


@pytest.fixture(autouse=True)
def quick_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as always, at the cost of made-up people: how hard they are to guess is not asked here."""
    monkeypatch.setitem(hash_password.__kwdefaults__, "cost", 1)


def _prepared(server: Server) -> Iterator[str]:
    with fresh_database(server) as url:
        with prepared(url):
            pass
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def prepared_15(pg15: Server) -> Iterator[str]:
    """The name of a database on PostgreSQL 15 where Plask is installed and prepared."""
    yield from _prepared(pg15)


@pytest.fixture(scope="session")
def prepared_18(pg18: Server) -> Iterator[str]:
    """The same on PostgreSQL 18."""
    yield from _prepared(pg18)


@pytest.fixture(scope="session")
def prepared_lite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of SQLite files where Plask is installed and prepared."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder, promise=plask_promise())
    return folder


@pytest.fixture(params=["18", "lite", "model"])
def plask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A Plask of its own: on PostgreSQL 18 and in SQLite files, swept by SQL; and again swept by the memory model.

    A test that depends on the version asks for 15 as well, by indirect parameters.
    """
    files = tmp_path / "files"
    files.mkdir()
    if request.param == "lite":
        prepared: Path = request.getfixturevalue("prepared_lite")
        with lite_stage(prepared, tmp_path / "store", files=files) as found:
            yield found
        return
    version = "15" if request.param == "15" else "18"
    server: Server = request.getfixturevalue(f"pg{version}")
    template: str = request.getfixturevalue(f"prepared_{version}")
    kind = ModelStage if request.param == "model" else Stage
    with (
        fresh_database(server, template=template) as url,
        stage(url, promise=plask_promise(), files=files, kind=kind) as found,
    ):
        yield found
