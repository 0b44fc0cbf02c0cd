"""Reads what the clocks of one person's rows say: keys and trigger dates, no other value. Builds SELECTs.

A row of several owners is read once for each of them, since the bases of all of them keep it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jikim.backends.sql.compile import Compiler, Row, every, negated, some
from jikim.backends.sql.dialect import Sql, Statement
from jikim.datamap.schema import OWN
from jikim.plan.predicate import Held, InClass, LeadsNowhere, Needed, OwnedBy, Unmasked, any_of
from jikim.plan.schedule import FactRef, Mention, OwnerPath, TableSchedule
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
class Asked:
    """One question for a person's rows of one table and one kind of owner, and how its answers are read."""

    statement: Statement
    owner: OwnerPath
    facts: tuple[FactRef, ...]
    cells: tuple[str, ...]

    def read(self, found: Mapping[str, Any]) -> RowFacts:
        """One row of the answer, with this one owner."""
        values = {f: found[f"fact_{n}"] if found[f"when_{n}"] else None for n, f in enumerate(self.facts)}
        lost = frozenset(f for n, f in enumerate(self.facts) if found[f"lost_{n}"])
        bare, needed = (
            frozenset(cell for n, cell in enumerate(self.cells) if found[f"{what}_{n}"])
            for what in ("bare", "needed")
        )
        there, mine = bool(found["there"]), bool(found["mine"])
        owner = OwnerFacts(self.owner, there, values, lost, found["lost_at"], mine)
        held, pointed, loose = (bool(found[name]) for name in ("held", "pointed", "loose"))
        key, path = tuple(found["key"]), found["path"] or ""
        return RowFacts(key, found["row_class"], (owner,), held, pointed, loose, bare, needed, path)


def together(found: Iterable[RowFacts]) -> list[RowFacts]:
    """Answers about the same row, one for each owner, as one."""
    rows: dict[tuple[str, ...], RowFacts] = {}
    for each in found:
        known = rows.get(each.key)
        rows[each.key] = (
            each
            if known is None
            else replace(known, owners=(*known.owners, *each.owners), held=known.held or each.held)
        )
    return list(rows.values())


def rows_of(compiler: Compiler, sweep: Sweep, *, subject: str, key: tuple[str, ...]) -> Iterator[Asked]:
    """What to ask for the rows of one table about one person: once for each way to whoever owns them."""
    schedule = sweep.schedule
    cells = tuple(cell for cell in schedule.cells if cell.mask is not None)
    uses = [tuple(use for use in schedule.identity_uses if cell.name in use.cells) for cell in cells]
    theirs = [path for path in schedule.owners if path.subject == subject]
    for path in schedule.owners if schedule.shared and theirs else theirs:
        base = compiler.base(schedule.table)
        chain, joins = compiler.chain(base, path.fan)
        row = replace(base, hops=path.fan, via=chain[-1]) if chain else base
        mine = _about(compiler, schedule, row, path, key) if path in theirs else "false"
        about = some(_about(compiler, schedule, base, each, key) for each in theirs)
        if not schedule.shared:
            about = mine
        facts = tuple(dict.fromkeys(_facts(schedule, path)))
        of_path = [v for v in schedule.variants if v.owner == path]
        there, gone = (
            compiler.condition(any_of(sweep.led(v, exists=e) for v in of_path), row) for e in (True, False)
        )
        nobody = compiler.condition(any_of(map(sweep.of_nobody, of_path)), base)
        wanted = {
            "key": compiler.row_key(row),
            "row_class": _class(compiler, schedule, row),
            "there": there,
            "mine": mine,
            "path": compiler.column(row, "path")
            if compiler.schema.tables[row.table].lies_in == OWN
            else "null",
            "held": compiler.condition(sweep.held if schedule.shared else Held(schedule.table, path), row),
            "pointed": compiler.condition(sweep.pointed, row),
            "loose": compiler.condition(any_of(map(sweep.loose, schedule.links)), row),
            "lost_at": _moment(compiler, row, schedule.orphan_date) if schedule.orphan_date else "null",
            **{
                f"bare_{n}": compiler.condition(Unmasked(schedule.table, cell), row)
                for n, cell in enumerate(cells)
            },
            **{
                f"needed_{n}": compiler.condition(Needed(by), row) if by else "false"
                for n, by in enumerate(uses)
            },
            **{f"fact_{n}": _moment(compiler, row, fact) for n, fact in enumerate(facts)},
            **{f"when_{n}": _when(compiler, row, fact) for n, fact in enumerate(facts)},
            **{f"lost_{n}": _lost(compiler, row, path, fact, there) for n, fact in enumerate(facts)},
        }
        labelled = ", ".join(f"{value} as {name}" for name, value in wanted.items())
        source = ", ".join(map(compiler.source, [row, *chain]))
        owned = some([there, gone, nobody]) if schedule.shared else there
        text = f"select {labelled} from {source} where {every([*joins, about, owned])}"
        yield Asked(compiler.statement(text), path, facts, tuple(cell.name for cell in cells))


def named_in(
    compiler: Compiler, schedule: TableSchedule, mention: Mention, *, key: tuple[str, ...]
) -> Statement:
    """The keys of the rows that name a person beside their owners."""
    row = compiler.base(schedule.table)
    parts = [
        compiler.dialect.spelled(compiler.column(row, c), compiler.kind(row, c)) for c in mention.columns
    ]
    same = f"{compiler.dialect.key(parts)} = {compiler.dialect.bound_key(key)}"
    return compiler.statement(
        f"select {compiler.row_key(row)} as key from {compiler.source(row)} where {same}"
    )


def _about(
    compiler: Compiler, schedule: TableSchedule, row: Row, path: OwnerPath, key: tuple[str, ...]
) -> Sql:
    """The row is this person's, by this way."""

    def along(end: Row) -> Sql:
        at = replace(row, hops=path.fan, via=end) if path.fan else row
        same = f"{compiler.subject_key(at, path)} = {compiler.dialect.bound_key(key)}"
        if not path.hops and not path.inline:
            return same
        ways = (OwnedBy(path, before, exists=True) for before in schedule.before(path))
        return every([same, compiler.condition(any_of(ways), at)])

    return compiler.through(row, path.fan, along)


def _facts(schedule: TableSchedule, path: OwnerPath) -> Iterator[FactRef]:
    for variant in schedule.variants:
        if variant.owner == path:
            for claim in variant.claims:
                yield from (c.fact for c in claim.clocks if isinstance(c.fact, FactRef))


def _lost(compiler: Compiler, row: Row, path: OwnerPath, fact: FactRef, there: Sql) -> Sql:
    """The owner is missing, and the row that the fact stood in with them."""
    shared = fact.shared_with(path)
    if not shared:
        return "false"
    return every([negated(there), compiler.condition(LeadsNowhere(shared), row)])


def _class(compiler: Compiler, schedule: TableSchedule, row: Row) -> Sql:
    *named, (last, _) = schedule.classes
    bind = compiler.dialect.bind
    whens = "".join(
        f"when {compiler.condition(InClass(where, ()), row)} then {bind(label, 'text')} "
        for label, where in named
    )
    return f"case {whens}else {bind(last, 'text')} end" if named else bind(last, "text")


def _moment(compiler: Compiler, row: Row, fact: FactRef) -> Sql:
    return compiler.dialect.readable(compiler.value(row, fact.ref), fact.time_type)


def _when(compiler: Compiler, row: Row, fact: FactRef) -> Sql:
    """The fact's own condition, where the fact stands."""
    return compiler.condition(InClass(fact.when, ()), row) if fact.when else "true"
