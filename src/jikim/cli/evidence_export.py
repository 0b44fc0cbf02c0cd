"""``jikim evidence export``: the log in one file."""

from pathlib import Path

import click

from jikim.cli.options import project


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(*, file: Path) -> None:
    """Write the log to one file that stands alone.

    Whoever has the file and the public key can verify it, without jikim's ledger. The file appears whole or
    not at all. The checkpoint is printed: kept elsewhere, it shows later that no past was rewritten.

    \b
    Example:
      jikim evidence export evidence.jsonl
    """
    from jikim.cli.terminal import counted
    from jikim.operations.export_evidence import export_evidence

    with project() as opened:
        signer = opened.keys.signer
        head = export_evidence(opened.ledger, file, signer=signer, now=opened.now)
    click.echo(head.sign(signer))
    click.echo(f"{file}: {counted(head.size, 'entry', 'entries')}", err=True)
