"""Facts that no column holds, as an operator tells them: on record, heard by the store, listed, and taken back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any


def test_what_happened_is_told_once_and_taken_back(
    typed: tuple[Callable[..., Any], str], tmp_path: Path
) -> None:
    """A consent withdrawn, a closing called off, a restriction, a hold: each with its entry; a typo changes nothing."""
    types, _ = typed
    withdrawn = ("fact", "set", "consent withdrawn", "2026-03-02T10:00", "--subject", "member:2")
    assert "say --of newsletter" in types(*withdrawn, expect=1)
    assert "did you mean `consent withdrawn of newsletter`" in types(
        *withdrawn, "--of", "newsleter", expect=1
    )
    assert "--of says which consent" in types(
        "fact", "set", "service closed", "2026-03-02", "--of", "x", expect=2
    )
    assert types("fact", "list", "--json")["heard"] == 0
    said = types(*withdrawn, "--of", "newsletter")
    assert "2026-03-02 10:00 Asia/Seoul" in said
    assert "nothing is stored" not in said
    assert "due since 2026-03-02 10:00" in types("explain", "readers", "--subject", "member:2")
    nobody = ("consent withdrawn", "--subject", "member:77", "--of", "newsletter")
    assert "nothing is stored about member:77" in types("fact", "unset", *nobody)
    types("fact", "set", "service closed", "2027-03-31")
    assert "service closed: 2027-03-31" in types("fact", "list")
    types("fact", "unset", "service closed")
    told = types("fact", "list", "--json")
    assert told == {
        "service": {},
        "people": {"member": ["consent withdrawn of newsletter"]},
        "heard": 4,
        "behind": 0,
    }
    restricted = ("restriction", "place", "r-1", "--subject", "member:3", "--because", "a correction")
    types(*restricted)
    assert "exists already" in types(*restricted, expect=1)
    assert types("restriction", "list", "--json") == [{"id": "r-1", "subject": "member"}]
    assert "suspended by the restriction r-1" in types("explain", "--subject", "member:3")
    types("restriction", "release", "r-1")
    assert "no restriction `r-1` is in force" in types("restriction", "release", "r-1", expect=1)
    types("apply", "--yes", "--as-of", "2026-04-01")
    with closing(sqlite3.connect(tmp_path / "app.db")) as app:
        assert app.execute("select id from readers order by id").fetchall() == [(12,), (13,)]
