"""Schedules: the promise bound to the tables it speaks of, ready to be asked about any row. Pure.

A schedule names no database and holds no row. It says for one table: which cells are personal, whose row it
can be, which claims (processings of the policy, records of a statute) keep which cells, and by which column
each claim's clock starts. The memory model, the SQL compiler, `explain` and `audit` all read schedules; none
of them reads the policy or the map.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jikim.canonical import digest
from jikim.datamap.model import NOBODY
from jikim.datamap.schema import TimeType
from jikim.law.holidays import Holidays
from jikim.plan import json_path
from jikim.plan.keys import Match, matched, text_of
from jikim.plan.masks import Mask
from jikim.policy.period import Period

Scalar = str | int | bool | None
When = tuple[tuple[str, Scalar], ...]
"""Columns and the values they must have."""
SERVICE = "service"
"""The kind under which facts about the service as a whole are kept."""


@dataclass(frozen=True)
class Hop:
    """One step from a row to the row it points to; to ``many`` rows where these point to it instead.

    ``when`` are the values that columns beside ``columns`` must have: else they point elsewhere, or nowhere.
    ``spelled`` tells that they hold the key as text (`plan.keys`), whatever its own type is.
    """

    columns: tuple[str, ...]
    table: str
    to_columns: tuple[str, ...]
    when: tuple[tuple[str, Scalar], ...] = ()
    spelled: bool = False
    many: bool = False


@dataclass(frozen=True)
class Ref:
    """A column of a row, or of a row that it points to."""

    column: str
    hops: tuple[Hop, ...] = ()

    def __str__(self) -> str:
        return ".".join([*("+".join(hop.columns) for hop in self.hops), self.column])


@dataclass(frozen=True)
class Condition:
    """The column has this value; None asks for NULL."""

    ref: Ref
    value: Scalar


@dataclass(frozen=True)
class FactRef:
    """Where a clock's trigger is read, and how.

    ``of_subject`` tells facts that stand in the owner's own row.
    """

    ref: Ref
    time_type: TimeType
    never: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    of_subject: bool = False

    @cached_property
    def _hash(self) -> int:
        return hash((self.ref, self.time_type, self.never, self.when, self.of_subject))

    def __hash__(self) -> int:
        """Reckoned once: what a clock reads is looked up row by row."""
        return self._hash

    def shared_with(self, owner: "OwnerPath") -> tuple[Hop, ...]:
        """The part of the way to the fact that is also the way to the owner.

        Where an orphan's way ends before that, its fact is lost, and the map's word stands for it.
        """
        shared = 0
        for mine, its in zip(self.ref.hops, owner.hops, strict=False):
            if mine != its:
                break
            shared += 1
        return owner.hops[:shared]


@dataclass(frozen=True)
class StoreFact:
    """A trigger that lives in no row of the service: it is projected into the store's own fact table."""

    name: str


@dataclass(frozen=True)
class BoundClock:
    """A trigger, the period that runs from it, and the grace within it."""

    trigger: str
    period: Period
    fact: FactRef | StoreFact
    grace: Period | None = None


@dataclass(frozen=True)
class Because:
    """Why: a place in the policy and, where a statute speaks, its law and article."""

    clause: str
    law: str = ""
    article: str = ""

    def __str__(self) -> str:
        return f"{self.clause} ({self.law} {self.article})" if self.law else self.clause


@dataclass(frozen=True)
class Claim:
    """A processing or a statutory record that keeps some cells of a row until its clocks have run.

    ``names_owner`` tells whether an archived copy may say whose it is: someone known only by words in a row
    is named only where the record covers those words. ``kept_as`` is what the copies go by where each co-owner has
    copies of their own.
    """

    id: str
    kind: Literal["processing", "record"]
    cells: frozenset[str]
    combine: Literal["first", "last"]
    clocks: tuple[BoundClock, ...]
    because: Because
    identity: tuple["IdentityCell", ...] = ()
    names_owner: bool = True
    kept_as: str = ""

    @property
    def copies(self) -> str:
        """What its archived copies go by: the record, and for whom of several owners it keeps them."""
        return self.kept_as or self.id


@dataclass(frozen=True)
class IdentityCell:
    """A cell of the subject's own row that a record may take along, under this name in the archive."""

    ref: Ref
    name: str


@dataclass(frozen=True)
class Cell:
    """One personal value: a column, or a path inside a JSON column."""

    column: str
    item: str
    mask: Mask | None
    path: tuple[str, ...] = ()
    file: str | None = None

    @property
    def name(self) -> str:
        """Unique within its table: ``phone``, ``answers$.phone`` or ``answers$[*].phone``."""
        return self.column + (json_path.spelled(self.path) if self.path else "")


