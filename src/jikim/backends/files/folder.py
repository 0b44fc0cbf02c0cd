"""One folder of files, seen from its root: no link is followed out of it, and no mount is mistaken for it. Effectful.

Every way into the folder is opened part by part from a descriptor of its root, so that a part that has become a link
meanwhile leads nowhere. A disk that is not mounted looks like an empty folder: `jikim prepare` leaves a marker in each
root, and where it is missing nothing is concluded from what is not there.

A path is text: bytes that are no UTF-8 are written ``\\xNN``, and a backslash doubled.
"""

import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path

from jikim.errors import JikimError

MARKER = ".jikim-folder"
_MARKED = (
    b"jikim looks after the files here. Where this file is missing, it takes the folder for not mounted.\n"
)
LONGEST, DEEPEST = 2000, 100
"""Bytes of a path, and parts of it, beyond which a file is told and not listed: an index holds no longer one."""
_INTO = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_START = datetime(1970, 1, 1, tzinfo=UTC)


class FolderError(JikimError):
    """A folder that cannot be looked through. Names the folder, and no file."""


@dataclass(frozen=True)
class Found:
    """A file as it is now. Another ``mark`` under the same path is another file, or another state of it."""

    modified: datetime
    size: int
    mark: str


class Folder:
    """A folder that is open. ``odd`` counts what a walk met and cannot list: links, devices, endless names."""

    def __init__(self, path: Path, root: int) -> None:
        self.path, self.odd = path, 0
        self._root = root
        self._touched: dict[tuple[bytes, ...], None] = {}
        self._last: tuple[tuple[bytes, ...], int] = ((), root)

    # -- what is there ------------------------------------------------------------------------------------

    @property
    def marked(self) -> bool:
        """Whether it is the folder that was prepared."""
        return _found(self._root, os.fsencode(MARKER)) is not None

    @property
    def empty(self) -> bool:
        """Whether nothing at all is in it, not even the marker: a mount point, as likely as not."""
        with os.scandir(self._root) as entries:
            return next(entries, None) is None

    def paths(self) -> Iterator[str]:
        """Every file, directory by directory.

        :raises FolderError: a directory cannot be read, so that nobody knows what is in it.
        """
        self.odd = 0
        yield from self._walk((), self._root)

    def _walk(self, parts: tuple[bytes, ...], at: int) -> Iterator[str]:
        within: list[bytes] = []
        with self._told("read"), os.scandir(at) as entries:
            for entry in entries:
                name = os.fsencode(entry.name)
                where = (*parts, name)
                if not parts and entry.name == MARKER:
                    continue
                path = spelled(b"/".join(where))
                if len(where) > DEEPEST or len(path.encode()) > LONGEST:
                    self.odd += 1
                elif entry.is_dir(follow_symlinks=False):
                    within.append(name)
                elif entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    self.odd += 1
        for name in within:
            with self._told("read"):
                inner = self._into(at, name)
            if inner is None:
                continue
            try:
                yield from self._walk((*parts, name), inner)
            finally:
                os.close(inner)

    def look(self, path: str) -> Found | None:
        """One file; None where there is none, or what is there is no file.

        :raises FolderError: it cannot be looked at.
        """
        *parts, name = raw(path).split(b"/")
        with self._told("looked at"):
            at = self._directory(tuple(parts))
            return None if at is None else _found(at, name)

    # -- what is done -------------------------------------------------------------------------------------

    def mark(self) -> None:
        """Leave the marker, if it is not there.

        :raises FolderError: nothing may be written there.
        """
        with self._told("marked"), suppress(FileExistsError):
            made = os.open(MARKER, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=self._root)
            os.write(made, _MARKED)
            os.fsync(made)
            os.close(made)

    def remove(self, path: str, *, mark: str) -> bool:
        """Remove a file that still has this mark; any, where the mark is empty. Whether another has taken its place.

        Repeating it does no harm. It is not on the disk before the folder is settled.

        :raises FolderError: it is still there.
        """
        *parts, name = raw(path).split(b"/")
        with self._told("removed from"):
            at = self._directory(tuple(parts))
            if at is None:
                return False
            found = _found(at, name)
            if mark and (found is None or found.mark != mark) and _there(at, name):
                return True
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=at)
        self._touched[tuple(parts)] = None
        return False

    def settle(self) -> None:
        """See to it that what was removed is removed on the disk, too: each directory once.

        One that is empty now goes as well, for its name may tell whose files were in it.

        :raises FolderError: one cannot be written.
        """
        while self._touched:
            for parts in sorted(self._touched, key=len, reverse=True):
                with self._told("written to"):
                    if parts and self._without(parts):
                        self._touched[parts[:-1]] = None
                    elif (at := self._directory(parts)) is not None:
                        os.fsync(at)
                del self._touched[parts]

    def _without(self, parts: tuple[bytes, ...]) -> bool:
        """Remove a directory if nothing is in it; whether it is gone. Only of a folder that was prepared: another, left
        with nothing in it, could not be told from a disk that is not mounted."""
        if not self.marked:
            return False
        *above, name = parts
        self.close()
        at = self._directory(tuple(above))
        if at is None:
            return True
        try:
            os.rmdir(name, dir_fd=at)
        except OSError:  # another file is in it, it is no directory any more, or may not be removed
            return not _there(at, name)
        return True

    def keep(self, name: str, *, source: "Folder", path: str) -> None:
        """Keep a copy of a file of another folder under a name of this one, on the disk and read back.

        Repeating it does no harm: what is kept already, and is gone there, is kept.

        :raises FolderError: it could not be kept; it is then still where it was, if it was there.
        """
        folder, _, last = raw(name).partition(b"/")
        if b"/" in last or not last.strip(b".") or not folder.strip(b"."):
            raise FolderError("what a law demands cannot be kept under such a name")
        *parts, file = raw(path).split(b"/")
        with self._told("written to"):
            at = source._directory(tuple(parts))
            given = None if at is None else _opened_file(at, file)
            with suppress(FileExistsError):
                os.mkdir(folder, 0o700, dir_fd=self._root)
            into = self._directory((folder,))
            if into is None:
                raise FolderError("what a law demands cannot be kept under such a name")
            if given is None:
                if _found(into, last) is None:
                    raise FolderError("a file that a law demands is not there")
                return
            with os.fdopen(given, "rb") as reading:
                _copied(reading, into, last)
            os.fsync(self._root)

    def inside(self, path: str) -> str:
        """A path as a service's column has it, seen from the root: links among its directories may stay inside.

        :raises FolderError: it leads outside, or to no file.
        """
        root = self.path.resolve()
        if "\0" in path:
            raise FolderError("the path is none")
        try:
            # The parent is resolved, not the file: a link is removed itself and never what it points to.
            file = (root / path).parent.resolve() / Path(path).name
        except (OSError, RuntimeError):
            raise FolderError("the path is none") from None
        if not file.is_relative_to(root) or file == root:
            raise FolderError("the path leads outside the folder")
        return spelled(os.fsencode(file.relative_to(root)))

    # -- parts --------------------------------------------------------------------------------------------

    def _directory(self, parts: tuple[bytes, ...]) -> int | None:
        """A directory inside, open until the next is asked for; None where there is none."""
        if self._last[0] == parts:
            return self._last[1]
        self.close()
        at: int | None = self._root
        for part in parts:
            above, at = at, self._into(at, part) if at is not None else None
            if above not in (None, self._root):
                os.close(above)
        if at is not None:
            self._last = (parts, at)
        return at

    def close(self) -> None:
        """Let go of the directory in hand."""
        if self._last[1] != self._root:
            os.close(self._last[1])
        self._last = ((), self._root)

    @staticmethod
    def _into(at: int, name: bytes) -> int | None:
        try:
            return os.open(name, _INTO, dir_fd=at)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:  # a link stands there now
                return None
            raise

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FolderError(f"it cannot be {doing}: {error.strerror}") from None


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """A folder, open until the end of the block: a disk that is unmounted meanwhile stays where it is.

    :raises FolderError: there is none, or it cannot be read.
    """
    try:
        root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise FolderError(f"it cannot be opened: {error.strerror}") from None
    folder = Folder(path, root)
    try:
        yield folder
    finally:
        folder.close()
        os.close(root)


