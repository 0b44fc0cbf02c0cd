"""The shop in a SQLite file, its receipts on their way into a ledger on a server; and what one does there by hand.

By hand a session is set as jikim's own. Beside a service it copies the write-ahead log between transactions, and rests
for as long as it held the lock: nobody else would get it. Effectful.
"""

import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import ClassVar

import sqlalchemy as sa

from bench.measure import seconds_of
from bench.shop import AS_OF, HERE, KEY, ZONE, Shop, floor, promise
from bench.shop.places import administer
from jikim.backends.auditing.auditor import Auditor
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.backends.sqlite.audit import SqliteFile
from jikim.backends.sqlite.store import SqliteStore
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.plan_sweep import bound
from jikim.postgres import Server

TABLES = (HERE / "sqlite.sql").read_text()
NAMES = re.findall(r"create table (\w+)", TABLES)
NOW = "2026-05-31 15:00:00"
"""``AS_OF`` as the file writes it."""
MEMBERS = "members select n, 'm' || n || '@mail.example', null from {members}"
LEAVERS = MEMBERS.replace("null", "case when {left} then '2026-04-30 15:00:00' end")
VISIT = "insert into visits values (null, 1, 'page', '2026-05-31 03:00:00')"
POST = "insert into posts values (null, (select max(id) from members), 'text')"
"""What the service writes meanwhile: of the first member, or of the last, who stays."""
KEPT = (
    "create table kept.orders (id integer primary key, member_id, what, amount, completed_at, destroy_after)",
    "create index kept.going on orders (destroy_after)",
)
LOG = 8000
"""Pages of the write-ahead log after which it is copied into the file, where nobody else writes."""
SET = ("secure_delete = on", "cache_size = -32768", "temp_store = memory", "foreign_keys = on")
_NUMBERS = count(1)


class InFile(Shop):
    """The shop in one file, and its archive in another."""

    def __init__(
        self, path: Path, ledger: sa.Engine, *, tables: Collection[str] = (), orphans: str = ""
    ) -> None:
        archive = path.with_name("archive.db")
        self.kept = SqliteArchive(archive, zone=ZONE)
        store = SqliteStore(path, self.kept, name="app", zone=ZONE, mask_key=KEY, epoch_key=KEY)
        promised = promise(tables or NAMES, times="utc", orphans=orphans)
        super().__init__(str(path), store, ledger, promised, archive=str(archive))
        self.sessions = (store, self.kept)

    def prepare(self) -> None:
        """jikim's own tables, and the archive's."""
        bound(self.store, self.promise, as_of=AS_OF)
        self.store.prepare(None, app_role=None)
        self.close()

    def auditor(self) -> Auditor:
        """Whoever audits it."""
        live, kept = (SqliteFile(path, path) for path in (Path(self.where), self.kept.path))
        return Auditor(live, kept, home="main", apart=True)

    def close(self) -> None:
        """End every session; each begins again when it is needed."""
        for each in self.sessions:
            each.close()


@dataclass(frozen=True)
class Filled:
    """A file that copies are made of.

    :param orphans: what becomes of visits of nobody, where the map says so.
    """

    path: Path
    ledger: sa.Engine
    orphans: str = ""

    @contextmanager
    def copied(self, *, tables: Collection[str] = ()) -> Iterator[InFile]:
        """The shop as it was filled, and on disk.

        :param tables: of which the map speaks, where not of all.
        """
        folder = self.path.with_name(f"copy-{next(_NUMBERS)}")
        folder.mkdir()
        shop = InFile(folder / "app.db", self.ledger, tables=tables, orphans=self.orphans)
        shutil.copy(self.path, shop.where)
        shop.prepare()
        with open(shop.where, "rb+") as copy:
            os.fsync(copy.fileno())  # or the first checkpoint would wait for all of it
        try:
            yield shop
        finally:
            shop.close()
            shutil.rmtree(folder)


