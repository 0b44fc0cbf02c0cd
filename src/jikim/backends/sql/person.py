"""Reads what the clocks of one person's rows say: keys and trigger dates, no other value. Builds SELECTs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jikim.backends.sql.compile import Compiler, Row
from jikim.backends.sql.dialect import Sql, Statement
from jikim.plan.predicate import Held, InClass, Needed, OwnedBy, Pointed, Unmasked
from jikim.plan.schedule import FactRef, OwnerPath, TableSchedule


@dataclass(frozen=True)
class RowFacts:
    """One row: its key, its class, its owner's path, and its triggers as stored.

    ``bare`` are the cells that masking would change, ``needed`` those that a record may yet take along.
    """

    key: tuple[str, ...]
    row_class: str
    owner: OwnerPath
    values: dict[FactRef, Any]
    held: bool
    pointed: bool
    bare: frozenset[str]
    needed: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """One question for a person's rows of one table, and how its answers are read."""

    statement: Statement
    owner: OwnerPath
    facts: tuple[FactRef, ...]
    cells: tuple[str, ...]

    def read(self, found: Mapping[str, Any]) -> RowFacts:
        """One row of the answer."""
        values = {f: found[f"fact_{n}"] if found[f"when_{n}"] else None for n, f in enumerate(self.facts)}
        bare, needed = (
            frozenset(cell for n, cell in enumerate(self.cells) if found[f"{what}_{n}"])
            for what in ("bare", "needed")
        )
        return RowFacts(
            tuple(found["key"]),
            found["row_class"],
            self.owner,
            values,
            found["held"],
            found["pointed"],
            bare,
            needed,
        )


def rows_of(
    compiler: Compiler, schedule: TableSchedule, *, subject: str, key: tuple[str, ...]
) -> Iterator[Asked]:
    """What to ask for the rows of one table about one person: once for each way to them."""
    row = compiler.base(schedule.table)
    cells = tuple(cell for cell in schedule.cells if cell.mask is not None)
    uses = [tuple(use for use in schedule.identity_uses if cell.name in use.cells) for cell in cells]
    for path in (p for p in schedule.owners if p.subject == subject):
        facts = tuple(dict.fromkeys(_facts(schedule, path)))
        wanted = {
            "key": compiler.row_key(row),
            "row_class": _class(compiler, schedule, row),
            "held": compiler.condition(Held(schedule.table, path), row),
            "pointed": compiler.condition(Pointed(schedule.dependents), row),
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
        }
        about = f"{compiler.subject_key(row, path)} = {compiler.dialect.bound_key(key)}"
        labelled = ", ".join(f"{value} as {name}" for name, value in wanted.items())
        owned = _owned(compiler, schedule, path, row)
        text = f"select {labelled} from {compiler.source(row)} where {about} and {owned}"
        yield Asked(compiler.statement(text), path, facts, tuple(cell.name for cell in cells))


def _facts(schedule: TableSchedule, path: OwnerPath) -> Iterator[FactRef]:
    for variant in schedule.variants:
        if variant.owner == path:
            for claim in variant.claims:
                yield from (c.fact for c in claim.clocks if isinstance(c.fact, FactRef))


def _owned(compiler: Compiler, schedule: TableSchedule, path: OwnerPath, row: Row) -> Sql:
    if not path.hops and not path.inline:
        return "true"
    earlier = schedule.owners[: schedule.owners.index(path)]
    return compiler.condition(OwnedBy(path, earlier, exists=True), row)


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
