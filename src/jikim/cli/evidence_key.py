"""``jikim evidence key``: what verifies the log."""

import click

from jikim.cli.options import written


@click.command("key")
def command() -> None:
    """Print the public key that verifies the log.

    Hand it to whoever shall verify, on another way than the export.

    \b
    Example:
      jikim evidence key > jikim.vkey
    """
    click.echo(written().keys.signer.verifier.vkey)