@dataclass(frozen=True)
class OwnerPath:
    """From a row to the person it is about, or to `NOBODY`: such rows are never touched.

    ``key`` are columns of the subject's own table, or of the last table reached when the person is ``inline``:
    named only by words standing there, of which ``match`` says when two are one person, and ``when`` which values
    stand beside them. ``sure`` is a path that the store itself keeps whole for every row: by columns that are never
    NULL, under foreign keys.
    """

    subject: str
    hops: tuple[Hop, ...]
    key: tuple[str, ...]
    inline: bool = False
    sure: bool = False
    match: Match = "exact"
    when: tuple[tuple[str, Scalar], ...] = ()

    @cached_property
    def _hash(self) -> int:
        return hash((self.subject, self.hops, self.key, self.match))

    def __hash__(self) -> int:
        """Reckoned once: whose a row is, is looked up row by row."""
        return self._hash

    def named(self, key: Iterable[Any]) -> tuple[str, ...]:
        """The person's key as it is compared, from its values."""
        return tuple(matched(text_of(part), self.match) for part in key)

    @property
    def named_at(self) -> tuple[tuple[Hop, ...], tuple[str, ...], When]:
        """By which hops, and in which columns there, the person's key is read, and what must stand beside them: before
        the last hop, so that an orphan still has a key, where no other row says it."""
        if self.inline or not self.hops or self.hops[-1].many:
            return self.hops, self.key, self.when
        return self.hops[:-1], self.hops[-1].columns, self.hops[-1].when

    @cached_property
    def fan(self) -> tuple[Hop, ...]:
        """The part of the way that ends in many rows, each of which leads to somebody; empty for a way to one."""
        last = max((n for n, hop in enumerate(self.hops, 1) if hop.many), default=0)
        return self.hops[:last]


