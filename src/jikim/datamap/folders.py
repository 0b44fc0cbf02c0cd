"""Do the tables that stand for folders fit? A file goes as a whole, and only once. Pure."""

from collections import Counter
from collections.abc import Iterator

from jikim.datamap.model import TableMap
from jikim.datamap.schema import OWN
from jikim.datamap.survey import Survey, error, key, warning
from jikim.shape import did_you_mean
from jikim.source import Diagnostic, Path


def folders(survey: Survey) -> Iterator[Diagnostic]:
    """Every folder that is listed has one table, every such table a folder."""
    stores, tables = survey.datamap.stores.files, survey.datamap.tables
    uses = Counter(table.files for table in tables.values() if table.files)
    for name, mapped in tables.items():
        if mapped.files and mapped.personal:
            found = list(_store(survey, name, mapped, shared=uses[mapped.files] > 1))
            yield from found or _columns(survey, name, mapped)
    for store, written in stores.items():
        if written.named and store not in uses:
            yield warning(
                "unread-folder",
                ("stores", "files", store),
                f"no table stands for the files of `{store}`",
                why="nothing that its patterns name is ever removed",
                fix=f"tables: {{{key(store.replace('-', '_'))}: {{files: {key(store)}, …, columns: {{path: …}}}}}}",
            )


def _store(survey: Survey, name: str, mapped: TableMap, *, shared: bool) -> Iterator[Diagnostic]:
    path: Path = ("tables", name, "files")
    stores, store = survey.datamap.stores.files, mapped.files or ""
    columns = [
        f"{table}.{column}"
        for table, each in survey.datamap.tables.items()
        for column, written in each.columns.items()
        if written.file == store
    ]
    if store not in stores:
        yield error(
            "unknown-folder",
            path,
            f"`{store}` is no files store",
            fix=did_you_mean(store, stores) or f"stores: {{files: {{{key(store)}: {{path: …, named: …}}}}}}",
        )
    elif not stores[store].named:
        yield error(
            "unnamed-files",
            path,
            f"nothing says what the files of `{store}` are called",
            why="a file is a row only where its path fits a pattern",
            fix='named: "access-{date:%Y-%m-%d}.log*"   # in the files store',
        )
    elif shared or columns:
        other = f"`{columns[0]}` names its files, too" if columns else "another table stands for it, too"
        yield error(
            "store-twice",
            path,
            f"`{store}` has two promises: {other}",
            why="a file would go with whichever is due first",
            fix="give each its own files store, with patterns of its own",
        )
    elif survey.schema.tables[name].lies_in != OWN:
        yield error(
            "name-taken",
            path,
            f"the store has a table `{name}` of its own",
            why="one name cannot stand for it and for the files",
            fix=f"call the files otherwise, such as {key(name + '_files')}",
        )


def _columns(survey: Survey, name: str, mapped: TableMap) -> Iterator[Diagnostic]:
    for column, written in mapped.columns.items():
        if (written.items or written.file) and (
            column != "path" or written.file or written.json_ or written.mask
        ):
            yield error(
                "file-column",
                ("tables", name, "columns", column),
                f"`{name}.{column}` is a part of a file's name, and goes with the file",
                why="a file is kept or removed as a whole: nothing in it is masked",
                fix="columns: {path: …}   # the item that the file is, and no other column",
            )
    if "path" not in mapped.columns or not mapped.columns["path"].item:
        yield error(
            "file-item",
            ("tables", name, "columns"),
            f"nobody says what the files of `{name}` hold",
            why="what no item names is promised to nobody",
            fix="columns: {path: access-log}   # an item of the policy",
        )
    dated = {fact.column for _, fact in survey.facts(name)}
    for field in survey.datamap.stores.files[mapped.files or ""].names.fields:
        if field.span > 1 and field.name in dated:
            yield warning(
                "coarse-files",
                ("tables", name, "files"),
                f"a file of `{name}` holds up to {field.span} days, and goes when its last day is due",
                why=f"its first lines stay up to {field.span - 1} days longer than promised",
                fix="rotate every day, with %d in the name; or promise as much more",
            )
