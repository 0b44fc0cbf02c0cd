"""One database as it stands at one moment: what an auditor asks of its rows and of jikim's own tables. Effectful.

A store is one, and so is its archive where that lies elsewhere. Each table is read whole, through a cursor, LEFT
JOINed to the rows its facts and owners live in, and judged by whoever asked.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jikim.backends.auditing.select import Query, Relation, Speech
from jikim.backends.base import Move, Way
from jikim.backends.files.reach import Account
from jikim.datamap.schema import Schema, Table
from jikim.plan.schedule import Facts, Hold

Row = Sequence[Any]

AT_ONCE = 10_000
"""Rows fetched at a time."""

PENDING = "jikim_pending"
"""The column of an archive elsewhere that names the move by which a copy has come, until that is settled."""


@dataclass(frozen=True)
class Waiting:
    """How many entries wait, and since when the oldest has."""

    count: int
    oldest: datetime | None

    @classmethod
    def together(cls, each: Iterable["Waiting"]) -> "Waiting":
        """What waits in several places."""
        found = list(each)
        return cls(sum(w.count for w in found), earliest(w.oldest for w in found))


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    """The first of those that are known."""
    return min((at for at in times if at is not None), default=None)


class Side(ABC):
    """One database at one moment."""

    speech: Speech

    # -- how it is asked ----------------------------------------------------------------------------------

    @abstractmethod
    def ask(self, query: str, **values: Any) -> list[Row]:
        """Every row of a query whose values are named. Raises ``StoreError``."""

    @abstractmethod
    def stream(self, query: Query, *, doing: str) -> Iterator[Sequence[Row]]:
        """The rows of a query, some thousands at a time. Raises ``StoreError``."""

    @abstractmethod
    def own(self, table: str) -> str:
        """One of jikim's own tables, as a statement names it."""

    @abstractmethod
    def instant(self, value: Any) -> datetime | None:
        """An instant as jikim's own tables have it; None for none, and for what is none."""

    # -- what is there ------------------------------------------------------------------------------------

    @abstractmethod
    def schema(self) -> Schema:
        """The shape of the tables. Raises ``StoreError``."""

    @abstractmethod
    def relations(self) -> Iterable[Relation]:
        """Everything that holds rows but jikim's own tables, under the database's own names."""

    @abstractmethod
    def beside(self, table: Table) -> Relation:
        """A table of jikim's own that stands for rows of the service: a listing of files, what the ledger told."""

    def count(self, relation: Relation) -> int:
        """The unconditional count of rows."""
        [(count,)] = self.ask(f"select count(*) from {relation.source}")
        return int(count)

    def copies(self, relation: Relation) -> Iterator[Sequence[Row]]:
        """Every copy in a table of the archive, with all its columns in their order."""
        columns = [
            self.speech.read(f"t.{self.speech.quoted(c)}", kind) for c, kind in relation.columns.items()
        ]
        query = f"select {', '.join(columns)} from {relation.source} t"
        kinds = tuple((kind, False) for kind in relation.columns.values())
        return self.stream(Query(query, kinds=kinds), doing=f"reading the archive `{relation.name}`")

    # -- who may reach it ---------------------------------------------------------------------------------

    roles: bool
    """Whether it knows who asks."""

    @abstractmethod
    def account(self) -> Account | None:
        """The account whose file it is, where it is one."""

    @abstractmethod
    def knows(self, role: str) -> bool:
        """Whether it has such a role."""

    @abstractmethod
    def into_books(self, role: str) -> list[Way]:
        """How a role can reach jikim's own tables."""

    @abstractmethod
    def into_archive(self, role: str | None, account: Account | None) -> list[Way]:
        """How the service, by its role or by its account, can reach the archive that is kept here."""

    @abstractmethod
    def sweepers(self) -> list[str]:
        """The roles that sweep this store."""

    @abstractmethod
    def keepers_among(self, sweepers: Sequence[str]) -> list[Way]:
        """How one of these roles is, or can become, whoever keeps the archive that is here."""

    # -- jikim's own tables -------------------------------------------------------------------------------

    def facts(self) -> Facts:
        """Legal holds in force and facts about the service as a whole."""
        rows = self.ask(
            "select id, kind, name, on_table, subject_kind, subject_key, happened_at"
            f" from {self.own('fact')} where released_at is null order by id"
        )
        holds = tuple(
            Hold(i, name, who, tuple(as_list(key)), at)
            for i, kind, name, at, who, key, _ in rows
            if kind == "hold"
        )
        told = {name: self.instant(when) for _, kind, name, *_, when in rows if kind == "service"}
        return Facts({name: when for name, when in told.items() if when}, holds)

    def heard(self) -> int:
        """The place in the ledger up to which the store was told of facts."""
        [(place,)] = self.ask(f"select max(place) from {self.own('heard')}")
        return int(place or 0)

    def unshipped(self, *, before: datetime) -> Waiting:
        """Receipts older than ``before`` that the ledger has not acknowledged, though their files are gone."""
        return self._waiting(
            f"select count(*), min(r.at) from {self.own('receipt')} r where r.shipped_at is null"
            f" and r.at < {self.speech.named('before')} and not exists (select 1 from {self.own('outbox')} o"
            " where o.run = r.run and o.step = r.step and o.batch = r.batch and o.done_at is null)",
            before,
        )

    def outbox(self, *, before: datetime) -> Waiting:
        """Files that should have been removed since before ``before`` and were not."""
        return self._waiting(
            f"select count(*), min(r.at) from {self.own('outbox')} o"
            f" join {self.own('receipt')} r on r.run = o.run and r.step = o.step and r.batch = o.batch"
            f" where o.done_at is null and r.at < {self.speech.named('before')}",
            before,
        )

    def leaving(self, files: str) -> set[str]:
        """The files of a files store that wait to be removed."""
        query = f"select path from {self.own('outbox')} where done_at is null and store = {self.speech.named('files')}"
        return {path for (path,) in self.ask(query, files=files)}

    def arriving(self) -> set[str]:
        """The files of the archive's folder that are still to be copied there."""
        found = self.ask(f"select kept from {self.own('outbox')} where done_at is null and kept <> '[]'")
        return {name for (kept,) in found for name in json.loads(kept)}

    def unfinished(self, height: int, *, before: datetime) -> Mapping[str, Waiting]:
        """By table, what was removed before ``before`` and has not come to that height."""
        height_of, at = self.speech.named("height"), self.speech.named("before")
        found = self.ask(
            f"select on_table, count(*), min(at) from {self.own('receipt')}"
            f" where height < {height_of} and at < {at} group by on_table order by on_table",
            height=height,
            before=before,
        )
        return {table: Waiting(count, self.instant(oldest)) for table, count, oldest in found}

    def moves(self) -> Mapping[str, datetime | None]:
        """Moves to an archive elsewhere of which the rows went and nobody settled the copies, and since when."""
        found = self.ask(
            f"select m.run, m.step, m.batch, r.at from {self.own('move')} m left join {self.own('receipt')} r"
            " on r.run = m.run and r.step = m.step and r.batch = m.batch"
        )
        return {str(Move(run, step, batch)): self.instant(at) for run, step, batch, at in found}

    def pending(self, relation: Relation) -> Mapping[str, Waiting]:
        """By move, the copies in a table of the archive that are not settled."""
        if PENDING not in relation.columns:
            return {}
        found = self.ask(
            f"select {PENDING}, count(*), min(jikim_moved_at) from {relation.source}"
            f" where {PENDING} <> '' group by {PENDING}"
        )
        return {move: Waiting(count, self.instant(since)) for move, count, since in found}

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which there is a receipt."""
        query = f"select run, step, batch from {self.own('receipt')} where run = {self.speech.named('run')}"
        runs = dict.fromkeys(run for run, _, _ in names)
        found = {(run, step, batch) for name in runs for run, step, batch in self.ask(query, run=name)}
        return found.intersection(names)

    def _waiting(self, query: str, before: datetime) -> Waiting:
        [(count, oldest)] = self.ask(query, before=before)
        return Waiting(count, self.instant(oldest))


def as_list(key: Any) -> list[str]:
    """A key as jikim keeps it: a list, or one that is written as JSON; what is neither names nobody."""
    if isinstance(key, str):
        try:
            key = json.loads(key)
        except ValueError:
            return []
    return key if isinstance(key, list) else []
