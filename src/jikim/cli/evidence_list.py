"""``jikim evidence list``: runs, and what the log says of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from jikim.cli.options import Person, as_json, key_of, project

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jikim.bootstrap import Project
    from jikim.evidence.entry import Entry


@click.command("list")
@click.option("--run", help="The entries of this run.")
@click.option("--subject", type=Person(), help="The entries about this person, such as member:42.")
@click.option(
    "--kind", multiple=True, help="The entries of this kind, such as disposal, hold or archive-read."
)
@click.option("--after", type=int, default=-1, help="Entries after this place in the log.")
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True, help="How many to show.")
@as_json
def command(
    *,
    run: str | None,
    subject: tuple[str, str] | None,
    kind: tuple[str, ...],
    after: int,
    most: int,
    as_json: bool,
) -> None:
    """List runs, and what the log says of them.

    Without an option: runs, the newest first. With one: entries of the log, in their order.

    \b
    Example:
      jikim evidence list
      jikim evidence list --run 20260112T001500Z-5f2a9c
      jikim evidence list --kind archive-read --kind hold
    """
    with project() as opened:
        if run is None and subject is None and not kind and after < 0:
            _runs(opened, most, as_json=as_json)
            return
        found = list(_entries(opened, run, subject, kind, after, most))
        if as_json:
            from jikim.cli.terminal import write_json

            write_json([entry_value(entry) for entry in found])
        else:
            _show(found, opened.zone)


def entry_value(entry: "Entry") -> dict[str, Any]:
    """An entry as plain JSON, as it stands in the log."""
    import json

    value: dict[str, Any] = json.loads(entry.encode())
    return value


def _runs(opened: "Project", most: int, *, as_json: bool) -> None:
    from rich.text import Text

    from jikim.cli.terminal import console, moment, table, write_json
    from jikim.operations.list_evidence import list_runs

    found = list_runs(opened.ledger, most=most)
    if as_json:
        names = (
            "id",
            "store",
            "policy",
            "plan",
            "as_of",
            "started_at",
            "finished_at",
            "outcome",
            "confirmed_by",
        )
        write_json([{name: getattr(run, name) for name in names} for run in found])
        return
    if not found:
        console().print("no run is on record")
        return
    shown = table("run", "as of", "ended", "confirmed by")
    for run in found:
        ended = Text(
            run.outcome or "goes on, or was killed", style="" if run.outcome == "finished" else "yellow"
        )
        shown.add_row(run.id, moment(run.as_of, opened.zone), ended, run.confirmed_by or "–")
    console().print(shown)


def _entries(
    opened: "Project",
    run: str | None,
    subject: tuple[str, str] | None,
    kinds: tuple[str, ...],
    after: int,
    most: int,
) -> Iterable["Entry"]:
    from jikim.operations.list_evidence import list_evidence

    if subject is None:
        tags: list[str | None] = [None]
    else:
        schedules = opened.schedules(opened.reader, opened.now)
        tags = list(opened.tags(subject[0], key_of(subject, schedules)))
    for tag in tags:
        yield from list_evidence(opened.ledger, run=run, tag=tag, kinds=kinds, after=after, most=most).entries


def _show(entries: Iterable["Entry"], zone: "ZoneInfo") -> None:
    from jikim.cli.terminal import console, moment, safe, table

    shown = table("entry", "at", "kind", "says", numbers=("entry",))
    for entry in entries:
        shown.add_row(str(entry.seq), moment(entry.at, zone), entry.kind, safe(says(entry)))
    console().print(shown if shown.row_count else "the log says nothing about that")


def says(entry: "Entry") -> str:
    """An entry in one line."""
    body: Any = entry.body
    if entry.kind in ("disposal", "person"):
        return f"{body.table}: {body.action} {body.rows:,}"
    if entry.kind == "person-run":
        from collections import Counter

        rows = Counter[str]()
        for deed in body.deeds:
            rows[f"{deed.table}: {deed.action}"] += deed.rows
        return ", ".join(f"{what} {number:,}" for what, number in rows.items())
    if entry.kind == "file":
        return f"{body.table}: {body.files:,} files"
    if entry.kind == "hold":
        return f"{body.hold} {body.state}"
    if entry.kind == "archive-read":
        return f"{body.rows} copies read, {body.case}: {body.purpose}"
    if entry.kind == "log":
        return "begun: the key file of the log before was lost"
    return f"{body.run} {getattr(body, 'state', None) or 'confirmed by ' + body.role}"
