"""Envelope encryption: one key wrapped under another. Pure: random bytes are passed in.

AES-256-GCM (NIST SP 800-38D), bound to the name of the wrapped key, so that one cannot stand in for another.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jikim.errors import JikimError

NONCE_BYTES: Final = 12


class VaultError(JikimError):
    """Something wrapped that does not open."""


def wrap(key: bytes, *, under: bytes, name: str, nonce: bytes) -> bytes:
    """The key as it may be stored: the nonce, then ciphertext and tag.

    :param under: 32 bytes.
    :param nonce: 12 random bytes, never used before with ``under``.
    """
    return nonce + AESGCM(under).encrypt(nonce, key, name.encode())


def unwrap(wrapped: bytes, *, under: bytes, name: str) -> bytes:
    """The key again.

    :raises VaultError: another key wrapped it, for another name, or it was changed.
    """
    try:
        return AESGCM(under).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
    except InvalidTag:
        raise VaultError(f"the key `{name}` does not open") from None
