"""The account a server runs as: PostgreSQL refuses to run as root. Effectful: reads the system's accounts."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from jikim.postgres.errors import PostgresError

_CANDIDATES: Final = ("jikim", "postgres", "nobody")
"""For root, best first: an account made for this, one made for databases, one that every system has."""


class Credentials(TypedDict, total=False):
    """The arguments by which ``subprocess`` lets a child be another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user and a group, by number."""

    uid: int
    gid: int

    @property
    def credentials(self) -> Credentials:
        """What makes a child process this account; nothing when we are it already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(data: Path) -> Account:
    """Ourselves; for root the owner of the data, or for data that does not exist yet an unprivileged account.

    :raises PostgresError: when root has no other account to use.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise PostgresError(
                f"`{data}` belongs to root, and PostgreSQL refuses to run as root",
                fix=f"give it to an unprivileged account: chown -R postgres: '{data}'",
            )
        return Account(owner.st_uid, owner.st_gid)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL refuses to run as root, and this system has no unprivileged account for it",
        fix="make one: useradd --system jikim",
    )
