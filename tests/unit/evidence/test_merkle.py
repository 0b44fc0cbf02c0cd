"""The tree is that of RFC 6962: against its own recursive definition, and against published roots."""

from hashlib import sha256

import pytest

from jikim.evidence.errors import ProofError
from jikim.evidence.merkle import (
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_nodes,
    inclusion_nodes,
    inclusion_path,
    leaf_hash,
    node_hash,
    root,
    subtrees,
)

# The leaves and roots with which Certificate Transparency logs test themselves.
LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes(range(0x60, 0x70))
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_the_first_leaves_is_the_published_one(size: int) -> None:
    assert root([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def test_leaves_and_nodes_are_hashed_under_different_prefixes() -> None:
    assert leaf_hash(b"jikim") == sha256(b"\x00jikim").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_growth_names_every_complete_subtree_once_and_nothing_else() -> None:
    frontier, seen = Frontier(), []
    for count in (3, 1, 6, 0, 3):
        growth = frontier.extend([leaf_hash(bytes([frontier.size + i])) for i in range(count)])
        seen += [(level, index) for level, index, _ in growth.nodes()]
        frontier = growth.frontier
    assert sorted(seen) == [(level, index) for level in range(4) for index in range(13 >> level)]
    assert len(frontier.peaks) == len(subtrees(0, 13)) == 3


def test_an_inclusion_proof_in_a_log_of_a_million_asks_for_few_hashes() -> None:
    size = 1_000_000
    for index in (0, 1, 524_287, 524_288, 999_998, 999_999):
        asked = [node for group in inclusion_nodes(index, size=size) for node in group]
        assert len(asked) <= 26
        assert all((place + 1) << level <= size for level, place in asked), "only complete subtrees"


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_an_entry_outside_the_log_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofError, match=f"entry `{index}` is not in a log of `{size}` entries"):
        inclusion_nodes(index, size=size)
    with pytest.raises(ProofError, match="is not in a log"):
        check_inclusion(b"", index=index, size=size, path=[], root=b"")


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (-1, 5)])
def test_a_log_does_not_continue_a_longer_or_an_empty_one(old: int, size: int) -> None:
    with pytest.raises(ProofError, match=f"can not continue one of `{old}`"):
        consistency_nodes(old, size=size)
    with pytest.raises(ProofError, match="does not begin"):
        check_consistency(old, size=size, path=[b""], old_root=b"", new_root=b"")


# Hashes that fold to the roots handed in, along paths that no tree of this size has.
W, X, Y, Z = (leaf_hash(name) for name in (b"w", b"x", b"y", b"z"))


def test_an_inclusion_path_that_folds_to_the_root_must_also_have_the_tree_s_length() -> None:
    check_inclusion(X, index=0, size=2, path=[Y], root=node_hash(X, Y))
    with pytest.raises(ProofError, match="longer than one"):
        check_inclusion(X, index=0, size=1, path=[Y], root=node_hash(X, Y))
    with pytest.raises(ProofError, match="does not lead"):
        check_inclusion(X, index=0, size=4, path=[Y], root=node_hash(X, Y))


@pytest.mark.parametrize(
    ("old", "size", "path", "old_root", "new_root"),
    [
        (1, 1, [Y], X, X),
        (1, 4, [], X, X),
        (3, 4, [], X, X),
        (1, 4, [Y], X, node_hash(X, Y)),
        (3, 4, [X, W, Y, Z], node_hash(Z, node_hash(Y, X)), node_hash(Z, node_hash(Y, node_hash(X, W)))),
    ],
)
def test_a_consistency_path_that_folds_to_both_roots_must_also_have_the_tree_s_length(
    old: int, size: int, path: list[bytes], old_root: bytes, new_root: bytes
) -> None:
    with pytest.raises(ProofError, match="does not begin"):
        check_consistency(old, size=size, path=path, old_root=old_root, new_root=new_root)


def test_two_roots_of_the_same_size_are_consistent_only_when_equal() -> None:
    one, other = leaf_hash(b"one"), leaf_hash(b"other")
    check_consistency(3, size=3, path=[], old_root=one, new_root=one)
    with pytest.raises(ProofError, match="does not begin"):
        check_consistency(3, size=3, path=[], old_root=one, new_root=other)


def test_a_frontier_can_be_taken_up_again_from_the_stored_hashes() -> None:
    growth = Frontier().extend([leaf_hash(bytes([i])) for i in range(11)])
    stored = {(level, index): digest for level, index, digest in growth.nodes()}
    again = Frontier.at(11, hash_at=lambda level, index: stored[level, index])
    assert again == growth.frontier
    path = inclusion_path(3, size=7, hash_at=lambda level, index: stored[level, index])
    older = Frontier.at(7, hash_at=lambda level, index: stored[level, index]).root()
    check_inclusion(leaf_hash(bytes([3])), index=3, size=7, path=path, root=older)
