"""``jikim evidence key``: what verifies the log."""

import click

from jikim.cli.options import project


@click.command("key")
def command() -> None:
    """Print the public key that verifies the log.

    Hand it to whoever shall verify, on another way than the export.

    \b
    Example:
      jikim evidence key > jikim.vkey
    """
    with project() as opened:
        click.echo(opened.keys.signer.verifier.vkey)
