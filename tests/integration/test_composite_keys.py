"""People whose key has several columns, from their rows to their certificate, as an operator types them."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml
from tests.command import here
from tests.servers import fresh_database
from tests.shapes import MAP, POLICY

from jikim.postgres import Server

TABLES = """
    create table accounts (
        site text not null, number integer not null, email text not null, left_at timestamptz,
        primary key (site, number));
    create table notes (
        id integer not null, number integer not null, site text not null, body text, at timestamptz not null,
        primary key (site, id));
    create index notes_of on notes (site, number);
    insert into accounts values ('seoul, mapo', 1, 'a@x.example', '2026-03-01 12:00:00+09:00'),
        ('seoul', 1, 'b@x.example', '2026-03-01 12:00:00+09:00'), ('busan', 1, 'c@x.example', null);
    insert into notes values (1, 1, 'seoul', 'one', '2026-01-01 12:00:00+09:00'),
        (2, 1, 'seoul', 'two', '2026-01-01 12:00:00+09:00'), (1, 1, 'busan', 'stays', '2026-01-01 12:00:00+09:00'),
        (1, 1, 'seoul, mapo', 'three', '2026-01-01 12:00:00+09:00');
"""


def test_what_was_destroyed_of_a_person_with_a_key_of_two_columns_is_certified(
    pg18: Server, tmp_path: Path
) -> None:
    """Their own row and their notes, and nobody else's who shares one part of the key; a part may hold a comma."""
    stores = {
        "app": {**MAP["stores"]["app"], "url": "sqlite:///app.db"},
        "archive": {"url": "sqlite:///archive.db"},
    }
    datamap = {
        **MAP,
        "stores": stores,
        "inline": {},
        "subjects": {"holder": MAP["subjects"]["holder"]},
        "tables": {name: MAP["tables"][name] for name in ("accounts", "notes")},
    }
    (tmp_path / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\n')
    (tmp_path / "policy.yaml").write_text(POLICY)
    (tmp_path / "datamap.yaml").write_text(yaml.safe_dump(datamap, allow_unicode=True))
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.executescript(TABLES)
    with fresh_database(pg18) as ledger:

        def types(*words: str, expect: int = 0) -> Any:
            done = here(*words, folder=tmp_path, environment={**os.environ, "LEDGER_URL": ledger})
            assert done.returncode == expect, done.stdout + done.stderr
            return json.loads(done.stdout) if "--json" in words else done.stdout

        types("prepare")
        told = types("explain", "--subject", "holder:1,seoul", "--as-of", "2026-04-01", "--json")
        assert [(row["table"], row["key"]) for row in told] == [
            ("notes", ["seoul", "1"]),
            ("notes", ["seoul", "2"]),
            ("accounts", ["seoul", "1"]),
        ]
        types("apply", "--as-of", "2026-04-01", "--yes")
        for person, rows in (("1,seoul", 3), ('1,"seoul, mapo"', 2)):
            said = types("evidence", "certificate", "one.html", "--subject", f"holder:{person}")
            assert said.startswith(f"one.html: {rows} rows, "), said
        types("evidence", "certificate", "one.html", "--subject", "holder:1,busan", expect=1)
        wrong = here(
            "explain",
            "--subject",
            "holder:1",
            folder=tmp_path,
            environment={**os.environ, "LEDGER_URL": ledger},
        )
        assert wrong.returncode != 0
        assert "number, site" in wrong.stderr
