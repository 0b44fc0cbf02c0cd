"""Does the map speak of every table and column, and the schema have every one it speaks of? Pure."""

from collections.abc import Iterator

from jikim.datamap.mends import mends
from jikim.datamap.model import ColumnMap, TableMap
from jikim.datamap.names import likely_item, looks_personal, plainly_personal
from jikim.datamap.schema import OWN, Table
from jikim.datamap.survey import Survey, error, flow, info, key, key_types, warning
from jikim.shape import did_you_mean
from jikim.source import Diagnostic, Path


def tables(survey: Survey) -> Iterator[Diagnostic]:
    """Every table is mapped or says `personal: no`, and can be swept."""
    mapped, stored = survey.datamap.tables, survey.schema.tables
    for name in mapped:
        if name not in stored and not mapped[name].files:
            yield error(
                "missing-table",
                ("tables", name),
                f"the store has no table `{name}`",
                why="nothing that the map promises of it is kept",
                fix=did_you_mean(name, set(stored) - set(mapped)) or f"remove `{key(name)}:` from the map",
            )
    for name in stored:
        if name not in mapped and stored[name].lies_in != OWN:
            yield _unmapped_table(survey, name)
    for name, (_, table) in survey.personal.items():
        yield from _sweepable(survey, name, table)
    ruled = [name for name, (_, table) in survey.personal.items() if table.row_security]
    if ruled:
        names = ", ".join(f"`{name}`" for name in ruled)
        yield info(
            "row-security",
            ("tables",),
            f"row security is on in {names}",
            why="the sweeper must see every row; where it may not, a sweep stops instead of passing rows over",
            fix="ALTER ROLE the_sweeper BYPASSRLS;",
        )


def _unmapped_table(survey: Survey, name: str) -> Diagnostic:
    table = survey.schema.tables[name]
    pointing = [foreign for foreign in table.foreign_keys if foreign.to_table in survey.personal]
    telling = [column for column in table.columns if looks_personal(column)]
    why = "a table that nobody mapped is never swept: what it holds about people stays for ever"
    if pointing:
        why += f", and so does every row of `{pointing[0].to_table}` that it points to"
    if telling:
        why += f"; personal by their names: {', '.join(f'`{column}`' for column in telling)}"
    if pointing:
        to = survey.datamap.subject_of(pointing[0].to_table) or pointing[0].to_table
        owner = f"{{{key(to)}: {flow(pointing[0].columns)}}}"
        fix = f"{key(name)}: {{owner: {owner}, processing: […], columns: {{…}}}}"
    elif telling:
        held = {column: likely_item(column, frozenset(survey.policy.items)) for column in telling}
        columns = ", ".join(f"{key(column)}: {item or 'the_item'}" for column, item in held.items())
        fix = f"{key(name)}: {{owner: {{…: …}}, processing: […], columns: {{{columns}, …}}}}"
    else:
        fix = f"{key(name)}: {{personal: no}}   # or its owner, processing and columns"
    return error(
        "unmapped-table", ("tables", name), f"the map does not mention the table `{name}`", why=why, fix=fix
    )


def _sweepable(survey: Survey, name: str, table: Table) -> Iterator[Diagnostic]:
    path: Path = ("tables", name)
    mend = mends(survey.schema, survey.datamap)
    if not table.primary_key:
        yield error(
            "no-key",
            path,
            f"`{name}` has no primary key",
            why="a row that cannot be named cannot be archived once and only once",
            fix=mend.a_key(table),
        )
    yield from key_types(table, table.primary_key, path)
    for trigger in table.keepers:
        yield warning(
            "keeping-trigger",
            path,
            f"the trigger `{trigger}` runs before a row of `{name}` is deleted",
            why="such a trigger can keep the row while the delete succeeds; a step that finds its rows still there "
            "fails instead of reporting success",
            fix=f"{mend.no_trigger(table, trigger)}   -- if it keeps rows",
        )
    if table.copiers:
        names = ", ".join(f"`{trigger}`" for trigger in table.copiers)
        yield info(
            "copying-trigger",
            path,
            f"when a row of `{name}` is changed or deleted, the store runs {names}",
            why="such a trigger or rule may write what the row held to another place, where no promise follows it",
            fix="read what it does; map the table it writes to, or let it write nothing personal",
        )


def columns(survey: Survey) -> Iterator[Diagnostic]:
    """Every column is mapped, or is a key, an owner or a clock that holds no item."""
    for name, (mapped, table) in survey.personal.items():
        structural = _structural(survey, name, mapped, table)
        for column in table.columns:
            if column not in mapped.columns and table.lies_in != OWN:
                yield from _unmapped_column(survey, name, column, structural=column in structural)
        for column, written in mapped.columns.items():
            if column in table.columns:
                yield from _mapped_column(survey, name, column, written, table)
            else:
                left = set(table.columns) - set(mapped.columns)
                yield error(
                    "missing-column",
                    ("tables", name, "columns", column),
                    f"`{name}` has no column `{column}`",
                    fix=did_you_mean(column, left) or f"remove `{key(column)}` from the map",
                )
    yield from _doubtful_tables(survey)


