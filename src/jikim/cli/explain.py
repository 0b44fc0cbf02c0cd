"""``jikim explain``: why a row is still there, and until when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from jikim.cli.options import Person, as_json, as_of, key_of, project

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jikim.operations.explain_rows import Alone, NamedExplained, RowExplained, TableExplained
    from jikim.plan.schedule import Claim, Schedules


@click.command("explain")
@click.argument("place", metavar="[TABLE[.COLUMN]]", required=False)
@click.option(
    "--subject", type=Person(), help="Whose rows: the kind of person and their key, such as member:42."
)
@as_json
@as_of
def command(
    *, place: str | None, subject: tuple[str, str] | None, as_json: bool, as_of: date | datetime | None
) -> None:
    """Say why a row is still there, and until when.

    Of a table or one of its columns it tells which processings and which law keep it, from when and for how
    long. Of a person it tells what becomes of each of their rows, and of what names them in rows of others; keys,
    the paths of files, and dates are shown, and no other value.

    \b
    Example:
      jikim explain orders
      jikim explain members.email
      jikim explain --subject member:42
      jikim explain orders --subject member:42 --as-of 2027-01-01
    """
    from jikim.cli.terminal import write_json
    from jikim.operations.explain_rows import explain_named, explain_person, explain_table

    if place is None and subject is None:
        raise click.UsageError("explain what? Name a table, a table.column, or a person with --subject")
    with project() as opened:
        instant = opened.instant(as_of)
        schedules = opened.schedules(opened.reader, instant)
        table, column = parted_place(place or "", schedules)
        if subject is None:
            claims = explain_table(schedules, table, column or None)
            write_json(_table_value(claims)) if as_json else _show_table(claims)
            return
        if column:
            raise click.UsageError("of a person whole rows are explained; leave out the column")
        who: Any = {"subject": subject[0], "key": key_of(subject, schedules), "as_of": instant}
        rows = explain_person(opened.reader, schedules, **who, table=table or None)
        named = explain_named(opened.reader, schedules, **who, table=table or None)
        if as_json:
            write_json([*(_row_value(row, instant) for row in rows), *map(_named_value, named)])
        else:
            _show_rows(rows, named, opened.zone, instant)
            key = schedules.named(who["subject"], who["key"])
            for each in opened.reader.restrictions():
                if (each.subject, each.key) == (who["subject"], key):
                    click.echo(f"use of all this is suspended by the restriction {each.id}")


def parted_place(place: str, schedules: "Schedules") -> tuple[str, str]:
    """A table that is kept, and a column of it or none; either name may hold a dot."""
    kept = [s.table for s in schedules if place == s.table or place.startswith(f"{s.table}.")]
    if not kept:
        table, _, column = place.partition(".")
        return table, column
    table = max(kept, key=len)
    return table, place[len(table) + 1 :]


def keeps(claim: "Claim") -> str:
    """``1 year after recorded``, or the first or last of several."""
    clocks = [
        f"until {clock.trigger}" if not clock.period.count else f"{clock.period} after {clock.trigger}"
        for clock in claim.clocks
    ]
    return clocks[0] if len(clocks) == 1 else f"the {claim.combine} of: {', '.join(clocks)}"


def _show_table(explained: "TableExplained") -> None:
    from rich.text import Text

    from jikim.cli.terminal import console, grid, indented

    out = console()
    for (row_class, subject), claims in explained.claims.items():
        of_class = "" if row_class == "all" else f" of class {row_class}"
        out.print(Text(f"{explained.table}{of_class}, owned by {subject}", style="bold"))
        shown = grid()
        for claim in claims:
            shown.add_row(claim.id, keeps(claim))
            shown.add_row("", Text(str(claim.because), style="dim"))
            if explained.column is None:
                shown.add_row("", Text(f"keeps {', '.join(sorted(claim.cells))}", style="dim"))
        if not claims:
            shown.add_row("nothing", "keeps it: such rows are due at once")
        out.print(indented(shown))
        out.print()


def _show_rows(
    rows: Iterable["RowExplained"], named: Iterable["NamedExplained"], zone: "ZoneInfo", as_of: datetime
) -> None:
    from rich.text import Text

    from jikim.cli.terminal import console, grid, indented, moment, safe

    out, nobody = console(), True
    for row in rows:
        nobody = False
        out.print(
            Text.assemble(
                (f"{row.table} ", "bold"),
                safe(row.facts.path or ",".join(row.facts.key)),
                f"  {_fate(row, zone)}",
            )
        )
        shown = grid(2)
        for alone in row.alone if not row.going else ():
            shown.add_row("of them alone", _kept(alone, zone, as_of), safe(", ".join(alone.columns)))
        for end in row.decision.endings:
            shown.add_row(end.claim.id, moment(end.due, zone) if end.due else "open", keeps(end.claim))
            shown.add_row("", "", Text(str(end.claim.because), style="dim"))
        out.print(indented(shown))
        out.print()
    for each in named:
        nobody = False
        said = Text.assemble((f"{each.table} ", "bold"), safe(",".join(each.key)), f"  {_mention(each)}")
        out.print(said)
        if each.own and not each.keep:
            out.print(indented(f"that row: {_fate(each.own, zone)}"))
        out.print()
    if nobody:
        out.print("no row that is kept is about this person; what a law demands is in `jikim archive show`")


def _fate(row: "RowExplained", zone: "ZoneInfo") -> str:
    from jikim.cli.terminal import moment, safe

    decision = row.decision
    if row.facts.held:
        return "held: a legal hold names it"
    if row.state == "orphan":
        return "left alone: another of its owners does not exist, and no rule says what then"
    if row.state == "waiting":
        return "stays, waiting for something to happen"
    if row.state == "retain" and row.going:
        return "its key stays for what still points to it; then it goes"
    if row.state == "retain":
        return f"stays until {moment(decision.until, zone)}" if decision.until else "stays"
    masked = safe(", ".join(row.masked))
    part = f"is masked in part ({masked})" if masked else "loses a reference to a row that goes"
    words = {"archive": "goes to the archive", "mask": part, "destroy": "is destroyed"}
    late = f", at the latest {moment(decision.limit, zone)}" if decision.limit else ""
    since = f" since {moment(decision.since, zone)}" if decision.since else ""
    first = " once nothing points to it; until then only its key stays" if row.facts.pointed else ""
    return f"{words[row.state]}{first}: due{since}{late}"


def _kept(alone: "Alone", zone: "ZoneInfo", as_of: datetime) -> str:
    """Until when, of what is one owner's alone."""
    from jikim.cli.terminal import moment

    until = alone.until(as_of)
    if until is None:
        return "open"
    return moment(until, zone) if until > as_of else f"ended {moment(until, zone)}"


