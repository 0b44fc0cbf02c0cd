"""Looking for what is left over, in files and bytes."""

import re
from pathlib import Path

from examples.made_up.canary import canary
from examples.made_up.scan import merged, scan_bytes, scan_files

TOKEN = canary(1, "members", 1, "name")


def test_a_canary_in_a_file_is_found_with_its_place(tmp_path: Path) -> None:
    """Content and name both count; a clean file does not."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.log").write_bytes(b"\x00\xff" + TOKEN.encode() + b"\n")
    (tmp_path / f"{TOKEN}.motion").write_bytes(b"nothing")
    (tmp_path / "clean.log").write_bytes(b"c7f3 is only the beginning")
    assert scan_files(tmp_path) == {TOKEN: {"deep/a.log", f"{TOKEN}.motion"}}


def test_bytes_are_searched_for_any_pattern() -> None:
    """What was found is the text itself, not a group of the pattern."""
    found = scan_bytes({"log": b"paid 12-34, 12-34", "dump": b"56-78"}, pattern=re.compile(rb"(\d\d)-(\d\d)"))
    assert found == {"12-34": {"log"}, "56-78": {"dump"}}


def test_searches_are_merged_place_by_place() -> None:
    """One text found by two searches has the places of both."""
    assert merged({"x": {"a"}}, {"x": {"b"}, "y": {"c"}}) == {"x": {"a", "b"}, "y": {"c"}}
