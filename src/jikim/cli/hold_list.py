"""``jikim hold list``: what is frozen, and for which case."""

import click

from jikim.cli.options import as_json, project


@click.command("list")
@as_json
def command(*, as_json: bool) -> None:
    """List the legal holds in force.

    Whose rows a hold freezes is told by kind only; the case knows the person.

    \b
    Example:
      jikim hold list
    """
    from jikim.cli.terminal import console, safe, table, write_json
    from jikim.operations.tell import catch_up

    with project() as opened:
        catch_up(opened.ledger, opened.reader)
        holds = opened.reader.facts().holds
    if as_json:
        write_json([{"id": h.id, "case": h.case, "table": h.table, "subject": h.subject} for h in holds])
    elif not holds:
        console().print("no legal hold is in force")
    else:
        shown = table("hold", "case", "table", "person")
        for h in holds:
            whose = f"one {h.subject}" if h.subject else "everybody"
            shown.add_row(*map(safe, (h.id, h.case, h.table or "every table", whose)))
        console().print(shown)
