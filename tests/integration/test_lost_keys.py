"""A key file that is lost ends its log, and nobody begins another without knowing."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
from tests.command import here
from tests.keeping import as_role
from tests.servers import fresh_database
from tests.shop import MAP_TEXT, POLICY, RIGHTS, ROLES, TABLES

from jikim.postgres import Server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The how-to's project."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "policy.yaml").write_bytes(POLICY)
    (folder / "datamap.yaml").write_text(MAP_TEXT)
    return folder


def environment(url: str, ledger: str = "") -> Mapping[str, str]:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (ROLES, TABLES, RIGHTS):
            connection.execute(statement.encode())
    roles = {"SWEEPER_URL": as_role(url, "plask_sweeper"), "KEEPER_URL": as_role(url, "plask_keeper")}
    return {"PATH": "/usr/bin:/bin", "ADMIN_URL": url, "LEDGER_URL": ledger, **roles}


def does(*arguments: str, folder: Path, known: Mapping[str, str], expect: int = 0) -> str:
    """What a command says, once it ended as expected."""
    done = here(*arguments, folder=folder, environment=known)
    assert done.returncode == expect, done.stdout + done.stderr
    return " ".join(done.stderr.split()) if expect else done.stdout


PREPARE = ("prepare", "--admin", "env:ADMIN_URL")


def test_a_lost_key_file_is_not_replaced_unasked(pg18: Server, project: Path) -> None:
    """The ledger of jikim's own: refused, until the file is back; or set aside for a log that says why it begins."""
    keys, home = project / ".jikim" / "keys.json", project / ".jikim"
    with fresh_database(pg18) as url:
        known = environment(url)
        does(*PREPARE, folder=project, known=known)
        does(*PREPARE, "--new-log", folder=project, known=known, expect=1)
        does("apply", "--yes", folder=project, known=known)
        vkey = does("evidence", "key", folder=project, known=known).strip()
        backup = keys.read_bytes()
        keys.unlink()
        refused = does(*PREPARE, folder=project, known=known, expect=1)
        assert "keys.json` is missing" in refused
        [size] = re.findall(r"holds a log of (\d+) entries", refused)
        assert "put it back from its backup" in refused
        assert not keys.exists()
        keys.write_bytes(backup)
        keys.chmod(0o600)
        does(*PREPARE, folder=project, known=known)
        does("evidence", "list", folder=project, known=known)
        keys.unlink()
        does(*PREPARE, "--new-log", folder=project, known=known)
        assert [path.name for path in home.glob("ledger-until-*")]
        does("apply", "--yes", folder=project, known=known)
        [begun] = json.loads(does("evidence", "list", "--kind", "log", "--json", folder=project, known=known))
        assert begun["seq"] == 0
        assert any("not be continued" in words for words in begun["body"]["lost"])
        assert vkey != does("evidence", "key", folder=project, known=known).strip()
        assert begun["body"]["before"].startswith(f"jikim.shop\n{size}\n")
        assert "key file" in does("evidence", "list", "--kind", "log", folder=project, known=known)


def test_a_ledger_by_its_url_is_never_emptied(pg18: Server, project: Path) -> None:
    """Its database is kept as it is: another log begins in another. A ledger without a log may get a new key file."""
    (project / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\n')
    keys = project / ".jikim" / "keys.json"
    with fresh_database(pg18) as url, fresh_database(pg18) as first, fresh_database(pg18) as second:
        known = environment(url, first)
        does(*PREPARE, folder=project, known=known)
        keys.unlink()
        does(*PREPARE, folder=project, known=known)
        does("apply", "--yes", folder=project, known=known)
        keys.unlink()
        assert "put it back" in does(*PREPARE, folder=project, known=known, expect=1)
        assert "name an empty one" in does(*PREPARE, "--new-log", folder=project, known=known, expect=1)
        with psycopg.connect(first) as connection:
            before = connection.execute("select count(*) from jikim.entry").fetchone()
        assert before is not None
        assert before[0] > 2
        elsewhere = {**known, "LEDGER_URL": second}
        does(*PREPARE, "--new-log", folder=project, known=elsewhere)
        does("apply", "--yes", folder=project, known=elsewhere)
        [begun] = json.loads(
            does("evidence", "list", "--kind", "log", "--json", folder=project, known=elsewhere)
        )
        assert "before" not in begun["body"]
