"""Folders, as an operator meets them: prepared, checked, planned, kept, and audited."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import yaml
from tests.command import here
from tests.foldered import KEPT_LOGS, mapped, policy, there, write
from tests.keeping import as_role
from tests.servers import fresh_database
from tests.shop import POLICY, RIGHTS, ROLES, TABLES
from tests.shop import mapped as shop_map

from jikim.postgres import Server

Types = Callable[..., Any]


@contextmanager
def operator(
    server: Server, folder: Path, promise: bytes, said: dict[str, Any], tables: str
) -> Iterator[tuple[Types, str]]:
    """What somebody types in the shop's project, and the URL of its database."""
    (folder / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\nauditor = "env:ADMIN_URL"\n')
    (folder / "policy.yaml").write_bytes(promise)
    (folder / "datamap.yaml").write_text(yaml.safe_dump(said, allow_unicode=True))
    with fresh_database(server) as url, fresh_database(server) as ledger:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (ROLES, tables, RIGHTS):
                connection.execute(statement.encode())
        environment = {
            **os.environ,
            "SWEEPER_URL": as_role(url, "plask_sweeper"),
            "KEEPER_URL": as_role(url, "plask_keeper"),
            "ADMIN_URL": as_role(url, "postgres"),
            "LEDGER_URL": ledger,
        }

        def types(*words: str, expect: int = 0) -> Any:
            done = here(*words, folder=folder, environment=environment)
            assert done.returncode == expect, done.stdout + done.stderr
            return json.loads(done.stdout) if "--json" in words else done.stdout

        yield types, url


def test_folders_are_kept_from_prepare_to_audit(pg18: Server, tmp_path: Path) -> None:
    """Unprepared folders are told; then every file goes where it should, with its proof; nothing is left to find."""
    write(tmp_path / "logs", "access-2020-01-01.log", "access-2026-03-20.log", "access.log", "strange")
    write(tmp_path / "uploads", "1/a", "2/b")
    with operator(pg18, tmp_path, policy(), mapped(logs=KEPT_LOGS), TABLES) as (types, _):
        types("prepare", "--admin", "env:ADMIN_URL")
        assert "1 file of `logs` fits no pattern" in types("map", "check")
        (tmp_path / "uploads/.jikim-folder").unlink()
        blocked = types("plan", "--as-of", "2026-04-02", expect=3)
        assert "not mounted" in " ".join(blocked.split())
        types("prepare")
        planned = types("plan", "--as-of", "2026-04-02", "--json")
        assert planned["listings"]["access_logs"] == {
            "files": 2,
            "new": 0,
            "gone": 0,
            "unmatched": 1,
            "odd": 0,
        }
        assert "access_logs: 1 file that fits no pattern" in types("plan", "--as-of", "2026-04-02")
        assert types("apply", "--dry-run", "--as-of", "2026-04-02", "--json")["rehearsal"]
        assert len(there(tmp_path / "logs")) == 4
        kept = types("apply", "--yes", "--as-of", "2026-04-02", "--json")
        assert kept["files"] == {"removed": 2, "failed": {}, "replaced": 0, "shared": 0}
        assert there(tmp_path / "logs") == ["access-2026-03-20.log", "access.log", "strange"]
        assert there(tmp_path / "uploads") == ["2/b"]
        assert types("file", "list", "--json") == []
        found = types("audit", "--as-of", "2026-04-02", "--json", expect=1)["findings"]
        assert [f["kind"] for f in found if f["where"] in ("logs", "uploads", "access_logs")] == [
            "stray-file"
        ]


def test_a_file_that_can_never_be_removed_is_given_up_on_record(pg18: Server, tmp_path: Path) -> None:
    """Every run says so and ends as partial, until somebody looked; its name is nowhere then, and the log says why."""
    photos = "alter table members add photo text; update members set photo = '../of-' || id;"
    said = shop_map()
    said["stores"] = {**said["stores"], "files": {"photos": {"path": "photos"}}}
    members = said["tables"]["members"]
    columns = {**members["columns"], "photo": {"item": "email", "file": "photos"}}
    said["tables"]["members"] = {**members, "columns": columns}
    write(tmp_path / "photos", "another")
    with operator(pg18, tmp_path, POLICY, said, TABLES + photos) as (types, url):
        types("prepare", "--admin", "env:ADMIN_URL")
        run = ("apply", "--yes", "--as-of", "2026-04-02")
        assert "could not be removed" in types(*run, expect=3)
        [waiting] = types("file", "list", "--json")
        assert waiting["path"] == "../of-1"
        assert "../of-1" in types("file", "list")
        types("file", "settle", "photos:999", "--because", "gone", expect=1)
        assert "waits no longer" in types("file", "settle", waiting["file"], "--because", "foreign")
        assert types("file", "list", "--json") == []
        types(*run)
        [entry] = types("evidence", "list", "--kind", "file-settled", "--json")
        assert entry["body"] == {"store": "app", "files": "photos", "because": "foreign", "unkept": 0}
        with psycopg.connect(url) as connection:
            assert connection.execute("select path from jikim.outbox").fetchall() == [("",)]
