"""`jikim check`, `jikim schema` and `jikim timeline` need files only, and tell all that is wrong with them."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.command import here

from jikim.law.pack import pack

PLASK = Path(__file__).parents[3] / "examples/plask"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(PLASK / "policy.yaml", tmp_path)
    return tmp_path


def jikim(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return here(*arguments, folder=folder, environment={**os.environ, **environment})


def test_a_sound_policy_is_told_in_a_few_numbers_and_leaves_nothing_behind(folder: Path) -> None:
    done = jikim(folder, "check")
    assert done.returncode == 0, done.stderr
    assert "policy.yaml is sound" in done.stdout
    assert [f.name for f in folder.iterdir()] == ["policy.yaml"]


def test_a_wrong_policy_is_told_at_its_line_in_three_forms(folder: Path) -> None:
    """For people, for grep, for programs; exit code 1 each time."""
    text = (folder / "policy.yaml").read_text().replace("basis: contract", "basis: contrat", 1)
    (folder / "policy.yaml").write_text(text)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "contrat" in each)
    human, plain, programs = (jikim(folder, "check", *o) for o in ([], ["--plain"], ["--json"]))
    assert [d.returncode for d in (human, plain, programs)] == [1, 1, 1]
    assert f"--> policy.yaml:{line}:" in human.stdout
    assert "did you mean `contract`?" in human.stdout
    assert plain.stdout.startswith(f"policy.yaml:{line}:")
    assert json.loads(programs.stdout)[0]["line"] == line


def test_a_policy_that_is_not_there_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    done = jikim(tmp_path, "check")
    assert done.returncode == 1
    assert "`policy.yaml` cannot be read" in done.stderr
    assert "fix:" in done.stderr


def test_a_law_that_was_not_yet_in_force_is_not_bound(folder: Path) -> None:
    done = jikim(folder, "check", "--as-of", "1999-01-01", "--plain")
    assert done.returncode == 1
    assert "unknown-law" in done.stdout


@pytest.mark.parametrize(
    ("zone", "bound"), [(None, True), ("Asia/Seoul", True), ("UTC", False), ("Nowhere", True)]
)
@pytest.mark.parametrize("command", ["check", "timeline"])
def test_the_law_is_bound_as_of_the_services_own_day(
    folder: Path, monkeypatch: pytest.MonkeyPatch, zone: str | None, bound: bool, command: str
) -> None:
    """A law that began at midnight in Seoul is in force there nine hours before it is in UTC.

    Without a map that can be read the day is Korea's.
    """
    began = max(
        row.in_force_from for row in pack("kr").rows if row.key in ("kr.telecom.log", "kr.ecommerce.contract")
    )
    now = datetime(began.year, began.month, began.day, 1, tzinfo=ZoneInfo("Asia/Seoul")).astimezone(UTC)
    assert now.date() < began
    monkeypatch.setattr("jikim.clock.now", lambda: now)
    if zone:
        text = (PLASK / "datamap.yaml").read_text("utf-8")
        (folder / "datamap.yaml").write_text(text.replace("zone: Asia/Seoul", f"zone: {zone}"), "utf-8")
    done = jikim(folder, command)
    assert done.returncode == (0 if bound else 1), done.stdout + done.stderr
    if command == "check":
        told = jikim(folder, command, "--as-of", now.isoformat(), "--plain")
        assert told.returncode == done.returncode


@pytest.mark.parametrize("file", ["policy", "datamap"])
def test_the_schema_is_json_schema(tmp_path: Path, file: str) -> None:
    done = jikim(tmp_path, "schema", file)
    assert json.loads(done.stdout)["$schema"].endswith("2020-12/schema")


def test_the_life_of_an_item_is_told_in_both_languages(folder: Path) -> None:
    assert "회원 탈퇴" in jikim(folder, "timeline", "--item", "email").stdout
    assert "membership ended" in jikim(folder, "timeline", "--item", "email", "--lang", "en").stdout
    assert "did you mean `email`?" in jikim(folder, "timeline", "--item", "emial").stderr


def test_a_timeline_is_drawn_into_a_file(folder: Path) -> None:
    assert jikim(folder, "timeline", "--svg", "t.svg").returncode == 0
    assert (folder / "t.svg").read_text().startswith("<svg")


def test_settings_nobody_knows_are_refused(folder: Path) -> None:
    (folder / "jikim.toml").write_text('polcy = "policy.yaml"\n')
    done = jikim(folder, "check")
    assert done.returncode == 1
    assert "`polcy`" in done.stderr


def test_a_missing_variable_is_named_and_its_value_is_asked_of_the_environment(folder: Path) -> None:
    shutil.copy(PLASK / "datamap.yaml", folder)
    done = jikim(folder, "map", "check")
    assert done.returncode == 1
    assert "`PLASK_SWEEPER_URL` is not set" in done.stderr


def test_a_project_without_keys_is_told_to_prepare(folder: Path) -> None:
    shutil.copy(PLASK / "datamap.yaml", folder)
    url = "postgresql://nobody@/nowhere?host=/nonexistent"
    done = jikim(folder, "plan", PLASK_SWEEPER_URL=url, PLASK_KEEPER_URL=url)
    assert done.returncode == 1
    assert "jikim prepare" in done.stderr


def test_an_url_that_leads_nowhere_is_told_without_its_password(folder: Path) -> None:
    shutil.copy(PLASK / "datamap.yaml", folder)
    url = "postgresql://somebody:hunter2@/nowhere?host=/nonexistent"
    done = jikim(folder, "map", "check", PLASK_SWEEPER_URL=url, PLASK_KEEPER_URL=url)
    assert done.returncode == 1
    assert "hunter2" not in done.stdout + done.stderr
