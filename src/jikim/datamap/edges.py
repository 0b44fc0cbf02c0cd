"""Whose row is it? Subjects, owners and references, and what the store's own keys make of them. Pure."""

from collections.abc import Iterator
from typing import Final

from jikim.datamap.model import Owner, Subject, TableMap
from jikim.datamap.schema import OWN, ForeignKey, Outsider, Table
from jikim.datamap.survey import (
    Survey,
    Target,
    a_date,
    error,
    flow,
    key,
    listed,
    no_column,
    quoted,
    size,
    warning,
)
from jikim.shape import did_you_mean
from jikim.source import Diagnostic, Path

UNINDEXED_ROWS: Final = 10_000
"""Above this many rows an edge without an index is refused: each parent would read them all."""


def subjects(survey: Survey) -> Iterator[Diagnostic]:
    """Every kind of person with rows is known to the policy, and its key names one row."""
    tables: dict[str, str] = {}
    for kind, subject in survey.datamap.subjects.items():
        path: Path = ("subjects", kind)
        if kind not in survey.policy.people:
            yield error(
                "unknown-people",
                path,
                f"`{kind}` is no kind of person in the policy",
                why="no processing could be about them",
                fix=did_you_mean(kind, survey.policy.people) or f"people: {{{key(kind)}: {{label: …}}}}",
            )
        if subject.table in tables:
            yield error(
                "subject-table",
                (*path, "table"),
                f"`{tables[subject.table]}` and `{kind}` are both kept in `{subject.table}`",
                why="a row would have two promises",
                fix="make them one kind of person, with classes of `rows`",
            )
        tables.setdefault(subject.table, kind)
        yield from _subject(survey, subject, path)


def _subject(survey: Survey, subject: Subject, path: Path) -> Iterator[Diagnostic]:
    if subject.table not in survey.personal:
        known = [name for name in survey.personal if name in survey.schema.tables]
        yield error(
            "subject-table",
            (*path, "table"),
            f"`{subject.table}` is not a personal table that the map and the store have",
            why="every row that belongs to such a person is reached through it",
            fix=did_you_mean(subject.table, known)
            or f"tables: {{{key(subject.table)}: {{processing: […]}}}}",
        )
        return
    mapped, table = survey.personal[subject.table]
    if mapped.owner:
        yield error(
            "subject-owned",
            ("tables", subject.table, "owner"),
            f"`{subject.table}` is itself a table of people, and has an owner",
            why="its rows belong to the people they are about",
            fix="remove `owner`",
        )
    missing = [column for column in subject.key if column not in table.columns]
    if missing:
        yield no_column(table, missing[0], (*path, "key"))
    elif set(subject.key) not in [set(columns) for columns in (table.primary_key, *table.unique)]:
        yield error(
            "subject-key",
            (*path, "key"),
            f"nothing keeps two rows of `{subject.table}` from the same {', '.join(map(_tick, subject.key))}",
            why="rows would belong to whichever of the two is found first",
            fix=f"ALTER TABLE {quoted(survey.tables_in, subject.table)} ADD UNIQUE {listed(subject.key)};",
        )


def owners(survey: Survey) -> Iterator[Diagnostic]:
    """Every row leads to a person, along columns that exist, fit and are filled in."""
    for name, (mapped, table) in survey.personal.items():
        if survey.datamap.subject_of(name):
            continue
        sound = True
        for n, owner in enumerate(mapped.owner):
            found = list(_owner(survey, table, owner, path=("tables", name, "owner", n, owner.to)))
            sound = sound and not found
            yield from found
            if owner in mapped.owner[:n]:
                yield error(
                    "owner-twice",
                    ("tables", name, "owner", n, owner.to),
                    f"`{owner.to}: {flow(owner.columns)}` is written twice",
                    fix="remove one of the two",
                )
        if sound:
            yield from _reachable(survey, name, mapped)
            yield from _always_another(survey, name, mapped)


def _owner(survey: Survey, table: Table, owner: Owner, *, path: Path) -> Iterator[Diagnostic]:
    known = (*survey.datamap.subjects, *survey.personal, *survey.policy.people)
    missing = [column for column in owner.columns if column not in table.columns]
    if owner.to not in known:
        yield error(
            "unknown-owner",
            path,
            f"`{owner.to}` is neither a kind of person nor a personal table of the map",
            fix=did_you_mean(owner.to, known) or "name a key of `subjects`, a table, or a kind of `people`",
        )
    elif missing:
        yield no_column(table, missing[0], path)
    elif target := survey.target(owner):
        yield from _fits(survey, table, owner.columns, target, path=path)


