"""What can be wrong with evidence. Pure."""

from jikim.errors import JikimError


class EvidenceError(JikimError):
    """Evidence that does not hold. The root of every error of this package."""


class EntryError(EvidenceError):
    """Bytes that are not an entry in its one canonical form."""


class NoteError(EvidenceError):
    """A key, a signed note or a checkpoint that is malformed, or not signed by the key it was opened with."""


class ProofError(EvidenceError):
    """A Merkle proof that does not lead to the root, or one that no tree of this size can have."""


class TamperedError(EvidenceError):
    """An export that is not what was signed.

    :param line: the damaged line of the file, counted from 1.
    :param seq: the first entry that can not be trusted: every entry before it is as it was signed.
    """

    def __init__(self, message: str, *, line: int, seq: int, fix: str = "") -> None:
        super().__init__(f"line {line}, entry `{seq}`: {message}", fix=fix)
        self.line = line
        self.seq = seq
