"""Whose row is it? Subjects, owners and references, and what the store's own keys make of them. Pure."""

from collections.abc import Iterator
from typing import Final

from jikim.datamap.clocks import comparable
from jikim.datamap.mends import mends
from jikim.datamap.model import Owner, Subject, TableMap
from jikim.datamap.schema import OWN, ForeignKey, Outsider, Table
from jikim.datamap.survey import (
    Edge,
    Survey,
    Target,
    a_date,
    error,
    flow,
    key,
    key_types,
    no_column,
    quoted,
    size,
    warning,
)
from jikim.shape import did_you_mean
from jikim.source import Diagnostic, Path

UNINDEXED_ROWS: Final = 10_000
"""Above this many rows an edge without an index is refused: each parent would read them all."""


def _may_lack(table: Table, column: str) -> bool:
    """Whether a row may lack this part of a person's key. Of a primary key none may; a store that does not see to that
    is asked about the rows it has."""
    return table.columns[column].nullable and column not in table.primary_key


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
    yield from key_types(table, subject.key, (*path, "key"))
    if mapped.owners:
        yield error(
            "subject-owned",
            ("tables", subject.table, "owner" if mapped.owner else "co_owners"),
            f"`{subject.table}` is itself a table of people, and has an owner",
            why="its rows belong to the people they are about",
            fix="remove it; people who are only named there stand in `accessors`",
        )
    missing = [column for column in subject.key if column not in table.columns]
    if missing:
        yield no_column(table, missing[0], (*path, "key"))
    elif empty := [column for column in subject.key if _may_lack(table, column)]:
        yield error(
            "subject-key",
            (*path, "key"),
            f"`{subject.table}.{empty[0]}` names a person, and may be empty",
            why="a person without a key could neither be found nor held",
            fix=mends(survey.schema, survey.datamap).filled(table, empty[0]),
        )
    elif table.reuses_keys and subject.key == table.primary_key:
        yield warning(
            "reused-key",
            (*path, "key"),
            f"`{subject.table}.{subject.key[0]}` may name somebody new after who it named is gone",
            why="SQLite gives the highest number again, and what is kept apart of one person would be another's",
            fix=f"{subject.key[0]} integer primary key autoincrement   -- in a table made anew",
        )
    elif set(subject.key) not in [set(columns) for columns in (table.primary_key, *table.unique)]:
        yield error(
            "subject-key",
            (*path, "key"),
            f"nothing keeps two rows of `{subject.table}` from the same {', '.join(map(_tick, subject.key))}",
            why="rows would belong to whichever of the two is found first",
            fix=mends(survey.schema, survey.datamap).unique(table, subject.key),
        )


def owners(survey: Survey) -> Iterator[Diagnostic]:
    """Every row leads to a person, along columns that exist, fit and are filled in."""
    for name, (mapped, table) in survey.personal.items():
        if survey.datamap.subject_of(name):
            continue
        sound = True
        for path, owner in survey.owners(name):
            found = list(_owner(survey, table, owner, path=path))
            sound = sound and not found
            yield from found
        yield from _twice(name, mapped)
        yield from _theirs(name, mapped, table)
        if sound:
            yield from _reachable(survey, name, mapped)
            yield from _always_another(survey, name, mapped)


def _twice(name: str, mapped: TableMap) -> Iterator[Diagnostic]:
    role = "owner" if mapped.owner else "co_owners"
    seen: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for n, owner in enumerate(mapped.owners):
        edge = (owner.to, owner.columns, owner.their)
        if edge in seen:
            yield error(
                "owner-twice",
                ("tables", name, role, n, owner.to),
                f"`{owner.to}: {_edge(owner)}` is written twice",
                fix="remove one of the two",
            )
        seen.append(edge)


def _edge(owner: Owner) -> str:
    return f"{{their: {flow(owner.their)}}}" if owner.their else flow(owner.columns)


