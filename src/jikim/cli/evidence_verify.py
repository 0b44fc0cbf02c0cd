"""``jikim evidence verify``: is an export what was signed?"""

import base64
from pathlib import Path

import click

from jikim.cli.options import as_json, written


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", metavar="VKEY", help="The public key; without it, the project's own.")
@click.option(
    "--known",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint kept from earlier, which the log must continue.",
)
@click.option("--strict", is_flag=True, help="Also decode every entry and check its form and place.")
@as_json
def command(*, file: Path, key: str | None, known: Path | None, strict: bool, as_json: bool) -> None:
    """Verify an export with nothing but the public key.

    Needs no project and no database. Names the first entry that cannot be trusted (exit code 1).

    \b
    Example:
      jikim evidence verify evidence.jsonl --key "jikim.plask+9022dd67+AaCb…" --strict
    """
    from jikim.cli.terminal import console, counted, pairs, write_json
    from jikim.operations.verify_evidence import verify_evidence

    if key is None:
        key = written().keys.signer.verifier.vkey
    # An export prints the checkpoint and an empty line after it: what follows the signature is not part of it.
    kept = known.read_text("utf-8").rstrip("\n") + "\n" if known else None
    head = verify_evidence(file, vkey=key, strict=strict, known=kept)
    root = base64.b64encode(head.root).decode()
    if as_json:
        write_json({"log": head.origin, "entries": head.size, "root": root})
        return
    console().print("every entry is as it was signed\n")
    console().print(
        pairs({"log": head.origin, "entries": counted(head.size, "entry", "entries"), "root": root})
    )