@dataclass(frozen=True)
class Files:
    """A folder, and a ledger for all shops in it."""

    folder: Path
    ledger: sa.Engine

    @contextmanager
    def filled(self, *fill: str, **words: object) -> Iterator[Filled]:
        """The shop filled by these statements.

        :param fill: what follows ``insert into``, in which ``{name}`` is a word, and what ends in ``from {name}`` reads
            the numbers ``n`` from 1 to it; or any other statement.
        """
        path = self.folder / f"filled-{next(_NUMBERS)}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as session:
            session.execute("pragma journal_mode = wal")
            session.executescript(TABLES)
            session.execute("begin")
            for statement in fill:
                session.execute(_counted(statement.format(**words)))
            session.execute("commit")
        yield Filled(path, self.ledger)
        path.unlink()


def _counted(fill: str) -> str:
    """A statement that fills a table, and has numbers to do so."""
    what, _, most = fill.rpartition(" from ")
    if not what or not most.strip().isdigit():
        return fill
    numbers = f"with recursive n (n) as (select 1 union all select n + 1 from n where n < {most})"
    return f"{numbers} insert into {what} from n"


@contextmanager
def files() -> Iterator[Files]:
    """Room for files, and a server for their ledger."""
    with (
        tempfile.TemporaryDirectory(prefix="jikim-bench-") as folder,
        Server.start(Path(folder) / "server", durable=False) as server,
    ):
        administer(server, "create database ledger")
        ledger = connect(server.url("ledger"))
        upgrade(ledger)
        yield Files(Path(folder), ledger)
        ledger.dispose()


@dataclass
class Alone:
    """A session in which one does by hand what jikim would, where nobody else writes."""

    session: sqlite3.Connection
    log: ClassVar[int] = LOG
    share: ClassVar[int] = 1
    """One transaction takes on one in so many of the rows that it might."""

    def run(self, transactions: Iterable[Sequence[str]], **said: object) -> int:
        """Statements, transaction by transaction; how many rows of the shop they deleted or changed."""
        return sum(self._done(statements, said) for statements in transactions)

    def _done(self, statements: Sequence[str], said: dict[str, object]) -> int:
        self.session.execute("begin immediate")
        return self._committed(statements, said)

    def _committed(self, statements: Sequence[str], said: dict[str, object]) -> int:
        found = [(each, self.session.execute(each, said).rowcount) for each in statements]
        self.session.execute("commit")
        return sum(rows for each, rows in found if each.startswith(("delete from main", "update main")))

    def keep_apart(self) -> None:
        """Attach another file, as ``kept``, for what a law keeps."""
        _, _, path = self.session.execute("pragma database_list").fetchone()
        self.session.execute("attach ? as kept", [str(Path(path).with_name("by-hand.db"))])
        self.session.execute("pragma kept.journal_mode = wal")
        self.session.execute("pragma kept.cache_size = -32768")
        for statement in KEPT:
            self.session.execute(statement)


@dataclass
class InTurns(Alone):
    """The same beside a service that writes."""

    held: float = 0.0
    """Seconds for which the last transaction held the lock."""
    log: ClassVar[int] = 0
    share: ClassVar[int] = 4

    def _done(self, statements: Sequence[str], said: dict[str, object]) -> int:
        time.sleep(self.held)
        self.session.execute("begin immediate")
        self.held, rows = seconds_of(partial(self._committed, statements, said))
        self.session.execute("pragma wal_checkpoint(passive)")
        return rows


@contextmanager
def by_hand(shop: Shop, way: type[Alone] = InTurns) -> Iterator[Alone]:
    """A session in the shop's file."""
    with closing(sqlite3.connect(shop.where, timeout=30, isolation_level=None)) as session:
        for pragma in SET:
            session.execute(f"pragma {pragma}")
        session.execute(f"pragma wal_autocheckpoint = {way.log}")
        yield way(session)


def transactions(name: str) -> list[list[str]]:
    """A floor's statements: those of one transaction stand together, and a line is left out before the next."""
    said = re.sub("^--.*\n", "", floor(name), flags=re.MULTILINE).strip()
    return [[each.strip() for each in part.split(";") if each.strip()] for part in said.split("\n\n")]
