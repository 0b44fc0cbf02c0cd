"""What jikim asks of a store. Whatever answers, `memory` says what the answer must be. Protocols only."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, Self
from uuid import UUID, uuid5

from jikim.canonical import canonical
from jikim.datamap.schema import Schema, Table
from jikim.errors import JikimError
from jikim.evidence.stage import Stage
from jikim.plan.plan import AccessPath, Counts, Plan, Step
from jikim.plan.schedule import Because, Facts, Hold, Restriction, Schedules
from jikim.plan.sweep import Sweep
from jikim.plan.telling import Telling


class StoreError(JikimError):
    """A store that cannot be used, or would not do what a step asks. Never quotes a row."""


@dataclass(frozen=True)
class Way:
    """A way in: what it is, in words that name whose, and what ends it."""

    words: str
    fix: str


@dataclass(frozen=True)
class Run:
    """One application of a plan: what every receipt of it says."""

    id: str
    plan: Plan
    policy_digest: str


@dataclass(frozen=True)
class Provenance:
    """Why copies are kept, and who moved them: an archive says it once, and each copy names it."""

    law: str
    article: str
    plan: str
    run: str

    @classmethod
    def of(cls, because: Because, run: Run) -> Self:
        """That of the copies which a run makes under one law."""
        return cls(because.law, because.article, run.plan.digest, run.id)

    @property
    def id(self) -> str:
        """Its name, a UUID made of what it says (RFC 9562, section 5.5), for whoever may write it and not read it."""
        return str(uuid5(_PROVENANCES, canonical(vars(self)).decode()))

    @property
    def row(self) -> dict[str, str]:
        """What an archive says of it."""
        return {"id": self.id, **vars(self)}


_PROVENANCES: Final = UUID("67a8ddc8-201f-4e95-885d-9267a1deb6c7")


@dataclass(frozen=True)
class Receipt:
    """What one batch did, as the store wrote it in the transaction that did it.

    ``persons`` maps keyed tags to rows; it names only people who caused the step. ``kept_until`` is when the last of
    its archived copies goes, ``persons_kept`` the same for each of these people.
    """

    run: str
    step: str
    batch: int
    action: str
    table: str
    rows: int
    at: datetime
    as_of: datetime
    plan: str
    policy: str
    because: tuple[str, ...]
    copies: int = 0
    files: int = 0
    persons: dict[str, int] = field(default_factory=dict)
    kept_until: datetime | None = None
    persons_kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """What one look at a store found: each table's census, and how many rows each step would meet.

    ``refused`` are the tables that could not be looked at, and why; ``access`` is how the store comes to the rows of a
    step, where there is more than one way.
    """

    census: dict[str, Counts]
    rows: dict[str, int]
    refused: dict[str, StoreError] = field(default_factory=dict)
    access: dict[str, AccessPath] = field(default_factory=dict)


Place = tuple[int, ...]
"""How far a store has gone through a table; only the store knows what it says."""
START: Final[Place] = ()


@dataclass(frozen=True)
class Batch:
    """What one batch met: rows it found due, rows it changed, and where the next begins.

    A batch that looks at the whole table begins at the start each time, and ``next`` says so. One that goes through a
    table from end to end says how far it came, and ``None`` at the end. One that is not ``sized`` is as large as what
    it found there, and how long it took says nothing of others.

    :param seconds: for how long it kept others waiting, where that is not all the time that it took.
    """

    found: int
    changed: int
    next: Place | None = START
    sized: bool = True
    seconds: float = 0.0

    @property
    def last(self) -> bool:
        """Whether another would find nothing that it could change."""
        return self.next is None or (self.next == START and not self.changed)


@dataclass(frozen=True)
class OutboxEntry:
    """A file that must go because its row went; with a ``mark``, only as long as it is that file.

    ``kept`` are the paths in the archive's folder under which it must be kept first. One that ``stayed`` is another
    row's now, or another file.
    """

    id: int
    store: str
    path: str
    mark: str = ""
    kept: tuple[str, ...] = ()
    stayed: bool = False


@dataclass(frozen=True)
class ListedFile:
    """A file as a listing has it; its ``mark`` tells one state of it from another."""

    id: int
    path: str
    mark: str


Key = tuple[str, ...]
"""A row's own key, each part as text."""


@dataclass(frozen=True)
class Copies:
    """Archived copies on their way to one table of an archive that is elsewhere, all of one provenance.

    ``columns`` are those of that table, the first of them the row's key; ``rows`` their values, keys as tuples of
    text and times as instants. Rows that come ``as_kept`` hold everything as a SQLite archive keeps it.
    """

    to: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]
    provenance: Provenance
    as_kept: bool = False


@dataclass(frozen=True)
class Move:
    """One batch on its way from a store to an archive elsewhere."""

    run: str
    step: str
    batch: int

    def __str__(self) -> str:
        return f"{self.run}/{self.batch}/{self.step}"

    @classmethod
    def parse(cls, text: str) -> "Move":
        """Read what ``str`` wrote."""
        run, batch, step = text.split("/", 2)
        return cls(run, step, int(batch))


@dataclass(frozen=True)
class Behind:
    """Batches of one table whose destruction has not come as far as it must; ``oldest`` is when the first was done."""

    table: str
    batches: int
    oldest: datetime


@dataclass(frozen=True)
class Driven:
    """How far a table was driven: batches that got there, batches that did not, and why."""

    table: str
    batches: int
    behind: int
    reason: str = ""


