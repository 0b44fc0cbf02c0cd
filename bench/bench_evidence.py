"""Evidence: appended, exported, verified, proved.

Receipts of a real store, each of one batch that 4,999 persons caused, are imported and sealed in a real ledger that
keeps what it commits. The log's export is verified with nothing but the file and the public key. Floors: the same
rows copied into a table like it within the server; and two hashes for each entry, without which there is no Merkle
tree. Memory is the most that a process of its own ever held.
"""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from tests.integration.evidence import NOW, SIGNER, STORE, VKEY, make_store, write_receipt

from bench.measure import Figure, Scale, at_least, at_most, seconds, side_by_side, timed
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.merkle import inclusion_nodes
from jikim.evidence.proof import prove, verify_proof
from jikim.evidence.seal import MOST_ENTRIES
from jikim.ledger import checkpoints, entries, tree
from jikim.ledger.engine import connect, snapshot
from jikim.ledger.upgrading import upgrade
from jikim.operations.export_evidence import export_evidence
from jikim.operations.import_receipts import import_receipts
from jikim.operations.seal_evidence import seal_evidence
from jikim.operations.show_evidence import show_evidence
from jikim.operations.verify_evidence import verify_evidence
from jikim.postgres import Server

ENTRIES = 1_000_000
A_RECEIPT = 5_000
"""Entries of one receipt: the batch, and the persons."""
PROOFS = 200
BY_HAND = Path(__file__).parent / "floors" / "append_entries.sql"
MOST_MEGABYTES = 250

HELD = """
import sys
from pathlib import Path
from tests.integration.evidence import NOW, SIGNER, VKEY
{work}
held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(held.split()[1]) / 1024)
"""
EXPORT = """
from jikim.ledger.engine import connect
from jikim.operations.export_evidence import export_evidence
export_evidence(connect(sys.argv[1]), Path(sys.argv[2]), signer=SIGNER, now=NOW)
"""
VERIFY = """
from jikim.operations.verify_evidence import verify_evidence
verify_evidence(Path(sys.argv[2]), vkey=VKEY)
"""


def figures(scale: Scale) -> Iterator[Figure]:
    """A log of a million entries at full size."""
    count = max(1, scale.of(ENTRIES) // A_RECEIPT) * A_RECEIPT
    with tempfile.TemporaryDirectory() as home, Server.start(Path(home) / "server") as server:
        for name in ("store", "ledger"):
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute(f"create database {name}")
        url, export = server.url("ledger"), Path(home) / "evidence.jsonl"
        ledger = connect(url)
        try:
            upgrade(ledger)
            yield from _appended(count, ledger=ledger, server=server)
            yield from _exported(count, ledger=ledger, url=url, export=export)
            yield from _verified(count, times=scale.times, export=export)
            yield from _proved(count, ledger=ledger)
        finally:
            ledger.dispose()


def _appended(count: int, *, ledger: sa.Engine, server: Server) -> Iterator[Figure]:
    store = make_store(server.url("store"))
    for batch in range(count // A_RECEIPT):
        tags = (sha256(b"%d %d" % (batch, number)).hexdigest()[:32] for number in range(1, A_RECEIPT))
        write_receipt(store, "2026-01-18", batch, rows=A_RECEIPT, persons=dict.fromkeys(tags, 1))
    importing = seconds(lambda: import_receipts(store, ledger, name=STORE))
    store.sweeper.dispose()
    sealing = seconds(lambda: seal_evidence(ledger, signer=SIGNER, now=NOW))
    by_hand = seconds(lambda: _copy_by_hand(count, url=server.url("ledger")))
    rate = count / sealing
    yield Figure(f"append {count:,} queued entries to the log", "entries/s", rate, target=at_least(50_000))
    yield Figure("the same beside rows copied within the server", "entries/s", rate, floor=count / by_hand)
    yield Figure("before that: queue them, out of a store's receipts", "entries/s", count / importing)
    yield Figure("both: from a store to the log", "entries/s", count / (importing + sealing))


def _copy_by_hand(count: int, *, url: str) -> None:
    statement = BY_HAND.read_bytes()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "create schema by_hand; create table by_hand.entry (like jikim.entry including all)"
        )
        for start in range(0, count, MOST_ENTRIES):
            connection.execute(statement, {"start": start, "end": start + MOST_ENTRIES})
        connection.execute("drop schema by_hand cascade")


def _exported(count: int, *, ledger: sa.Engine, url: str, export: Path) -> Iterator[Figure]:
    exporting = seconds(lambda: export_evidence(ledger, export, signer=SIGNER, now=NOW))
    yield Figure(f"export a log of {count:,} entries", "entries/s", count / exporting)
    for what, work in (("exporting", EXPORT), ("verifying", VERIFY)):
        held = _held(work, url, str(export))
        yield Figure(f"the most that {what} it holds", "MB", held, target=at_most(MOST_MEGABYTES))


def _held(work: str, *arguments: str) -> float:
    """The most memory that a process of its own held while it did this, in megabytes."""
    command = [sys.executable, "-c", HELD.format(work=work), *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _verified(count: int, *, times: int, export: Path) -> Iterator[Figure]:
    with export.open("rb") as file:
        lines = [line for line in islice(file, min(count, 100_000)) if line.startswith(b'{"as_of"')]
    node = bytes(65)

    def hashed() -> None:
        for line in lines:
            sha256(line).digest()
            sha256(node).digest()

    ours, floor = side_by_side(times, lambda: verify_evidence(export, vkey=VKEY), hashed)
    rate = count / ours
    yield Figure(f"verify a log of {count:,} entries", "entries/s", rate, target=at_least(300_000))
    yield Figure("the same beside two hashes an entry", "entries/s", rate, floor=len(lines) / floor)


def _proved(count: int, *, ledger: sa.Engine) -> Iterator[Figure]:
    places = [number * 7919 % count for number in range(PROOFS)]
    with snapshot(ledger, doing="proving") as connection:
        proving, made = _each(partial(_prove, connection), places)
    opening, _ = _each(partial(verify_proof, vkey=VKEY), made)
    showing, _ = _each(partial(show_evidence, ledger, vkey=VKEY), places)
    yield Figure(f"prove one entry of {count:,}", "ms", proving * 1e3, target=at_most(1))
    yield Figure("verify its proof", "ms", opening * 1e3, target=at_most(1))
    yield Figure("show it: a transaction, the proof made and verified", "ms", showing * 1e3)


def _each(work: Callable[[Any], Any], given: Iterable[Any]) -> tuple[float, list[Any]]:
    """The median seconds of some work on each, and what it gave."""
    took: list[float] = []
    gave = []
    for one in given:
        with timed(took):
            gave.append(work(one))
    return statistics.median(took), gave


def _prove(connection: sa.Connection, seq: int) -> bytes:
    """As `show_evidence` does, in a transaction that is open."""
    found, note = entries.at(connection, seq), checkpoints.latest(connection)
    assert found is not None
    assert note is not None
    groups = inclusion_nodes(seq, size=Checkpoint.read(note).size)
    hash_at = tree.hashes(connection, [node for group in groups for node in group])
    return prove(found.exact, seq=seq, note=note, hash_at=hash_at)
