"""What a person is told of rows that are not theirs alone: their own columns, and columns that only name them."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from examples.made_up.load import plain
from rich.console import Console
from tests import owned
from tests.foldered import foldered_lite, write
from tests.keeping import SEOUL, Kept, seoul
from tests.lite import lite, tables_of
from tests.shop import APRIL

from jikim.cli import terminal
from jikim.cli.explain import _named_value, _row_value, _show_rows
from jikim.operations.explain_rows import explain_named, explain_person
from jikim.operations.plan_sweep import bound

LEFT = owned.NOW.replace(month=9)
ROWS: owned.Rows = {
    "members": [{"id": n, "email": f"m{n}@mail.example", "left_at": LEFT if n == 1 else None} for n in (1, 2)],
    "staff": [{"id": 1, "name": "김직원", "left_at": LEFT}, {"id": 2, "name": "이직원", "left_at": None}],
    "pacts": [{"id": 5, "one_id": 1, "other_id": 2, "one_name": "갑", "other_name": "을", "terms": "약속"}],
    "tickets": [
        {"id": 7, "member_id": 2, "handled_by": 1, "approved_by": 2, "note": "문의"},
        {"id": 8, "member_id": 2, "handled_by": 2, "approved_by": None, "note": "문의"},
    ],
}  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Somebody who left a pact and somebody who stays; a clerk who left a ticket and one who stays."""
    with lite(tmp_path, tables=tables_of(owned.SCHEMA), promise=owned.promise(), as_of=owned.NOW) as kept:
        for table, rows in ROWS.items():
            for row in rows:
                marks = ", ".join("?" for _ in row)
                values = map(plain, row.values())
                kept.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", *values)
        yield kept


def told(kept: Kept, kind: str, key: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], str]:
    """What the command says of a person: as values, and as a terminal shows it."""
    schedules, _, _ = bound(kept.store, kept.promise, as_of=owned.NOW)
    who: Any = {"subject": kind, "key": (key,), "as_of": owned.NOW}
    rows, named = explain_person(kept.store, schedules, **who), explain_named(kept.store, schedules, **who)
    shown = io.StringIO()
    monkeypatch.setattr(terminal, "console", lambda: Console(file=shown, width=200))
    _show_rows(rows, named, SEOUL, owned.NOW)
    values = [*(_row_value(row, owned.NOW) for row in rows), *map(_named_value, named)]
    return values, shown.getvalue()


def test_a_co_owner_is_told_which_columns_are_theirs_and_until_when(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one row: the name of who left is masked now, the name of who stays is kept as long as they are here."""
    values, text = told(kept, "member", "1", monkeypatch)
    [pact] = [value for value in values if value["table"] == "pacts"]
    assert (pact["state"], pact["masked"]) == ("mask", ["one_name"])
    assert [each["columns"] for each in pact["alone"]] == [["one_name"]]
    assert pact["alone"][0]["until"].startswith("2026-09")
    assert "pacts 5  is masked in part (one_name): due since 2026-09" in text
    assert "of them alone  ended 2026-09" in " ".join(text.split("\n")).replace("    ", "  ")
    values, _ = told(kept, "member", "2", monkeypatch)
    [pact] = [value for value in values if value["table"] == "pacts"]
    assert pact["alone"] == [{"columns": ["other_name"], "until": None}]


def test_whoever_is_only_named_is_told_where_and_what_becomes_of_it(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk who left: the reference is emptied before their row goes. One who stays; one that is kept for good."""
    values, text = told(kept, "staff", "1", monkeypatch)
    [named] = [value for value in values if value["state"] == "named"]
    own = {"table": "staff", "key": ["1"], "state": "destroy"}
    assert named == {
        "table": "tickets", "key": ["7"], "state": "named", "columns": ["handled_by"], "keep": "", "own": own
    }  # fmt: skip
    assert "tickets 7  names them in handled_by, emptied before their own row goes" in text
    assert "that row: is destroyed once nothing points to it" in text
    values, text = told(kept, "staff", "2", monkeypatch)
    assert [(v["key"], v["columns"], bool(v["keep"])) for v in values if v["state"] == "named"] == [
        (["8"], ["handled_by"], False),
        (["7"], ["approved_by"], True),
    ]
    assert "names them in approved_by, and goes on to: who approved must be traceable" in text
    assert "김직원" not in text


def test_a_file_is_told_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number that its row has in the listing says nothing to anybody."""
    write(tmp_path / "uploads", "1/face.jpg")
    with foldered_lite(tmp_path) as kept:
        kept.plan(APRIL)
        schedules, _, _ = bound(kept.store, kept.promise, as_of=APRIL)
        rows = explain_person(
            kept.store, schedules, subject="member", key=("1",), as_of=seoul(2026, 4, 1), table="uploads"
        )
        [upload] = rows
        assert upload.facts.path == "1/face.jpg"
        shown = io.StringIO()
        monkeypatch.setattr(terminal, "console", lambda: Console(file=shown, width=200))
        _show_rows(rows, [], SEOUL, APRIL)
        assert shown.getvalue().startswith("uploads 1/face.jpg  is destroyed: due since 2026-03")
