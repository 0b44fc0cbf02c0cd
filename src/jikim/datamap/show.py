"""The map as a picture to be drawn: people, the tables that are theirs, what each column holds. Pure.

Terminal and drawing show the same structure. It needs no database: columns that hold nothing personal are
counted as far as the map names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from jikim.datamap.model import ColumnMap, DataMap, Facts, FromLedger, Owner, RowClass, TableMap
from jikim.policy.model import Policy


@dataclass(frozen=True)
class ShownColumn:
    """A column, or a path inside one, that holds something personal, and what stands there once masked."""

    name: str
    label: str
    mask: str | None = None
    file: str | None = None


@dataclass(frozen=True)
class ShownClock:
    """A trigger, the column that says when it happened, the conditions and the sentinels."""

    trigger: str
    column: str
    when: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownClass:
    """A class of rows: the values that tell it apart, what keeps it, what archives it, its own clocks."""

    name: str
    where: str
    processings: tuple[str, ...]
    records: tuple[str, ...]
    clocks: tuple[ShownClock, ...]


@dataclass(frozen=True)
class ShownOwner:
    """Whose rows: a kind of person or another table, and by which columns.

    They are the person's key, lead there through another table, or hold words that name somebody; ``theirs`` stand in
    that other table and point here. A row is one owner's, or ``together`` with others; then ``alone`` are the columns
    that are this one's only.
    """

    to: str
    columns: tuple[str, ...]
    how: Literal["key", "through", "named"]
    theirs: bool = False
    together: bool = False
    alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownAccessor:
    """Somebody whom rows name beside their owner: by which columns, and why these stay when they leave, if they do."""

    to: str
    columns: tuple[str, ...]
    keep: str | None


@dataclass(frozen=True)
class ShownTable:
    """One table with personal data; ``subject`` is the kind of person that has a row each in it, ``unlink`` are the
    references that are emptied before what they point to goes."""

    name: str
    subject: str | None
    owners: tuple[ShownOwner, ...]
    columns: tuple[ShownColumn, ...]
    classes: tuple[ShownClass, ...]
    clocks: tuple[ShownClock, ...]
    orphans: str
    plain: int
    """How many columns the map says hold nothing personal."""
    accessors: tuple[ShownAccessor, ...] = ()
    unlink: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[str, ...]:
        """Every statutory record its rows may be archived under."""
        return tuple(dict.fromkeys(record for each in self.classes for record in each.records))

    @property
    def processings(self) -> tuple[str, ...]:
        """Every processing that keeps its rows."""
        return tuple(dict.fromkeys(each for row_class in self.classes for each in row_class.processings))


@dataclass(frozen=True)
class Branch:
    """A table as its owner's, and the tables owned through it. ``again`` has its table told elsewhere."""

    table: ShownTable
    owner: ShownOwner | None
    inner: tuple["Branch", ...] = ()
    again: bool = False


@dataclass(frozen=True)
class ShownPerson:
    """A kind of person: its label, and the tables that are theirs."""

    kind: str
    label: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class ShownRecord:
    """A statutory record, as the archive keeps it."""

    id: str
    label: str
    law: str


@dataclass(frozen=True)
class ShownMap:
    """The whole map. ``nobody`` are tables that no person is reached from; ``plain`` hold nothing personal."""

    service: str
    people: tuple[ShownPerson, ...]
    nobody: tuple[ShownTable, ...]
    plain: tuple[str, ...]
    records: tuple[ShownRecord, ...]


def show(datamap: DataMap, policy: Policy, *, language: str) -> ShownMap:
    """The map as a picture, its labels in one language of the policy."""
    shower = _Shower(datamap, policy, language)
    people = tuple(shower.people())
    return ShownMap(
        service=policy.service.name.of(language) or policy.service.id,
        people=people,
        nobody=tuple(
            shower.table(name, table)
            for name, table in datamap.tables.items()
            if table.personal and name not in shower.told
        ),
        plain=tuple(name for name, table in datamap.tables.items() if not table.personal),
        records=tuple(shower.records()),
    )


