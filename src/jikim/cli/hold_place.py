"""``jikim hold place``: what a lawsuit or an investigation needs stays as it is."""

import click

from jikim.cli.options import Person, key_of, project, warn_of_nobody


@click.command("place")
@click.argument("hold")
@click.option("--case", required=True, help="The case, as its file is called; never a name.")
@click.option("--because", required=True, help="Why, and which office asked for it.")
@click.option("--table", help="Only rows of this table.")
@click.option("--subject", type=Person(), help="Only rows about this person, such as member:42.")
def command(
    *, hold: str, case: str, because: str, table: str | None, subject: tuple[str, str] | None
) -> None:
    """Freeze rows for a lawsuit or an investigation.

    What the hold names is neither archived, masked nor destroyed until it is released; also batches that are
    running see it. With neither --table nor --subject it freezes everything. HOLD is an id of your choosing,
    by which it is released.

    \b
    Example:
      jikim hold place 2026-civil-17 --case "2026가합17" --because "court order, legal team" --subject member:42
    """
    from jikim.evidence.entry import HoldBody
    from jikim.operations.hold import placing
    from jikim.operations.tell import tell
    from jikim.plan.schedule import Hold

    with project() as opened:
        schedules = opened.schedules(opened.store, opened.now)
        kind, key = (subject[0], key_of(subject, schedules)) if subject else (None, ())
        word = placing(
            Hold(hold, case, kind, key, table), because=because, at=opened.now, schedules=schedules
        )
        body = HoldBody(hold=hold, state="placed", table=table, tag=opened.tag(kind, key) if kind else None)
        tell(opened.ledger, opened.store, word, body)
        click.echo(f"hold {hold} is in force")
        if subject:
            warn_of_nobody(opened, subject, schedules)
