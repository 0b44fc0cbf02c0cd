"""Remove the files of rows that are gone, and believe it only when they are absent."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jikim.backends.base import OutboxEntry, Store


@dataclass(frozen=True)
class Removed:
    """How many files are gone, and why others could not be removed (by count, never by name)."""

    files: int
    failed: Mapping[str, int]


def remove_files(store: Store, folders: Mapping[str, Path]) -> Removed:
    """Work off the store's outbox. Safe to be killed and run again: removing is idempotent.

    :param folders: where each files store lies.
    """
    gone: list[OutboxEntry] = []
    failed: dict[str, int] = {}
    for entry in store.outbox():
        if reason := _remove(entry, folders):
            failed[reason] = failed.get(reason, 0) + 1
        else:
            gone.append(entry)
    if gone:
        store.removed(gone)
    return Removed(len(gone), failed)


def _remove(entry: OutboxEntry, folders: Mapping[str, Path]) -> str:
    """Remove one file; the reason why not, or nothing."""
    folder = folders.get(entry.store)
    if folder is None:
        return f"files store `{entry.store}` is not in the map"
    root = folder.resolve()
    # The parent is resolved, not the file: a link is removed itself and never what it points to.
    path = (root / entry.path).parent.resolve() / Path(entry.path).name
    if not path.is_relative_to(root) or path == root:
        return f"the path leads outside the folder of `{entry.store}`"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return f"the file system refused: {error.strerror}"
    return "the file is still there" if path.is_symlink() or path.exists() else ""
