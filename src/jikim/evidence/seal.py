"""Sealing: a batch of entries becomes part of the log under one signed checkpoint. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.errors import EvidenceError
from jikim.evidence.merkle import Frontier, Growth, leaf_hashes
from jikim.evidence.note import Signer

MOST_ENTRIES = 4096
"""The most entries between two checkpoints, and so the most that a verifier holds in memory at once."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed batch: the note to store, and the tree's growth with every new hash to store beside it."""

    note: str
    growth: Growth


def seal(entries: Sequence[bytes], *, frontier: Frontier, signer: Signer) -> Sealed:
    """Append entries, in the order of their ``seq``, and sign the new head.

    :param frontier: the log so far; ``growth.frontier`` is the next one.
    :raises EvidenceError: no entry, or more than ``MOST_ENTRIES``.
    """
    return seal_leaves(leaf_hashes(entries), frontier=frontier, signer=signer)


def seal_leaves(leaves: Sequence[bytes], *, frontier: Frontier, signer: Signer) -> Sealed:
    """The same for entries whose leaf hashes are known. Raises ``EvidenceError`` as ``seal`` does."""
    if not 1 <= len(leaves) <= MOST_ENTRIES:
        raise EvidenceError(f"one batch seals `1` to `{MOST_ENTRIES}` entries, not `{len(leaves)}`")
    growth = frontier.extend(leaves)
    head = Checkpoint(signer.name, growth.frontier.size, growth.frontier.root())
    return Sealed(head.sign(signer), growth)


def spaced(sizes: Iterable[int]) -> Iterator[int]:
    """The fewest of a log's checkpoint sizes, ascending, that leave at most ``MOST_ENTRIES`` between two.

    An export needs no more: a log that seals every few entries would otherwise verify a signature for each
    few.
    """
    start = latest = 0
    for size in sizes:
        if size - start > MOST_ENTRIES and latest > start:
            yield latest
            start = latest
        latest = size
    if latest > start:
        yield latest
