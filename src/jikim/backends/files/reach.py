"""Who may open a file, as far as owners and modes tell. Effectful: looks at files, opens none.

Looked at are the file, every folder on the way to it, and what a database writes beside it. Not looked at are access
control lists, capabilities, containers, and who knows root's password.
"""

import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from jikim.backends.base import StoreError, Way

BESIDE = ("", "-wal", "-journal", "-shm")
"""What SQLite writes beside a database: all but the last hold rows as it does."""


@dataclass(frozen=True)
class Account:
    """An account of the machine, and the groups it is in; ``words`` say whose."""

    uid: int
    groups: frozenset[int]
    words: str

    @classmethod
    def of(cls, path: Path) -> "Account":
        """The account that a file belongs to, and the file's group with it.

        :raises StoreError: it cannot be looked at.
        """
        found = _look(path)
        groups = {found.st_gid}
        try:
            known = pwd.getpwuid(found.st_uid)
            groups |= {*os.getgrouplist(known.pw_name, known.pw_gid)}
            name = f"`{known.pw_name}`"
        except KeyError:  # an account of another machine, or of none
            name = f"the account {found.st_uid}"
        return cls(found.st_uid, frozenset(groups), f"{name}, to whom `{path.name}` belongs,")

    def may(self, found: os.stat_result, right: int) -> bool:
        """Whether a file's mode gives it a right: 4 to read, 2 to write, 1 to pass through a folder."""
        if self.uid == 0:
            return True
        if self.uid == found.st_uid:
            return bool(found.st_mode & right << 6)
        return bool(found.st_mode & (right << 3 if found.st_gid in self.groups else right))


ANYBODY = Account(-1, frozenset(), "every account of this machine")
_RIGHTS = {4: "read", 2: "write"}


@dataclass(frozen=True)
class _Door:
    """A file, or a folder, and the folders on the way to it."""

    path: Path

    @cached_property
    def found(self) -> os.stat_result:
        return _look(self.path)

    @cached_property
    def way(self) -> list[os.stat_result]:
        """The folders on the way to it, from the root, and itself."""
        return [*(_look(folder) for folder in reversed(self.path.parents)), self.found]

    def rights(self, who: Account) -> list[str]:
        """What somebody may do with it, in words: whoever may write to a folder may put another in its place."""
        replaces = False
        for folder, inside in pairwise(self.way):
            if not who.may(folder, 1):
                return ["replace"] if replaces else []
            sticky = folder.st_mode & stat.S_ISVTX and who.uid not in (0, folder.st_uid, inside.st_uid)
            replaces = replaces or (who.may(folder, 2) and not sticky)
        rights = [word for right, word in _RIGHTS.items() if who.may(self.found, right)]
        return [*rights, "replace"] if replaces else rights


def ways_in(path: Path, *, service: Account | None) -> list[Way]:
    """Each way in which the service's account, or any, may open a file, what lies beside it, or a folder.

    :param service: the account that the service runs as; None where nobody can say.
    :raises StoreError: it cannot be looked at.
    """
    real = Path(os.path.realpath(path))
    every = [real] if real.is_dir() else [real.with_name(real.name + end) for end in BESIDE]
    doors = [_Door(each) for each in every if each == real or each.exists()]
    return [way for door in doors for way in _ways(door, service)]


def _ways(door: _Door, service: Account | None) -> Iterator[Way]:
    for who in (ANYBODY, *([service] if service else [])):
        if rights := door.rights(who):
            may = " and ".join(filter(None, (", ".join(rights[:-1]), rights[-1])))
            yield Way(f"{who.words} may {may} `{door.path.name}`", _fix(door, who, rights))
            return


def _fix(door: _Door, who: Account, rights: list[str]) -> str:
    if who.uid == 0:
        return "let the service run as an account of its own, not as root"
    if who.uid == door.found.st_uid:
        return f"let jikim run as another account than the service, and give it `{door.path}`"
    if rights == ["replace"]:
        return f"let `{door.path.name}` lie where only its owner may write to the folders on the way"
    return (
        f"chmod go= {door.path}"
        if who is ANYBODY
        else f"chmod g= {door.path}, or another group than the service's"
    )


def _look(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise StoreError(
            f"nobody can say who may open `{path.name}`: {os.strerror(error.errno or 0)}",
            fix="let the auditor look into the folder it lies in",
        ) from None
