"""Reads what the clocks of one person's rows say: keys and trigger dates, no other value. Builds SELECTs.

A row of several owners is read once for each of them, since the bases of all of them keep it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from jikim.backends.sql.compile import Compiler, Row, every, negated, some
from jikim.backends.sql.dialect import Sql, Statement
from jikim.datamap.schema import OWN
from jikim.plan.predicate import Held, InClass, LeadsNowhere, Needed, OwnedBy, Unmasked, any_of
from jikim.plan.schedule import Cell, FactRef, Facts, Mention, OwnerPath, TableSchedule
from jikim.plan.sweep import Sweep


@dataclass(frozen=True)
class OwnerFacts:
    """One owner of a row: the way to them, whether they exist, and the triggers as stored that count for them.

    ``mine`` tells that it is the person who was asked about. ``lost`` are triggers whose row is no longer there;
    ``lost_at`` is what the map dates them from instead.
    """

    path: OwnerPath
    exists: bool
    values: dict[FactRef, Any]
    lost: frozenset[FactRef]
    lost_at: Any = None
    mine: bool = True


@dataclass(frozen=True)
class RowFacts:
    """One row: its key, its class and its owners.

    ``bare`` are the cells that masking would change, ``needed`` those that a record may yet take along; ``loose`` tells
    that a reference of the row is to be emptied. ``path`` is the name of a file that the row stands for.
    """

    key: tuple[str, ...]
    row_class: str
    owners: tuple[OwnerFacts, ...]
    held: bool
    pointed: bool
    loose: bool
    bare: frozenset[str]
    needed: frozenset[str]
    path: str = ""


@dataclass(frozen=True)
class OfPerson:
    """What a store was told from elsewhere, and one person's rows, table by table."""

    facts: Facts
    rows: list[list[RowFacts]]


def dated(schedule: TableSchedule) -> bool:
    """Whether what is asked of a row depends on what is due by now."""
    return bool(schedule.links or schedule.carries)


@dataclass(frozen=True)
class Wanted:
    """A part of an answer: its name, the expression, and of which type of the store's it is."""

    name: str
    value: Sql
    kind: str


