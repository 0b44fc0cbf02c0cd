"""Persons are tags, and the tag needs the epoch key."""

import hashlib
import hmac

import pytest

from jikim.evidence.errors import EvidenceError
from jikim.evidence.tags import tag

KEY = bytes(range(32))


def test_a_tag_is_the_first_half_of_the_hmac_over_store_kind_and_key() -> None:
    expected = hmac.new(KEY, "main\0member\0열쇠-1".encode(), hashlib.sha256).hexdigest()[:32]
    assert tag(KEY, store="main", kind="member", key="열쇠-1") == expected


def test_store_kind_key_and_epoch_each_change_the_tag() -> None:
    tags = {
        tag(KEY, store="main", kind="member", key="1"),
        tag(KEY, store="shop", kind="member", key="1"),
        tag(KEY, store="main", kind="enquirer", key="1"),
        tag(KEY, store="main", kind="member", key="2"),
        tag(bytes(32), store="main", kind="member", key="1"),
    }
    assert len(tags) == 5


def test_two_persons_can_not_be_spelled_alike() -> None:
    assert tag(KEY, store="main", kind="member", key="a\0b") != tag(
        KEY, store="main", kind="membera", key="b"
    )
    for store, kind in (("ma\0in", "member"), ("main", "mem\0ber")):
        with pytest.raises(EvidenceError, match="NUL"):
            tag(KEY, store=store, kind=kind, key="1")


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_an_epoch_key_has_32_bytes(key: bytes) -> None:
    with pytest.raises(EvidenceError, match="`32` bytes"):
        tag(key, store="main", kind="member", key="1")
