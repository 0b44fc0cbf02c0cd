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
    from jikim.operations.hold import release_hold
    from jikim.operations.record_event import record_event

    with project() as opened:
        ledger = opened.ledger
        release_hold(opened.reader, hold, at=opened.now)
        record_event(ledger, HoldBody(hold=hold, state="released"), about=(hold,), at=opened.now)
    click.echo(f"hold {hold} is released")
