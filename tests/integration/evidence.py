"""A ledger and a store with receipts, real ones, and processes that die where they are told to."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from tests import asked
from tests.servers import fresh_database

from jikim.backends.base import Run
from jikim.backends.postgresql.archive import SameDatabase
from jikim.backends.postgresql.ddl import STORE_TABLES
from jikim.backends.postgresql.session import engine
from jikim.backends.postgresql.store import PostgresStore
from jikim.evidence.entry import Entry
from jikim.evidence.note import Signer
from jikim.ledger.engine import connect
from jikim.operations import import_receipts as importing
from jikim.operations.apply_plan import Applied, StepResult
from jikim.operations.export_evidence import export_evidence
from jikim.operations.import_receipts import Imported, import_receipts
from jikim.operations.record_run import finish_run, start_run
from jikim.operations.seal_evidence import seal_evidence
from jikim.operations.verify_evidence import verify_evidence
from jikim.plan.plan import Plan
from jikim.postgres import Server

SIGNER = Signer("jikim.plask", bytes(range(32)))
VKEY = SIGNER.verifier.vkey
NOW = datetime(2026, 1, 18, 0, 30, tzinfo=UTC)
AS_OF = datetime(2026, 1, 17, 15, tzinfo=UTC)
POLICY, PLAN = "sha256:" + "a" * 64, "sha256:" + "b" * 64
STORE = "app"


def make_store(url: str) -> PostgresStore:
    """A store with jikim's own tables and none of a service's: enough for receipts."""
    store = open_store(url)
    with store.sweeper.begin() as connection:
        connection.execute(sa.text("create schema if not exists jikim"))
        for statement in STORE_TABLES:
            connection.execute(sa.text(statement))
    return store


def open_store(url: str) -> PostgresStore:
    """The store at a URL."""
    one = engine(url, role="sweeper")
    return PostgresStore(
        one,
        SameDatabase(one, one, schema="kept_by_law"),
        name=STORE,
        tables_in="public",
        zone=ZoneInfo("Asia/Seoul"),
        mask_key=bytes(32),
        epoch_key=bytes(32),
    )


def write_receipt(
    store: PostgresStore,
    run: str,
    batch: int,
    *,
    step: str = "members/destroy",
    table: str = "members",
    action: str = "destroy",
    rows: int = 3,
    because: Sequence[str] = ("processing.membership",),
    persons: Mapping[str, int] | None = None,
    files: int = 0,
) -> None:
    """One receipt, as a batch leaves it."""
    at = NOW - timedelta(minutes=20) + timedelta(seconds=batch)
    values = {"run": run, "step": step, "batch": batch, "action": action, "on_table": table, "rows": rows}
    more = {"as_of": AS_OF, "plan": PLAN, "policy": POLICY, "files": files, "at": at}
    notes = {
        "because": sa.literal(list(because), pg.JSONB),
        "persons": sa.literal(dict(persons or {}), pg.JSONB),
    }
    written = {**values, **more, **notes}
    receipt = sa.table("receipt", *map(sa.column, written), schema="jikim")
    with store.sweeper.begin() as connection:
        connection.execute(sa.insert(receipt).values(**written))


def person(number: int) -> str:
    """A tag."""
    return f"{number:032x}"


def sealed(ledger: sa.Engine, path: Path) -> list[Entry]:
    """Every entry of the log, sealed, exported, and verified strictly with the public key alone."""
    export_evidence(ledger, path, signer=SIGNER, now=NOW)
    verify_evidence(path, vkey=VKEY, strict=True)
    lines = path.read_bytes().splitlines()
    return [Entry.decode(line) for line in lines if line.startswith(b'{"as_of"')]


def said(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """What each entry is about; one about a person, every deed that it tells."""
    names = ("run", "step", "batch", "tag")
    return [
        (entry.kind, *(getattr(deed, name, getattr(entry.body, name, None)) for name in names))
        for entry in entries
        for deed in getattr(entry.body, "deeds", (entry.body,))
    ]


_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["tests.integration.evidence"])


def die_at(number: int, verb: str, *, store_url: str, ledger_url: str) -> bool:
    """Do something in a process that is killed before the n-th thing it asks of a database; whether it was."""
    process = _SPAWN.Process(target=_do, args=(number, verb, store_url, ledger_url))
    process.start()
    process.join(60)
    with closing(process):
        assert process.exitcode in (0, -signal.SIGKILL)
        return process.exitcode != 0


def _do(number: int, verb: str, store_url: str, ledger_url: str) -> None:
    store, ledger, left = open_store(store_url), connect(ledger_url), [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for each in (store.sweeper, ledger):
        sa.event.listen(each, "before_cursor_execute", count)
        sa.event.listen(each, "commit", count)
    asked.watch(lambda _, moment: count() if moment == "before" else None)
    if verb == "import":
        importing.DEEDS_AT_ONCE = 4
        import_receipts(store, ledger, name=STORE)
    else:
        seal_evidence(ledger, signer=SIGNER, now=NOW)


@dataclass(frozen=True)
class World:
    """A store, a ledger, and where they are."""

    store: PostgresStore
    ledger: sa.Engine
    store_url: str
    ledger_url: str
    export: Path

    def bring(self) -> Imported:
        return import_receipts(self.store, self.ledger, name=STORE)

    def seal(self) -> None:
        seal_evidence(self.ledger, signer=SIGNER, now=NOW)

    def count(self, query: str) -> int:
        with self.store.sweeper.connect() as connection:
            return int(connection.execute(sa.text(query)).scalar_one())


@contextmanager
def fresh_world(server: Server, blank: tuple[str, str], folder: Path) -> Iterator[World]:
    """Copies of both, which nobody else has touched."""
    store_blank, ledger_blank = blank
    with (
        fresh_database(server, template=store_blank) as store_url,
        fresh_database(server, template=ledger_blank) as ledger_url,
    ):
        store, ledger = open_store(store_url), connect(ledger_url)
        yield World(store, ledger, store_url, ledger_url, folder / "evidence.jsonl")
        store.sweeper.dispose()
        ledger.dispose()


def tamper(ledger: sa.Engine, *changes: sa.Executable) -> None:
    """Change evidence as whoever owns the database can."""
    with ledger.begin() as connection:
        for table in ("entry", "checkpoint"):
            connection.execute(sa.text(f"alter table jikim.{table} disable trigger user"))
        for change in changes:
            connection.execute(change)


def fill(world: World, receipts: int = 6) -> None:
    for batch in range(receipts):
        write_receipt(world.store, "run-1", batch)
    world.bring()
    world.seal()


def begin(world: World, run: str, *, days_ago: int = 0) -> Plan:
    plan = Plan(store=STORE, as_of=AS_OF, made_at=NOW, digests={}, steps=())
    start_run(world.ledger, Run(run, plan, POLICY), now=NOW - timedelta(days=days_ago))
    return plan


def end(world: World, run: str, plan: Plan) -> None:
    steps = (
        StepResult("members/destroy", "members", "destroy", rows=6),
        StepResult("orders/destroy", "orders", "destroy", rows=1),
        StepResult("orders/mask-1", "orders", "mask", "refused", reason="plan again"),
    )
    finish_run(world.ledger, Applied(run, plan.digest, AS_OF, steps), now=NOW)
