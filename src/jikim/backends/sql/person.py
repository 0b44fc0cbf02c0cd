"""Reads what the clocks of one person's rows say: keys and trigger dates, no other value. Builds and runs SELECTs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.backends.sql.compile import Compiler, Expression, Row
from jikim.plan.predicate import Held, InClass, OwnedBy, Pointed
from jikim.plan.schedule import FactRef, OwnerPath, TableSchedule


@dataclass(frozen=True)
class RowFacts:
    """One row: its key, its class, its owner's path, and its triggers as stored."""

    key: tuple[str, ...]
    row_class: str
    owner: OwnerPath
    values: dict[FactRef, Any]
    held: bool
    pointed: bool


def rows_of(
    connection: sa.Connection,
    compiler: Compiler,
    schedule: TableSchedule,
    *,
    subject: str,
    key: tuple[str, ...],
) -> Iterator[RowFacts]:
    """Rows of one table about one person."""
    row = compiler.base(schedule.table)
    for path in (p for p in schedule.owners if p.subject == subject):
        facts = list(dict.fromkeys(_facts(schedule, path)))
        query = sa.select(
            _key(row, schedule).label("key"),
            _class(compiler, schedule, row).label("row_class"),
            compiler.condition(Held(schedule.table, path), row).label("held"),
            compiler.condition(Pointed(schedule.dependents), row).label("pointed"),
            *(compiler.value(row, fact.ref).label(f"fact_{n}") for n, fact in enumerate(facts)),
            *(_when(compiler, row, fact).label(f"when_{n}") for n, fact in enumerate(facts)),
        ).select_from(row.source)
        about = compiler.subject_key(row, path) == sa.literal(list(key), pg.ARRAY(sa.Text))
        for found in connection.execute(query.where(about, _owned(compiler, schedule, path, row))).mappings():
            values = {f: found[f"fact_{n}"] if found[f"when_{n}"] else None for n, f in enumerate(facts)}
            yield RowFacts(
                tuple(found["key"]), found["row_class"], path, values, found["held"], found["pointed"]
            )


def _key(row: Row, schedule: TableSchedule) -> Expression:
    key: Expression = pg.array([sa.cast(row[c], sa.Text) for c in schedule.key], type_=sa.Text)
    return key


def _facts(schedule: TableSchedule, path: OwnerPath) -> Iterator[FactRef]:
    for variant in schedule.variants:
        if variant.owner == path:
            for claim in variant.claims:
                yield from (c.fact for c in claim.clocks if isinstance(c.fact, FactRef))


def _owned(compiler: Compiler, schedule: TableSchedule, path: OwnerPath, row: Row) -> Expression:
    if not path.hops and not path.inline:
        return sa.true()
    earlier = schedule.owners[: schedule.owners.index(path)]
    return compiler.condition(OwnedBy(path, earlier, exists=True), row)


def _class(compiler: Compiler, schedule: TableSchedule, row: Row) -> Expression:
    *named, (last, _) = schedule.classes
    if not named:
        return sa.literal(last, sa.Text)
    whens = [
        (compiler.condition(InClass(where, ()), row), sa.literal(label, sa.Text)) for label, where in named
    ]
    return sa.case(*whens, else_=sa.literal(last, sa.Text))


def _when(compiler: Compiler, row: Row, fact: FactRef) -> Expression:
    """The fact's own condition, where the fact stands."""
    if not fact.when:
        return sa.true()
    return compiler.condition(InClass(fact.when, ()), row)
