"""A map beside a policy as it was published, which cannot be bound to the law: what can be compared is."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from examples.talk_with_me.world import TALK_WITH_ME
from tests.command import here


def test_what_the_published_text_does_not_declare_is_told_beside_what_it_leaves_open(tmp_path: Path) -> None:
    """People write in a chat, and no item of the published text says so."""
    shutil.copy(TALK_WITH_ME.folder / "as-published.yaml", tmp_path / "policy.yaml")
    shutil.copy(TALK_WITH_ME.folder / "datamap.yaml", tmp_path)
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.executescript(TALK_WITH_ME.schema)
    urls = {
        "TALK_WITH_ME_SWEEPER_URL": "sqlite:///app.db",
        "TALK_WITH_ME_KEEPER_URL": "sqlite:///archive.db",
    }
    done = here("map", "check", folder=tmp_path, environment={**os.environ, **urls})
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert "no day is named by which data is destroyed" in told
    assert "`messages.words` would hold what the promise does not name" in told
    assert "`members.email` would hold" not in told
