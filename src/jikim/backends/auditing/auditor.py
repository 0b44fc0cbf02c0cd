"""Reads a store and its archive as an auditor does: every row, each database at one moment. Effectful.

The auditor should be one that may read everything and write nothing. Memory stays constant however many rows there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from jikim.backends.auditing.select import VIRTUAL, Relation, Select
from jikim.backends.auditing.side import Row, Side, Waiting, earliest
from jikim.backends.base import Way
from jikim.backends.files.reach import Account
from jikim.datamap import tablename
from jikim.datamap.files import with_listings
from jikim.datamap.schema import OWN, Schema, Table
from jikim.datamap.told import Told, with_told
from jikim.plan.reading import Reading
from jikim.plan.schedule import Facts


class Database(Protocol):
    """A database that can be read."""

    def reading(self) -> AbstractContextManager[Side]:
        """It as it stands at one moment, read-only. Raises ``StoreError``."""


@dataclass(frozen=True)
class Reach:
    """How the service can reach the archive, and jikim's own tables; ``known`` is whether its role exists."""

    known: bool
    archive: tuple[Way, ...] = ()
    books: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Unsettled:
    """Moves to an archive elsewhere that were begun and are not settled, and their copies that are pending."""

    moves: int
    copies: int
    oldest: datetime | None


@dataclass(frozen=True)
class Auditor:
    """The service's database and its archive, each by whoever may read it.

    :param home: the schema of the service's tables.
    :param apart: whether the archive lies in another database, which keeps receipts of its own.
    :param listings: tables in which files of a folder are rows, by the names that the map gives them.
    :param told: what the ledger tells about people.
    """

    live: Database
    archive: Database
    home: str
    apart: bool
    listings: Mapping[str, Table] = field(default_factory=dict)
    told: tuple[Told, ...] = ()

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """Everything as it stood at one moment, read-only.

        :raises StoreError: a database cannot be reached, or the auditor may not read what it must.
        """
        with ExitStack() as stack:
            live, archive = (stack.enter_context(each.reading()) for each in (self.live, self.archive))
            schema = with_told(with_listings(live.schema(), self.listings), self.told)
            yield Snapshot(live, archive, schema, self.home, self.apart)

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which store or archive hold a receipt at this moment.

        :raises StoreError: they cannot be read.
        """
        found: set[tuple[str, str, int]] = set()
        for database in (self.live, self.archive) if self.apart else (self.live,):
            with database.reading() as side:
                found |= side.held(names)
        return found


@dataclass
class Snapshot:
    """One moment of a store and its archive."""

    live: Side
    archive: Side
    schema: Schema
    home: str
    apart: bool
    _relations: dict[str, Relation] = field(default_factory=dict)

    @property
    def _books(self) -> tuple[Side, ...]:
        """Where jikim keeps its own tables."""
        return (self.live, self.archive) if self.apart else (self.live,)

    # -- what is there ------------------------------------------------------------------------------------

    def relations(self) -> Mapping[str, Relation]:
        """Everything of the service that holds rows, by its name in the map."""
        if not self._relations:
            known = {table.at(self.home): table for table in self.schema.tables.values()}
            for found in self.live.relations():
                table = known.get(found.at)
                if found.kind == VIRTUAL and table is None:
                    continue  # it only shows what stands elsewhere
                name = table.name if table else tablename.written(*found.at, home=self.home)
                columns = {c.name: c.type for c in table.columns.values()} if table else found.columns
                self._relations[name] = replace(found, name=name, columns=columns)
        return self._relations

    def archive_tables(self) -> Mapping[str, Relation]:
        """Everything in the archive that holds rows; nothing when there is no archive yet."""
        return {found.name: found for found in self.archive.relations()}

    # -- what is waited for -------------------------------------------------------------------------------

    def facts(self) -> Facts:
        """Legal holds in force and facts about the service as a whole."""
        return self.live.facts()

    def heard(self) -> int:
        """The place in the ledger up to which the store was told of facts."""
        return self.live.heard()

    def unshipped(self, *, before: datetime) -> Waiting:
        """Receipts older than ``before`` that the ledger has not acknowledged, though their files are gone."""
        return Waiting.together(side.unshipped(before=before) for side in self._books)

    def outbox(self, *, before: datetime) -> Waiting:
        """Files that should have been removed since before ``before`` and were not."""
        return Waiting.together(side.outbox(before=before) for side in self._books)

    def leaving(self, files: str) -> set[str]:
        """The files of a files store that wait to be removed."""
        return {path for side in self._books for path in side.leaving(files)}

    def arriving(self) -> set[str]:
        """The files of the archive's folder that are still to be copied there."""
        return {path for side in self._books for path in side.arriving()}

    def unfinished(self, height: int, *, before: datetime) -> list[tuple[str, Waiting]]:
        """By table, what was removed before ``before`` and has not come to that height; of listings nothing can."""
        found = [each for side in self._books for each in side.unfinished(height, before=before).items()]
        return [(table, waits) for table, waits in found if not self._lists(table)]

    def _lists(self, table: str) -> bool:
        return table in self.schema.tables and self.schema.tables[table].lies_in == OWN

    def unsettled(self, *, before: datetime) -> Unsettled:
        """Moves that were begun before ``before``, or nobody knows when, and are not settled."""
        begun = dict(self.live.moves())
        copies: dict[str, int] = {}
        for relation in self.archive_tables().values():
            for move, waits in (self.archive.pending(relation) if relation.readable else {}).items():
                begun[move] = earliest((begun.get(move), waits.oldest))
                copies[move] = copies.get(move, 0) + waits.count
        late = {move: since for move, since in begun.items() if since is None or since < before}
        return Unsettled(len(late), sum(copies.get(move, 0) for move in late), earliest(late.values()))

    # -- who may reach it ---------------------------------------------------------------------------------

    def account(self) -> Account | None:
        """The account whose file the service's database is, where it is one."""
        return self.live.account()

    def reach(self, role: str | None) -> Reach:
        """Every way in which the service can reach the archive, or jikim's own tables."""
        known = role is not None and self.live.knows(role)
        asked = role if known or not self.live.roles else None
        books = [way for side in self._books for way in (side.into_books(asked) if asked else ())]
        return Reach(known, tuple(self.archive.into_archive(asked, self.account())), tuple(books))

    def sweepers_that_keep(self) -> list[Way]:
        """How whoever sweeps is, or can become, whoever keeps the archive."""
        return self.archive.keepers_among(self.live.sweepers())

    # -- rows ---------------------------------------------------------------------------------------------

    def count(self, table: str) -> int:
        """The unconditional count of a table's rows."""
        return self.live.count(self.relations()[table])

    def read(self, reading: Reading) -> Iterator[Sequence[Row]]:
        """Every row of a table as the reading asks for it, some thousands at a time."""
        return self.live.stream(self._select().of(reading), doing=f"reading `{reading.table}`")

    def read_given(self, reading: Reading, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Files as rows, each as the reading asks for it: only what they point to stands in the store."""
        query = self._select().of(reading, given=rows)
        doing = f"reading what `{reading.table}` leads to"
        return [row for part in self.live.stream(query, doing=doing) for row in part]

    def _select(self) -> Select:
        """Of everything that can be read or joined: the service's own, and what jikim keeps beside it."""
        beside = {n: self.live.beside(t) for n, t in self.schema.tables.items() if t.lies_in == OWN}
        return Select(self.live.speech, self.schema, {**self.relations(), **beside})

    def read_archive(self, table: Relation) -> Iterator[Sequence[Row]]:
        """Every copy in a table of the archive, with all its columns in their order."""
        return self.archive.copies(table)
