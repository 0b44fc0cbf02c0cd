"""A wrapped key opens with the key and name it was wrapped with, and with nothing else."""

import pytest

from jikim.vault.envelope import VaultError, unwrap, wrap

KEY, UNDER, NONCE = b"k" * 32, b"u" * 32, b"n" * 12


def test_what_was_wrapped_opens_again() -> None:
    """The same key and the same name give the secret back."""
    assert unwrap(wrap(KEY, under=UNDER, name="one", nonce=NONCE), under=UNDER, name="one") == KEY


def test_the_secret_does_not_stand_in_what_is_stored() -> None:
    """The stored bytes do not hold the key."""
    assert KEY[:8] not in wrap(KEY, under=UNDER, name="one", nonce=NONCE)


@pytest.mark.parametrize(("under", "name"), [(b"v" * 32, "one"), (UNDER, "two")])
def test_it_opens_for_no_other_key_and_no_other_name(under: bytes, name: str) -> None:
    """Neither another wrapping key nor another name opens it, and the error says no byte of it."""
    with pytest.raises(VaultError, match=f"`{name}` does not open"):
        unwrap(wrap(KEY, under=UNDER, name="one", nonce=NONCE), under=under, name=name)


def test_a_flipped_bit_is_noticed() -> None:
    """Every byte of what is stored matters."""
    wrapped = bytearray(wrap(KEY, under=UNDER, name="one", nonce=NONCE))
    for place in range(len(wrapped)):
        changed = bytes(b ^ (place == n) for n, b in enumerate(wrapped))
        with pytest.raises(VaultError):
            unwrap(changed, under=UNDER, name="one")
