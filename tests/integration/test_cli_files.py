"""Folders, as an operator meets them: prepared, checked, planned, kept, and audited."""

import json
import os
from pathlib import Path
from typing import Any

import psycopg
import yaml
from tests.command import here
from tests.foldered import KEPT_LOGS, mapped, policy, there, write
from tests.keeping import as_role
from tests.servers import fresh_database
from tests.shop import RIGHTS, ROLES, TABLES

from jikim.postgres import Server


def test_folders_are_kept_from_prepare_to_audit(pg18: Server, tmp_path: Path) -> None:
    """Unprepared folders are told; then every file goes where it should, with its proof; nothing is left to find."""
    (tmp_path / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\nauditor = "env:ADMIN_URL"\n')
    (tmp_path / "policy.yaml").write_bytes(policy())
    said = mapped(logs=KEPT_LOGS)
    (tmp_path / "datamap.yaml").write_text(yaml.safe_dump(said, allow_unicode=True))
    write(tmp_path / "logs", "access-2020-01-01.log", "access-2026-03-20.log", "access.log", "strange")
    write(tmp_path / "uploads", "1/a", "2/b")
    with fresh_database(pg18) as url, fresh_database(pg18) as ledger:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (ROLES, TABLES, RIGHTS):
                connection.execute(statement.encode())
        environment = {
            **os.environ,
            "SWEEPER_URL": as_role(url, "plask_sweeper"),
            "KEEPER_URL": as_role(url, "plask_keeper"),
            "ADMIN_URL": as_role(url, "postgres"),
            "LEDGER_URL": ledger,
        }

        def types(*words: str, expect: int = 0) -> Any:
            done = here(*words, folder=tmp_path, environment=environment)
            assert done.returncode == expect, done.stdout + done.stderr
            return json.loads(done.stdout) if "--json" in words else done.stdout

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
        found = types("audit", "--as-of", "2026-04-02", "--json", expect=1)["findings"]
        assert [f["kind"] for f in found if f["where"] in ("logs", "uploads", "access_logs")] == [
            "stray-file"
        ]