def _fits(
    survey: Survey, table: Table, columns: tuple[str, ...], target: Target, *, path: Path
) -> Iterator[Diagnostic]:
    """The columns of an edge can be compared with the key it leads to."""
    to = survey.schema.tables.get(target.table)
    if to is None or not target.columns or not set(target.columns) <= set(to.columns):
        return  # told where that table or its key is
    if len(columns) != len(target.columns):
        yield error(
            "edge",
            path,
            f"`{flow(columns)}` cannot name a row of `{to.name}`, whose key is `{flow(target.columns)}`",
            fix=f"name as many columns as that, in the order of `{flow(target.columns)}`",
        )
        return
    for own, other in zip(columns, target.columns, strict=True):
        here, there = table.columns[own], to.columns[other]
        if here.family != there.family:
            yield error(
                "edge",
                path,
                f"`{table.name}.{own}` is `{here.type}`, and `{to.name}.{other}` is `{there.type}`",
                why="the two cannot be compared, so no row would find its owner",
                fix=f"named: …{{{own}:{there.family}}}…   # in the files store"
                if table.lies_in == OWN
                else f"ALTER TABLE {quoted(survey.tables_in, table.name)} ALTER COLUMN {quoted(own)} TYPE "
                f"{there.type} USING {quoted(own)}::{there.type};",
            )


def _reachable(survey: Survey, name: str, mapped: TableMap) -> Iterator[Diagnostic]:
    hint = next(
        (
            (k.columns, k.to_table)
            for k in survey.schema.tables[name].foreign_keys
            if k.to_table in survey.personal
        ),
        None,
    )
    kind = survey.datamap.subject_of(hint[1]) or hint[1] if hint else "member"
    edge = f"owner: {{{key(kind)}: {flow(hint[0]) if hint else 'member_id'}}}"
    if not mapped.owner:
        yield error(
            "unowned",
            ("tables", name),
            f"nobody owns the rows of `{name}`",
            why="a row that belongs to no person would never fall due",
            fix=f"{edge}   # or `personal: no`",
        )
    elif not _leads_to_people(survey, name, ()):
        yield error(
            "unreachable",
            ("tables", name, "owner"),
            f"no person is reached from `{name}`: its owners own one another",
            why="a row that belongs to no person would never fall due",
            fix=f"{edge}   # the column that names the person",
        )
    elif mapped.orphans == "refuse" and _can_be_unowned(survey, name, ()):
        date_of = a_date(survey.schema.tables[name])
        fate = f"date-from({date_of})" if date_of else "destroy"
        empty = ", ".join(f"`{c}`" for owner in mapped.owner for c in owner.columns)
        yield error(
            "nullable-owner",
            ("tables", name, "owner"),
            f"rows of `{name}` can belong to nobody: {empty} may be NULL, there or further up",
            why="such a row would never fall due, and no other owner is declared that is always filled in",
            fix=f"orphans: {fate}   # or NOT NULL, or one more owner",
        )


def _leads_to_people(survey: Survey, name: str, passed: tuple[str, ...]) -> bool:
    if name in passed or name not in survey.personal:
        return False
    if survey.datamap.subject_of(name):
        return True
    mapped, _ = survey.personal[name]
    return any(
        owner.to not in survey.personal
        or owner.to in survey.datamap.subjects
        or _leads_to_people(survey, owner.to, (*passed, name))
        for owner in mapped.owner
    )


def _always_another(survey: Survey, name: str, mapped: TableMap) -> Iterator[Diagnostic]:
    """An owner that is asked only where those before it are empty, which never happens."""
    for n, owner in enumerate(mapped.owner[:-1]):
        if mapped.owner[n + 1] != owner and not _may_be_empty(survey, name, owner, ()):
            first, other = flow(owner.columns), mapped.owner[n + 1]
            yield error(
                "co-owner",
                ("tables", name, "owner", n + 1, other.to),
                f"every row of `{name}` has its {first}, so {flow(other.columns)} would never be asked",
                why="a row would go with the first of its owners while the other is still there",
                fix="name one owner; rows that two people own together cannot be kept yet",
            )
            return


def _can_be_unowned(survey: Survey, name: str, passed: tuple[str, ...]) -> bool:
    """Whether a row may have every way to its owner empty, here or in a row it is owned through."""
    if name in passed or survey.datamap.subject_of(name):
        return False
    mapped, _ = survey.personal[name]
    return all(_may_be_empty(survey, name, owner, passed) for owner in mapped.owner)


def _may_be_empty(survey: Survey, name: str, owner: Owner, passed: tuple[str, ...]) -> bool:
    table = survey.schema.tables[name]
    if any(table.columns[column].nullable for column in owner.columns if column in table.columns):
        return True
    through = owner.to in survey.personal and owner.to not in survey.datamap.subjects
    return through and _can_be_unowned(survey, owner.to, (*passed, name))


