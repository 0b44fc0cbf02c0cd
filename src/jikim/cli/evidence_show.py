"""``jikim evidence show``: one entry, proved."""

import json
from pathlib import Path

import click

from jikim.cli.evidence_list import entry_value
from jikim.cli.options import as_json, project


@click.command("show")
@click.argument("entry", type=click.IntRange(min=0))
@click.option(
    "--proof", type=click.Path(path_type=Path, dir_okay=False), help="Write the proof, which stands alone."
)
@as_json
def command(*, entry: int, proof: Path | None, as_json: bool) -> None:
    """Show one entry, with the proof that it is in the log.

    ENTRY is its place, as `jikim evidence list` shows it. It is shown only once its proof was verified with
    the public key. The proof is a file of the form c2sp.org/tlog-proof.

    \b
    Example:
      jikim evidence show 128 --proof 128.tlog-proof
    """
    from jikim.cli.terminal import console, write_file, write_json
    from jikim.operations.show_evidence import show_evidence

    with project() as opened:
        shown = show_evidence(opened.ledger, entry, vkey=opened.keys.signer.verifier.vkey)
    if proof is not None:
        write_file(proof, shown.proof)
    value = entry_value(shown.entry)
    if as_json:
        write_json(value)
        return
    out = console()
    out.print_json(json.dumps(value, ensure_ascii=False)) if out.is_terminal else write_json(value)
    out.print("its proof holds", style="dim")
