"""``jikim restriction release``: what was to be put right is put right."""

import click

from jikim.cli.options import project


@click.command("release")
@click.argument("restriction")
def command(*, restriction: str) -> None:
    """End a restriction: the person's data may be used again.

    \b
    Example:
      jikim restriction release 2026-correction-4
    """
    from jikim.evidence.entry import RestrictionBody
    from jikim.operations.tell import tell
    from jikim.plan.telling import Telling

    with project() as opened:
        word = Telling.over("restriction", restriction, at=opened.now)
        tell(opened.ledger, opened.reader, word, RestrictionBody(restriction=restriction, state="released"))
    click.echo(f"restriction {restriction} is released")
