"""Signed notes as C2SP specifies them (c2sp.org/signed-note), with Ed25519 keys only. Pure.

A note is text, an empty line and one line for each signature: ``— name base64(key id || signature)``. A
public key travels as a *vkey*: ``name+key id+base64(0x01 || key)``.
"""

import base64
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jikim.evidence.errors import NoteError

_ED25519 = b"\x01"
_MARK = "— "
_MOST_SIGNATURES = 100


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name: what opens a note."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != 32:
            raise NoteError(f"an Ed25519 public key has `32` bytes, this one `{len(self.public)}`")

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """The key of a vkey. Raises ``NoteError``, also when its key id belongs to another key."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        key = decode_base64(encoded)
        if key[:1] != _ED25519:
            raise NoteError(
                f"`{vkey}` is not an Ed25519 verifier key",
                fix="a verifier key is written name+8 hex digits+base64",
            )
        verifier = cls(name, key[1:])
        if verifier.key_id.hex() != key_id:
            raise NoteError(f"`{vkey}` is damaged: the key id `{key_id}` is not that of its name and key")
        return verifier

    @property
    def key_id(self) -> bytes:
        """The four bytes that say which key signed."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text, to be handed to whoever verifies."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(_ED25519 + self.public)}"

    def open(self, note: str) -> str:
        """The text of a note, once this key's signature over it has been verified.

        Signatures of other keys are ignored, as the specification asks. Raises ``NoteError``.
        """
        text, signatures = _take_apart(note)
        mine = [s[4:] for name, s in signatures if name == self.name and s[:4] == self.key_id]
        if not mine:
            raise NoteError(f"the note carries no signature by `{self.name}+{self.key_id.hex()}`")
        key = Ed25519PublicKey.from_public_bytes(self.public)
        for signature in mine:
            try:
                key.verify(signature, text.encode())
            except InvalidSignature:
                raise NoteError(f"the signature by `{self.name}` does not fit the note's text") from None
        return text


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name: what signs a note.

    :param seed: the 32 secret bytes of RFC 8032, section 5.1.5.
    """

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != 32:
            raise NoteError(f"an Ed25519 private key has `32` bytes, this one `{len(self.seed)}`")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return Verifier(self.name, key.public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note of a text. Raises ``NoteError`` for a text that no note can carry."""
        _check_text(text)
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{_MARK}{self.name} {encode_base64(self.verifier.key_id + signature)}\n"


def encode_base64(raw: bytes) -> str:
    """Standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode()


def decode_base64(text: str) -> bytes:
    """The bytes of the one base64 spelling they have. Raises ``NoteError`` for any other spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if (
        not raw or encode_base64(raw) != text
    ):  # decoders ignore stray low bits: one byte string, two spellings
        raise NoteError(f"`{text}` is not base64")
    return raw


def _take_apart(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note and its (name, key id || signature) pairs; nothing is verified."""
    _check_text(note)
    text, gap, rest = note.rpartition("\n\n")
    lines = rest.removesuffix("\n").split("\n") if gap else []
    if not 1 <= len(lines) <= _MOST_SIGNATURES:
        raise NoteError("a signed note ends with an empty line and its signatures, one a line")
    signatures = []
    for line in lines:
        name, space, encoded = line.removeprefix(_MARK).partition(" ")
        if not line.startswith(_MARK) or not space:
            raise NoteError(f"`{line}` is not a signature line")
        signatures.append((name, decode_base64(encoded)))
    return text + "\n", signatures


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise NoteError("a note ends with a newline and holds no other control character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NoteError("a note is valid UTF-8") from None


def _check_name(name: str) -> None:
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise NoteError(f"`{name}` can not name a key: a name is not empty, and has no space and no `+`")
