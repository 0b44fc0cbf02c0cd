"""What a PostgreSQL store asks about one person, and carries out on their rows alone. Effectful.

All of it goes over one connection where that is kept open (``asking``), so that what the server was told of a
statement once holds for the next person, too.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import sqlalchemy as sa

from jikim.backends.base import Archive, Key, Run, StoreError
from jikim.backends.postgresql.asking import Asking
from jikim.backends.postgresql.at_once import AtOnce
from jikim.backends.postgresql.books import PostgresBooks
from jikim.backends.postgresql.session import driver_of, scrubbed
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.person import OfPerson, dated
from jikim.datamap.schema import Schema
from jikim.plan.plan import Step
from jikim.plan.schedule import Facts, Mention, Schedules, TableSchedule
from jikim.plan.sweep import Sweep


class PostgresPeople(PostgresBooks):
    """A store, as far as it is about one person."""

    elsewhere: Archive | None
    _asking: sa.Engine
    _open: ContextVar[sa.Connection | None]
    _about: Asking
    _for_one: AtOnce | None

    @abstractmethod
    def _bound(self) -> tuple[Schedules, Schema]:
        """The schedules in use, and the shape of the store."""

    @abstractmethod
    def _batches(self, step: Step) -> Batches:
        """What builds a step's statements."""

    @contextmanager
    def asking(self) -> Iterator[None]:
        """What is asked meanwhile, from here, is asked over one connection."""
        with self._connected() as connection:
            before = self._open.set(connection)
            try:
                yield
            finally:
                self._open.reset(before)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection for statements that stand for themselves."""
        if known := self._open.get():
            if known.invalidated:
                known.rollback()  # the server ended it; what is asked next is asked over another
            yield known
            return
        with self._asking.connect() as connection:
            yield connection

    def rows_of(
        self,
        tables: Sequence[TableSchedule],
        schedules: Schedules,
        *,
        subject: str,
        key: Key,
        as_of: datetime,
    ) -> OfPerson:
        """What the store was told, and keys and trigger dates of one person's rows in some tables."""
        with scrubbed(f"reading what is about a `{subject}`"), self._connected() as connection:
            sweeps = self._sweeps(tables, schedules, as_of=as_of)
            return self._about.rows_of(connection, sweeps, subject=subject, key=key)

    def any_of(
        self,
        tables: Sequence[TableSchedule],
        schedules: Schedules,
        *,
        subject: str,
        key: Key,
        as_of: datetime,
    ) -> bool:
        """Whether some tables hold any row of a person at all."""
        with scrubbed(f"looking for what is about a `{subject}`"), self._connected() as connection:
            sweeps = self._sweeps(tables, schedules, as_of=as_of)
            return self._about.any_of(connection, sweeps, subject=subject, key=key)

    def _sweeps(
        self, tables: Sequence[TableSchedule], schedules: Schedules, *, as_of: datetime
    ) -> list[Sweep]:
        facts = self.facts() if any(map(dated, tables)) else Facts()
        return [Sweep(table, schedules, facts, as_of) for table in tables]

    def named_in(self, mentions: Sequence[tuple[TableSchedule, Mention]], *, key: Key) -> list[list[Key]]:
        """Keys of the rows of some tables that name a person beside their owners."""
        with scrubbed("reading what names a person"), self._connected() as connection:
            return self._about.named_in(connection, mentions, key=key)

    def heard(self) -> int:
        """The place in the ledger up to which the store was told of facts. Every batch asks, so no text is parsed."""
        with scrubbed("reading facts"), self._connected() as connection:
            asked = driver_of(connection).execute(f"select {self._place()}".encode(), prepare=True)
            return int((asked.fetchone() or [0])[0])

    def at_once(self, run: Run, *, subject: str, key: Key, number: int = 0) -> dict[str, int]:
        """Carry out every step of a plan on the rows of one person, in one transaction; how many rows each changed.

        :param key: the person's key, each part as text.
        :param number: of the batch; receipts of two people in one run need two.
        :raises StoreError: the store refused, or the plan cannot be carried out so; nothing was done.
        """
        with (
            scrubbed(f"carrying out what is due of one `{subject}`"),
            self._connected() as connection,
        ):
            if self._for_one is None or (self._for_one.run, self._for_one.subject) != (run, subject):
                self._for_one = self._made_for_one(run, subject)
            return self._for_one.carry_out(connection, key, number=number)

    def _made_for_one(self, run: Run, subject: str) -> AtOnce:
        """What a run does to one person of a kind. Raises ``StoreError`` where it cannot be done so."""
        tables = self._bound()[1].tables
        if self.elsewhere or any(tables[s.table].copiers for s in run.plan.steps if s.masks):
            raise StoreError(
                "what goes to an archive elsewhere, or may be put back by a trigger, goes with a sweep only",
                fix="run `jikim apply`",
            )
        at, heard = self.heard(), f"select {self._place()}"
        if self.facts().digest != run.plan.digests["facts"]:
            raise StoreError("a hold or a fact was told since this was planned", fix="run it again")
        return AtOnce.of(run, subject, batches=self._batches, heard=heard, at=at)
