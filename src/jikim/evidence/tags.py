"""Persons in evidence: a keyed tag instead of an identifier. Pure.

The same person gets the same tag as long as the epoch key lives, so that a restored backup can be replayed;
once the key is shredded the tag means nothing.
"""

import hmac

from jikim.evidence.errors import EvidenceError

KEY_BYTES = 32


def tag(epoch_key: bytes, *, store: str, kind: str, key: str) -> str:
    """32 hex digits: the first 128 bits of HMAC-SHA256 over ``store || 0x00 || kind || 0x00 || key``.

    :param epoch_key: 32 secret bytes.
    :param kind: the kind of person, as the policy names it (``member``, ``enquirer`` …).
    :param key: the person's key in that store, as text.
    :raises EvidenceError: a key of another length, or a NUL that would let two persons share a tag.
    """
    if len(epoch_key) != KEY_BYTES:
        raise EvidenceError(f"an epoch key has `{KEY_BYTES}` bytes, this one `{len(epoch_key)}`")
    return hmac.digest(epoch_key, tag_prefix(store=store, kind=kind) + key.encode(), "sha256")[:16].hex()


def tag_prefix(*, store: str, kind: str) -> bytes:
    """What stands before the key in a tag's message, for a store that computes tags itself.

    :raises EvidenceError: a NUL that would let two persons share a tag.
    """
    if "\0" in store or "\0" in kind:
        raise EvidenceError("a store and a kind of person are named without the NUL character")
    return f"{store}\0{kind}\0".encode()
