"""Looking for what should have gone, wherever Plask or jikim could have left it."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from examples.made_up.canary import PATTERN
from examples.made_up.scan import Finds, merged, scan_bytes, scan_database, scan_files
from psycopg import Connection

from jikim.backends.postgresql.store import PostgresStore
from jikim.evidence.note import Signer
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.export_evidence import export_evidence
from jikim.operations.import_receipts import import_receipts

SIGNER = Signer("jikim.plask", bytes(range(32)))


def evidence(store: PostgresStore, ledger_url: str, folder: Path, *, now: datetime) -> bytes:
    """What jikim would show of its runs: every receipt as evidence, sealed and exported."""
    ledger = connect(ledger_url)
    try:
        upgrade(ledger)
        import_receipts(store, ledger, name="app")
        export_evidence(ledger, folder / "evidence", signer=SIGNER, now=now)
    finally:
        ledger.dispose()
    return (folder / "evidence").read_bytes()


def everywhere(
    office: Connection[Any],
    files: Path,
    papers: Mapping[str, bytes],
    *,
    pattern: re.Pattern[bytes] = PATTERN,
) -> Finds:
    """What matches in every table of every schema, every motion file, and these papers; and where."""
    return merged(
        scan_database(office, pattern=pattern),
        scan_files(files, pattern=pattern),
        scan_bytes(papers, pattern=pattern),
    )
