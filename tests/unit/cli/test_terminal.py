"""What is printed can be read on a narrow terminal, and by programs."""

import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.text import Text

from jikim.cli import terminal

STATES = ("due", "retained", "waiting", "orphan", "held")


def _census() -> terminal.Columns:
    census = terminal.table("table", "rows", *STATES, numbers=("rows", *STATES), sums=True)
    census.add_row(Text("members", style="yellow"), "1,234", "7", "1,200", "·", "·", "27")
    census.add_row("order_items_of_old", "5", "5", "·", "·", "·", "·")
    for column, value in zip(census.columns[1:], ("1,239", "12", "1,200", "·", "·", "27"), strict=True):
        column.footer = value
    return census


def _shown(shown: object, *, width: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    terminal.console().print(shown)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert all(len(line) <= width for line in lines)
    return lines


def test_a_table_that_has_room_stands_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    head, _, members, *_ = _shown(_census(), width=80, monkeypatch=monkeypatch)
    assert head.split() == ["table", "rows", *STATES]
    assert members.split() == ["members", "1,234", "7", "1,200", "·", "·", "27"]


def test_a_table_without_room_is_one_block_a_row_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables' names and all headers are there at 40 columns, and the sums with a name of their own."""
    lines = _shown(_census(), width=40, monkeypatch=monkeypatch)
    members = [
        "table: members",
        "rows: 1,234",
        "due: 7",
        "retained: 1,200",
        "waiting: ·",
        "orphan: ·",
        "held: 27",
    ]
    assert lines[: len(members)] == members
    assert "table: order_items_of_old" in lines
    assert lines[lines.index("table: in all") + 1] == "rows: 1,239"


def test_at_ten_columns_no_word_is_broken_that_fits_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = terminal.table("entry", "at", "kind", "says", numbers=("entry",))
    entries.add_row("12", "2026-01-12 10:20", "disposal", "orders: destroy 12")
    lines = _shown(entries, width=10, monkeypatch=monkeypatch)
    assert {"disposal", "2026-01-12", "destroy 12"} <= set(lines)


def test_what_is_said_of_a_name_stands_below_it_where_there_is_no_room_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = terminal.grid()
    said.add_row("warning", "the row belongs to nobody")
    assert _shown(said, width=10, monkeypatch=monkeypatch) == ["warning", "the row", "belongs to", "nobody"]
    beside, *_ = _shown(said, width=40, monkeypatch=monkeypatch)
    assert beside == "warning  the row belongs to nobody"


def test_a_margin_gives_way_to_what_it_would_leave_no_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = terminal.indented(Text("전자상거래법"), by=11)
    assert _shown(reason, width=40, monkeypatch=monkeypatch) == [" " * 11 + "전자상거래법"]
    assert _shown(reason, width=12, monkeypatch=monkeypatch) == ["전자상거래법"]


def test_times_in_json_are_written_as_rfc_3339_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.write_json({"at": datetime(2026, 11, 22, 2, 43, 6, tzinfo=UTC), "day": date(2026, 11, 22)})
    assert json.loads(capsys.readouterr().out) == {"at": "2026-11-22T02:43:06+00:00", "day": "2026-11-22"}


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Also where only the writing fails, of which the system says no name."""
    terminal.write_file(tmp_path / "plan", "가")
    assert (tmp_path / "plan").read_text("utf-8") == "가"
    with pytest.raises(OSError, match="No space left") as refused:
        terminal.write_file(Path("/dev/full"), "a plan")
    assert refused.value.filename == "/dev/full"


def test_a_time_that_no_service_can_mean_is_long_ago() -> None:
    assert terminal.moment(datetime(1, 2, 4, tzinfo=UTC), ZoneInfo("Asia/Seoul")) == "long ago"
    assert terminal.moment(datetime(1999, 1, 1, tzinfo=UTC), ZoneInfo("Asia/Seoul")) == "1999-01-01 09:00"


def test_nothing_that_is_printed_commands_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    row = terminal.table("name")
    row.add_row("a\x1b[31m red\u202e")
    said = "".join(
        line for shown in (row, "b\x1b]0;") for line in _shown(shown, width=80, monkeypatch=monkeypatch)
    )
    assert "a\N{REPLACEMENT CHARACTER}[31m" in said
    assert "b\N{REPLACEMENT CHARACTER}]0;" in said
    assert said.isprintable()


def test_a_file_is_replaced_whole_through_links_and_keeps_its_mode(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)
    beside = tmp_path / "beside"
    beside.hardlink_to(file)
    terminal.write_file(link, "after")
    assert (file.read_text(), link.is_symlink(), file.stat().st_mode & 0o777) == ("after", True, 0o640)
    assert beside.read_text() == "before", "the old text was never cut short"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["beside", "file", "link"]


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none/file"):
        terminal.write_file(tmp_path / "none" / "file", "x")
    assert list(tmp_path.iterdir()) == []