def _theirs(name: str, mapped: TableMap, table: Table) -> Iterator[Diagnostic]:
    """What is a co-owner's alone holds something of theirs, and is nobody else's."""
    taken: dict[str, str] = {}
    for n, owner in enumerate(mapped.co_owners):
        for column in owner.anonymise:
            path: Path = ("tables", name, "co_owners", n, "anonymise")
            held = mapped.columns.get(column)
            if column not in table.columns:
                yield no_column(table, column, path)
            elif column in taken:
                yield error(
                    "anonymise",
                    path,
                    f"`{column}` is said to be of `{taken[column]}` alone, and of `{_edge(owner)}` alone",
                    fix="leave it to one of them; what is of both is masked when nobody is left",
                )
            elif not (held and held.items) and column not in owner.columns:
                yield error(
                    "anonymise",
                    path,
                    f"`{name}.{column}` holds no item, so there is nothing to mask",
                    fix=f"columns: {{{key(column)}: the_item}}   # or leave it out of `anonymise`",
                )
            taken.setdefault(column, _edge(owner))


def accessors(survey: Survey) -> Iterator[Diagnostic]:
    """Whoever is named beside the owner has a row by which it is known when they leave."""
    for name, (mapped, table) in survey.personal.items():
        for n, accessor in enumerate(mapped.accessors):
            path: Path = ("tables", name, "accessors", n, accessor.to)
            missing = [column for column in accessor.columns if column not in table.columns]
            if accessor.to not in survey.datamap.subjects:
                yield error(
                    "unknown-accessor",
                    path,
                    f"`{accessor.to}` is no kind of person with a row of their own",
                    why="nobody could tell when they leave",
                    fix=did_you_mean(accessor.to, survey.datamap.subjects)
                    or f"subjects: {{{key(accessor.to)}: {{table: …, key: id}}}}",
                )
            elif missing:
                yield no_column(table, missing[0], path)
            elif target := survey.target(accessor):
                edge = Owner(to=accessor.to, columns=accessor.columns)
                yield from _fits(survey, table, edge, target, path=path)
        for n, column in enumerate(mapped.unlink):
            yield from _unlink(survey, name, column, ("tables", name, "unlink", n))


def _unlink(survey: Survey, name: str, column: str, path: Path) -> Iterator[Diagnostic]:
    table = survey.schema.tables[name]
    if column not in table.columns:
        yield no_column(table, column, path)
        return
    target = survey.reference(name, column)
    if target is None or target.table not in survey.personal:
        yield error(
            "unlink",
            path,
            f"`{name}.{column}` points to no table whose rows go",
            why="there is nothing before which it would have to be emptied",
            fix=f"references: {{{key(column)}: the_table}}   # or remove it from `unlink`",
        )


def _owner(survey: Survey, table: Table, owner: Owner, *, path: Path) -> Iterator[Diagnostic]:
    known = (*survey.datamap.subjects, *survey.personal, *survey.policy.people)
    missing = [column for column in owner.columns if column not in table.columns]
    target = survey.target(owner)
    if owner.nobody and not owner.when:
        yield error(
            "unknown-owner",
            path,
            f"every row of `{table.name}` is said to be about nobody",
            fix=f"{key(table.name)}: {{personal: no}}",
        )
    elif owner.to not in known and not owner.nobody:
        yield error(
            "unknown-owner",
            path,
            f"`{owner.to}` is neither a kind of person nor a personal table of the map",
            fix=did_you_mean(owner.to, known) or "name a key of `subjects`, a table, or a kind of `people`",
        )
    elif missing:
        yield no_column(table, missing[0], path)
    elif target and owner.their:
        yield from _led_by(survey, table, owner, target.table, path=path)
    elif target:
        yield from _fits(survey, table, owner, target, path=path)
        yield from key_types(table, owner.columns, path)
        yield from _conditions(table, owner, path)
    else:
        yield from key_types(table, owner.columns if not owner.nobody else (), path)
        yield from _conditions(table, owner, path)


def _conditions(table: Table, owner: Owner, path: Path) -> Iterator[Diagnostic]:
    """The columns that tell whether an owner's are theirs exist and can have these values."""
    for column, value in owner.when.items():
        if column not in table.columns:
            yield no_column(table, column, (*path, "when"))
        else:
            yield from comparable(table, table.columns[column], value, (*path, "when"))


