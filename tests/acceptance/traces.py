"""Looking for what should have gone, wherever Plask or jikim could have left it."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from examples.made_up.canary import PATTERN
from examples.made_up.scan import Finds, merged, scan_bytes, scan_database, scan_files
from psycopg import Connection

from jikim.backends.base import Store
from jikim.datamap.survey import quoted
from jikim.evidence.note import Signer
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.export_evidence import export_evidence
from jikim.operations.import_receipts import import_receipts

SIGNER = Signer("jikim.plask", bytes(range(32)))


def evidence(store: Store, ledger_url: str, folder: Path, *, now: datetime) -> bytes:
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


def everywhere_in(
    folder: Path,
    files: Path,
    papers: Mapping[str, bytes],
    *,
    pattern: re.Pattern[bytes] = PATTERN,
) -> Finds:
    """The same of the SQLite files of a folder; places are called as they are in PostgreSQL."""
    return merged(
        _scan_lite(folder / "app.db", "public", pattern),
        _scan_lite(folder / "archive.db", "kept_by_law", pattern),
        scan_files(files, pattern=pattern),
        scan_bytes(papers, pattern=pattern),
    )


def _scan_lite(path: Path, schema: str, pattern: re.Pattern[bytes]) -> Finds:
    """Search every column of every table, and all bytes of the file and its logs: those are the place of what is there
    and in no column."""
    names = (
        "select t.name, c.name from pragma_table_list t, pragma_table_info(t.name) c where t.schema = 'main'"
    )
    with closing(sqlite3.connect(path)) as connection:
        found = merged(
            *(
                scan_bytes({_place(schema, table, column): value}, pattern=pattern)
                for table, column in connection.execute(names).fetchall()
                for (value,) in connection.execute(
                    f"select cast({quoted(column)} as blob) from {quoted(table)}"
                    f" where {quoted(column)} is not null"
                )
            )
        )
        bytes_of = {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}*")}
    left = scan_bytes(bytes_of, pattern=pattern)
    return merged(found, {token: places for token, places in left.items() if token not in found})


def _place(schema: str, table: str, column: str) -> str:
    own = table.startswith("jikim_")
    return f"jikim.{table.removeprefix('jikim_')}.{column}" if own else f"{schema}.{table}.{column}"
