"""Whoever sweeps must not be whoever keeps: told by map check, prepare and every audit, unless a reason is written."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from tests.command import here
from tests.keeping import as_role
from tests.servers import fresh_database
from tests.shop import MAP_TEXT, POLICY, ROLES, TABLES

from jikim.postgres import Server

WAIVED = MAP_TEXT.replace("{url: env:KEEPER_URL}", "{url: env:KEEPER_URL, waiver: one role only until May}")
GRANTS = """
    grant select, update, delete on all tables in schema public to plask_sweeper, plask_keeper, in_between;
"""
MEMBER = """
    do $$ begin
        create role in_between login bypassrls in role plask_keeper;
        exception when duplicate_object then null;
    end $$;
"""


@pytest.fixture
def database(pg18: Server) -> Iterator[str]:
    """The how-to's shop, not prepared."""
    with fresh_database(pg18) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (ROLES, MEMBER, TABLES, GRANTS):
                connection.execute(statement.encode())
        yield url


def environment(url: str, ledger: str, *, sweeper: str) -> Mapping[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "SWEEPER_URL": as_role(url, sweeper),
        "KEEPER_URL": as_role(url, "plask_keeper"),
        "ADMIN_URL": url,
        "LEDGER_URL": ledger,
    }


@pytest.mark.parametrize(
    ("sweeper", "words"),
    [
        ("plask_keeper", "`plask_keeper` both sweeps and keeps the archive"),
        ("in_between", "`in_between`, who sweeps, may become `plask_keeper`, who keeps the archive"),
        ("postgres", "`postgres`, who sweeps, is a superuser"),
        ("plask_sweeper", ""),
    ],
)
@pytest.mark.parametrize("waived", [False, True])
def test_one_role_for_two_is_told_unless_a_reason_is_written(
    pg18: Server, database: str, tmp_path: Path, sweeper: str, words: str, waived: bool
) -> None:
    """An error of the audit; with the reason an information, in each audit. `map check` and `prepare` warn."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "policy.yaml").write_bytes(POLICY)
    (folder / "datamap.yaml").write_text(WAIVED if waived else MAP_TEXT)
    (folder / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\nauditor = "env:ADMIN_URL"\n')
    with fresh_database(pg18) as ledger:
        known = environment(database, ledger, sweeper=sweeper)
        checked = here("map", "check", folder=folder, environment=known)
        prepared = here("prepare", "--admin", "env:ADMIN_URL", folder=folder, environment=known)
        assert (checked.returncode, prepared.returncode) == (0, 0), checked.stdout + prepared.stderr
        for told in (checked.stdout, prepared.stderr):
            assert ("[one-role]" in told and words in told) is bool(words and not waived), told
        for _ in range(2):
            report = json.loads(here("audit", "--json", folder=folder, environment=known).stdout)
            found = {f["kind"]: f for f in report["findings"] if f["kind"] in ("one-role", "waiver")}
            assert set(found) == {*(["one-role"] if words else []), *(["waiver"] if waived else [])}
            if words:
                assert words in found["one-role"]["message"]
                assert found["one-role"]["severity"] == ("info" if waived else "error")
            if waived:
                assert found["waiver"]["severity"] == "info"
                assert "one role only until May" in found["waiver"]["message"]
