"""``jikim apply``: the promise kept, and put on record."""

import base64
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jikim.cli.options import Person, as_json, as_of, key_of, project
from jikim.errors import JikimError

if TYPE_CHECKING:
    from jikim.bootstrap import Project
    from jikim.operations.apply_plan import Applied
    from jikim.operations.keep_promise import Kept
    from jikim.operations.plan_sweep import Planned
    from jikim.plan.plan import Agreed

PARTIAL = 3


@click.command("apply")
@click.argument("planfile", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--yes", is_flag=True, help="Do it without asking: for cron, where nobody can answer.")
@click.option(
    "--dry-run", is_flag=True, help="Rehearse: count what would be met and refused, change nothing."
)
@click.option(
    "--batch", type=click.IntRange(min=1), default=1000, show_default=True, help="Rows in the first batch."
)
@click.option(
    "--subject",
    type=Person(),
    help="Of one person only, at once: the kind of person and their key: member:42.",
)
@as_json
@as_of
def command(
    *,
    planfile: Path | None,
    yes: bool,
    dry_run: bool,
    batch: int,
    subject: tuple[str, str] | None,
    as_json: bool,
    as_of: date | datetime | None,
) -> int:
    """Archive, mask and destroy what is due.

    On a terminal it shows the plan and asks. With PLANFILE it carries out what was agreed on there: a step that
    is no longer the same is refused, the others go on. Ctrl-C or SIGTERM end it after the batch in hand.
    Running it again finishes what is left; nothing is done twice. Afterwards files are removed, and everything
    that was done stands in the signed log.

    With --subject what is due of one person goes at once, in one transaction, for a service in which somebody leaves
    and need not wait for the night; their rows are then looked at once more, one by one.

    \b
    Example:
      jikim apply
      jikim apply --subject member:42 --yes
      jikim apply --dry-run
      jikim plan --out monday.plan && jikim apply monday.plan --yes
    """
    if planfile and as_of is not None:
        raise click.UsageError("a plan file says itself as of when; leave out --as-of")
    if subject and (planfile or dry_run):
        raise click.UsageError(
            "of one person there is no plan file, and no rehearsal: see `jikim explain --subject`"
        )
    from jikim.operations.tell import catch_up

    with project() as opened:
        given = _agreed(planfile) if planfile else None
        instant = _not_ahead(opened, given.as_of if given else opened.instant(as_of), dry_run=dry_run)
        if dry_run:
            return _rehearse(opened, instant, given, as_json=as_json)
        catch_up(opened.ledger, opened.store)
        if subject:
            return _keep_for(opened, instant, subject, yes=yes, as_json=as_json)
        if not yes:
            given = _ask(opened, instant, given)
        planned = _planned(opened, instant, whole=given is not None and given.whole)
        return _keep(opened, planned, given, batch=batch, as_json=as_json)


def _agreed(path: Path) -> "Agreed":
    """The plan of a file."""
    from jikim.plan.plan import Agreed, PlanError

    try:
        return Agreed.from_json(json.loads(path.read_text("utf-8")))
    except ValueError:
        raise PlanError(f"`{path}` is no plan", fix="write one with `jikim plan --out FILE`") from None


def _not_ahead(opened: "Project", instant: datetime, *, dry_run: bool) -> datetime:
    """What is due only later cannot be destroyed now."""
    if instant > opened.now and not dry_run:
        raise JikimError(
            "rows would be judged as of a time that has not come, and what goes does not come back",
            fix="see what will be due then with `jikim plan --as-of …` or `jikim apply --dry-run --as-of …`",
        )
    return instant


def _planned(opened: "Project", instant: datetime, *, whole: bool) -> "Planned":
    from jikim.cli.terminal import waiting
    from jikim.operations.plan_sweep import plan_sweep

    with waiting("counting"):
        return plan_sweep(
            opened.store,
            opened.promise(instant),
            as_of=instant,
            made_at=opened.now,
            folders=opened.listed_folders,
            whole=whole,
        )


def _ask(opened: "Project", instant: datetime, given: "Agreed | None") -> "Agreed":
    """The plan that was agreed on: the file's, or the one that is shown now."""
    from jikim.cli import planned as pretty
    from jikim.cli.terminal import counted
    from jikim.plan.plan import Agreed

    if not sys.stdin.isatty():
        raise JikimError("there is no terminal to ask on, and what goes does not come back", fix="say --yes")
    planned = _planned(opened, instant, whole=True)
    pretty.show(planned, opened.zone)
    rows = sum(planned.plan.rows.values())
    if not rows:
        click.echo("nothing is due, so there is nothing to ask")
    elif not click.confirm(f"archive, mask and destroy {counted(rows, 'row')}?", err=True):
        raise JikimError("nothing was changed")
    return given or Agreed.from_json(planned.plan.to_json())


def _rehearse(opened: "Project", instant: datetime, given: "Agreed | None", *, as_json: bool) -> int:
    from jikim.cli import applied as pretty
    from jikim.cli.terminal import waiting, write_json
    from jikim.operations.plan_sweep import plan_sweep
    from jikim.operations.rehearse import rehearse

    with waiting("counting"):
        planned = plan_sweep(
            opened.reader,
            opened.promise(instant),
            as_of=instant,
            made_at=opened.now,
            folders=opened.listed_folders,
        )
        applied = rehearse(opened.reader, planned.plan, now=opened.now, given=given)
    if as_json:
        write_json({**_as_value(applied), "rehearsal": True})
    else:
        pretty.rehearsed(applied)
    return 0 if applied.complete else PARTIAL


def _keep_for(
    opened: "Project", instant: datetime, subject: tuple[str, str], *, yes: bool, as_json: bool
) -> int:
    """The promise kept to one person."""
    from jikim.operations.apply_to_person import Whose, apply_to_person
    from jikim.operations.tell import behind

    planned = _planned(opened, instant, whole=False)
    whose = Whose(subject[0], key_of(subject, planned.schedules))
    asked = yes or (sys.stdin.isatty() and click.confirm("archive, mask and destroy what is due?", err=True))
    if not asked:
        raise JikimError("nothing was changed", fix="say --yes")
    run = opened.run(planned.plan)

    def untold() -> int:
        return behind(opened.ledger, opened.store)

    def to() -> "Applied":
        return apply_to_person(opened.store, run, planned.schedules, whose, behind=untold)

    kept = _prove(opened, run, to=to)
    return _say(kept, as_json=as_json)


def _keep(opened: "Project", planned: "Planned", given: "Agreed | None", *, batch: int, as_json: bool) -> int:
    """The promise kept to everybody."""
    from jikim.cli.progress import shown
    from jikim.cli.stopping import stop_asked

    with stop_asked() as stop, shown(planned.plan) as report:
        kept = _prove(opened, opened.run(planned.plan), given=given, size=batch, report=report, stop=stop)
    return _say(kept, as_json=as_json)


def _prove(opened: "Project", run: Any, **how: Any) -> "Kept":
    """Carry a run out and put it on record."""
    from jikim.clock import now
    from jikim.operations.keep_promise import keep_promise

    return keep_promise(
        opened.store,
        opened.ledger,
        run,
        signer=opened.keys.signer,
        folders=opened.folders,
        clock=now,
        **how,
    )


def _say(kept: "Kept", *, as_json: bool) -> int:
    """Show what was done; the exit code."""
    from jikim.cli import applied as pretty
    from jikim.cli.terminal import write_json

    if as_json:
        write_json(_proved(kept))
    else:
        pretty.kept(kept)
    return 0 if kept.complete else PARTIAL


def _as_value(applied: "Applied") -> dict[str, Any]:
    return {
        "run": applied.run,
        "state": applied.state,
        "plan": applied.plan,
        "as_of": applied.as_of.isoformat(),
        "steps": [vars(step) for step in applied.steps],
        "blocked": applied.blocked,
    }


def _proved(kept: "Kept") -> dict[str, Any]:
    head = kept.checkpoint
    return {
        **_as_value(kept.applied),
        "files": {
            "removed": kept.files.files,
            "failed": dict(kept.files.failed),
            "replaced": kept.files.replaced,
            "shared": kept.files.shared,
        },
        "receipts": kept.imported.new,
        "checkpoint": {
            "log": head.origin,
            "entries": head.size,
            "root": base64.b64encode(head.root).decode(),
        },
    }
