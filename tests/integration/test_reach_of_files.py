"""Who may open a file, as far as owners and modes tell."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jikim.backends.base import StoreError
from jikim.backends.files.reach import Account, ways_in

STRANGER = Account(54321, frozenset({54321}), "the service")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may pass through, with an archive that is its owner's only."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(os.path.realpath(made))
        path.chmod(0o711)
        (path / "archive.db").touch(mode=0o600)
        yield path


def words(path: Path, *, service: Account | None = STRANGER) -> list[str]:
    return [way.words for way in ways_in(path, service=service)]


def test_what_is_its_owners_only_nobody_else_may_open(folder: Path) -> None:
    assert words(folder / "archive.db") == []
    assert words(folder / "archive.db", service=None) == []


@pytest.mark.parametrize("beside", ["", "-wal", "-journal", "-shm"])
def test_what_everybody_may_read_is_found_and_what_lies_beside_it(folder: Path, beside: str) -> None:
    """Once, though the service is one of everybody."""
    file = folder / f"archive.db{beside}"
    file.touch()
    file.chmod(0o604)
    [way] = ways_in(folder / "archive.db", service=STRANGER)
    assert way.words == f"every account of this machine may read `archive.db{beside}`"
    assert way.fix == f"chmod go= {file}"


def test_the_group_of_the_service_is_found_and_another_is_not(folder: Path) -> None:
    file = folder / "archive.db"
    file.chmod(0o660)
    assert words(file) == []
    inside = Account(54321, frozenset({file.stat().st_gid}), "the service")
    assert words(file, service=inside) == ["the service may read and write `archive.db`"]


def test_its_owner_and_root_are_found(folder: Path) -> None:
    """The account to which the service's own file belongs runs the service, as far as anybody can say."""
    (folder / "app.db").touch()
    [found] = words(folder / "archive.db", service=Account.of(folder / "app.db"))
    assert "to whom `app.db` belongs, may read, write and replace `archive.db`" in found
    [way] = ways_in(folder / "archive.db", service=Account(0, frozenset(), "root"))
    assert way.fix == "let the service run as an account of its own, not as root"


def test_a_folder_to_which_others_may_write_lets_them_replace_it(folder: Path) -> None:
    """Unless it is sticky: there everybody may move their own files only."""
    folder.chmod(0o733)
    assert words(folder / "archive.db") == ["every account of this machine may replace `archive.db`"]
    folder.chmod(0o1733)
    assert words(folder / "archive.db") == []
    (folder / "kept").mkdir(mode=0o700)
    (folder / "archive.db").rename(folder / "kept" / "archive.db")
    assert words(folder / "kept" / "archive.db") == []
    folder.chmod(0o733)  # the whole of `kept` may be put aside
    assert words(folder / "kept" / "archive.db") == ["every account of this machine may replace `archive.db`"]


def test_a_folder_that_nobody_may_pass_through_keeps_what_is_in_it(folder: Path) -> None:
    """Also by a link from elsewhere, which leads to where it is."""
    (folder / "archive.db").chmod(0o644)
    (folder / "link").symlink_to(folder / "archive.db")
    assert words(folder / "link") == ["every account of this machine may read `archive.db`"]
    folder.chmod(0o700)
    assert words(folder / "link") == []


def test_a_folder_of_files_is_looked_at_itself(folder: Path) -> None:
    """What an archive keeps of files: whoever may list it."""
    (folder / "kept").mkdir(mode=0o700)
    assert words(folder / "kept") == []
    (folder / "kept").chmod(0o755)
    assert words(folder / "kept") == ["every account of this machine may read `kept`"]


def test_what_cannot_be_looked_at_is_refused_with_a_remedy(folder: Path) -> None:
    with pytest.raises(StoreError, match="nobody can say who may open `none`"):
        words(folder / "none" / "none")