def _structural(survey: Survey, name: str, mapped: TableMap, table: Table) -> set[str]:
    """Columns whose use the map already tells: keys, owners, references, clocks and conditions."""
    facts = [fact for _, fact in survey.facts(name)]
    subject = survey.datamap.subject_of(name)
    return {
        *table.primary_key,
        *(survey.datamap.subjects[subject].key if subject else ()),
        *(column for owner in mapped.edges for column in owner.columns),
        *(column for owner in mapped.owners for column in owner.when),
        *(column for _, _, owner in survey.led.get(name, ()) for column in owner.their),
        *mapped.unlink,
        *mapped.references,
        *(table.step(fact.column)[0] for fact in facts),
        *(column for fact in facts if not table.step(fact.column)[1] for column in fact.when),
        *(table.step(column)[0] for row_class in mapped.rows.values() for column in row_class.where),
        *filter(None, [mapped.orphans_dated_from]),
    }


def _unmapped_column(survey: Survey, name: str, column: str, *, structural: bool) -> Iterator[Diagnostic]:
    path: Path = ("tables", name, "columns", column)
    personal = looks_personal(column)
    if not personal and structural:
        return
    item = likely_item(column, frozenset(survey.policy.items))
    if personal:
        yield error(
            "unmapped-column",
            path,
            f"`{name}.{column}` looks personal, and nobody says what it holds",
            why="what no item names is promised to nobody, and is neither masked nor shown to the person",
            fix=f"{key(column)}: {item or 'the_item'}   # or `{key(column)}: no` if it is about nobody",
        )
    else:
        yield error(
            "unmapped-column",
            path,
            f"the map does not mention `{name}.{column}`",
            why="a column that nobody looked at may hold anything",
            fix=f"{key(column)}: no   # or the item it holds{f', such as {item}' if item else ''}",
        )


def _mapped_column(
    survey: Survey, name: str, column: str, written: ColumnMap, table: Table
) -> Iterator[Diagnostic]:
    path: Path = ("tables", name, "columns", column)
    items = survey.policy.items
    for item in sorted(written.items - set(items)):
        yield error(
            "unknown-item",
            path,
            f"`{item}` is no item of the policy",
            why=f"`{name}.{column}` would hold what the promise does not name",
            fix=did_you_mean(item, items) or "declare the item in policy.yaml, or name the right one",
        )
    for item in sorted(item for item in written.items & set(items) if items[item].stored == "never"):
        yield error(
            "never-stored",
            path,
            f"`{name}.{column}` holds `{item}`, which the policy says is never stored",
            why="a promise that the database breaks",
            fix=f"{mends(survey.schema, survey.datamap).dropped(table, column)}   -- or change the promise",
        )
    yield from _undecided(name, column, written, table)
    if not written.items and plainly_personal(column):
        likely = likely_item(column, frozenset(items))
        yield warning(
            "doubtful-no",
            path,
            f"`{name}.{column}` looks personal, and the map says it is not",
            why="what is said to be about nobody is never masked, and stays as long as its row",
            fix=f"{key(column)}: {likely or 'the_item'}",
        )
    if written.json_ and table.columns[column].kind not in ("json", "jsonb"):
        yield error(
            "json-path",
            (*path, "json"),
            f"`{name}.{column}` is `{table.columns[column].type}`, not JSON",
            fix=f"{key(column)}: {next(iter(written.json_.values()))}",
        )
    stores = survey.datamap.stores.files
    if written.file and written.file not in stores:
        yield error(
            "unknown-store",
            (*path, "file"),
            f"`{written.file}` is no files store",
            why="the files that the column names would outlive their rows",
            fix=did_you_mean(written.file, stores)
            or f"stores: {{files: {{{key(written.file)}: {{path: …}}}}}}",
        )
    if written.file and table.columns[column].family != "text":
        yield error(
            "file-path",
            (*path, "file"),
            f"`{name}.{column}` is `{table.columns[column].type}`, and a path is a text",
            why="the files that the column names would outlive their rows",
            fix="name a column that holds the file's path within its store",
        )


def _undecided(name: str, column: str, written: ColumnMap, table: Table) -> Iterator[Diagnostic]:
    """A mask that only the store can try against a CHECK; where the CHECK lists its values, `plan.bind` decides."""
    mask = written.mask or "null"
    for check in table.checks:
        about = column in check.columns and check.allowed is None
        if written.item and about and (mask != "null" or "NOT NULL" in check.words):
            yield warning(
                "undecided-mask",
                ("tables", name, "columns", column),
                f"nobody but the store can tell whether `{mask}` passes the CHECK `{check.name}` of `{name}`",
                why=f"{check.words}: where the mask breaks it, the store refuses the batch and the value stays",
                fix="try it in a transaction that you roll back; else write another mask",
            )


def _doubtful_tables(survey: Survey) -> Iterator[Diagnostic]:
    """A table without personal data has no column that is called an address."""
    for name, mapped in survey.datamap.tables.items():
        if mapped.personal or name not in survey.schema.tables:
            continue
        doubtful = [column for column in survey.schema.tables[name].columns if plainly_personal(column)]
        if doubtful:
            yield info(
                "doubtful-no",
                ("tables", name),
                f"`{name}` is said to hold nothing personal, and has "
                + ", ".join(f"`{column}`" for column in doubtful),
                why="a table that says `personal: no` is never touched",
                fix=f"map `{key(name)}` like the others, if these are about people",
            )
