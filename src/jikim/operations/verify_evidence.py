"""Verify an exported log with nothing but the file and the public key."""

from pathlib import Path
from typing import Final

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.export import verify
from jikim.evidence.note import Verifier

_READ_AT_ONCE: Final = 2**20
"""Bytes; taking lines out of the usual 8,192 takes twice as long."""


def verify_evidence(path: Path, *, vkey: str, strict: bool = False, known: str | None = None) -> Checkpoint:
    """The head of an export, every entry of which is as it was signed.

    :param vkey: the public key, ``name+key id+base64``.
    :param strict: also decode every entry, and check its canonical form and its place.
    :param known: a signed checkpoint kept from earlier, which the log must continue.
    :raises TamperedError: the damaged line and the first entry that cannot be trusted.
    :raises NoteError: ``vkey`` is not a verifier key, or ``known`` is not signed by it.
    :raises OSError: the file cannot be read.
    """
    kept = Checkpoint.open(known, verifier=Verifier.parse(vkey)) if known is not None else None
    with path.open("rb", buffering=_READ_AT_ONCE) as file:
        return verify(file, vkey=vkey, strict=strict, known=kept)