def _opened_file(at: int, name: bytes) -> int | None:
    """A regular file in a directory, to be read; None for none."""
    if _found(at, name) is None:
        return None
    return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)


def _copied(given: BufferedReader, into: int, name: bytes) -> None:
    """Write a file's content beside its place, read it back, and put it there. Raises ``FolderError``."""
    for_now = b".jikim-" + hashlib.sha256(name).hexdigest().encode()
    made = os.open(
        for_now, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=into
    )
    with os.fdopen(made, "w+b") as copy:
        shutil.copyfileobj(given, copy, 1 << 20)
        copy.flush()
        os.fsync(made)
        given.seek(0)
        copy.seek(0)
        same = hashlib.file_digest(given, "sha256").digest() == hashlib.file_digest(copy, "sha256").digest()
    if not same:
        raise FolderError("a file that a law demands is being written to, and could not be copied as it is")
    os.rename(for_now, name, src_dir_fd=into, dst_dir_fd=into)
    os.fsync(into)


def _found(at: int, name: bytes) -> Found | None:
    """A regular file in a directory; None for none, and for what is something else."""
    try:
        seen = os.stat(name, dir_fd=at, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(seen.st_mode):
        return None
    try:
        modified = _START + timedelta(microseconds=seen.st_mtime_ns // 1000)
    except OverflowError:
        modified = datetime.max.replace(tzinfo=UTC)
    return Found(modified, seen.st_size, f"{seen.st_ino}-{seen.st_mtime_ns}-{seen.st_size}")


def _there(at: int, name: bytes) -> bool:
    """Whether anything stands under that name."""
    try:
        os.stat(name, dir_fd=at, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def spelled(path: bytes) -> str:
    """A path as text."""
    return path.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


_WRITTEN = re.compile(rb"\\(?:\\|x([0-9a-f]{2}))")


def raw(path: str) -> bytes:
    """The path that was spelled so."""
    return _WRITTEN.sub(lambda m: bytes.fromhex(m[1].decode()) if m[1] else b"\\", path.encode())
