"""What an audit finds, as values. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from jikim.source import Severity


class FindingKind(StrEnum):
    """What an audit can find."""

    OVERDUE = "overdue"
    OVERDUE_CELL = "overdue-cell"
    OVERDUE_COPY = "overdue-copy"
    ORPHAN = "orphan"
    UNJUDGED = "unjudged"
    UNREAD = "unread"
    PARTITION = "partition"
    CLEAR_SECRET = "clear-secret"  # noqa: S105 - the name of a kind
    ARCHIVE_TABLE = "archive-table"
    ARCHIVE_COLUMN = "archive-column"
    ARCHIVE_MISSING = "archive-missing"
    REACHABLE = "reachable"
    WAIVER = "waiver"
    MAP = "map"
    UNSHIPPED = "unshipped-receipt"
    OUTBOX = "open-outbox"
    UNCONFIRMED = "unconfirmed-run"
    RESTORED = "restored-store"


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
