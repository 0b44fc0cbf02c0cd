"""Evidence holds for every tree, and every damage to an export is found where it begins."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.unit.evidence.log import SIGNER, Log, person

from jikim.evidence.entry import Entry, HoldBody
from jikim.evidence.errors import EntryError, ProofError, TamperedError
from jikim.evidence.export import verify
from jikim.evidence.merkle import (
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root,
)

VKEY = SIGNER.verifier.vkey
LARGEST = 130
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(LARGEST)]
STORED = {
    (level, index): digest for level, index, digest in Frontier().extend(LEAVES).nodes()
}  # every stored hash of a log of 130 entries


def hash_at(level: int, index: int) -> bytes:
    return STORED[level, index]


# The recursive definitions of RFC 6962, sections 2.1, 2.1.1 and 2.1.2, letter by letter.


@cache
def tree_hash(start: int, end: int) -> bytes:
    if end - start == 0:
        return sha256(b"").digest()
    if end - start == 1:
        return LEAVES[start]
    middle = start + split(end - start)
    return sha256(b"\x01" + tree_hash(start, middle) + tree_hash(middle, end)).digest()


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def audit_path(index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    k = split(end - start)
    if index < k:
        return [*audit_path(index, start, start + k), tree_hash(start + k, end)]
    return [*audit_path(index - k, start + k, end), tree_hash(start, start + k)]


def subproof(old: int, start: int, end: int, *, known: bool) -> list[bytes]:
    if old == end - start:
        return [] if known else [tree_hash(start, end)]
    k = split(end - start)
    if old <= k:
        return [*subproof(old, start, start + k, known=known), tree_hash(start + k, end)]
    return [*subproof(old - k, start + k, end, known=False), tree_hash(start, start + k)]


def test_the_root_is_the_recursive_one_at_every_size() -> None:
    for size in range(LARGEST + 1):
        assert root(LEAVES[:size]) == tree_hash(0, size)
        assert Frontier.at(size, hash_at=hash_at).root() == tree_hash(0, size)


def test_every_entry_of_every_log_has_the_recursive_path_and_it_verifies() -> None:
    for size in range(1, LARGEST + 1):
        whole = tree_hash(0, size)
        for index in range(size):
            path = inclusion_path(index, size=size, hash_at=hash_at)
            assert path == audit_path(index, 0, size)
            check_inclusion(LEAVES[index], index=index, size=size, path=path, root=whole)


def test_every_log_continues_every_shorter_one_by_the_recursive_proof() -> None:
    for size in range(1, LARGEST + 1):
        for old in range(1, size + 1):
            path = consistency_path(old, size=size, hash_at=hash_at)
            assert path == subproof(old, 0, size, known=True)
            check_consistency(
                old, size=size, path=path, old_root=tree_hash(0, old), new_root=tree_hash(0, size)
            )


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_tree_is_the_same_in_whatever_batches_it_grew(counts: list[int]) -> None:
    assume(sum(counts) <= LARGEST)
    frontier, stored = Frontier(), {}
    for count in counts:
        growth = frontier.extend(LEAVES[frontier.size : frontier.size + count])
        for level, index, digest in growth.nodes():
            assert (level, index) not in stored, "a stored hash never changes"
            stored[level, index] = digest
        frontier = growth.frontier
    assert frontier == Frontier().extend(LEAVES[: sum(counts)]).frontier
    assert all(STORED[node] == digest for node, digest in stored.items())


@st.composite
def altered(draw: st.DrawFn, hashes: list[bytes]) -> list[bytes]:
    """A list of hashes with one bit flipped, one hash removed, or one added."""
    at = draw(st.integers(0, len(hashes) - 1))
    flipped = bytearray(hashes[at])
    flipped[draw(st.integers(0, 31))] ^= 1 << draw(st.integers(0, 7))
    return draw(
        st.sampled_from(
            [
                [*hashes[:at], bytes(flipped), *hashes[at + 1 :]],
                [*hashes[:at], *hashes[at + 1 :]],
                [*hashes[:at], LEAVES[0], *hashes[at:]],
                [*hashes, LEAVES[0]],
            ]
        )
    )


@given(st.data(), st.integers(2, LARGEST))
def test_an_inclusion_proof_with_any_hash_altered_fails(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size=size, hash_at=hash_at)
    leaf, *wrong, whole = data.draw(altered([LEAVES[index], *path, tree_hash(0, size)]))
    with pytest.raises(ProofError):
        check_inclusion(leaf, index=index, size=size, path=wrong, root=whole)


@given(st.data(), st.integers(2, LARGEST))
def test_an_inclusion_proof_of_another_place_fails(data: st.DataObject, size: int) -> None:
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    path = inclusion_path(index, size=size, hash_at=hash_at)
    with pytest.raises(ProofError):
        check_inclusion(LEAVES[index], index=other, size=size, path=path, root=tree_hash(0, size))


@given(st.data(), st.integers(2, LARGEST))
def test_a_consistency_proof_with_any_hash_altered_fails(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size - 1))
    path = consistency_path(old, size=size, hash_at=hash_at)
    old_root, *wrong, new_root = data.draw(altered([tree_hash(0, old), *path, tree_hash(0, size)]))
    with pytest.raises(ProofError):
        check_consistency(old, size=size, path=wrong, old_root=old_root, new_root=new_root)


# The export. One oracle for every damage: the line that is named is the first that differs from the original.


@cache
def exported(counts: tuple[int, ...]) -> tuple[tuple[bytes, ...], tuple[int, ...]]:
    """The lines of a log sealed in these batches; for each line, and the end, the entry that begins there."""
    log, seqs = Log(), [0]
    for count in counts:
        start = log.frontier.size
        log.append([person(seq).encode() for seq in range(start, start + count)])
        seqs += [start, *range(start, start + count)]
    return tuple(log.lines()), (*seqs, log.frontier.size)


batches = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)


def assert_first_difference_is_named(before: tuple[bytes, ...], seqs: tuple[int, ...], after: bytes) -> None:
    lines = list(BytesIO(after))  # as a file yields them
    at = next(
        (at for at, (old, new) in enumerate(zip(before, lines, strict=False)) if old != new),
        min(len(before), len(lines)),
    )
    for strict in (False, True):
        with pytest.raises(TamperedError) as caught:
            verify(lines, vkey=VKEY, strict=strict)
        assert (caught.value.line, caught.value.seq) == (at + 1, seqs[at])


@given(batches)
def test_an_untouched_export_verifies(counts: tuple[int, ...]) -> None:
    lines, _ = exported(counts)
    assert verify(lines, vkey=VKEY, strict=True).size == sum(counts)


@given(st.data(), batches)
def test_any_flipped_bit_is_named(data: st.DataObject, counts: tuple[int, ...]) -> None:
    lines, seqs = exported(counts)
    file = bytearray(b"".join(lines))
    file[data.draw(st.integers(0, len(file) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert_first_difference_is_named(lines, seqs, bytes(file))


@given(st.data(), batches)
def test_any_truncation_is_named(data: st.DataObject, counts: tuple[int, ...]) -> None:
    lines, seqs = exported(counts)
    file = b"".join(lines)
    length = data.draw(st.integers(0, len(file) - 1))
    assert_first_difference_is_named(lines, seqs, file[:length])


@given(st.data(), batches)
def test_any_dropped_line_is_named(data: st.DataObject, counts: tuple[int, ...]) -> None:
    lines, seqs = exported(counts)
    at = data.draw(st.integers(0, len(lines) - 1))
    assert_first_difference_is_named(lines, seqs, b"".join(lines[:at] + lines[at + 1 :]))


@given(st.data(), batches)
def test_any_two_lines_in_each_others_place_are_named(data: st.DataObject, counts: tuple[int, ...]) -> None:
    lines, seqs = exported(counts)
    one, two = data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=2, max_size=2, unique=True))
    swapped = list(lines)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    assume(tuple(swapped) != lines)
    assert_first_difference_is_named(lines, seqs, b"".join(swapped))


@given(st.data(), batches)
def test_any_rewriting_of_lines_is_named(data: st.DataObject, counts: tuple[int, ...]) -> None:
    """Lines inserted, removed, repeated, moved or replaced: by genuine ones and by well-formed forgeries."""
    lines, seqs = exported(counts)
    forged = [person(seq, rows=2).encode() + b"\n" for seq in range(sum(counts) + 1)]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(lines))] * 2)))
    inserted = data.draw(st.lists(st.sampled_from([*lines, *forged]), max_size=6))
    after = [*lines[:start], *inserted, *lines[end:]]
    assume(tuple(after) != lines)
    assert_first_difference_is_named(lines, seqs, b"".join(after))


@given(
    seq=st.integers(0, 2**53 - 1),
    at=st.datetimes(min_value=datetime(1970, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001
    hold=st.text(min_size=1),
    more=st.dictionaries(
        st.text(min_size=1).filter(lambda key: key not in ("hold", "state")),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=3,
    ),
    data=st.data(),
)
def test_an_entry_has_one_spelling_and_every_other_is_another_entry_or_none(
    seq: int, at: datetime, hold: str, more: dict[str, object], data: st.DataObject
) -> None:
    body = HoldBody.model_validate({"hold": hold, "state": "placed", **more})
    entry = Entry(seq, at=at, as_of=at.astimezone(timezone(timedelta(hours=9))), body=body)
    raw = entry.encode()
    assert Entry.decode(raw) == entry
    damaged = bytearray(raw)
    damaged[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(EntryError):
        assert Entry.decode(bytes(damaged)) != entry