@dataclass(frozen=True)
class Reached:
    """All that a run removed from one table has come to a stage."""

    run: str
    table: str
    stage: Stage
    batches: int


class Archive(Protocol):
    """An archive in another database than the rows it keeps: whatever moves there crosses over in two steps.

    Copies arrive as *pending*: they count for nothing until the store has let their rows go. Then they are settled:
    those whose rows went are kept, the others are dropped.
    """

    def prepare(self, schedules: Schedules, schema: Schema) -> None:
        """Make the archive's tables. Safe to run again."""

    def add(self, move: Move, copies: Sequence[Copies]) -> int:
        """Keep copies as pending, but for those of rows of which a copy is kept already; how many are new."""

    def settle(self, move: Move, went: Sequence[Key] | None) -> None:
        """Keep the pending copies of these rows (None: of all), drop the move's others. Safe to run again."""

    def unsettled(self) -> list[Move]:
        """Moves of which copies are pending."""

    def expirable(self, steps: Sequence[Step], *, as_of: datetime, holds: tuple[Hold, ...]) -> dict[str, int]:
        """Copies whose own date has come and which no hold names, by step."""

    def expire(self, step: Step, *, run: Run, number: int, size: int, holds: tuple[Hold, ...]) -> int:
        """Destroy up to ``size`` of them, in one transaction with its receipt; how many went."""

    def archived(self, subject: str, key: Key) -> list[dict[str, Any]]:
        """Everything that is kept about one person."""

    def unshipped(self) -> Iterator[Receipt]:
        """Receipts that the ledger has not acknowledged, oldest first."""

    def shipped(self, receipts: list[Receipt]) -> None:
        """The ledger holds these now."""

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which the archive holds a receipt."""

    def behind(self, stage: Stage) -> list[Behind]:
        """What expired and has not come to a stage, by table."""

    def reached(self) -> list[Reached]:
        """Runs of which everything that expired has come further than the ledger was told."""

    def told(self, reached: Sequence[Reached]) -> None:
        """The ledger was told of these."""

    def drive(self, stage: Stage, tables: Collection[str]) -> Iterator[Driven]:
        """Take what expired from these tables to a stage."""

    def outbox(self) -> list[OutboxEntry]:
        """Files of expired copies, still to be removed from the archive's folder."""

    def removed(self, entries: list[OutboxEntry]) -> None:
        """These files are verified to be absent."""


class Store(Protocol):
    """One database of the service, with its archive."""

    def reflect(self) -> Schema:
        """The shape of the service's tables now."""

    def use(self, schedules: Schedules) -> None:
        """The schedules that steps and sweeps handed in from now on were made from."""

    def asking(self) -> AbstractContextManager[None]:
        """What is asked meanwhile, from here, goes over one connection."""

    def facts(self) -> Facts:
        """Legal holds in force and service-wide facts."""

    def count(
        self, sweeps: list[Sweep], steps: tuple[Step, ...], *, as_of: datetime, whole: bool = True
    ) -> Counted:
        """Every table's rows by state beside an unconditional count, and the rows of each step, in one snapshot.

        :param whole: a table may be left out of the census where what is due can be counted without reading it all.
        """

    def batch(self, step: Step, *, run: Run, number: int, size: int, at: Place = START) -> Batch:
        """Carry out one step on about ``size`` rows from a place on, in one transaction with its receipt."""

    def recover(self) -> None:
        """Finish what a killed run left between the store and an archive elsewhere."""

    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows that still meet the step, counted without locks and without regard to earlier batches."""

    def unshipped(self) -> Iterator[Receipt]:
        """Receipts that the ledger has not acknowledged and whose files are gone, oldest first."""

    def shipped(self, receipts: list[Receipt]) -> None:
        """The ledger holds these now."""

    def outbox(self) -> list[OutboxEntry]:
        """Files still to be removed."""

    def removed(self, entries: list[OutboxEntry]) -> None:
        """These files are verified to be absent, or to be another's: no receipt claims one that stayed."""

    def named(self, files: str, paths: Sequence[str]) -> set[str]:
        """Those of these paths of a files store that a row of the service names now."""

    def marks(self, listing: Table, paths: Sequence[str], *, store: str) -> list[tuple[str, str]]:
        """Each of these paths, with its mark, that is listed, or that waits to be removed from that files store."""

    def take_in(self, listing: Table, files: Sequence[Mapping[str, Any]]) -> None:
        """List these files, by the listing's columns; what was listed under their paths is no more."""

    def listed(self, listing: Table, *, after: int, most: int) -> list[ListedFile]:
        """Some files of a listing, in the order of their ids."""

    def take_out(self, listing: Table, files: Sequence[ListedFile]) -> None:
        """List these no more, unless they were changed meanwhile."""

    def restrictions(self) -> tuple[Restriction, ...]:
        """Restrictions in force."""

    def heard(self) -> int:
        """The place in the ledger up to which the store was told of facts; 0 for one that was told nothing."""

    def understands(self, word: Telling) -> None:
        """Whether it could be told of this. Raises ``StoreError`` where it could not."""

    def hear(self, words: Sequence[tuple[int, Telling]]) -> None:
        """Be told of these facts, each with its place in the ledger; of those it was told before, nothing is done.

        No batch is under way meanwhile: what is carried out later knows of them.
        """

    def drop_untold(self) -> int:
        """Forget facts about people of whom nothing is stored any more; how many people."""

    def archived(self, subject: str, key: tuple[str, ...]) -> list[dict[str, Any]]:
        """Everything the archive holds about one person, read as the keeper."""
