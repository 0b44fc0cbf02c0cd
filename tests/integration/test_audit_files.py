"""The audit of folders: read by themselves, whatever a listing says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.foldered import KEPT_LOGS, STORES, foldered, foldered_lite, removed, there, write
from tests.keeping import Kept, audit_of, seoul
from tests.shop import MAP, TABLES

from jikim.plan.finding import Finding, FindingKind

ABOUT_FILES = (FindingKind.OVERDUE, FindingKind.STRAY_FILE, FindingKind.MISSING_FILE, FindingKind.OUTBOX)
LATE = seoul(2026, 4, 20)


def told(kept: Kept) -> dict[tuple[str, str], int]:
    """What an audit says of files, by kind and place."""
    found = audit_of(kept, as_of=LATE, now=LATE).findings
    return {(f.kind.value, f.where): f.count for f in found if _about_files(f)}


def _about_files(finding: Finding) -> bool:
    if finding.kind is FindingKind.UNREAD:
        return True
    return finding.kind in ABOUT_FILES and finding.where not in ("orders", "members")


@pytest.mark.parametrize("where", ["pg18", "file"])
def test_an_audit_looks_into_the_folders_itself(
    request: pytest.FixtureRequest, tmp_path: Path, where: str
) -> None:
    """Overdue files though no listing has them, files nobody mapped, files no row names, rows without file, the lag."""
    tables = TABLES + "alter table orders add column receipt text; update orders set receipt = 'r/' || id;"
    columns = {**MAP["tables"]["orders"]["columns"], "receipt": {"item": "order-history", "file": "receipts"}}
    stores = {**STORES, "receipts": {"path": "receipts", "leave": "*.tmp"}}
    orders = {**MAP["tables"]["orders"], "columns": columns}
    options: Any = {"tables": tables, "files": stores, "orders": orders, "logs": KEPT_LOGS}
    with (
        foldered_lite(tmp_path, **options)
        if where == "file"
        else foldered(request.getfixturevalue("empty_database_18"), tmp_path, **options)
    ) as kept:
        kept.folders["receipts"] = tmp_path / "receipts"
        write(tmp_path / "receipts", "r/1", "r/2", "r/3", at=LATE - timedelta(days=1))
        write(tmp_path / "logs", "access-2025-12-01.log", "access-2026-04-01.log", "access.log")
        write(tmp_path / "uploads", "1/left-long-ago", "2/stays")
        assert told(kept) == {("overdue", "access_logs"): 1, ("overdue", "uploads"): 1}

        assert kept.sweep(LATE).complete
        assert removed(kept).files > 2
        assert told(kept) == {}
        [name] = there(tmp_path / "archive")

        write(tmp_path / "logs", "secret-copy.log", at=LATE - timedelta(days=1))
        write(tmp_path / "receipts", "r/forgotten", "x.tmp", at=LATE - timedelta(days=1))
        write(tmp_path / "receipts", "r/being-uploaded", at=LATE)
        (tmp_path / "receipts/r/3").unlink()
        (tmp_path / "archive" / name).rename(tmp_path / "archive/elsewhere")
        assert told(kept) == {
            ("stray-file", "logs"): 1,
            ("stray-file", "receipts"): 1,
            ("missing-file", "receipts"): 1,
            ("missing-file", "archive"): 1,
        }
        (tmp_path / "uploads").rename(tmp_path / "unmounted")
        assert ("unread", "uploads") in told(kept)
