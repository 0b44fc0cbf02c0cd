"""``jikim file settle``: a file that jikim can never remove is given up, and that is put on record."""

import click

from jikim.cli.options import project


@click.command("settle")
@click.argument("file")
@click.option(
    "--because",
    type=click.Choice(["gone", "foreign"]),
    required=True,
    help="`gone`: somebody removed it by hand. `foreign`: it is no file of that store's.",
)
def command(*, file: str, because: str) -> None:
    """Give up a file that can never be removed.

    Look at it first: nothing looks at it again. Its name is forgotten, its receipt counts one file less, and evidence
    says that it was given up and why. FILE is told by `jikim file list`.

    \b
    Example:
      jikim file settle uploads:12 --because gone
    """
    from jikim.operations.settle_file import settle_file

    with project() as opened:
        entry = settle_file(
            opened.store,
            opened.ledger,
            file,
            name="app",
            because=because,  # type: ignore[arg-type]
            now=opened.now,
        )
    click.echo(f"{file} waits no longer")
    if entry.kept:
        click.echo("a law has it kept, and no copy was made", err=True)
