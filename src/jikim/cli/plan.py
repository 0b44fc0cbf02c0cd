"""``jikim plan``: what is due, counted and explained."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jikim.cli.options import as_json, as_of, project

if TYPE_CHECKING:
    from jikim.bootstrap import Project
    from jikim.operations.plan_sweep import Planned

PARTIAL = 3


@click.command("plan")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to a file, to apply it."
)
@click.option(
    "--sql", "as_sql", is_flag=True, help="Also print the statements of each step that meets a row."
)
@as_json
@as_of
def command(*, out: Path | None, as_sql: bool, as_json: bool, as_of: date | datetime | None) -> int:
    """Say what keeping the promise means today.

    Reads and counts; changes nothing. Every row of every table is in exactly one state: due, retained, waiting
    for something to happen, orphan, or held. A table that cannot be kept is named with the remedy and blocks
    itself only (exit code 3).

    \b
    Example:
      jikim plan
      jikim plan --as-of 2027-01-01
      jikim plan --out monday.plan && jikim apply monday.plan
    """
    from jikim.cli import planned as pretty
    from jikim.cli.terminal import waiting, write_file, write_json
    from jikim.operations.plan_sweep import plan_sweep

    with project() as opened:
        instant = opened.instant(as_of)
        with waiting("counting"):
            planned = plan_sweep(
                opened.reader,
                opened.promise(instant),
                as_of=instant,
                made_at=opened.now,
                folders=opened.listed_folders,
            )
        if out is not None:
            write_file(out, json.dumps(planned.plan.to_json(), ensure_ascii=False, indent=2) + "\n")
        if as_json:
            write_json(
                {
                    **planned.plan.to_json(),
                    "may_follow": planned.may_follow,
                    "listings": {name: vars(each) for name, each in planned.listings.items()},
                }
            )
        else:
            pretty.show(planned, opened.zone)
            if as_sql:
                _show_sql(opened, planned)
            pretty.hint(planned, out)
    return PARTIAL if planned.plan.blocked else 0


def _show_sql(opened: "Project", planned: "Planned") -> None:
    """The statements of every step that meets a row; sent as they are, with the values beside them."""
    run = opened.run(planned.plan)
    for step in planned.plan.steps:
        if planned.plan.rows.get(step.id):
            click.echo(f"\n-- {step.id}")
            for statement in opened.reader.sql(step, run=run):
                click.echo(f"{statement.text.rstrip()};\n{_values(statement.values)}")


def _values(values: Mapping[str, str]) -> str:
    from jikim.cli.terminal import safe

    return "".join(f"--   :{name} = {safe(value)}\n" for name, value in values.items())
