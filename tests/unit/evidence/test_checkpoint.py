"""Checkpoints: three lines of text under the log's own signature."""

import base64

import pytest

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import NoteError
from jikim.evidence.note import Signer

SIGNER = Signer("plask.example/evidence", bytes(range(32)))
ROOT = bytes(range(100, 132))


def test_a_checkpoint_is_written_as_origin_size_and_root() -> None:
    note = Checkpoint("plask.example/evidence", 42, ROOT).sign(SIGNER)
    assert note.startswith(
        f"plask.example/evidence\n42\n{base64.b64encode(ROOT).decode()}\n\n— plask.example/"
    )


def test_a_signed_checkpoint_reads_back() -> None:
    checkpoint = Checkpoint("plask.example/evidence", 0, ROOT)
    assert Checkpoint.open(checkpoint.sign(SIGNER), verifier=SIGNER.verifier) == checkpoint


def test_a_key_signs_for_the_log_of_its_name_only() -> None:
    with pytest.raises(NoteError, match=r"can not sign for the log `other.example`"):
        Checkpoint("other.example", 1, ROOT).sign(SIGNER)


def test_a_checkpoint_of_another_log_is_refused_although_the_key_signed_it() -> None:
    note = SIGNER.sign(f"other.example\n1\n{base64.b64encode(ROOT).decode()}\n")
    with pytest.raises(NoteError, match=r"of the log `other.example`"):
        Checkpoint.open(note, verifier=SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "plask.example/evidence\n1\n",
        "plask.example/evidence\n01\n{root}\n",
        "plask.example/evidence\n-1\n{root}\n",
        "plask.example/evidence\n١\n{root}\n",
        "plask.example/evidence\n1\nAAAA\n",
        "plask.example/evidence\n1\n{root}\nan extension\n",
        "\n1\n{root}\n",
    ],
)
def test_a_signed_text_that_is_not_a_checkpoint_is_refused(text: str) -> None:
    note = SIGNER.sign(text.format(root=base64.b64encode(ROOT).decode()))
    with pytest.raises(NoteError):
        Checkpoint.open(note, verifier=SIGNER.verifier)


def test_a_second_signature_is_refused_because_nothing_vouches_for_its_bytes() -> None:
    checkpoint = Checkpoint("plask.example/evidence", 1, ROOT)
    witness = Signer("witness.example", bytes(32)).sign("x\n").rpartition("\n\n")[2]
    with pytest.raises(NoteError, match="five lines"):
        Checkpoint.open(checkpoint.sign(SIGNER) + witness, verifier=SIGNER.verifier)
