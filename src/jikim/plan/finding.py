"""What an audit finds, as values. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from jikim.source import Severity

ANCIENT: Final = 1900
"""Nothing that a service dates happened in this year or before: such a date stands for something else."""


class FindingKind(StrEnum):
    """What an audit can find."""

    OVERDUE = "overdue"
    OVERDUE_CELL = "overdue-cell"
    OVERDUE_COPY = "overdue-copy"
    OVERLONG_COPY = "overlong-copy"
    UNEXPLAINED_COPY = "unexplained-copy"
    ORPHAN = "orphan"
    UNJUDGED = "unjudged"
    UNREAD = "unread"
    PARTITION = "partition"
    UNREACHED = "unreached"
    CLEAR_SECRET = "clear-secret"  # noqa: S105 - the name of a kind
    ARCHIVE_TABLE = "archive-table"
    ARCHIVE_COLUMN = "archive-column"
    ARCHIVE_MISSING = "archive-missing"
    REACHABLE = "reachable"
    ONE_ROLE = "one-role"
    WAIVER = "waiver"
    MAP = "map"
    UNSHIPPED = "unshipped-receipt"
    OUTBOX = "open-outbox"
    UNTOLD = "untold-facts"
    UNSETTLED = "unsettled-move"
    UNFINISHED = "late-finish"
    STRAY_FILE = "stray-file"
    MISSING_FILE = "missing-file"
    UNCONFIRMED = "unconfirmed-run"
    RESTORED = "restored-store"
    WAITING = "waiting-rows"
    LONG_AGO = "long-ago"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 row``, ``1,234 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@dataclass(frozen=True)
class Finding:
    """One thing an audit found: where, how often and since when, but never whose.

    :param where: a table, ``table.column``, or a role.
    :param oldest: the oldest due date (to the day) or moment among them.
    :param because: the clauses and articles that say it must not be.
    """

    kind: FindingKind
    severity: Severity
    where: str
    message: str
    count: int = 1
    oldest: datetime | None = None
    because: tuple[str, ...] = ()
    fix: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding as plain JSON."""
        return {
            **vars(self),
            "kind": self.kind.value,
            "severity": self.severity.value,
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "because": list(self.because),
        }


def unreadable(where: str) -> Finding:
    """The auditor may not read a table."""
    message = f"the auditor's role may not read `{where}`, so nobody knows what it holds"
    fix = "grant pg_read_all_data to the auditor's role"
    return Finding(FindingKind.UNREAD, Severity.ERROR, where, message, fix=fix)
