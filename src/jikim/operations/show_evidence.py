"""Show one entry of the log, with the proof that it is there."""

from dataclasses import dataclass

import sqlalchemy as sa

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.entry import Entry
from jikim.evidence.merkle import inclusion_nodes
from jikim.evidence.proof import prove, verify_proof
from jikim.ledger import checkpoints, entries, tree
from jikim.ledger.engine import snapshot
from jikim.ledger.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry, its exact bytes, and a proof that stands alone (``evidence.proof.verify_proof``)."""

    entry: Entry
    exact: bytes
    proof: bytes


def show_evidence(ledger: sa.Engine, seq: int, *, vkey: str) -> Shown:
    """The entry at a place, after its proof was verified with the public key.

    :raises LedgerError: the log has no such entry.
    :raises EvidenceError: the entry, a hash or the checkpoint is not what was signed.
    """
    with snapshot(ledger, doing="reading evidence") as connection:
        found, note = entries.at(connection, seq), checkpoints.latest(connection)
        if found is None or note is None:
            raise LedgerError(f"the log has no entry `{seq}`", fix="see `jikim evidence list`")
        groups = inclusion_nodes(seq, size=Checkpoint.read(note).size)
        hash_at = tree.hashes(connection, [node for group in groups for node in group])
        proof = prove(found.exact, seq=seq, note=note, hash_at=hash_at)
    verify_proof(proof, vkey=vkey)
    return Shown(Entry.decode(found.exact), found.exact, proof)
