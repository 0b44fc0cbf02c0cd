"""A plan as an operator reads it: the census of each table, the steps with their reasons, what is left out."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from jikim.cli.terminal import console, counted, grid, indented, moment, number, table
from jikim.operations.plan_sweep import Planned
from jikim.plan.plan import Action, Plan, Step
from jikim.source import Severity

STATES = ("due", "retained", "waiting", "orphan", "held")
DOING = {
    Action.ARCHIVE: "to the archive",
    Action.DESTROY: "destroyed",
    Action.STUB: "reduced to their keys",
    Action.MASK: "masked",
    Action.EXPIRE: "destroyed in the archive",
    Action.REFRESH: "made anew",
}


def show(planned: Planned, zone: ZoneInfo) -> None:
    """The whole plan."""
    plan, out = planned.plan, console()
    out.print(f"as of {moment(plan.as_of, zone)} {zone.key}, store {plan.store}\n")
    _census(plan)
    for line in _folders(planned):
        out.print(line, style="dim")
    for each in _steps(plan):
        out.print(each)
    if planned.may_follow:
        following = ", ".join(planned.may_follow)
        out.print(f"\nmore may follow once these are gone, in what they point to: {following}")
    out.print()
    if plan.blocked:
        out.print("left alone until mended", style="yellow")
        out.print(indented(_left_alone(planned)))
        out.print()


def hint(planned: Planned, out: Path | None) -> None:
    """What the plan comes to, its name, and what to do next."""
    plan, to = planned.plan, console()
    met = sum(1 for step in plan.steps if plan.rows.get(step.id))
    rows = sum(plan.rows.values())
    if rows:
        to.print(f"{counted(rows, 'row')} in {counted(met, 'step')}")
    else:
        to.print("nothing is due")
    to.print(f"plan {plan.digest}", style="dim")
    warnings = sum(1 for f in planned.findings if f.severity is Severity.WARNING)
    if warnings:
        to.print(f"{counted(warnings, 'warning')} about the map: jikim map check", style="dim")
    if rows:
        to.print(f"to carry it out: jikim apply{f' {out}' if out else ''}", style="dim")


def _census(plan: Plan) -> None:
    """Every table with its rows by state; the states add up to the rows, and the tables to the sums."""
    shown = table("table", "rows", *STATES, numbers=("rows", *STATES), sums=True)
    for name, counts in plan.census.items():
        cells = [_cell(state, getattr(counts, state)) for state in STATES]
        shown.add_row(
            Text(name, style="yellow" if name in plan.blocked else ""), number(counts.total), *cells
        )
    sums = [sum(getattr(c, state) for c in plan.census.values()) for state in STATES]
    for column, value in zip(
        shown.columns[1:], [sum(c.total for c in plan.census.values()), *sums], strict=True
    ):
        column.footer = number(value)
    console().print(shown)


def _folders(planned: Planned) -> Iterator[str]:
    """What a look into the folders brought that no row tells."""
    for name, found in planned.listings.items():
        told = {
            "gone though no run removed it"
            if found.gone == 1
            else "gone though no run removed them": found.gone,
            "that fits no pattern" if found.unmatched == 1 else "that fit no pattern": found.unmatched,
            "that can be no row" if found.odd == 1 else "that can be no rows": found.odd,
        }
        for words, count in told.items():
            if count:
                yield f"{name}: {counted(count, 'file')} {words}"


def _cell(state: str, count: int) -> Text:
    if not count:
        return Text(number(count), style="dim")
    return Text(number(count), style="bold" if state == "due" else "")


def _steps(plan: Plan) -> Iterator[RenderableType]:
    """Table by table: how many rows become what, and by which clauses and articles."""
    met = [step for step in plan.steps if plan.rows.get(step.id)]
    for place, steps in groupby(met, key=lambda step: step.id.partition("/")[0]):
        yield f"\n{place}"
        for because, alike in groupby(steps, key=lambda step: step.because):
            for step in alike:
                yield Text.assemble((f"{plan.rows[step.id]:>9,}", "bold"), f"  {doing(step)}")
                if step.id in plan.access:
                    yield indented(Text(plan.access[step.id].why, style="dim"), by=11)
            yield from (indented(Text(str(reason), style="dim"), by=11) for reason in because)


def doing(step: Step) -> str:
    """What a step does to its rows, in words."""
    if step.action is Action.STUB and step.copies:
        return f"{DOING[Action.ARCHIVE]}, and {DOING[Action.STUB]}"
    if step.action is not Action.MASK:
        return DOING[step.action]
    return f"masked in {', '.join(cell.name for cell, _ in step.masks)}"


def _left_alone(planned: Planned) -> Table:
    """Each blocked table, why, and the remedy."""
    shown = grid()
    for name, message in planned.plan.blocked.items():
        shown.add_row(Text(name, style="bold"), message)
        fixes = [f.fix for f in planned.findings if f.message == message and f.fix]
        if fixes:
            shown.add_row("", Text(f"fix: {fixes[0]}", style="dim"))
    return shown
