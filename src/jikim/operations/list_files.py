"""List folders: every file that a pattern names becomes a row of its listing. Changes only what jikim keeps for itself.

1. Each folder is walked, some thousands of files at a time. What is neither listed in its present state nor waits
   to be removed is taken in; each is looked at after that was asked, so that a file that another run removes
   meanwhile is not taken for a new one.
2. The listing is read through: what is no longer there, or no longer named by a pattern, is taken out.

A folder that cannot be read wholly, or is not the one that was prepared, is concluded nothing from: its table and
the people its files belong to are left alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jikim.backends.base import Store, StoreError
from jikim.backends.files.folder import MARKER, Folder, FolderError, opened
from jikim.datamap.files import Names, listed
from jikim.datamap.model import DataMap
from jikim.datamap.schema import OWN, Table
from jikim.datamap.survey import error, warning
from jikim.errors import JikimError
from jikim.plan.finding import counted
from jikim.source import Diagnostic

AT_ONCE = 2000
"""Files in one question to the store."""


@dataclass(frozen=True)
class Listed:
    """What a look through a folder came to.

    :param files: those that its patterns name.
    :param new: files that were not listed, or not in this state.
    :param gone: files that were listed and are no more, though no run removed them.
    :param unmatched: files that no pattern names.
    :param odd: what can be no row: links, devices, names without end.
    """

    files: int = 0
    new: int = 0
    gone: int = 0
    unmatched: int = 0
    odd: int = 0


@dataclass(frozen=True)
class Looked:
    """What every listing came to, and what is to be said of it: an error blocks its table."""

    listings: Mapping[str, Listed]
    findings: tuple[Diagnostic, ...] = ()


NOWHERE: Final = Looked(MappingProxyType({}))
"""Nobody looked."""


def list_files(store: Store, datamap: DataMap, *, folders: Mapping[str, Path]) -> Looked:
    """Bring every listing up to what its folder holds now. Safe to be killed, run again, and run twice at once.

    :param folders: where each files store lies.
    """
    tables = list(listed(datamap))
    if not tables:
        return Looked({})
    found: dict[str, Listed] = {}
    findings: list[Diagnostic] = []
    schema = store.reflect()
    for table, files, names in tables:
        listing = schema.tables[table]
        if listing.lies_in != OWN:
            continue  # the check of the map says why
        try:
            with looked_into(files, folders) as folder:
                mine = Mine(names, *others(datamap, files, folders))
                found[table] = _Listing(store, listing, files, mine).renewed(folder)
        except (FolderError, StoreError) as refusal:
            findings.append(_unlisted(table, files, refusal))
        else:
            findings += _said(table, files, found[table])
    return Looked(found, tuple(findings))


def look_into(datamap: DataMap, *, folders: Mapping[str, Path]) -> tuple[Diagnostic, ...]:
    """What is to be said of the folders before any is listed, or prepared. Changes nothing."""
    findings: list[Diagnostic] = []
    for table, files, names in listed(datamap):
        try:
            with opened(folders[files]) as folder:
                mine = Mine(names, *others(datamap, files, folders))
                for _ in mine.of(folder.paths()):
                    pass
                found = Listed(mine.matched, unmatched=mine.unmatched, odd=folder.odd)
        except FolderError as refusal:
            findings.append(_unlisted(table, files, refusal))
        else:
            findings += _said(table, files, found)
    return tuple(findings)


@contextmanager
def looked_into(files: str, folders: Mapping[str, Path]) -> Iterator[Folder]:
    """The folder of a files store, open, once it is sure to be the one.

    :raises FolderError: it is not.
    """
    if files not in folders:
        raise FolderError("nobody said where it lies")
    with opened(folders[files]) as folder:
        if not folder.marked:
            raise FolderError(
                f"it has no `{MARKER}`, so it may be the place of a disk that is not mounted",
                fix="mount it; or, where it is the folder, `jikim prepare` leaves the marker",
            )
        yield folder


def others(datamap: DataMap, files: str, folders: Mapping[str, Path]) -> tuple[list[Names], list[Names]]:
    """What other files stores name in the same folder: those before this one in the map, whose files they are
    where both name them, and those after it."""
    before: list[Names] = []
    after: list[Names] = []
    into = before
    for name, each in datamap.stores.files.items():
        if name == files:
            into = after
        elif name in folders and folders[name].resolve() == folders[files].resolve():
            into.append(each.names)
    return before, after


@dataclass
class Mine:
    """Tells the files of one files store from those of others in the same folder, and counts them.

    :param before: what stores that come first in the map name there; ``after``, those that come later.
    """

    names: Names
    before: list[Names]
    after: list[Names]
    matched: int = 0
    unmatched: int = 0

    def match(self, path: str) -> Mapping[str, Any] | None:
        """The columns of a path that is this store's; None for any other."""
        if any(each.match(path) is not None for each in self.before):
            return None
        return self.names.match(path)

    def of(self, paths: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Those of these paths that are this store's, with their columns; what no store names is counted."""
        for path in paths:
            if (columns := self.match(path)) is not None:
                self.matched += 1
                yield path, columns
            elif not any(
                each.left(path) or each.match(path) is not None
                for each in (self.names, *self.before, *self.after)
            ):
                self.unmatched += 1


class _Listing:
    """One listing, while it is renewed."""

    def __init__(self, store: Store, table: Table, files: str, mine: Mine) -> None:
        self.store, self.table, self.files, self.mine = store, table, files, mine
        self.new = 0

    def renewed(self, folder: Folder) -> Listed:
        """Take in what is new, take out what is gone."""
        paths = self.mine.of(folder.paths())
        while chunk := list(islice(paths, AT_ONCE)):
            self._take_in(folder, chunk)
        gone = self._take_out(folder)
        return Listed(self.mine.matched, self.new, gone, self.mine.unmatched, folder.odd)

    def _take_in(self, folder: Folder, files: list[tuple[str, Mapping[str, Any]]]) -> None:
        known = set(self.store.marks(self.table, [path for path, _ in files], store=self.files))
        seen = ((path, columns, folder.look(path)) for path, columns in files)
        new = [
            {"path": path, **columns, **vars(found)}
            for path, columns, found in seen
            if found and (path, found.mark) not in known
        ]
        self.store.take_in(self.table, new)
        self.new += len(new)

    def _take_out(self, folder: Folder) -> int:
        gone, last = 0, 0
        while rows := self.store.listed(self.table, after=last, most=AT_ONCE):
            lost = [row for row in rows if folder.look(row.path) is None or self.mine.match(row.path) is None]
            self.store.take_out(self.table, lost)
            gone, last = gone + len(lost), rows[-1].id
        return gone


# -- what is to be said of it -----------------------------------------------------------------------------


def _unlisted(table: str, files: str, refusal: JikimError) -> Diagnostic:
    return error(
        "unlisted",
        ("tables", table, "files"),
        f"the folder of `{files}` is not listed: {refusal}",
        why="nobody knows which files are there, so neither they nor whom they belong to are touched",
        fix=refusal.fix or "let the folder be read by whoever runs jikim",
    )


def _said(table: str, files: str, found: Listed) -> Iterator[Diagnostic]:
    if found.unmatched:
        yield warning(
            "unmatched-files",
            ("tables", table, "files"),
            counted(found.unmatched, f"file of `{files}` fits", f"files of `{files}` fit") + " no pattern",
            why="what no pattern names is never touched",
            fix="named: […]   # one more pattern; or `leave:` for what nobody need look after",
        )
    if found.odd:
        yield warning(
            "odd-files",
            ("tables", table, "files"),
            counted(found.odd, f"entry of `{files}` is", f"entries of `{files}` are")
            + " a link, a device, or named beyond all length",
            why="links are not followed, and nothing of the kind is ever touched",
            fix="look what put them there",
        )
