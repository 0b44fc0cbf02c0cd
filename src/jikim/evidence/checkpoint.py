"""Checkpoints: a log's size and root, signed (c2sp.org/tlog-checkpoint). Pure.

A checkpoint of jikim is exactly five lines: origin, size, root, an empty line and the log's own signature.
The specification also allows extension lines and other keys' signatures; in an export nothing would vouch
for those bytes, so they are refused here and travel beside it.
"""

import re
from dataclasses import dataclass

from jikim.evidence.errors import NoteError
from jikim.evidence.note import Signer, Verifier, decode_base64, encode_base64

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was at one moment.

    :param origin: the log's name, which is also the name of its key.
    :param size: how many entries it held.
    :param root: the Merkle root over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def sign(self, signer: Signer) -> str:
        """The signed note. Raises ``NoteError`` when the key belongs to another log."""
        if signer.name != self.origin:
            raise NoteError(f"the key of `{signer.name}` can not sign for the log `{self.origin}`")
        return signer.sign(f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n")

    @classmethod
    def open(cls, note: str, *, verifier: Verifier) -> "Checkpoint":
        """The checkpoint of a signed note, verified. Raises ``NoteError``."""
        verifier.open(note)
        checkpoint = cls.read(note)
        if checkpoint.origin != verifier.name:
            raise NoteError(f"the checkpoint is of the log `{checkpoint.origin}`, not `{verifier.name}`")
        return checkpoint

    @classmethod
    def read(cls, note: str) -> "Checkpoint":
        """The checkpoint of a signed note from a trusted place: the signature is *not* verified."""
        lines = note.split("\n")
        if len(lines) != 6 or not lines[0] or lines[3] or lines[5] or not _SIZE.fullmatch(lines[1]):
            raise NoteError(
                "a checkpoint is five lines: origin, size, root, an empty line and the log's one signature"
            )
        root = decode_base64(lines[2])
        if len(root) != 32:
            raise NoteError(f"the root `{lines[2]}` is not a SHA-256 hash")
        return cls(lines[0], int(lines[1]), root)