@dataclass(frozen=True, eq=False)
class Asked:
    """One question for a person's rows of one table and one kind of owner, and how its answers are read.

    The person's key is bound as ``key`` when it is asked. ``places`` are where the parts of an answer stand: those that
    are ``sent``, and then ``known``, the parts that are the same for every row.
    """

    sent: tuple[Wanted, ...]
    source: Sql
    where: Sql
    values: Mapping[str, Any]
    owner: OwnerPath
    facts: tuple[FactRef, ...]
    cells: tuple[str, ...]
    places: Mapping[str, int]
    known: tuple[Any, ...]

    @property
    def statement(self) -> Statement:
        """The question by itself."""
        wanted = ", ".join(each.value for each in self.sent)
        return Statement(f"select {wanted} from {self.source} where {self.where}", self.values)

    @cached_property
    def _flags(self) -> tuple[tuple[int, ...], list[tuple[str, int]], list[tuple[str, int]]]:
        """Where `held`, `pointed` and `loose` stand, and of each cell whether it is bare or needed, if it ever is."""
        flags = tuple(self.places[name] for name in ("held", "pointed", "loose"))
        bare, needed = (
            [(cell, self.places[f"{what}_{n}"]) for n, cell in enumerate(self.cells)]
            for what in ("bare", "needed")
        )
        never = {n for n, known in enumerate(self.known, len(self.sent)) if not known}
        return (
            flags,
            [each for each in bare if each[1] not in never],
            [e for e in needed if e[1] not in never],
        )

    @cached_property
    def _clocks(self) -> list[tuple[FactRef, int, int, int]]:
        """Where each fact stands, whether it stands there, and whether it was lost."""
        at = self.places
        return [
            (fact, at[f"fact_{n}"], at[f"when_{n}"], at[f"lost_{n}"]) for n, fact in enumerate(self.facts)
        ]

    def read(self, found: Iterable[Sequence[Any]]) -> Iterator[RowFacts]:
        """The rows of the answer, with this one owner; those of which the same is said share it."""
        key = self.places["key"]
        alike: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for answer in found:
            rest = (*answer[:key], *answer[key + 1 :])
            if rest not in alike:
                alike[rest] = self._said((*answer, *self.known))
            yield RowFacts(tuple(answer[key]), *alike[rest])

    def _said(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """What an answer says of a row beside its key."""
        at, (flags, bare, needed) = self.places, self._flags
        return (
            row[at["row_class"]],
            (self._owner(row),),
            *[bool(row[place]) for place in flags],
            frozenset([cell for cell, place in bare if row[place]]),
            frozenset([cell for cell, place in needed if row[place]]),
            row[at["path"]] or "",
        )

    def _owner(self, row: Sequence[Any]) -> OwnerFacts:
        at = self.places
        values = {fact: row[place] if row[when] else None for fact, place, when, _ in self._clocks}
        lost = frozenset([fact for fact, _, _, gone in self._clocks if row[gone]])
        there, mine = bool(row[at["there"]]), bool(row[at["mine"]])
        return OwnerFacts(self.owner, there, values, lost, row[at["lost_at"]], mine)


def together(found: Iterable[RowFacts]) -> list[RowFacts]:
    """Answers about the same row, one for each owner, as one."""
    rows: dict[tuple[str, ...], RowFacts] = {}
    for each in found:
        known = rows.setdefault(each.key, each)
        if known is not each:
            owners = (*known.owners, *each.owners)
            rows[each.key] = replace(known, owners=owners, held=known.held or each.held)
    return list(rows.values())


@dataclass(frozen=True)
class Questions:
    """What is asked about people, each question built once: only the key differs from one person to the next."""

    compiler: Compiler
    _rows: dict[tuple[str, str], tuple[TableSchedule, Any, tuple[Asked, ...]]] = field(default_factory=dict)
    _named: dict[Mention, tuple[TableSchedule, Statement]] = field(default_factory=dict)

    def rows_of(self, sweep: Sweep, *, subject: str) -> tuple[Asked, ...]:
        """For the rows of one table about one person: once for each way to whoever owns them."""
        schedule = sweep.schedule
        now = (sweep.as_of, sweep.facts.service) if dated(schedule) else None
        known = self._rows.get((schedule.table, subject))
        if known is None or known[0] is not schedule or known[1] != now:
            known = schedule, now, tuple(_rows_of(self.compiler, sweep, subject=subject))
            self._rows[schedule.table, subject] = known
        return known[2]

    def named_in(self, schedule: TableSchedule, mention: Mention) -> Statement:
        """For the keys of the rows that name a person beside their owners."""
        known = self._named.get(mention)
        if known is None or known[0] is not schedule:
            known = self._named[mention] = schedule, _named_in(self.compiler, schedule, mention)
        return known[1]


_SAID: Final[Mapping[Sql, Any]] = {"true": True, "false": False, "null": None}
"""What needs not be asked."""


def _rows_of(compiler: Compiler, sweep: Sweep, *, subject: str) -> Iterator[Asked]:
    schedule = sweep.schedule
    theirs = [path for path in schedule.owners if path.subject == subject]
    for path in schedule.owners if schedule.shared and theirs else theirs:
        base = compiler.base(schedule.table)
        chain, joins = compiler.chain(base, path.fan)
        row = replace(base, hops=path.fan, via=chain[-1]) if chain else base
        mine = of_person(compiler, schedule, row, path) if path in theirs else "false"
        row = hers(compiler, schedule, row) or row
        of_path = [v for v in schedule.variants if v.owner == path]
        there, gone = (
            compiler.condition(any_of(sweep.led(v, exists=e) for v in of_path), row) for e in (True, False)
        )
        if schedule.shared:
            nobody = compiler.condition(any_of(map(sweep.of_nobody, of_path)), base)
            about = some(of_person(compiler, schedule, base, each) for each in theirs)
            where = every([*joins, about, some([there, gone, nobody])])
        else:  # only rows that are theirs are asked for
            where, there, mine = every([*joins, mine, there]), "true", "true"
        flags = (Wanted("there", there, "boolean"), Wanted("mine", mine, "boolean"))
        wanted = [*flags, *_wanted(compiler, sweep, path, row, there=there)]
        sent = tuple(each for each in wanted if each.value not in _SAID)
        said = {each.name: _SAID[each.value] for each in wanted if each.value in _SAID}
        if len(schedule.classes) == 1:
            said["row_class"] = schedule.classes[0][0]
        yield Asked(
            sent,
            ", ".join(map(compiler.source, [row, *chain])),
            where,
            compiler.statement("").values,
            path,
            tuple(dict.fromkeys(_facts(schedule, path))),
            tuple(cell.name for cell in _maskable(schedule)),
            {name: place for place, name in enumerate([*(each.name for each in sent), *said])},
            tuple(said.values()),
        )


def _maskable(schedule: TableSchedule) -> list[Cell]:
    return [cell for cell in schedule.cells if cell.mask is not None]


def _wanted(compiler: Compiler, sweep: Sweep, path: OwnerPath, row: Row, *, there: Sql) -> Iterator[Wanted]:
    """What is asked of a row, as it is for one kind of owner, by the names under which `Asked` reads it."""
    schedule = sweep.schedule

    def said(name: str, value: Sql, kind: str = "boolean") -> Wanted:
        return Wanted(name, value, kind)

    def when(name: str, fact: FactRef) -> Wanted:
        end = Row(fact.ref.hops[-1].table if fact.ref.hops else row.table, "")
        return Wanted(name, _moment(compiler, row, fact), compiler.kind(end, fact.ref.column).kind)

    listed = compiler.schema.tables[row.table].lies_in == OWN
    yield said("key", compiler.row_key(row), "text[]")
    yield said("path", compiler.column(row, "path") if listed else "null", "text")
    if len(schedule.classes) > 1:
        yield said("row_class", _class(compiler, schedule, row), "text")
    yield said("held", compiler.condition(sweep.held if schedule.shared else Held(schedule.table, path), row))
    yield said("pointed", compiler.condition(sweep.pointed, row))
    yield said("loose", compiler.condition(any_of(map(sweep.loose, schedule.links)), row))
    yield when("lost_at", schedule.orphan_date) if schedule.orphan_date else said("lost_at", "null")
    for n, cell in enumerate(_maskable(schedule)):
        uses = tuple(use for use in schedule.identity_uses if cell.name in use.cells)
        yield said(f"bare_{n}", compiler.condition(Unmasked(schedule.table, cell), row))
        yield said(f"needed_{n}", compiler.condition(Needed(uses), row) if uses else "false")
    for n, fact in enumerate(dict.fromkeys(_facts(schedule, path))):
        yield when(f"fact_{n}", fact)
        yield said(f"when_{n}", _when(compiler, row, fact))
        yield said(f"lost_{n}", _lost(compiler, row, path, fact, there))


def _named_in(compiler: Compiler, schedule: TableSchedule, mention: Mention) -> Statement:
    """The keys of the rows that name a person beside their owners."""
    row, dialect = compiler.base(schedule.table), compiler.dialect
    same = _is_given(compiler, row, mention.columns)
    if same is None:
        parts = [dialect.spelled(compiler.column(row, c), compiler.kind(row, c)) for c in mention.columns]
        same = every(
            [_may_be(compiler, row, mention.columns), f"{dialect.key(parts)} = {dialect.given_key()}"]
        )
    return compiler.statement(f"select {compiler.row_key(row)} from {compiler.source(row)} where {same}")


def _is_given(compiler: Compiler, row: Row, columns: Sequence[str]) -> Sql | None:
    """These columns hold the key that is given, each compared as what it is; None where only their text tells."""
    parts = _given(compiler, row, columns)
    return every(f"{compiler.column(row, column)} = {part}" for column, part in parts) if parts else None


def _given(compiler: Compiler, row: Row, columns: Sequence[str]) -> tuple[tuple[str, Sql], ...] | None:
    """These columns, and the part of the given key that each of them holds."""
    parts = [
        compiler.dialect.given_part(compiler.kind(row, column), n, of=len(columns))
        for n, column in enumerate(columns)
    ]
    known = tuple((column, part) for column, part in zip(columns, parts, strict=True) if part)
    return known if len(known) == len(parts) else None


def hers(compiler: Compiler, schedule: TableSchedule, row: Row) -> Row | None:
    """The row as one that is the given person's and nobody else's, with the columns that say so known; None where rows
    of the table may be others', too, or where only another row says whose they are."""
    match schedule.owners:
        case (path,) if path.sure and path.match == "exact":
            hops, columns, _ = path.named_at
            known = None if hops else _given(compiler, row, columns)
            return replace(row, known=known) if known else None
    return None


def of_person(compiler: Compiler, schedule: TableSchedule, row: Row, path: OwnerPath) -> Sql:
    """The row is this person's, by this way."""

    def along(last: Row) -> Sql:
        at = replace(row, hops=path.fan, via=last) if path.fan else row
        same = _keyed(compiler, at, path)
        before = schedule.before(path)
        if (not path.hops and not path.inline) or (path.sure and () in before):
            return same
        return every(
            [same, compiler.condition(any_of(OwnedBy(path, ways, exists=True) for ways in before), at)]
        )

    return compiler.through(row, path.fan, along)


def _keyed(compiler: Compiler, row: Row, path: OwnerPath) -> Sql:
    """The person at the end of this way has the key that is given."""
    hops, columns, when = path.named_at
    end = Row(hops[-1].table if hops else row.table, "")
    if path.match != "exact" or _is_given(compiler, end, columns) is None:
        same = f"{compiler.subject_key(row, path)} = {compiler.dialect.given_key()}"
        if path.match != "exact" or path.fan:
            return same
        return every([compiler.led(row, hops, lambda end: _may_be(compiler, end, columns)), same])

    def named(at: Row) -> Sql:
        return every([_is_given(compiler, at, columns) or "true", compiler.meant(at, when)])

    return compiler.through(row, hops, named)


def _facts(schedule: TableSchedule, path: OwnerPath) -> Iterator[FactRef]:
    for variant in schedule.variants:
        if variant.owner == path:
            for claim in variant.claims:
                yield from (c.fact for c in claim.clocks if isinstance(c.fact, FactRef))


def _lost(compiler: Compiler, row: Row, path: OwnerPath, fact: FactRef, there: Sql) -> Sql:
    """The owner is missing, and the row that the fact stood in with them."""
    shared = fact.shared_with(path)
    if not shared or there == "true":
        return "false"
    return every([negated(there), compiler.condition(LeadsNowhere(shared), row)])


def _class(compiler: Compiler, schedule: TableSchedule, row: Row) -> Sql:
    *named, (last, _) = schedule.classes
    bind = compiler.dialect.bind
    whens = "".join(
        f"when {compiler.condition(InClass(where, ()), row)} then {bind(label, 'text')} "
        for label, where in named
    )
    return f"case {whens}else {bind(last, 'text')} end"


def _moment(compiler: Compiler, row: Row, fact: FactRef) -> Sql:
    return compiler.value(row, fact.ref, read=lambda time: compiler.dialect.readable(time, fact.time_type))


def _when(compiler: Compiler, row: Row, fact: FactRef) -> Sql:
    """The fact's own condition, where the fact stands."""
    return compiler.condition(InClass(fact.when, ()), row) if fact.when else "true"


def _may_be(compiler: Compiler, row: Row, columns: Sequence[str]) -> Sql:
    """These columns may hold the key that is given: so of every row of which they do, and of few others."""
    return every(compiler.dialect.may_be_given(compiler.column(row, c), n) for n, c in enumerate(columns))
