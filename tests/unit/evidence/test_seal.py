"""Sealing a batch, and choosing which checkpoints an export needs."""

import pytest

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import EvidenceError
from jikim.evidence.merkle import Frontier, leaf_hash, root
from jikim.evidence.note import Signer
from jikim.evidence.seal import MOST_ENTRIES, seal, spaced

SIGNER = Signer("plask.example/evidence", bytes(range(32)))


def test_a_sealed_batch_carries_a_checkpoint_over_all_entries_so_far() -> None:
    first = seal([b"a", b"b", b"c"], frontier=Frontier(), signer=SIGNER)
    second = seal([b"d", b"e"], frontier=first.growth.frontier, signer=SIGNER)
    assert Checkpoint.open(second.note, verifier=SIGNER.verifier) == Checkpoint(
        SIGNER.name, 5, root([leaf_hash(entry) for entry in (b"a", b"b", b"c", b"d", b"e")])
    )
    assert second.growth.rows[0] == [leaf_hash(b"d"), leaf_hash(b"e")]


def test_an_empty_batch_and_one_that_a_verifier_would_refuse_are_not_sealed() -> None:
    for count in (0, MOST_ENTRIES + 1):
        with pytest.raises(EvidenceError, match=f"not `{count}`"):
            seal([b"x"] * count, frontier=Frontier(), signer=SIGNER)


@pytest.mark.parametrize(
    ("sizes", "chosen"),
    [
        ([], []),
        ([5], [5]),
        ([1, 2, 3, 4000, 4096], [4096]),
        ([1, 4095, 4097, 8192, 8193], [4095, 4097, 8193]),
        ([4096, 8192, 8193], [4096, 8192, 8193]),
    ],
)
def test_an_export_uses_the_fewest_checkpoints_that_leave_small_blocks(
    sizes: list[int], chosen: list[int]
) -> None:
    assert list(spaced(sizes)) == chosen