@dataclass(frozen=True)
class Variant:
    """Rows of one class with one kind of owner; the claims that speak for them."""

    row_class: str
    where: tuple[Condition, ...]
    owner: OwnerPath
    processings: tuple[Claim, ...]
    records: tuple[Claim, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Processings first, then records."""
        return (*self.processings, *self.records)


@dataclass(frozen=True)
class Dependent:
    """Rows of ``table`` that point here by ``hop``; with ``unlinked``, a hop that is emptied before this row goes."""

    table: str
    hop: Hop
    unlinked: bool = False


@dataclass(frozen=True)
class Link:
    """A reference of a row that is emptied once the row it leads to must go, or is there no longer."""

    hop: Hop
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Mention:
    """Columns that name a person of a kind beside the owners of a row; ``table`` holds that person's own row, and
    ``keep`` says why they name them for good, if they do."""

    subject: str
    columns: tuple[str, ...]
    table: str
    keep: str = ""


@dataclass(frozen=True)
class Carry:
    """Rows of ``table`` whose way to their people leads by these hops through a row that points to them."""

    table: str
    hops: tuple[Hop, ...]


@dataclass(frozen=True)
class IdentityUse:
    """Rows that stand in ``table`` and may yet be archived with these cells of their owner's row."""

    table: str
    hops: tuple[Hop, ...]
    where: tuple[Condition, ...]
    cells: frozenset[str]


@dataclass(frozen=True)
class TableSchedule:
    """All that is promised of one table's rows.

    ``together`` are the co-owners: for each, the ways to them, of which the first that is filled in counts. Empty where
    a row has one owner, by the first of ``owners`` that is filled in.
    """

    table: str
    key: tuple[str, ...]
    cells: tuple[Cell, ...]
    classes: tuple[tuple[str, tuple[Condition, ...]], ...]
    owners: tuple[OwnerPath, ...]
    variants: tuple[Variant, ...]
    orphans: Literal["refuse", "destroy", "date-from"] = "refuse"
    orphan_date: FactRef | None = None
    dependents: tuple[Dependent, ...] = ()
    identity_uses: tuple[IdentityUse, ...] = ()
    together: tuple[tuple[OwnerPath, ...], ...] = ()
    links: tuple[Link, ...] = ()
    carries: tuple[Carry, ...] = ()
    mentions: tuple[Mention, ...] = ()

    @property
    def groups(self) -> tuple[tuple[OwnerPath, ...], ...]:
        """Every co-owner's ways; one group where a row has one owner."""
        return self.together or (self.owners,)

    @cached_property
    def shared(self) -> bool:
        """Whether a row can have several owners."""
        return bool(self.together) or any(path.fan for path in self.owners)

    def before(self, path: OwnerPath) -> tuple[tuple[OwnerPath, ...], ...]:
        """For each co-owner to whom this way may lead, the ways that come before it: where one of them is filled in,
        this one does not count."""
        return tuple(dict.fromkeys(group[: group.index(path)] for group in self.groups if path in group))

    def keeping(self, row_class: str) -> tuple[OwnerPath, ...]:
        """The ways to people whose basis keeps rows of a class; co-owners without any are only named in them."""
        of_class = [v for v in self.variants if v.row_class == row_class]
        return tuple(v.owner for v in of_class if v.processings or not self.together)

    def cell(self, name: str) -> Cell:
        """The cell of that name. Raises ``StopIteration`` for none."""
        return next(cell for cell in self.cells if cell.name == name)

    def copied(self, claim: Claim) -> tuple[Cell, ...]:
        """The cells that a record's copies take along: whose row it was, a copy says in its own way."""
        return tuple(cell for cell in self.cells if cell.name in claim.cells and cell.item)

    @cached_property
    def records(self) -> Mapping[str, tuple[Claim, ...]]:
        """Every statutory record of the table by what its copies go by: the claims, one for each way rows can be
        owned or classed."""
        found: dict[str, list[Claim]] = {}
        for variant in self.variants:
            for record in variant.records:
                found.setdefault(record.copies, []).append(record)
        return {record: tuple(dict.fromkeys(claims)) for record, claims in found.items()}

    @property
    def owner_of_the_unnamed(self) -> OwnerPath:
        """Whose orphan a row is that names nobody: of the first kind of people."""
        return next(owner for owner in self.owners if owner.subject != NOBODY)

    @cached_property
    def by_class(self) -> Mapping[tuple[str, OwnerPath], Variant]:
        """Variants by class and owner."""
        return {(v.row_class, v.owner): v for v in self.variants}


@dataclass(frozen=True)
class Calendar:
    """How this service counts time."""

    zone: ZoneInfo
    holidays: Holidays
    within: Period


@dataclass(frozen=True)
class DerivedCopy:
    """What the store keeps of ``reads``, tables and other such copies, and holds until it is made anew; each comes
    after those it reads."""

    name: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Schedules:
    """Every table that may be touched, dependents before what they depend on, and what is made of them."""

    store: str
    tables: tuple[TableSchedule, ...]
    calendar: Calendar
    digests: Mapping[str, str] = field(default_factory=dict)
    derived: tuple[DerivedCopy, ...] = ()
    naming: tuple[tuple[str, str, str], ...] = ()
    """Every column that names files, of tables that may not be touched, too: the files store, the table, the column."""

    def __getitem__(self, table: str) -> TableSchedule:
        return next(schedule for schedule in self.tables if schedule.table == table)

    @cached_property
    def times(self) -> tuple[tuple[str, str, TimeType], ...]:
        """Every column by which clocks start: its table, its name, how it is read."""
        found: dict[tuple[str, str, TimeType], None] = {}
        for schedule in self.tables:
            clocks = [c for variant in schedule.variants for claim in variant.claims for c in claim.clocks]
            for fact in (*(clock.fact for clock in clocks), schedule.orphan_date):
                if isinstance(fact, FactRef):
                    table = fact.ref.hops[-1].table if fact.ref.hops else schedule.table
                    found[table, fact.ref.column, fact.time_type] = None
        return tuple(found)

    @property
    def people(self) -> tuple[str, ...]:
        """Every kind of person whose rows these are."""
        kinds = {owner.subject for schedule in self.tables for owner in schedule.owners}
        return tuple(sorted(kinds - {NOBODY}))

    def named(self, subject: str, key: Iterable[str]) -> tuple[str, ...]:
        """A person's key as somebody writes it, as the store compares it."""
        owners = (owner for schedule in self.tables for owner in schedule.owners)
        match: Match = next((owner.match for owner in owners if owner.subject == subject), "exact")
        return tuple(matched(part, match) for part in key)

    def __iter__(self) -> Iterator[TableSchedule]:
        return iter(self.tables)


@dataclass(frozen=True)
class Hold:
    """A legal hold: what it names is neither archived, masked nor destroyed until it is released.

    Named by person, by table, or by both; a hold that names neither holds everything.
    """

    id: str
    case: str
    subject: str | None = None
    key: tuple[str, ...] = ()
    table: str | None = None


@dataclass(frozen=True)
class Restriction:
    """Use of what is stored about a person is suspended (개인정보 보호법 제36조, 제37조).

    What is due goes all the same.
    """

    id: str
    subject: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What the store has been told from elsewhere: service-wide facts by name, and the holds in force."""

    service: Mapping[str, datetime | date] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()

    @property
    def digest(self) -> str:
        """Changes when a hold is placed or released, or the service as a whole learns of something."""
        holds = [[h.id, h.case, h.subject, list(h.key), h.table] for h in self.holds]
        return digest({"service": {k: v.isoformat() for k, v in self.service.items()}, "holds": holds})