def kinds(survey: Survey) -> Iterator[Diagnostic]:
    """Where the store lists the kinds that a column tells apart, an owner is named for each."""
    for name, (mapped, table) in survey.personal.items():
        columns = dict.fromkeys(column for owner in mapped.owners for column in owner.when)
        for column in (table.columns[c] for c in columns if c in table.columns):
            named = {str(o.when[column.name]) for o in mapped.owners if column.name in o.when}
            checks = (check.allowed or () for check in table.checks if check.columns == (column.name,))
            listed_ = column.labels or sorted(value for allowed in checks for value in allowed)
            for value in (v for v in listed_ if v not in named):
                yield warning(
                    "unnamed-kind",
                    ("tables", name, "owner" if mapped.owner else "co_owners"),
                    f"rows of `{name}` whose `{column.name}` is `{value}` belong to nobody",
                    why="they are orphans: unless `orphans` says what then, the table is left alone for one of them",
                    fix=f"polymorphic: {{…, {key(value)}: the_owner}}",
                )


def inline(survey: Survey) -> Iterator[Diagnostic]:
    """Kinds of people named inline are people of the policy, and have no rows."""
    for kind in survey.datamap.inline:
        path: Path = ("inline", kind)
        if kind in survey.datamap.subjects:
            fix = f"remove `{key(kind)}` from `inline`"
            yield error("inline-subject", path, f"`{kind}` has rows in a table of its own", fix=fix)
        elif kind not in survey.policy.people:
            fix = did_you_mean(kind, survey.policy.people) or f"people: {{{key(kind)}: {{label: …}}}}"
            yield error("unknown-people", path, f"`{kind}` is no kind of person in the policy", fix=fix)


def _led_by(survey: Survey, table: Table, owner: Owner, by: str, *, path: Path) -> Iterator[Diagnostic]:
    """The rows that say whose a row is point to its key."""
    other = survey.schema.tables.get(by)
    if other is None:
        return  # told where that table is
    missing = [column for column in owner.their if column not in other.columns]
    if missing:
        yield no_column(other, missing[0], path)
    else:
        edge = Owner(to=table.name, columns=owner.their)
        yield from _fits(survey, other, edge, Target(table.name, table.primary_key), path=path)


def _fits(survey: Survey, table: Table, owner: Owner, target: Target, *, path: Path) -> Iterator[Diagnostic]:
    """The columns of an edge can be compared with the key it leads to."""
    to, columns = survey.schema.tables.get(target.table), owner.columns
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
        if here.family != there.family and not (owner.when and here.spells(there)):
            yield error(
                "edge",
                path,
                f"`{table.name}.{own}` is `{here.type}`, and `{to.name}.{other}` is `{there.type}`",
                why="the two cannot be compared, so no row would find its owner",
                fix=f"named: …{{{own}:{there.family}}}…   # in the files store"
                if table.lies_in == OWN
                else mends(survey.schema, survey.datamap).retyped(table, own, there.type),
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
    if not mapped.owners:
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
            ("tables", name, "owner" if mapped.owner else "co_owners"),
            f"no person is reached from `{name}`: its owners own one another",
            why="a row that belongs to no person would never fall due",
            fix=f"{edge}   # the column that names the person",
        )
    elif mapped.orphans == "refuse" and _can_be_unowned(survey, name, ()):
        date_of = a_date(survey.schema.tables[name])
        fate = f"date-from({date_of})" if date_of else "destroy"
        empty = ", ".join(f"`{c}`" for owner in mapped.owners for c in owner.columns)
        leading = ", ".join(f"`{owner.to}`" for owner in mapped.owners if owner.their)
        how = [f"{empty} may be NULL, there or further up"] if empty else []
        how += [f"no row of {leading} may point to them, or none any more"] if leading else []
        yield error(
            "nullable-owner",
            ("tables", name, "owner" if mapped.owner else "co_owners"),
            f"rows of `{name}` can belong to nobody: {'; '.join(how)}",
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
        (owner.to not in survey.personal and not owner.nobody)
        or owner.to in survey.datamap.subjects
        or _leads_to_people(survey, owner.to, (*passed, name))
        for owner in mapped.owners
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
                fix=f"{_together(mapped.owner)}   # or name one owner",
            )
            return


