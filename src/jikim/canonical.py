"""One byte string per meaning: canonical JSON (RFC 8785) and digests of it. Pure."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value. Raises ``rfc8785.CanonicalizationError`` for what JSON cannot say."""
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """``sha256:<hex>`` over the canonical form of a JSON value."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()
