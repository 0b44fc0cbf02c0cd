"""``jikim fact set``: what happened to the service as a whole, or to one person."""

from datetime import date, datetime

import click

from jikim.cli.options import Instant, Person, project, telling, warn_of_nobody


@click.command("set")
@click.argument("fact")
@click.argument("when", type=Instant())
@click.option(
    "--subject", type=Person(), help="Whom it happened to, such as member:42; else the whole service."
)
@click.option("--of", default="", help="The processing it is about: which consent was withdrawn.")
def command(*, fact: str, when: date | datetime, subject: tuple[str, str] | None, of: str) -> None:
    """Tell of something that happened, where no column of the service says so.

    Periods that wait for FACT start then: for one person, or for everybody. A fact about a person is one that the map
    asks the ledger for (`from: ledger`). Said again, the later word counts.

    \b
    Example:
      jikim fact set "service closed" 2027-03-31
      jikim fact set "consent withdrawn" 2026-11-02T10:15 --subject member:42 --of newsletter
    """
    with project() as opened:
        instant = opened.instant(when)
        said = telling(opened, fact, instant, subject=subject, of=of)
        click.echo(f"{said}: {instant:%Y-%m-%d %H:%M} {opened.zone.key}")
        if subject:
            warn_of_nobody(opened, subject, opened.schedules(opened.store, opened.now))
