"""``jikim fact unset``: it has not happened after all."""

import click

from jikim.cli.options import Person, project, telling, warn_of_nobody


@click.command("unset")
@click.argument("fact")
@click.option("--subject", type=Person(), help="Whom it is about, such as member:42; else the whole service.")
@click.option("--of", default="", help="The processing it is about: which consent was given again.")
def command(*, fact: str, subject: tuple[str, str] | None, of: str) -> None:
    """Take back what was told: consent was given again, a closing was called off.

    Periods that wait for FACT wait again. What was destroyed meanwhile does not come back.

    \b
    Example:
      jikim fact unset "consent withdrawn" --subject member:42 --of newsletter
    """
    with project() as opened:
        said = telling(opened, fact, None, subject=subject, of=of)
        click.echo(f"{said}: has not happened")
        if subject:
            warn_of_nobody(opened, subject, opened.schedules(opened.store, opened.now))