def _mention(named: "NamedExplained") -> str:
    """What becomes of the columns of a row that only name a person."""
    from jikim.cli.terminal import safe

    columns = safe(", ".join(named.columns))
    if named.keep:
        return f"names them in {columns}, and goes on to: {safe(named.keep)}"
    return f"names them in {columns}, emptied before their own row goes"


def _table_value(explained: "TableExplained") -> list[dict[str, Any]]:
    return [
        {
            "table": explained.table,
            "column": explained.column,
            "class": row_class,
            "subject": subject,
            "claims": [
                {
                    "id": c.id,
                    "kind": c.kind,
                    "keeps": keeps(c),
                    "because": str(c.because),
                    "cells": sorted(c.cells),
                }
                for c in claims
            ],
        }
        for (row_class, subject), claims in explained.claims.items()
    ]


def _named_value(named: "NamedExplained") -> dict[str, Any]:
    own = named.own
    return {
        "table": named.table,
        "key": list(named.key),
        "state": "named",
        "columns": list(named.columns),
        "keep": named.keep,
        "own": {"table": own.table, "key": list(own.facts.key), "state": own.state} if own else None,
    }


def _row_value(row: "RowExplained", as_of: datetime) -> dict[str, Any]:
    decision = row.decision
    dates = {name: getattr(decision, name) for name in ("since", "limit", "until")}
    return {
        "table": row.table,
        "key": list(row.facts.key),
        "path": row.facts.path or None,
        "class": row.facts.row_class,
        "state": row.state,
        "masked": list(row.masked),
        "alone": [
            {"columns": list(each.columns), "until": until.isoformat() if until else None}
            for each in row.alone
            for until in [each.until(as_of)]
        ],
        **{name: when.isoformat() if when else None for name, when in dates.items()},
        "claims": [
            {
                "id": end.claim.id,
                "keeps": keeps(end.claim),
                "because": str(end.claim.because),
                "until": end.due.isoformat() if end.due else None,
            }
            for end in decision.endings
        ],
    }
