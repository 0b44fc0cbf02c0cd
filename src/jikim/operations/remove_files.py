"""Remove the files of rows that are gone, and believe it only when they are absent.

What a law demands is first copied to the archive's folder, written to the disk and read back: a file is in both
places or in one, and never in neither.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import normpath

from jikim.backends.base import OutboxEntry, Store
from jikim.backends.files.folder import MARKER, Folder, FolderError, opened
from jikim.datamap.files import KEPT

AT_ONCE = 1000
"""Files after which the store is told, so that a run killed among many need not look for all of them again."""


@dataclass(frozen=True)
class Removed:
    """How many files are gone from where they were, and why others could not be removed (by count, never by name).

    ``replaced`` are those in whose place another file, or another state of it, was found: that one stays, and is
    listed anew. ``shared`` are those that another row names still.
    """

    files: int
    failed: Mapping[str, int]
    replaced: int = 0
    shared: int = 0


def remove_files(store: Store, folders: Mapping[str, Path]) -> Removed:
    """Work off the store's outbox. Safe to be killed and run again: removing is idempotent.

    :param folders: where each files store lies.
    """
    gone, replaced, shared = 0, 0, 0
    failed: dict[str, int] = {}
    done: list[OutboxEntry] = []
    with ExitStack() as stack:
        found: dict[str, Folder] = {}
        waiting = store.outbox()
        named = _named(store, waiting)
        for entry in waiting:
            others = _spelled(entry) in named
            try:
                for name in (entry.store, *([KEPT] if entry.kept else [])):
                    if name not in found:
                        found[name] = stack.enter_context(_folder(name, folders))
                stays = _remove(entry, found, others=others)
            except FolderError as error:
                failed[str(error)] = failed.get(str(error), 0) + 1
                continue
            replaced, shared = replaced + (stays and not others), shared + others
            done.append(replace(entry, stayed=stays))
            if len(done) == AT_ONCE:
                gone += _told(store, found.values(), done, failed)
        gone += _told(store, found.values(), done, failed)
    return Removed(gone - replaced - shared, failed, replaced, shared)


def _named(store: Store, waiting: Sequence[OutboxEntry]) -> set[tuple[str, str]]:
    """Files that went with one row and that another names still, by files store and path: the last takes them along.

    A listing's row is the file itself.
    """
    paths: dict[str, set[str]] = {}
    for entry in waiting:
        if not entry.mark and entry.store != KEPT:
            paths.setdefault(entry.store, set()).update((entry.path, normpath(entry.path)))
    named = set()
    for files, every in paths.items():
        wanted = sorted(every)
        for first in range(0, len(wanted), AT_ONCE):
            found = store.named(files, wanted[first : first + AT_ONCE])
            named |= {(files, normpath(path)) for path in found}
    return named


def _spelled(entry: OutboxEntry) -> tuple[str, str]:
    return entry.store, "" if entry.mark else normpath(entry.path)


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


def _remove(entry: OutboxEntry, folders: Mapping[str, Folder], *, others: bool) -> bool:
    """Remove one file, once it is kept where a law demands it; whether it stays, for what is there is not its own.

    A listing, and the archive, spell a path as it was seen; a column has it as the service wrote it.

    :param others: whether another row names it.
    """
    folder = folders[entry.store]
    path = entry.path if entry.mark or entry.store == KEPT else folder.inside(entry.path)
    for name in entry.kept:
        folders[KEPT].keep(name, source=folder, path=path)
    return others or path == MARKER or folder.remove(path, mark=entry.mark)


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
