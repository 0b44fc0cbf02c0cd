"""The Merkle tree of RFC 6962, section 2.1 (the same tree in RFC 9162): roots, growth, proofs. Pure.

A *complete* subtree covers ``2**level`` leaves from ``index * 2**level`` on, and its hash never changes
once its leaves are in. Those hashes are all that a log has to keep: the frontier, any older root and every
proof are folds of at most ``2 * log2(size)`` of them. A proof therefore comes in two steps, so that a
database is asked once: ``inclusion_nodes`` names the complete subtrees, ``fold`` of each group, looked up
by ``hash_at``, is one path hash.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from jikim.evidence.errors import ProofError

Node = tuple[int, int]
"""(level, index) of a complete subtree."""

HashAt = Callable[[int, int], bytes]
"""The hash of the complete subtree at (level, index); level 0 holds the leaf hashes."""

HASH_BYTES = 32

EMPTY_ROOT = sha256(b"").digest()

# A prefix keeps leaves and nodes apart. To copy a hash that has begun with it spares looking SHA-256 up and gluing
# bytes together, which is a fifth of what a node takes.
_begin_leaf = sha256(b"\x00").copy
_begin_node = sha256(b"\x01").copy


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry's exact bytes."""
    begun = _begin_leaf()
    begun.update(entry)
    return begun.digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The hashes of many entries."""
    hashes = []
    for entry in entries:  # and not `leaf_hash`: a call each is a tenth of the time
        begun = _begin_leaf()
        begun.update(entry)
        hashes.append(begun.digest())
    return hashes


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees."""
    begun = _begin_node()
    begun.update(left)
    begun.update(right)
    return begun.digest()


def _node_hashes(row: Sequence[bytes]) -> list[bytes]:
    """The level above a row; a last one without a neighbour is left out."""
    hashes = []
    for left, right in zip(row[::2], row[1::2], strict=False):
        begun = _begin_node()
        begun.update(left)
        begun.update(right)
        hashes.append(begun.digest())
    return hashes


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring complete subtrees, the largest first."""
    if not hashes:
        return EMPTY_ROOT
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over all leaf hashes."""
    return Frontier().extend(leaves).frontier.root()


def complete(leaves: Sequence[bytes]) -> bytes:
    """The hash of a complete subtree, from its leaf hashes: as many as a power of two."""
    row = list(leaves)
    while len(row) > 1:
        row = _node_hashes(row)
    return row[0]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree, all that appending needs: its complete subtrees, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def at(cls, size: int, *, hash_at: HashAt) -> "Frontier":
        """The frontier a log had at ``size``, from its stored hashes."""
        return cls(size, tuple(hash_at(*node) for node in subtrees(0, size)))

    def root(self) -> bytes:
        """The root of the tree so far."""
        return fold(self.peaks)

    def extend(self, leaves: Sequence[bytes]) -> "Growth":
        """The frontier after more leaf hashes, and every complete subtree they finished."""
        # Level by level, not leaf by leaf: the verifier spends a third of its time here.
        waiting = list(self.peaks)  # the smallest last, as the levels below meet them
        peaks: list[bytes] = []  # the smallest first
        rows: list[list[bytes]] = []
        row, level = list(leaves), 0
        while row:
            rows.append(row)
            pairs = [waiting.pop(), *row] if self.size >> level & 1 else row
            if len(pairs) & 1:
                peaks.append(pairs[-1])
            row = _node_hashes(pairs)
            level += 1
        return Growth(
            frontier=Frontier(self.size + len(leaves), (*waiting, *reversed(peaks))),
            rows=tuple(rows),
            first=self.size,
        )


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending did. ``rows[level]`` are the new complete subtrees of a level, in order."""

    frontier: Frontier
    rows: tuple[list[bytes], ...]
    first: int

    def nodes(self, *, lowest: int = 0) -> Iterator[tuple[int, int, bytes]]:
        """(level, index, hash) of every new complete subtree from a level on; level 0 holds the leaves."""
        for level in range(lowest, len(self.rows)):
            start = self.first >> level
            yield from ((level, start + offset, digest) for offset, digest in enumerate(self.rows[level]))


def subtrees(start: int, end: int) -> list[Node]:
    """The complete subtrees that tile leaves ``start`` to ``end`` (exclusive), the largest first.

    ``start`` is aligned as RFC 6962 splits a tree: to a power of two not below the range's length, or zero.
    """
    nodes = []
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def _split(start: int, end: int) -> int:
    """Where a tree over ``start`` to ``end`` divides: the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def inclusion_nodes(index: int, *, size: int) -> list[list[Node]]:
    """The subtrees behind each hash of an inclusion path, leaf to root (RFC 9162, section 2.1.3.1).

    Raises ``ProofError`` when the log of this size has no such entry.
    """
    if not 0 <= index < size:
        raise ProofError(f"entry `{index}` is not in a log of `{size}` entries")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(subtrees(middle, end))
            end = middle
        else:
            path.append(subtrees(start, middle))
            start = middle
    return path[::-1]


