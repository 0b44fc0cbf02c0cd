"""In which order tables are swept, and which must wait for one that is blocked. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from jikim.datamap.model import DataMap
from jikim.datamap.schema import Schema
from jikim.datamap.survey import key
from jikim.plan.schedule import TableSchedule
from jikim.source import Diagnostic, Severity

_UNSEEN: Final = frozenset({"unlisted", "unknown-folder", "unnamed-files", "name-taken"})
"""Kinds of findings after which nobody knows which files are there."""

_EDGE: Final = frozenset({"no-index", "edge", "unknown-column", "no-reference", *_UNSEEN})
"""Kinds of findings after which the rows a table points to must stay."""

Blocked = Mapping[str, tuple[Diagnostic, ...]]


class _Circle(Exception):  # noqa: N818 - not an error of the run: it blocks the tables it names
    """Tables that point at one another."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names


def children_first(tables: Mapping[str, TableSchedule], *, schema: Schema) -> tuple[list[str], Blocked]:
    """Table names so that each follows all that point to it; and those that stand in a circle, left out.

    A reference that is emptied first orders nothing.
    """
    left, circles = dict(tables), dict[str, tuple[Diagnostic, ...]]()
    while True:
        try:
            return _sorted(left), circles
        except _Circle as circle:
            way_out = _way_out(circle.names, left, schema)
            for name in circle.names:
                circles[name] = (_in_circle(name, circle.names, way_out),)
                del left[name]


def _sorted(tables: Mapping[str, TableSchedule]) -> list[str]:
    done: list[str] = []
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in open_:
            raise _Circle(tuple(open_[open_.index(name) :]))
        open_.append(name)
        for dependent in tables[name].dependents:
            if dependent.table in tables and dependent.table != name and not dependent.unlinked:
                visit(dependent.table)
        open_.pop()
        done.append(name)

    for name in sorted(tables):
        visit(name)
    return done


def _in_circle(name: str, names: tuple[str, ...], way_out: str) -> Diagnostic:
    circle = " → ".join([*names, names[0]])
    return Diagnostic(
        "circle",
        Severity.ERROR,
        f"`{circle}` point at one another",
        "each would have to go before the other, so no order of destruction exists",
        way_out,
        None,
        ("tables", name, "owner"),
    )


def _way_out(names: tuple[str, ...], tables: Mapping[str, TableSchedule], schema: Schema) -> str:
    """The reference that can be emptied first, so that the circle is one no longer; one that may be NULL if any."""
    found = [
        (dependent.table, dependent.hop.columns)
        for name in names
        for dependent in tables[name].dependents
        if dependent.table in names and dependent.table != name and len(dependent.hop.columns) == 1
        if not any(
            dependent.hop in path.hops[:1]
            or any(h.to_columns == dependent.hop.columns for h in path.fan[-1:])
            for table in names
            for path in tables[table].owners
        )
    ]
    for table, (column,) in found:
        if schema.tables[table].columns[column].nullable:
            return (
                f"{key(table)}: {{unlink: {key(column)}}}   # it is emptied before the row it points to goes"
            )
    for table, (column,) in found:
        words = f"`{table}.{column}` is NOT NULL; let it be NULL, then write {key(table)}: {{unlink: {key(column)}}}"
        return f"{words}   # it is emptied before the row it points to goes"
    return "let one of them name its person directly, and drop the other's foreign key"


def waiting(blocked: Blocked, datamap: DataMap, schema: Schema) -> Blocked:
    """Tables that must wait for a blocked one, with the reason.

    What a blocked table may yet archive stands partly in the rows it is owned through: they stay as they are.
    Where the way to its parents has no index or cannot be gone, nobody knows cheaply, or at all, whether a
    parent is still needed: parents stay.
    """
    found: dict[str, tuple[Diagnostic, ...]] = {}
    for name, reasons in blocked.items():
        table = datamap.tables.get(name)
        if table is None or not table.personal or (name not in schema.tables and not table.files):
            continue
        for through in _led_by(name, datamap, ()):
            why = f"whose the rows of `{name}` are is told by it"
            found.setdefault(through, (_waits(through, name, why),))
        if any(row_class.records for row_class in table.classes.values()):
            for owner in _owned_through(name, datamap, ()):
                found.setdefault(owner, (_waits(owner, name, f"what `{name}` archives is taken from it"),))
        if _EDGE & {reason.code for reason in reasons}:
            for parent in _parents(name, datamap, schema):
                unseen = not _UNSEEN.isdisjoint(reason.code for reason in reasons)
                why = f"whether `{name}` still needs a row cannot be told, or only by reading all of it"
                why = f"nobody knows which files of `{name}` belong to a row" if unseen else why
                found.setdefault(parent, (_waits(parent, name, why),))
    return {name: reasons for name, reasons in found.items() if name not in blocked}


def _targets(name: str, datamap: DataMap) -> list[str]:
    """The mapped tables that these rows' owners stand in."""
    owners = [owner.to for owner in datamap.tables[name].owners]
    tables = [datamap.subjects[to].table if to in datamap.subjects else to for to in owners]
    return [to for to in tables if to in datamap.tables and to != name]


def _owned_through(name: str, datamap: DataMap, passed: tuple[str, ...]) -> Iterator[str]:
    """Every table on the way from these rows to their people."""
    for to in _targets(name, datamap):
        if to not in passed:
            yield to
            yield from _owned_through(to, datamap, (*passed, to))


def _led_by(name: str, datamap: DataMap, passed: tuple[str, ...]) -> Iterator[str]:
    """Every table whose rows point to these, or to rows these are owned through, and say whose they are."""
    for owner in datamap.tables[name].owners:
        to = datamap.subjects[owner.to].table if owner.to in datamap.subjects else owner.to
        if to in datamap.tables and to not in (name, *passed):
            if owner.their:
                yield to
            yield from _led_by(to, datamap, (*passed, name))


def _parents(name: str, datamap: DataMap, schema: Schema) -> Iterator[str]:
    """Every personal table that these rows point to."""
    foreign = [key.to_table for key in schema.tables[name].foreign_keys] if name in schema.tables else []
    for to in (*_targets(name, datamap), *foreign):
        if to in datamap.tables and datamap.tables[to].personal and to != name:
            yield to


def _waits(name: str, blocked: str, why: str) -> Diagnostic:
    return Diagnostic(
        "waits",
        Severity.ERROR,
        f"`{name}` waits for `{blocked}`, which is blocked",
        why,
        f"mend `{blocked}` first",
        None,
        ("tables", name),
    )