def _together(owners: tuple[Owner, ...]) -> str:
    """The line that says that they own each row together."""
    each = ", ".join(f"{{{key(owner.to)}: {_edge(owner)}, anonymise: […]}}" for owner in owners)
    return f"co_owners: [{each}]"


def _can_be_unowned(survey: Survey, name: str, passed: tuple[str, ...]) -> bool:
    """Whether a row may have every way to its owner empty, here or in a row it is owned through.

    Of co-owners, those count for whom a processing keeps the row: others are only named in it.
    """
    if name in passed or survey.datamap.subject_of(name):
        return False
    mapped, _ = survey.personal[name]
    processings = [c.id for each in mapped.classes.values() for c in each.processing]
    known = survey.policy.processing
    kinds = {kind for each in processings if each in known for kind in known[each].about}
    keeping = [o for o in mapped.co_owners if o.to in kinds or o.to in survey.personal]
    return all(_may_be_null(survey, name, owner, passed) for owner in keeping or mapped.owners)


def _may_be_empty(survey: Survey, name: str, owner: Owner, passed: tuple[str, ...]) -> bool:
    """Whether a row may not be this owner's: for want of a value, or because it says that it is another's."""
    if owner.when:
        return True
    return _may_be_null(survey, name, owner, passed)


def _may_be_null(survey: Survey, name: str, owner: Owner, passed: tuple[str, ...]) -> bool:
    table = survey.schema.tables[name]
    named = (
        *(() if owner.nobody else owner.columns),
        *(column for column, value in owner.when.items() if value is not None),
    )
    if owner.their or any(table.columns[column].nullable for column in named if column in table.columns):
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
                yield from _fits(survey, table, Owner(to=to, columns=(column,)), target, path=path)


def keys(survey: Survey) -> Iterator[Diagnostic]:
    """Every edge has an index, and no key of the store destroys or blocks on its own."""
    for name, (_, table) in survey.personal.items():
        for edge in survey.edges(name):
            if not edge.indexed(table):
                columns = (*edge.beside, *edge.columns)
                yield _unindexed(survey, table, columns, edge.target, path=edge.path)
            yield from _fuzzy(survey, table, edge)
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


def _fuzzy(survey: Survey, table: Table, edge: Edge) -> Iterator[Diagnostic]:
    """A column on either side of an edge of which the store takes some texts that differ for equal."""
    to = survey.schema.tables[edge.target.table]
    pairs = zip(edge.columns, edge.target.columns, strict=True)
    both = [(side, name) for own, other in pairs for side, name in ((table, own), (to, other))]
    for side, name in both:
        if name in side.columns and side.columns[name].fuzzy:
            yield error(
                "key-type",
                edge.path,
                f"`{side.name}.{name}` is `{side.columns[name].type}`, of which the store takes some texts that differ "
                "for equal",
                why=f"rows of `{table.name}` would belong to whoever the store finds first",
                fix=mends(survey.schema, survey.datamap).exact(side, name),
            )
            return


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
        fix=mends(survey.schema, survey.datamap).index(table, columns),
    )


def _cascade(survey: Survey, table: Table, foreign: ForeignKey) -> Diagnostic:
    to = survey.schema.tables[foreign.to_table]
    return warning(
        "cascade",
        ("tables", table.name),
        f"deleting a row of `{foreign.to_table}` deletes its rows of `{table.name}` (ON DELETE CASCADE)",
        why="jikim never relies on it, for what a cascade deletes is not archived first; anyone else's delete would "
        "take what a law keeps",
        fix=mends(survey.schema, survey.datamap).no_cascade(table, foreign, to),
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
