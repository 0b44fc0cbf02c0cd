"""Show the archive to the person it is about (전상법 시행령 제6조②), as the keeper and never as the service.

Whoever reads names a purpose, a case and who checked the person's identity; each reading is an access record.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jikim.backends.base import Store, StoreError


@dataclass(frozen=True)
class Reading:
    """Why the archive is opened. All of it goes into the access record; none of it names a person."""

    purpose: str
    case: str
    identity_checked_by: str


def show_archive(
    store: Store, *, subject: str, key: tuple[str, ...], reading: Reading
) -> list[dict[str, Any]]:
    """Every archived copy about one person, each with its law, article and destroy-after date.

    The caller records the reading as evidence before it shows what was read.

    :raises StoreError: purpose, case or identity check is missing, or the keeper may not read.
    """
    for name in ("purpose", "case", "identity_checked_by"):
        if not getattr(reading, name).strip():
            raise StoreError(f"the archive is not opened without `{name.replace('_', '-')}`", fix="say it")
    return store.archived(subject, key)


def next_destruction(copies: list[dict[str, Any]]) -> datetime | None:
    """When the first of these copies goes."""
    return min((c["jikim_destroy_after"] for c in copies), default=None)
