"""``jikim hold release``: the case is over."""

import click

from jikim.cli.options import project


@click.command("release")
@click.argument("hold")
def command(*, hold: str) -> None:
    """End a legal hold.

    What it kept falls due with the next run, under the rules that hold then.

    \b
    Example:
      jikim hold release 2026-civil-17
    """
    from jikim.evidence.entry import HoldBody
    from jikim.operations.tell import tell
    from jikim.plan.telling import Telling

    with project() as opened:
        word = Telling.over("hold", hold, at=opened.now)
        tell(opened.ledger, opened.reader, word, HoldBody(hold=hold, state="released"))
    click.echo(f"hold {hold} is released")
