"""One-way forms: of a password, to check it, and of an address, to recognise it. Pure."""

import hashlib
import hmac

COST = 14
"""scrypt's work factor as a power of two: 2**14 with r=8, p=1 takes 16 MiB."""


def hash_password(password: str, *, salt: str, cost: int = COST) -> str:
    """``scrypt$cost$salt$hex`` (RFC 7914, r=8, p=1).

    :param cost: logarithm of the work factor, base 2. The made-up people use 1, to be many.
    """
    key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**cost, r=8, p=1, dklen=32)
    return f"scrypt${cost}${salt}${key.hex()}"


def password_fits(password: str, *, stored: str) -> bool:
    """Whether ``password`` is the one that ``stored`` was made of."""
    _, cost, salt, _ = stored.split("$")
    return hmac.compare_digest(hash_password(password, salt=salt, cost=int(cost)), stored)


def keyed_address(email: str, *, secret: bytes) -> str:
    """The keyed hash (HMAC-SHA-256, hexadecimal) that stands for an address after its owner has left."""
    return hmac.new(secret, email.strip().lower().encode(), hashlib.sha256).hexdigest()