def consistency_nodes(old: int, *, size: int) -> list[list[Node]]:
    """The subtrees behind each hash of a consistency path (RFC 9162, section 2.1.4.1).

    Raises ``ProofError`` unless ``1 <= old <= size``: an empty log is the beginning of every log, without
    proof.
    """
    if not 1 <= old <= size:
        raise ProofError(f"a log of `{size}` entries can not continue one of `{old}`")
    start, end, path = 0, size, []
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            path.append(subtrees(middle, end))
            end = middle
        else:
            path.append(subtrees(start, middle))
            start = middle
    if start:  # otherwise the old tree is itself a subtree, and its root is known to whoever asks
        path.append(subtrees(start, end))
    return path[::-1]


def inclusion_path(index: int, *, size: int, hash_at: HashAt) -> list[bytes]:
    """The hashes that lead from an entry's leaf to the root."""
    return [fold([hash_at(*node) for node in group]) for group in inclusion_nodes(index, size=size)]


def consistency_path(old: int, *, size: int, hash_at: HashAt) -> list[bytes]:
    """The hashes that show that the tree of ``size`` begins with the tree of ``old``."""
    return [fold([hash_at(*node) for node in group]) for group in consistency_nodes(old, size=size)]


def check_inclusion(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise ``ProofError`` unless ``path`` leads from the leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError(f"entry `{index}` is not in a log of `{size}` entries")
    inner, last, folded = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError(f"the path is longer than one in a log of `{size}` entries can be")
        if inner & 1 or inner == last:
            folded = node_hash(sibling, folded)
            inner, last = _skip_missing_siblings(inner, last)
        else:
            folded = node_hash(folded, sibling)
        inner, last = inner >> 1, last >> 1
    if last or folded != root:
        raise ProofError(f"the path does not lead from entry `{index}` to the root of `{size}` entries")


def check_consistency(
    old: int, *, size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raise ``ProofError`` unless the new tree begins with the old one (RFC 9162, section 2.1.4.2)."""
    broken = ProofError(f"the log of `{size}` entries does not begin with the log of `{old}` entries")
    if not 1 <= old <= size or (old == size) != (not path):
        raise broken
    if old == size:
        if old_root != new_root:
            raise broken
        return
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    inner, last = old - 1, size - 1
    while inner & 1:
        inner, last = inner >> 1, last >> 1
    folded_old = folded_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise broken
        if inner & 1 or inner == last:
            folded_old = node_hash(sibling, folded_old)
            folded_new = node_hash(sibling, folded_new)
            inner, last = _skip_missing_siblings(inner, last)
        else:
            folded_new = node_hash(folded_new, sibling)
        inner, last = inner >> 1, last >> 1
    if last or (folded_old, folded_new) != (old_root, new_root):
        raise broken


def _skip_missing_siblings(inner: int, last: int) -> tuple[int, int]:
    """Climb the levels at which the right edge has no sibling to its right."""
    while inner and not inner & 1:
        inner, last = inner >> 1, last >> 1
    return inner, last