def references(survey: Survey) -> Iterator[Diagnostic]:
    """Columns that the map says point somewhere do."""
    for name, (mapped, table) in survey.personal.items():
        for column, to in mapped.references.items():
            path: Path = ("tables", name, "references", column)
            if column not in table.columns:
                yield no_column(table, column, path)
            elif to not in survey.schema.tables:
                fix = did_you_mean(to, survey.schema.tables) or f"remove `{key(column)}` from `references`"
                yield error("missing-table", path, f"the store has no table `{to}`", fix=fix)
            elif target := survey.reference(name, column):
                yield from _fits(survey, table, (column,), target, path=path)


def keys(survey: Survey) -> Iterator[Diagnostic]:
    """Every edge has an index, and no key of the store destroys or blocks on its own."""
    for name, (_, table) in survey.personal.items():
        for path, columns, target in survey.edges(name):
            if not table.indexed(columns):
                yield _unindexed(survey, table, columns, target, path=path)
        for foreign in table.foreign_keys:
            if foreign.on_delete == "CASCADE" and foreign.to_table in survey.personal:
                yield _cascade(survey, table, foreign)
        for outsider in table.outsiders:
            yield _outside(name, outsider)
    for name, mapped in survey.datamap.tables.items():
        if mapped.personal or name not in survey.schema.tables:
            continue
        for foreign in survey.schema.tables[name].foreign_keys:
            if foreign.to_table in survey.personal:
                yield _points_at_people(survey, name, foreign)


def _unindexed(
    survey: Survey, table: Table, columns: tuple[str, ...], target: Target, *, path: Path
) -> Diagnostic:
    tell = error if table.rows > UNINDEXED_ROWS else warning
    return tell(
        "no-index",
        path,
        f"`{table.name}` has no index on `{flow(columns)}`, which leads to `{target.table}`",
        why=f"each row of `{target.table}` that goes would read all of `{table.name}`: {size(table)}"
        + (f", more than {UNINDEXED_ROWS:,}" if table.rows > UNINDEXED_ROWS else ""),
        fix=f"CREATE INDEX CONCURRENTLY ON {quoted(survey.tables_in, table.name)} {listed(columns)};",
    )


def _cascade(survey: Survey, table: Table, foreign: ForeignKey) -> Diagnostic:
    to = quoted(survey.tables_in, foreign.to_table)
    return warning(
        "cascade",
        ("tables", table.name),
        f"deleting a row of `{foreign.to_table}` deletes its rows of `{table.name}` (ON DELETE CASCADE)",
        why="jikim never relies on it, for what a cascade deletes is not archived first; anyone else's delete would "
        "take what a law keeps",
        fix=f"ALTER TABLE {quoted(survey.tables_in, table.name)} DROP CONSTRAINT {quoted(foreign.name)}, "
        f"ADD CONSTRAINT {quoted(foreign.name)} FOREIGN KEY {listed(foreign.columns)} "
        f"REFERENCES {to} {listed(foreign.to_columns)};",
    )


def _points_at_people(survey: Survey, name: str, foreign: ForeignKey) -> Diagnostic:
    to = survey.datamap.subject_of(foreign.to_table) or foreign.to_table
    return error(
        "points-at-people",
        ("tables", name),
        f"`{name}` says `personal: no`, and `{flow(foreign.columns)}` points at `{foreign.to_table}`",
        why=f"its rows are never touched, so the rows of `{foreign.to_table}` they point at could never go",
        fix=f"{key(name)}: {{owner: {{{key(to)}: {flow(foreign.columns)}}}, processing: […], columns: {{…}}}}",
    )


def _outside(name: str, outsider: Outsider) -> Diagnostic:
    does = {
        "CASCADE": "would delete its rows, and nobody would know of it",
        "SET NULL": "would empty its columns, and nobody would know of it",
        "SET DEFAULT": "would change its rows, and nobody would know of it",
    }.get(outsider.on_delete, "is refused by the store while one points to it")
    return error(
        "outside",
        ("tables", name),
        f"`{outsider.schema}.{outsider.table}` lies in another schema, "
        f"and its {', '.join(map(_tick, outsider.columns))} points to `{name}`",
        why=f"to delete a row of `{name}` {does}",
        fix=f"ALTER TABLE {quoted(outsider.schema, outsider.table)} DROP CONSTRAINT {quoted(outsider.name)};"
        f"   -- or move the table into the schema of `{name}`",
    )


def _tick(name: str) -> str:
    return f"`{name}`"
