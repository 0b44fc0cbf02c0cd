"""A version goes out through the command, stays as it is, and is proved and published as a site."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from tests.command import here
from tests.servers import fresh_database

from jikim.postgres import Server

TEA = (Path(__file__).parents[1] / "unit/law/right.yaml").read_text()
Typed = Callable[..., Any]


def written(folder: Path, version: str, announced: date, effective: date, *changes: tuple[str, str]) -> Path:
    text = TEA.replace('version: "1.0"', f'version: "{version}"')
    text = text.replace("2026-01-02", str(announced)).replace("2026-01-12", str(effective))
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / f"{version}.yaml"
    path.write_text(text)
    return path


def test_a_version_goes_out_with_the_notice_that_was_promised_and_stays(
    typed: tuple[Typed, str], tmp_path: Path
) -> None:
    """Looked at first; refused on the borderline with both readings; recorded with the reason; never changed."""
    types, ledger = typed
    today = datetime.now(ZoneInfo("Asia/Seoul")).date()
    first = written(tmp_path, "1.0", date(2026, 1, 2), date(2026, 1, 12))
    assert "nothing stands against it" in types("publish", str(first))
    assert types("policy", "list", "--json") == []
    assert "version 1.0 is published" in types("publish", str(first), "--yes")

    phone = ("phone: 02-0000-0001", "phone: 02-0000-0002")
    second = str(written(tmp_path, "1.1", today, today + timedelta(days=7), phone))
    refused = types("publish", second, "--yes", expect=1)
    assert f"{today + timedelta(days=8)} by the strict reading" in refused
    assert "--reading lenient --because" in refused
    lenient = ("--reading", "lenient", "--because", "counted as terms of use are")
    assert "version 1.1 is published" in types("publish", second, *lenient, "--yes")

    as_published = Path(second).read_text()
    changed = str(
        written(tmp_path, "1.1", today, today + timedelta(days=30), ("phone: 02-0000-0001", "phone: 02-9"))
    )
    assert "stays as it is" in types("publish", changed, "--yes", expect=1)
    known = types("policy", "list", "--json")
    assert [(each["version"], each["in_force"]) for each in known] == [("1.0", True), ("1.1", False)]
    assert known[1]["judged"]["because"] == "counted as terms of use are"
    assert types("policy", "show") == first.read_text()
    assert types("policy", "show", "--on", str(today + timedelta(days=7))) == as_published
    assert "no version was in force" in types("policy", "show", "--on", "2025-12-31", expect=1)
    assert "never published" in types("policy", "show", "1.2", expect=1)
    with psycopg.connect(ledger, autocommit=True) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("delete from jikim.policy")

    types("site", "--out", "public")
    for name, digest in known[0]["judged"]["pages"].items():
        page = (tmp_path / "public" / name).read_bytes()
        assert digest == f"sha256:{hashlib.sha256(page).hexdigest()}"
    types("evidence", "export", "log.jsonl")
    entries = [
        json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines() if '"policy"' in line
    ]
    assert [e["body"]["version"] for e in entries if e.get("kind") == "policy"] == ["1.0", "1.1"]


def test_consent_and_errors_stand_against_a_version_until_they_are_answered(
    typed: tuple[Typed, str], tmp_path: Path
) -> None:
    types, _ = typed
    today = datetime.now(ZoneInfo("Asia/Seoul")).date()
    types("publish", str(written(tmp_path, "1.0", date(2026, 1, 2), date(2026, 1, 12))), "--yes")
    news = ("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 광고와 맞춤 추천, en:")
    second = str(written(tmp_path, "2.0", today, today + timedelta(days=40), news))
    assert "--ask-again newsletter" in types("publish", second, "--yes", expect=1)
    wrong = str(
        written(
            tmp_path, "2.1", today, today + timedelta(days=40), news, ("within: 5 days", "within: 50 days")
        )
    )
    same = ("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 소식 및 광고성 정보의 전송, en:")
    third = str(written(tmp_path, "2.2", today, today + timedelta(days=40), same))
    assert "newsletter: if it means something else, consent is needed" in types("publish", third)
    assert types("publish", third, "--json")["reworded"] == ["newsletter"]
    assert "lint finds" in types("publish", wrong, "--ask-again", "newsletter", "--yes", expect=1)
    assert types("publish", second, "--ask-again", "newsletter", "--yes", "--json")["published"] is True


def test_a_policy_goes_out_before_there_is_a_map(pg18: Server, tmp_path: Path) -> None:
    """What publishing needs is made alone; with the map, the rest is made around it, and the log goes on."""
    (tmp_path / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\n')
    written(tmp_path, "1.0", date(2026, 1, 2), date(2026, 1, 12)).rename(tmp_path / "policy.yaml")
    with fresh_database(pg18) as ledger:

        def types(*words: str) -> tuple[int, str]:
            done = here(*words, folder=tmp_path, environment={**os.environ, "LEDGER_URL": ledger})
            return done.returncode, done.stdout + done.stderr

        code, said = types("publish", "--yes")
        assert (code, "jikim prepare --log-only" in said) == (1, True)
        code, said = types("prepare", "--log-only")
        key = said.split()[-1]
        assert (code, key.startswith("jikim.")) == (0, True)
        assert types("publish", "--yes")[0] == 0
        code, said = types("prepare")
        assert (code, "`datamap.yaml` cannot be read" in said) == (1, True)
        assert key in types("prepare", "--log-only")[1]
