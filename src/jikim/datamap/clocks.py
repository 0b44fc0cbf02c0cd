"""When do the clocks start? Columns, their types, sentinels and conditions. Pure."""

import json
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from jikim.datamap.mends import mends
from jikim.datamap.model import Fact, Scalar
from jikim.datamap.schema import Column, Table
from jikim.datamap.survey import Survey, a_date, error, key, no_column, size, warning
from jikim.source import Diagnostic, Path


def clocks(survey: Survey) -> Iterator[Diagnostic]:
    """Every clock starts in a column that exists, is a time and can be searched."""
    slow = set()
    for name, (mapped, _) in survey.personal.items():
        for path, fact in survey.facts(name):
            table, column, findings = _found(survey, name, fact.column, path)
            yield from findings
            if table is None or column is None:
                continue
            yield from _time(fact, table, column, path)
            if column.time_type == "local" and fact.as_ is None and survey.datamap.stores.app.times is None:
                yield _without_zone(table, column, path)
            yield from _conditions(survey, fact, table, path)
            if not table.indexed((column.name,)) and (table.name, column.name) not in slow:
                slow.add((table.name, column.name))
                yield _unindexed(survey, table, column, path)
        if mapped.orphans_dated_from:
            path = ("tables", name, "orphans")
            table, column, findings = _found(survey, name, mapped.orphans_dated_from, path)
            yield from findings
            if table and column and column.time_type is None:
                date_of = a_date(table)
                yield error(
                    "time-type",
                    path,
                    f"`{table.name}.{column.name}` is `{column.type}`",
                    why="no date can be read from it, so an orphan would never fall due",
                    fix=f"orphans: date-from({date_of})" if date_of else "orphans: destroy",
                )


def classes(survey: Survey) -> Iterator[Diagnostic]:
    """Classes of rows tell rows apart by columns that exist, and each can be met."""
    for name, (mapped, _) in survey.personal.items():
        open_class = None
        for label, row_class in mapped.rows.items():
            path: Path = ("tables", name, "rows", label)
            if open_class:
                yield error(
                    "row-class",
                    path,
                    f"no row of `{name}` can be `{label}`: every row is `{open_class}` before",
                    why="classes are tried in order, and one without `where` takes every row",
                    fix=f"put `{key(open_class)}` last, or give it a `where`",
                )
            if not row_class.where:
                open_class = open_class or label
            for written, value in row_class.where.items():
                at = (*path, "where", written)
                table, column, findings = _found(survey, name, written, at)
                yield from findings
                if table and column:
                    yield from comparable(table, column, value, at)


def _found(
    survey: Survey, name: str, written: str, path: Path
) -> tuple[Table | None, Column | None, list[Diagnostic]]:
    """The table and the column that ``column`` or ``reference.column`` means, seen from a table."""
    table = survey.schema.tables[name]
    last, further = table.step(written)
    while further:
        step = last
        if step not in table.columns:
            return None, None, [no_column(table, step, path)]
        target = survey.reference(table.name, step)
        if target is None or target.table not in survey.schema.tables:
            finding = error(
                "no-reference",
                path,
                f"`{step}` of `{table.name}` points to no table",
                why="the clock stands in a row that cannot be found",
                fix=f"references: {{{key(step)}: the_table}}",
            )
            return None, None, [finding]
        table = survey.schema.tables[target.table]
        last, further = table.step(further)
    if last not in table.columns:
        return None, None, [no_column(table, last, path)]
    return table, table.columns[last], []


def _time(fact: Fact, table: Table, column: Column, path: Path) -> Iterator[Diagnostic]:
    if column.time_as(fact.as_) is None:
        fitting: str | None = "utc" if column.time_type == "local" else column.time_type
        fitting = fitting or ("epoch" if column.family == "number" else None)
        said = f", and the map reads it as `{fact.as_}`" if fact.as_ else ""
        yield error(
            "time-type",
            path,
            f"`{table.name}.{column.name}` is `{column.type}`{said}",
            why="no date can be read from it, so the clock would never start",
            fix=f"{{column: {key(fact.column)}, as: {fitting}}}"
            if fitting
            else f"name a date or a timestamp, such as {a_date(table) or 'a column of another table'}",
        )
    for sentinel in fact.never:
        try:
            date.fromisoformat(sentinel)
        except ValueError:
            yield error(
                "sentinel",
                (*path, "never"),
                f"`{sentinel}` is no date",
                why="a sentinel that is never met leaves its rows due, or waiting, for ever",
                fix='never: ["9999-12-31"]',
            )


def _without_zone(table: Table, column: Column, path: Path) -> Diagnostic:
    return warning(
        "no-zone",
        path,
        f"`{table.name}.{column.name}` is `{column.type}`, and nothing says of which zone",
        why="it is read as the service's own clocks show it; were it UTC, dates would be a day off",
        fix="stores: {app: {times: local}}   # or utc",
    )


def _conditions(survey: Survey, fact: Fact, table: Table, path: Path) -> Iterator[Diagnostic]:
    for column, value in fact.when.items():
        at = (*path, "when", column)
        if column not in table.columns:
            yield no_column(table, column, at)
        else:
            yield from comparable(table, table.columns[column], value, at)


def comparable(table: Table, column: Column, value: Scalar, path: Path) -> Iterator[Diagnostic]:
    """A condition asks for a value that the column can hold."""
    if column.compares(value):
        return
    other = _otherwise(column, value)
    yield error(
        "condition",
        path,
        f"`{table.name}.{column.name}` is `{column.type}`, and is never {_yaml(value)}",
        why="no row would meet the condition, or the store would refuse the question",
        fix=f"{key(column.name)}: {other}" if other else "ask for a value that the column can hold",
    )


def _otherwise(column: Column, value: Scalar) -> str:
    """The value as the column would take it, or the nearest that it has."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if column.labels:
        near = get_close_matches(text, column.labels, 1, 0.0)
        return _yaml(near[0])
    if not column.reads(text):
        return ""
    return text if column.family == "number" or column.kind == "boolean" else _yaml(text)


def _yaml(value: Scalar) -> str:
    """A value as YAML writes it, a text in quotes."""
    return json.dumps(value, ensure_ascii=False)


def _unindexed(survey: Survey, table: Table, column: Column, path: Path) -> Diagnostic:
    return warning(
        "no-clock-index",
        path,
        f"`{table.name}` has no index on `{column.name}`, which starts a clock",
        why=f"every sweep reads the whole table to find what is due: {size(table)}",
        fix=mends(survey.schema, survey.datamap).index(table, (column.name,)),
    )
