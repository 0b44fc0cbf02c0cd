"""The key file beside the ledger: what signs evidence, wraps epoch keys, and tags masked values. Effectful.

The file is all that separates a copy of the ledger from the tags' meaning, and a forger from the log: mode
0600, never in the database, never in its backups. Without it the log can be verified but not continued.
"""

import base64
import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from jikim.evidence.note import Signer
from jikim.ledger.errors import LedgerError
from jikim.vault import envelope

FILE = "keys.json"
_FORMAT = 1
_BYTES = 32
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one ledger.

    :param signer: signs checkpoints; its name is the log's origin.
    :param wrapping: 32 bytes, under which epoch keys are kept in the ledger.
    :param masking: 32 bytes, with which masked values get their tags, as long as the service lives.
    """

    signer: Signer
    wrapping: bytes = field(repr=False)
    masking: bytes = field(repr=False)

    def wrap(self, key: bytes, *, id: str, nonce: bytes) -> bytes:
        """A key as the ledger keeps it, bound to its name.

        :param nonce: 12 random bytes, never used before.
        """
        return envelope.wrap(key, under=self.wrapping, name=id, nonce=nonce)

    def unwrap(self, wrapped: bytes, *, id: str) -> bytes:
        """The key again. Raises ``LedgerError`` when another key file wrapped it, or for another name."""
        try:
            return envelope.unwrap(wrapped, under=self.wrapping, name=id)
        except envelope.VaultError:
            raise LedgerError(
                f"the epoch key `{id}` does not open with this key file",
                fix=f"put back the `{FILE}` that belongs to this ledger",
            ) from None


def create(folder: Path, *, name: str) -> Keys:
    """Make a key file from fresh random bytes, whole or not at all.

    :param folder: exists, and only its owner may write there.
    :param name: of the log, such as ``jikim.plask``.
    :raises LedgerError: there is a key file already; making another would end the log.
    :raises NoteError: no log can have that name.
    """
    keys = Keys(
        Signer(name, secrets.token_bytes(_BYTES)), secrets.token_bytes(_BYTES), secrets.token_bytes(_BYTES)
    )
    content = {
        "jikim_keys": _FORMAT,
        "name": name,
        "signing": _spell(keys.signer.seed),
        "wrapping": _spell(keys.wrapping),
        "masking": _spell(keys.masking),
    }
    path, new = folder / FILE, folder / f".{FILE}.{secrets.token_hex(8)}"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(new, path)  # unlike a rename, this fails when somebody was faster
    except FileExistsError:
        raise LedgerError(
            f"`{path}` exists already", fix="use it: another key could not continue the log"
        ) from None
    finally:
        new.unlink()
    _settle(folder)
    return keys


def load(folder: Path) -> Keys:
    """Read the key file.

    :raises LedgerError: it is missing, damaged, or others may read it.
    """
    path = folder / FILE
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read()
    except FileNotFoundError:
        raise LedgerError(
            f"`{path}` is missing", fix="put back the key file that belongs to this ledger"
        ) from None
    if mode & 0o077:
        raise LedgerError(
            f"others than its owner may use `{path}`", fix=f"chmod 600 {path}, and ask who read it"
        )
    try:
        content = json.loads(text)
        secret = {k: base64.b64decode(content[k], validate=True) for k in ("signing", "wrapping", "masking")}
        name, known = str(content["name"]), content["jikim_keys"] == _FORMAT
    except (ValueError, KeyError, TypeError):
        known = False
    if not known or any(len(each) != _BYTES for each in secret.values()):
        raise LedgerError(f"`{path}` is not a key file of this jikim, or it is damaged")
    return Keys(Signer(name, secret["signing"]), secret["wrapping"], secret["masking"])


def _spell(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _settle(folder: Path) -> None:
    """Make the folder's new name survive a crash of the machine."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
