"""Wires a project: the only place that knows which parts stand behind the protocols. Effectful.

Nothing is opened before it is asked for, and everything opened is closed with the project. The parts, in the
order in which one needs the other: settings → policy and map → keys → store → ledger.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from jikim import config
from jikim.backends.base import Run, StoreError
from jikim.backends.files.folder import FolderError, opened
from jikim.backends.opening import Places
from jikim.backends.postgresql import session as sql
from jikim.backends.sql.store import SqlStore
from jikim.config import ConfigError
from jikim.datamap.files import KEPT, listings
from jikim.datamap.told import told
from jikim.evidence.tags import tag
from jikim.ledger import epoch_keys
from jikim.ledger import keys as key_file
from jikim.ledger.engine import connect, transaction
from jikim.ledger.upgrading import upgrade
from jikim.operations.begin_log import Log, begin_log, log_of
from jikim.operations.keep_promise import BACKUPS
from jikim.operations.plan_sweep import bound
from jikim.plan.plan import Plan
from jikim.plan.schedule import Schedules
from jikim.postgres import Server
from jikim.written import Written

if TYPE_CHECKING:
    from jikim.backends.auditing.auditor import Auditor
    from jikim.backends.base import Way
    from jikim.operations.draft_files import Sampler

EPOCH = timedelta(days=30)
"""How long one key makes the tags by which evidence speaks of persons."""


@dataclass
class Project(Written):
    """A service whose promise is kept: what its files say, and all that they name."""

    _opened: ExitStack = field(repr=False)

    # -- what is opened ------------------------------------------------------------------------------------

    @cached_property
    def ledger(self) -> sa.Engine:
        """The ledger, its tables up to date. Raises ``LedgerError`` or ``PostgresError``."""
        _ = self.keys  # without them nothing could be sealed
        url = self.config.ledger
        if url == "embedded":
            server = self._opened.enter_context(Server.start(self.config.home / "ledger"))
            url = server.url()
        engine = self._closing(connect(url))
        upgrade(engine)
        return engine

    @cached_property
    def reader(self) -> SqlStore:
        """The store, to be read. Raises ``StoreError``, ``ConfigError`` or ``LedgerError``."""
        return self.places.store(mask_key=self.keys.masking, epoch_key=None)

    @cached_property
    def store(self) -> SqlStore:
        """The store, to be changed: opens the ledger for the key that tags persons."""
        return self.places.store(mask_key=self.keys.masking, epoch_key=self._epoch_key)

    @cached_property
    def places(self) -> Places:
        """Where rows and archive are, as yet unopened. Raises ``ConfigError`` or ``DataMapError``."""
        stores = self.datamap.stores
        places = Places(
            app=config.resolved(stores.app.url),
            archive=config.resolved(stores.archive.url),
            tables_in=stores.app.tables_in,
            archive_in=stores.archive.tables_in,
            zone=self.zone,
            folder=self.config.folder,
            also=self.datamap.schemas,
            listings=listings(self.datamap),
            told=told(self.datamap),
        )
        self._opened.callback(places.close)
        return places

    @cached_property
    def auditor(self) -> "Auditor":
        """Reads the store and its archive as the auditor; as sweeper and keeper where none is named."""
        named = (self.config.auditor, self.config.archive_auditor)
        return self.places.auditor(*(config.resolved(url) if url else None for url in named))

    @property
    def closed(self) -> Mapping[str, Path]:
        """What is closed to the service as the archive is, as far as it is there."""
        kept = self.folders.get(KEPT)
        closed = {"keys": self.config.home / key_file.FILE, **({"archive's folder": kept} if kept else {})}
        return {what: path for what, path in closed.items() if path.exists()}

    @cached_property
    def _epoch_key(self) -> bytes:
        with transaction(self.ledger, doing="asking for the epoch key") as connection:
            found = epoch_keys.current(connection, self.keys, now=self.now, lasts=EPOCH, horizon=BACKUPS)
        return found.key

    def _closing(self, engine: sa.Engine) -> sa.Engine:
        self._opened.callback(engine.dispose)
        return engine

    # -- what is made --------------------------------------------------------------------------------------

    def schedules(self, store: SqlStore, as_of: datetime) -> Schedules:
        """What is promised of each table that may be touched, with the store told of it."""
        schedules, _, _ = bound(store, self.promise(as_of), as_of=as_of)
        return schedules

    def run(self, plan: Plan) -> Run:
        """A run of that plan, under a name no run had before."""
        name = f"{self.now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        return Run(name, plan, plan.digests["policy"])

    def tag(self, subject: str, key: tuple[str, ...]) -> str:
        """The tag by which evidence speaks of a person in this epoch."""
        return tag(self._epoch_key, store="app", kind=subject, key="\x1f".join(key))

    def tags(self, subject: str, key: tuple[str, ...]) -> list[str]:
        """Every tag a person has in evidence, the newest first, as far as their keys still live."""
        with transaction(self.ledger, doing="asking for epoch keys") as connection:
            living = epoch_keys.living(connection, self.keys)
        return [tag(each.key, store="app", kind=subject, key="\x1f".join(key)) for each in living]

    def administration(self) -> list[str]:
        """What an administrator runs once in the store, as SQL."""
        return self.places.store(mask_key=b"", epoch_key=None).administration(
            self.datamap.stores.app.app_role
        )

    def also_keeps(self) -> "Way | None":
        """How the role that sweeps is, or can become, the one that keeps, as far as both can sign in by now."""
        with suppress(StoreError):
            return self.places.also_keeps()
        return None

    def prepare(self, admin: str | None, *, new_log: bool = False) -> None:
        """Make keys and ledger where there are none, the store's parts as ``admin``, and the archive's tables.

        :param admin: a URL; None when an administrator has run :meth:`administration` already.
        :param new_log: begin another log, because the key file of the one before is lost.
        :raises JikimError: a right is missing, or a file cannot be used or is lost.
        """
        promise = self.promise(self.now)
        self.prepare_log(new_log=new_log)
        bound(self.reader, promise, as_of=self.now)
        url = config.resolved(admin) if admin else None
        self.reader.prepare(url, app_role=promise.datamap.stores.app.app_role)
        for name, folder in self.folders.items():
            if name == KEPT:
                folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(FolderError), opened(folder) as found:  # one that is missing is told by every plan
                found.mark()

    def prepare_log(self, *, new_log: bool = False) -> None:
        """Make keys and ledger where there are none: all that publishing a policy needs. Parameters as above.

        :raises JikimError: the policy or another file cannot be used or is lost.
        """
        self._make_home(new_log=new_log)
        _ = self.ledger

    def _make_home(self, *, new_log: bool) -> None:
        """The folder of secrets, for its owner only, with a fresh key file; one that is there stays."""
        home, name = self.config.home, f"jikim.{self.policy.service.id}"
        home.mkdir(mode=0o700, exist_ok=True)
        file = home / key_file.FILE
        if file.exists():
            if new_log:
                raise ConfigError(f"`{file}` is there, so its log goes on", fix="leave out --new-log")
            return
        before = self._log_without_keys()
        if before and not new_log:
            raise ConfigError(
                f"`{file}` is missing, and the ledger holds a log of {before.entries:,} entries, which another key "
                "cannot continue",
                fix="put it back from its backup; if there is none: `jikim prepare --new-log` (its --help says what is "
                "lost)",
            )
        if before:
            self._set_aside()
        key_file.create(home, name=name)
        if new_log:
            begin_log(self.ledger, before=before, now=self.now)

    def _log_without_keys(self) -> Log | None:
        """The log of the ledger, for which there are no keys."""
        with ExitStack() as opened:
            url = self.config.ledger
            if url == "embedded":
                folder = self.config.home / "ledger"
                if not folder.exists():
                    return None
                url = opened.enter_context(Server.start(folder)).url()
            engine = connect(url)
            opened.callback(engine.dispose)
            return log_of(engine)

    def _set_aside(self) -> None:
        """Keep the log that ended beside the one that begins."""
        if self.config.ledger != "embedded":
            raise ConfigError(
                "the ledger still holds the log that ended",
                fix=f"keep that database, and let `ledger` in `{config.FILE}` name an empty one",
            )
        ledger = self.config.home / "ledger"
        ledger.rename(ledger.with_name(f"ledger-until-{self.now:%Y%m%dT%H%M%SZ}"))


@contextmanager
def open_project(start: Path, *, now: datetime) -> Iterator[Project]:
    """The project that ``start`` lies in, as yet unopened; closed at the end of the block.

    :raises ConfigError: its settings cannot be read.
    """
    with ExitStack() as opened:
        yield Project(config.load(start), now, opened)


@contextmanager
def open_sampler(url: str, *, tables_in: str) -> Iterator["Sampler"]:
    """A database to look at, which need not belong to a project yet; closed at the end of the block.

    :param url: a URL, or ``env:NAME``.
    :raises ConfigError: the environment holds no such name.
    :raises StoreError: the URL cannot be read.
    """
    named = config.resolved(url)
    if named.startswith("sqlite:"):
        from jikim.backends.sqlite.sample import SqliteSampler
        from jikim.backends.sqlite.session import opened, path_of

        path = path_of(named, role="sampler")
        with closing(opened(path, role="sampler")) as connection:
            yield SqliteSampler(connection, path.stem)
        return
    from jikim.backends.postgresql.sample import PostgresSampler

    engine = sql.engine(named, role="sampler")
    try:
        yield PostgresSampler(engine, tables_in)
    finally:
        engine.dispose()
