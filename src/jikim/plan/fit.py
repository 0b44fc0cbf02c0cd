"""Do map, schema and promise fit, and what of them can be kept? Checks the map, then binds it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jikim.datamap.check import blocking, check
from jikim.datamap.mends import mends
from jikim.datamap.model import DataMap
from jikim.datamap.schema import Schema
from jikim.datamap.survey import flow, info, key, warning
from jikim.law.holidays import Holidays
from jikim.law.resolve import ResolvedPolicy
from jikim.plan.bind import bind
from jikim.plan.order import Blocked
from jikim.plan.schedule import Schedules
from jikim.source import Diagnostic


@dataclass(frozen=True)
class Fit:
    """Schedules of all that fits, every finding, and which errors block which table."""

    schedules: Schedules
    findings: tuple[Diagnostic, ...]
    blocked: Blocked


def fit(
    resolved: ResolvedPolicy,
    datamap: DataMap,
    schema: Schema,
    *,
    holidays: Holidays,
    told: Iterable[Diagnostic] = (),
) -> Fit:
    """Everything that can be kept of a promise, and all that keeps the rest from it.

    :param told: findings about the map that something else made, such as a look into its folders.
    :returns: findings whose paths lie in the map; `datamap.parse.located` adds where they are written.
    """
    checked = (*check(datamap, schema=schema, policy=resolved.policy), *told)
    refused = blocking(checked, datamap=datamap)
    bound = bind(resolved, datamap, schema, holidays=holidays, refused=refused)
    unbound = (finding for findings in bound.blocked.values() for finding in findings)
    changers = _changers(bound.schedules, schema, datamap)
    mutual = _mutual(bound.schedules, schema, datamap)
    return Fit(bound.schedules, tuple(dict.fromkeys((*checked, *unbound, *changers, *mutual))), bound.blocked)


def _mutual(schedules: Schedules, schema: Schema, datamap: DataMap) -> Iterator[Diagnostic]:
    """References by which rows of one table can stand in a circle: likely where each row has one, or is the only one
    that points to its like. A circle of several tables is refused before."""
    for schedule in schedules:
        table = schema.tables[schedule.table]
        for hop in (d.hop for d in schedule.dependents if d.table == schedule.table and not d.unlinked):
            if any(hop == step for owner in schedule.owners for step in owner.hops):
                continue  # whose row it is: nobody's, in a circle
            filled = not any(table.columns[column].nullable for column in hop.columns)
            alone = {*hop.columns} in [{*columns} for columns in table.unique]
            columns, written = " + ".join(hop.columns), flow(hop.columns)
            remedy = (
                f"{key(table.name)}: {{unlink: {written}}}   # it is emptied before the row it points to goes"
            )
            if len(hop.columns) > 1:
                remedy = "let one column name the other row: a reference of several cannot be emptied alone"
            elif filled:
                remedy = f"{mends(schema, datamap).emptied(table, hop.columns[0])}   -- and {remedy}"
            yield (warning if filled or alone else info)(
                "mutual",
                ("tables", table.name),
                f"two rows of `{table.name}` can point to one another by `{columns}`",
                why="each waits for the other to go first, so that both stay, as keys without content, for good",
                fix=remedy,
            )


def _changers(schedules: Schedules, schema: Schema, datamap: DataMap) -> Iterator[Diagnostic]:
    """Triggers and rules that run before a masked row is written."""
    mend = mends(schema, datamap)
    for schedule in schedules:
        if not any(cell.mask for cell in schedule.cells):
            continue
        table = schema.tables[schedule.table]
        for name in table.changers:
            yield warning(
                "changing-trigger",
                ("tables", schedule.table),
                f"the trigger or rule `{name}` runs before a row of `{schedule.table}` is changed",
                why="it can put back what a mask replaced; such a row counts as due, and its step as incomplete",
                fix=f"{mend.no_trigger(table, name)}   -- if it puts values back",
            )
