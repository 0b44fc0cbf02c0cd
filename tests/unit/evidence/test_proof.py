"""One entry, proven by a file that stands alone."""

import base64

import pytest
from tests.unit.evidence.log import SIGNER, Log, person, small_log

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import EvidenceError, NoteError, ProofError
from jikim.evidence.note import Signer
from jikim.evidence.proof import Proven, prove, verify_proof

VKEY = SIGNER.verifier.vkey


def proof_of(log: Log, seq: int, *, note: str) -> bytes:
    return prove(log.entries[seq], seq=seq, note=note, hash_at=log.hash_at)


def test_every_entry_is_proven_by_every_later_checkpoint() -> None:
    log = small_log()
    for block in log.blocks:
        checkpoint = Checkpoint.open(block.note, verifier=SIGNER.verifier)
        for seq in range(checkpoint.size):
            proof = proof_of(log, seq, note=block.note)
            assert verify_proof(proof, vkey=VKEY) == Proven(seq, person(seq).encode(), checkpoint)


def test_the_file_has_the_form_of_a_c2sp_tlog_proof() -> None:
    log = small_log()
    note = log.blocks[0].note
    lines = proof_of(log, 2, note=note).decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + base64.b64encode(person(2).encode()).decode()
    assert lines[2] == "index 2"
    assert [base64.b64decode(line) for line in lines[3:5]] == [log.hashes[0, 3], log.hashes[1, 0]]
    assert lines[5] == ""
    assert "\n".join(lines[6:]) == note


def test_a_checkpoint_older_than_the_entry_proves_nothing() -> None:
    log = small_log()
    with pytest.raises(ProofError, match="entry `4` is not in a log of `4` entries"):
        proof_of(log, 4, note=log.blocks[0].note)


def test_no_byte_of_a_proof_can_change() -> None:
    log = small_log()
    proof = proof_of(log, 4, note=log.blocks[2].note)
    for at in range(len(proof)):
        for flip in (0x01, 0x20, 0x80):
            damaged = proof[:at] + bytes([proof[at] ^ flip]) + proof[at + 1 :]
            with pytest.raises(EvidenceError):
                verify_proof(damaged, vkey=VKEY)


@pytest.mark.parametrize("respelled", [b"index 04", b"index +4", b"index  4", "index ４".encode(), b"4"])
def test_another_spelling_of_the_same_proof_is_refused(respelled: bytes) -> None:
    log = small_log()
    proof = proof_of(log, 4, note=log.blocks[2].note)
    with pytest.raises(ProofError, match="not a proof of one entry"):
        verify_proof(proof.replace(b"index 4", respelled), vkey=VKEY)


def test_an_entry_that_was_never_in_the_log_has_no_proof() -> None:
    log = small_log()
    forged = prove(person(99).encode(), seq=4, note=log.blocks[2].note, hash_at=log.hash_at)
    with pytest.raises(ProofError, match="does not lead from entry `4`"):
        verify_proof(forged, vkey=VKEY)


def test_a_proof_under_another_key_is_refused() -> None:
    log = small_log()
    with pytest.raises(NoteError, match="carries no signature"):
        verify_proof(
            proof_of(log, 4, note=log.blocks[2].note),
            vkey=Signer(SIGNER.name, bytes(32)).verifier.vkey,
        )


@pytest.mark.parametrize("proof", [b"", b"\xff", b"c2sp.org/tlog-proof@v1\nextra AAAA\n\n"])
def test_what_is_not_a_proof_is_refused(proof: bytes) -> None:
    with pytest.raises(ProofError, match="not a proof of one entry"):
        verify_proof(proof, vkey=VKEY)
