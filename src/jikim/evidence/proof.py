"""The proof of one entry: a file that stands alone (c2sp.org/tlog-proof). Pure.

The entry's exact bytes travel in the line that the specification keeps for extra data, so that the proof,
the public key and nothing else are needed. Every byte of the file counts: another spelling of the same
proof is refused.
"""

from dataclasses import dataclass

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import NoteError, ProofError
from jikim.evidence.merkle import HashAt, check_inclusion, inclusion_path, leaf_hash
from jikim.evidence.note import Verifier, decode_base64, encode_base64

FORMAT = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry that is in the log: its place, its exact bytes, and the checkpoint that says so."""

    seq: int
    entry: bytes
    checkpoint: Checkpoint


def prove(entry: bytes, *, seq: int, note: str, hash_at: HashAt) -> bytes:
    """The proof that a log contains an entry.

    :param note: a signed checkpoint of the log, of more than ``seq`` entries.
    :param hash_at: the log's stored hashes; ``merkle.inclusion_nodes`` names in advance those that are
    asked for.
    :raises ProofError: the checkpoint is older than the entry.
    :raises NoteError: the note is not a checkpoint.
    """
    path = inclusion_path(seq, size=Checkpoint.read(note).size, hash_at=hash_at)
    return _spell(seq, entry=entry, path=path, note=note)


def verify_proof(proof: bytes, *, vkey: str) -> Proven:
    """The entry that a proof proves, once everything about it has been verified.

    :raises ProofError: the file is not a proof, or does not lead from the entry to the signed root.
    :raises NoteError: the checkpoint is not signed by ``vkey``, or that is not a verifier key.
    """
    verifier = Verifier.parse(vkey)
    malformed = ProofError(f"the file is not a proof of one entry (`{FORMAT}`)")
    try:
        body, _, note = proof.decode().partition("\n\n")
        _, extra, index, *path = body.split("\n")
        seq = int(index.removeprefix("index "))
        entry = decode_base64(extra.removeprefix("extra "))
        hashes = [decode_base64(line) for line in path]
    except (ValueError, NoteError):
        raise malformed from None
    if proof != _spell(seq, entry=entry, path=hashes, note=note):
        raise malformed
    checkpoint = Checkpoint.open(note, verifier=verifier)
    check_inclusion(leaf_hash(entry), index=seq, size=checkpoint.size, path=hashes, root=checkpoint.root)
    return Proven(seq, entry, checkpoint)


def _spell(seq: int, *, entry: bytes, path: list[bytes], note: str) -> bytes:
    lines = [FORMAT, f"extra {encode_base64(entry)}", f"index {seq}", *map(encode_base64, path)]
    return ("\n".join(lines) + "\n\n" + note).encode()
