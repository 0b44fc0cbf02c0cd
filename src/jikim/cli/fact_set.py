"""``jikim fact set``: what happened to the service as a whole."""

from datetime import date, datetime

import click

from jikim.cli.options import Instant, project


@click.command("set")
@click.argument("fact")
@click.argument("when", type=Instant())
def command(*, fact: str, when: date | datetime) -> None:
    """Tell of something that happened to the whole service.

    Periods that wait for FACT start then, for everybody. Said again, the later word counts.

    \b
    Example:
      jikim fact set "service closed" 2027-03-31
    """
    from jikim.operations.set_fact import set_fact

    with project() as opened:
        instant = opened.instant(when)
        set_fact(opened.reader, fact, instant, schedules=opened.schedules(opened.reader, opened.now))
        click.echo(f"{fact}: {instant:%Y-%m-%d %H:%M} {opened.zone.key}")
