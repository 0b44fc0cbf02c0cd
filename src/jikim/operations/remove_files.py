"""Remove the files of rows that are gone, and believe it only when they are absent.

What a law demands is first copied to the archive's folder, written to the disk and read back: a file is in both
places or in one, and never in neither.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jikim.backends.base import OutboxEntry, Store
from jikim.backends.files.folder import Folder, FolderError, opened
from jikim.datamap.files import KEPT

AT_ONCE = 1000
"""Files after which the store is told, so that a run killed among many need not look for all of them again."""


@dataclass(frozen=True)
class Removed:
    """How many files are gone from where they were, and why others could not be removed (by count, never by name).

    ``replaced`` are those in whose place another file, or another state of it, was found: that one stays, and is
    listed anew.
    """

    files: int
    failed: Mapping[str, int]
    replaced: int = 0


def remove_files(store: Store, folders: Mapping[str, Path]) -> Removed:
    """Work off the store's outbox. Safe to be killed and run again: removing is idempotent.

    :param folders: where each files store lies.
    """
    gone, replaced = 0, 0
    failed: dict[str, int] = {}
    done: list[OutboxEntry] = []
    with ExitStack() as stack:
        found: dict[str, Folder] = {}
        for entry in store.outbox():
            try:
                for name in (entry.store, *([KEPT] if entry.kept else [])):
                    if name not in found:
                        found[name] = stack.enter_context(_folder(name, folders))
                replaced += _remove(entry, found)
            except FolderError as error:
                failed[str(error)] = failed.get(str(error), 0) + 1
                continue
            done.append(entry)
            if len(done) == AT_ONCE:
                gone += _told(store, found.values(), done, failed)
        gone += _told(store, found.values(), done, failed)
    return Removed(gone - replaced, failed, replaced)


def _folder(files: str, folders: Mapping[str, Path]) -> AbstractContextManager[Folder]:
    if files not in folders:
        raise FolderError(f"files store `{files}` is not in the map")
    return _present(files, folders[files])


@contextmanager
def _present(files: str, path: Path) -> Iterator[Folder]:
    """A folder that is there. One without anything in it may be the place of a disk that is not mounted."""
    with opened(path) as folder:
        if files == KEPT and not folder.marked:
            raise FolderError("the archive's folder has no marker: mount its disk, or run `jikim prepare`")
        if folder.empty:
            raise FolderError(f"the folder of `{files}` holds nothing at all: is its disk mounted?")
        yield folder


def _remove(entry: OutboxEntry, folders: Mapping[str, Folder]) -> bool:
    """Remove one file, once it is kept where a law demands it; whether another has taken its place.

    A listing, and the archive, spell a path as it was seen; a column has it as the service wrote it.
    """
    folder = folders[entry.store]
    path = entry.path if entry.mark or entry.store == KEPT else folder.inside(entry.path)
    for name in entry.kept:
        folders[KEPT].keep(name, source=folder, path=path)
    return folder.remove(path, mark=entry.mark)


def _told(store: Store, folders: Iterable[Folder], done: list[OutboxEntry], failed: dict[str, int]) -> int:
    """Tell the store that these are absent, once they are so on the disk; how many they are."""
    told, done[:] = list(done), []
    try:
        for folder in folders:
            folder.settle()
    except FolderError as error:
        failed[str(error)] = failed.get(str(error), 0) + len(told)
        return 0
    if told:
        store.removed(told)
    return len(told)
