"""``jikim restriction list``: whose data may not be used."""

import click

from jikim.cli.options import as_json, project


@click.command("list")
@as_json
def command(*, as_json: bool) -> None:
    """List the restrictions in force.

    Whose data it is is told by kind only.

    \b
    Example:
      jikim restriction list
    """
    from jikim.cli.terminal import console, safe, table, write_json
    from jikim.operations.tell import catch_up

    with project() as opened:
        catch_up(opened.ledger, opened.reader)
        restrictions = opened.reader.restrictions()
    if as_json:
        write_json([{"id": r.id, "subject": r.subject} for r in restrictions])
    elif not restrictions:
        console().print("no restriction is in force")
    else:
        shown = table("restriction", "person")
        for r in restrictions:
            shown.add_row(safe(r.id), safe(f"one {r.subject}"))
        console().print(shown)
