"""Audit the folders: read by themselves, and not from a listing or by a predicate. Changes nothing.

Every file of a folder that is rows is judged by the due function, with what the store knows of whom it belongs to.
In a folder whose files a column names, each file must be named by a row, and each row's file be there.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from jikim.backends.auditing.auditor import Snapshot
from jikim.backends.files.folder import Folder, FolderError, Found, opened, raw, spelled
from jikim.datamap.files import KEPT, Names, listed
from jikim.datamap.model import DataMap
from jikim.datamap.schema import OWN
from jikim.operations.list_files import Mine, looked_into, others
from jikim.plan.audit import Judge
from jikim.plan.finding import Finding, FindingKind, counted
from jikim.plan.reading import reading
from jikim.plan.schedule import Facts, Schedules
from jikim.plan.tally import Tally
from jikim.source import Severity

AT_ONCE = 2000
SETTLED = timedelta(hours=1)
"""How long a file may lie there before its row must: a service writes the one, then the other."""


@dataclass
class NamedFiles:
    """The files that rows name, by files store, as digests of their paths inside the folder."""

    folders: Mapping[str, Path]
    paths: dict[str, set[bytes]] = field(default_factory=dict)

    def add(self, files: str, path: str) -> None:
        """A row names this file."""
        if files == KEPT:
            self.paths.setdefault(files, set()).add(_digest(spelled(raw(path))))
        elif files in self.folders:
            root = self.folders[files]
            inside = os.path.relpath(os.path.normpath(root / path), root)
            self.paths.setdefault(files, set()).add(_digest(spelled(os.fsencode(inside))))


def _digest(path: str) -> bytes:
    return blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass
class FilesAudit:
    """The folders of one store.

    :param folders: where each files store lies; one of a column that is not among them is not looked into.
    """

    snapshot: Snapshot
    datamap: DataMap
    schedules: Schedules
    facts: Facts
    as_of: datetime
    now: datetime
    folders: Mapping[str, Path]
    findings: list[Finding] = field(default_factory=list)

    def tables(self) -> Iterator[Tally]:
        """Every folder that is rows: a table like the others."""
        for table, files, names in listed(self.datamap):
            if self.snapshot.schema.tables[table].lies_in != OWN:
                continue  # the map's check says why
            with self._told(table, files), looked_into(files, self.folders) as folder:
                yield self._judged(table, files, names, folder)

    def _judged(self, table: str, files: str, names: Names, folder: Folder) -> Tally:
        schedule = next((each for each in self.schedules if each.table == table), None)
        read = reading(table, self.snapshot.schema.tables[table].columns, schedule, self.schedules)
        judge = (
            Judge(read, calendar=self.schedules.calendar, facts=self.facts, as_of=self.as_of)
            if schedule
            else None
        )
        tally = Tally(table, judged=judge is not None)
        leaving = self.snapshot.leaving(files)
        mine = Mine(names, *others(self.datamap, files, self.folders))
        paths = mine.of(path for path in folder.paths() if path not in leaving)
        while chunk := list(islice(paths, AT_ONCE)):
            seen = ((path, columns, folder.look(path)) for path, columns in chunk)
            rows: list[dict[str, Any]] = [
                {"id": 0, "path": path, **columns, **vars(found)} for path, columns, found in seen if found
            ]
            if judge and rows:
                for judgement, count in judge.every(self.snapshot.read_given(read, rows)):
                    tally.add(judgement, count)
            tally.read += len(rows)
        tally.counted = tally.read
        if judge is not None:
            tally.awaited, tally.ancient = judge.awaited, judge.ancient
        self._strays(
            files, mine.unmatched, "fits no pattern", "fit no pattern", fix="named: […]   # or `leave:`"
        )
        self._odd(files, folder)
        return tally

    def columns(self, named: NamedFiles) -> None:
        """Every folder whose files a column names: files without a row, rows without a file."""
        stores = self.datamap.stores.files
        columns = {c.file for s in self.schedules for c in s.cells if c.file and not stores[c.file].named}
        for files in sorted((columns | {KEPT}) & self.folders.keys()):
            with self._told(files, files), opened(self.folders[files]) as folder:
                if folder.empty:
                    raise FolderError("it holds nothing at all: is its disk mounted?")
                self._compared(files, folder, named.paths.get(files, set()))

    def _compared(self, files: str, folder: Folder, named: set[bytes]) -> None:
        store = self.datamap.stores.files.get(files)
        names = store.names if store else Names(())
        known = named | {_digest(path) for path in self._inside(folder, self.snapshot.leaving(files))}
        if files == KEPT:
            known -= {_digest(path) for path in self.snapshot.arriving()}
        strays, seen = 0, 0
        for path in folder.paths():
            if _digest(path) in known:
                seen += 1
            elif not names.left(path) and self._settled(folder.look(path)):
                strays += 1
        self._strays(
            files, strays, "is named by no row", "are named by no row", fix="remove them, or `leave:` them"
        )
        self._odd(files, folder)
        if missing := len(known) - seen:
            self._say(
                FindingKind.MISSING_FILE,
                Severity.WARNING,
                files,
                counted(missing, "row names a file", "rows name files") + f" that `{files}` does not hold",
                missing,
                fix="see in the service what became of them",
            )

    @staticmethod
    def _inside(folder: Folder, paths: set[str]) -> Iterator[str]:
        for path in paths:
            try:
                yield folder.inside(path)
            except FolderError:
                continue  # the outbox says that it cannot be removed

    def _settled(self, found: Found | None) -> bool:
        return found is not None and found.modified < self.now - SETTLED

    # -- what is said -------------------------------------------------------------------------------------

    @contextmanager
    def _told(self, where: str, files: str) -> Iterator[None]:
        try:
            yield
        except FolderError as error:
            message = f"the folder of `{files}` cannot be audited: {error}"
            self._say(FindingKind.UNREAD, Severity.ERROR, where, message, fix=error.fix)

    def _strays(self, files: str, count: int, one: str, many: str, *, fix: str) -> None:
        if count:
            message = (
                counted(count, f"file of `{files}` {one}", f"files of `{files}` {many}")
                + ": nothing removes "
            )
            message += "it" if count == 1 else "them"
            self._say(FindingKind.STRAY_FILE, Severity.ERROR, files, message, count, fix=fix)

    def _odd(self, files: str, folder: Folder) -> None:
        if folder.odd:
            odd = counted(folder.odd, f"entry of `{files}` is", f"entries of `{files}` are")
            message = f"{odd} a link, a device, or named beyond all length: nothing removes such"
            fix = "see what put them there"
            self._say(FindingKind.STRAY_FILE, Severity.WARNING, files, message, folder.odd, fix=fix)

    def _say(
        self, kind: FindingKind, severity: Severity, where: str, message: str, count: int = 1, *, fix: str
    ) -> None:
        self.findings.append(Finding(kind, severity, where, message, count, fix=fix))