class _Shower:
    """Walks from people to their tables; remembers what was told, so that each table is told once."""

    def __init__(self, datamap: DataMap, policy: Policy, language: str) -> None:
        self.datamap, self.policy, self.language = datamap, policy, language
        self.told: set[str] = set()

    def people(self) -> Iterator[ShownPerson]:
        kinds = dict.fromkeys((*self.datamap.subjects, *self.policy.people))
        for kind in kinds:
            branches = tuple(self._branches_of(kind))
            if branches:
                yield ShownPerson(kind, self._person(kind), branches)

    def _branches_of(self, kind: str) -> Iterator[Branch]:
        subject = self.datamap.subjects.get(kind)
        if subject and subject.table in self.datamap.tables:
            yield self._branch(subject.table, None)
        yield from self._owned_by(kind)

    def _owned_by(self, to: str) -> Iterator[Branch]:
        for name, table in self.datamap.tables.items():
            for owner in table.owners if table.personal else ():
                if owner.to == to:
                    yield self._branch(name, self._owner(owner, table))

    def _branch(self, name: str, owner: ShownOwner | None) -> Branch:
        table = self.datamap.tables[name]
        shown = self.table(name, table)
        if name in self.told:
            return Branch(shown, owner, again=True)
        self.told.add(name)
        inner = () if owner is None else tuple(self._owned_by(name))
        return Branch(shown, owner, inner)

    def _person(self, kind: str) -> str:
        known = self.policy.people.get(kind)
        return (known.label.of(self.language) if known and known.label else None) or kind

    def records(self) -> Iterator[ShownRecord]:
        used = {
            c.id for table in self.datamap.tables.values() for r in table.classes.values() for c in r.records
        }
        for name, record in self.policy.kept_by_law.items():
            if name in used:
                label = record.label.of(self.language) if record.label else None
                yield ShownRecord(name, label or name, record.law or record.cites or "")

    # -- one table ----------------------------------------------------------------------------------------

    def table(self, name: str, table: TableMap) -> ShownTable:
        subject = self.datamap.subject_of(name)
        facts = {**(self.datamap.subjects[subject].facts if subject else {}), **table.facts}
        return ShownTable(
            name=name,
            subject=subject,
            owners=tuple(self._owner(owner, table) for owner in table.owners if not owner.nobody),
            columns=tuple(
                each
                for c, written in table.columns.items()
                for each in self._columns(c, written, table.files)
            ),
            classes=tuple(self._class(label, each) for label, each in table.classes.items()),
            clocks=tuple(_clocks(facts)),
            orphans=table.orphans if table.owners else "",
            plain=sum(not written.items for written in table.columns.values()),
            accessors=tuple(ShownAccessor(each.to, each.columns, each.keep) for each in table.accessors),
            unlink=table.unlink,
        )

    def _owner(self, owner: Owner, table: TableMap) -> ShownOwner:
        how: Literal["key", "through", "named"] = "through" if owner.to in self.datamap.tables else "named"
        return ShownOwner(
            owner.to,
            owner.columns or owner.their,
            "key" if owner.to in self.datamap.subjects else how,
            theirs=bool(owner.their),
            together=owner in table.co_owners,
            alone=owner.anonymise,
        )

    def _columns(self, name: str, written: ColumnMap, files: str | None) -> Iterator[ShownColumn]:
        if written.item:
            yield ShownColumn(name, self._label(written.item), written.mask, written.file or files)
        for path, item in written.json_.items():
            yield ShownColumn(name + path, self._label(item))

    def _label(self, item: str) -> str:
        known = self.policy.items.get(item)
        return (known.label.of(self.language) if known else None) or item

    def _class(self, label: str, row_class: RowClass) -> ShownClass:
        claims = (*row_class.processing, *row_class.records)
        facts = {**row_class.facts, **{k: fact for claim in claims for k, fact in claim.facts.items()}}
        return ShownClass(
            name=label,
            where=" and ".join(f"{column} = {value}" for column, value in row_class.where.items()),
            processings=tuple(claim.id for claim in row_class.processing),
            records=tuple(claim.id for claim in row_class.records),
            clocks=tuple(_clocks(facts)),
        )


def _clocks(facts: Facts) -> Iterator[ShownClock]:
    for trigger, fact in facts.items():
        if isinstance(fact, FromLedger):
            yield ShownClock(trigger, "ledger", (), ())
            continue
        when = tuple(f"{column} = {value}" for column, value in fact.when.items())
        yield ShownClock(trigger, fact.column, when, fact.never)
