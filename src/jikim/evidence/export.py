"""The exported log: one file of JSON lines that stands alone, and its verification. Pure.

::

    {"format":"jikim-evidence/1","head":"<checkpoint>"}
    {"checkpoint":"<checkpoint>","leaves":"<leaf hashes, in hex, one after the other>"}
    …                                         that many entries, one a line, in their exact bytes
    {"checkpoint":"<checkpoint>","leaves":"<…>"}
    …

A block's checkpoint signs the root after its entries. The leaf hashes need no signature of their own:
together with the blocks before them they give the signed root, or they are not the ones that were signed.

What ``verify`` guarantees, against anybody without the private key:

1. A file that verifies holds exactly the entries 0 to size-1 that the head's checkpoint signed, byte for
   byte.
2. Damage confined to entry lines (bytes changed, lines dropped, inserted, repeated or put in another order,
   however cleverly) is named exactly: the line, and the first entry that is not as it was signed.
3. Damage to a block's first line takes away what vouches for its entries. The error names that line and the
   block's first entry; all entries before it are as signed. Nothing finer can be known: the truth was in
   that line.
4. A file cut short is noticed, since its first line says where it ends. Only replacing that line by an
   older genuine checkpoint *and* cutting there gives a file that is valid: it is the log as it was. Whoever
   kept a checkpoint passes it as ``known``, and a log that is shorter, or that was signed anew with another
   past, is refused.

Memory is bounded by one block (``seal.MOST_ENTRIES``). Entries are hashed, not decoded, unless ``strict``
is set.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from jikim.canonical import canonical
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.entry import Entry
from jikim.evidence.errors import EntryError, NoteError, TamperedError
from jikim.evidence.merkle import Frontier, leaf_hashes
from jikim.evidence.note import Verifier
from jikim.evidence.seal import MOST_ENTRIES

FORMAT = "jikim-evidence/1"


@dataclass(frozen=True, slots=True)
class Block:
    """The entries between two checkpoints, as the log stores them.

    :param note: the signed checkpoint after the last of the entries.
    :param leaves: the *stored* leaf hashes: a hash taken anew from a damaged entry would hide where the
    damage is.
    :param entries: the exact bytes of the entries.
    """

    note: str
    leaves: Sequence[bytes]
    entries: Iterable[bytes]


def export(blocks: Iterable[Block], *, head: str) -> Iterator[bytes]:
    """The lines of an export. Nothing is verified here: a damaged log is exported as it is.

    :param blocks: in order from entry 0, each of at most ``MOST_ENTRIES`` (``seal.spaced`` chooses
    checkpoints).
    :param head: the note of the last block; of the empty log when there is none.
    """
    yield _head_line(head)
    for block in blocks:
        yield _block_line(block.note, block.leaves)
        for entry in block.entries:
            yield entry + b"\n"


def verify(
    lines: Iterable[bytes], *, vkey: str, strict: bool = False, known: Checkpoint | None = None
) -> Checkpoint:
    """The head of an export, every entry of which is as it was signed.

    :param lines: as a file opened in binary mode yields them, each with its newline.
    :param strict: also decode every entry: canonical form, the keys of its kind, ``seq`` equal to its place.
    :param known: a checkpoint of this log, opened earlier, that the export must continue.
    :raises TamperedError: the first entry that can not be trusted, and the damaged line.
    :raises NoteError: ``vkey`` is not a verifier key.
    """
    walk = _Walk(iter(lines), Verifier.parse(vkey))
    head = walk.head()
    if known is not None:
        _check_continues(head, known=known)
    while walk.frontier.size < head.size:
        before = walk.frontier
        hashes = walk.block(head, strict=strict)
        if known is not None and before.size < known.size <= walk.frontier.size:
            _check_passes(before, hashes, known=known)
    if walk.take():
        raise walk.tampered("the file goes on after its last entry")
    if walk.frontier.root() != head.root:
        raise TamperedError("the first line signs another root than the entries have", line=1, seq=0)
    return head


@dataclass(slots=True)
class _Walk:
    """A reader's place in the file: the line it took last, and the tree of all entries it has verified."""

    source: Iterator[bytes]
    verifier: Verifier
    line: int = 0
    frontier: Frontier = field(default_factory=Frontier)

    def take(self) -> bytes:
        """The next line; nothing at the end of the file."""
        self.line += 1
        return next(self.source, b"")

    def tampered(self, message: str) -> TamperedError:
        """What is wrong with the line taken last, and so with the entry that comes next."""
        return TamperedError(message, line=self.line, seq=self.frontier.size)

    def head(self) -> Checkpoint:
        """The head that the first line names."""
        raw = self.take()
        note, checkpoint = self._checkpoint(_record(raw).get("head"))
        if raw != _head_line(note):
            raise self.tampered(f"the first line is not that of a `{FORMAT}` file")
        return checkpoint

    def block(self, head: Checkpoint, *, strict: bool) -> list[bytes]:
        """Take and verify one block; the leaf hashes of its entries."""
        raw = self.take()
        if not raw:
            raise self.tampered(f"the file ends here, its first line promises `{head.size}` entries")
        note, checkpoint = self._checkpoint(_record(raw).get("checkpoint"))
        count = checkpoint.size - self.frontier.size
        if not (1 <= count <= MOST_ENTRIES and checkpoint.size <= head.size):
            raise self.tampered(f"a checkpoint at `{checkpoint.size}` entries can not follow here")
        entries = list(islice(self.source, count))
        hashes = leaf_hashes(entry[:-1] for entry in entries)
        after = self.frontier.extend(hashes).frontier
        # Only the last line of a file can lack its newline, and only then is the byte left out not a newline.
        whole = len(entries) == count and entries[-1].endswith(b"\n")
        if not (whole and after.root() == checkpoint.root and raw == _block_line(note, hashes)):
            raise self._locate(raw, checkpoint, entries=entries, hashes=hashes)
        if strict:
            self._decode(entries)
        self.line += count
        self.frontier = after
        return hashes

    def _checkpoint(self, note: object) -> tuple[str, Checkpoint]:
        if not isinstance(note, str):
            raise self.tampered("a line with a checkpoint belongs here")
        try:
            return note, Checkpoint.open(note, verifier=self.verifier)
        except NoteError as error:
            raise self.tampered(f"the checkpoint does not hold: {error}") from None

    def _locate(
        self, raw: bytes, checkpoint: Checkpoint, *, entries: list[bytes], hashes: list[bytes]
    ) -> TamperedError:
        """Name the first entry of a bad block that is not the signed one, or say why none can be named."""
        start, record = self.frontier.size, _record(raw)
        signed = _hashes(record.get("leaves"))
        if (
            start + len(signed) != checkpoint.size
            or self.frontier.extend(signed).frontier.root() != checkpoint.root
        ):
            return self.tampered(
                "the leaf hashes are not those that were signed: "
                f"nothing vouches for the entries `{start}` to `{checkpoint.size - 1}`"
            )
        if raw != _block_line(record["checkpoint"], signed):
            return self.tampered(
                "the line says what was signed, but not in the bytes in which it was written"
            )
        place = next(
            place
            for place, leaf in enumerate(signed)
            if hashes[place : place + 1] != [leaf] or not entries[place].endswith(b"\n")
        )
        if place == len(entries):
            what = "the entry is missing, the file ends here"
        elif hashes[place] in signed and hashes[place] != signed[place]:
            other = start + signed.index(hashes[place])
            what = f"entry `{other}` stands here: entries are missing, repeated or out of order"
        else:
            what = "the bytes are not those that were signed"
        return TamperedError(what, line=self.line + 1 + place, seq=start + place)

    def _decode(self, entries: list[bytes]) -> None:
        for place, raw in enumerate(entries):
            line, seq = self.line + 1 + place, self.frontier.size + place
            try:
                entry = Entry.decode(raw[:-1])
            except EntryError as error:
                raise TamperedError(str(error), line=line, seq=seq, fix=error.fix) from None
            if entry.seq != seq:
                raise TamperedError(f"the entry calls itself `{entry.seq}`", line=line, seq=seq)


def _check_continues(head: Checkpoint, *, known: Checkpoint) -> None:
    if known.origin != head.origin:
        raise NoteError(f"the known checkpoint is of the log `{known.origin}`, not of `{head.origin}`")
    if known.size > head.size:
        raise TamperedError(
            f"the log once held `{known.size}` entries, this file ends before", line=1, seq=head.size
        )


def _check_passes(before: Frontier, hashes: list[bytes], *, known: Checkpoint) -> None:
    if before.extend(hashes[: known.size - before.size]).frontier.root() != known.root:
        raise TamperedError(
            f"the first `{known.size}` entries are not those of the known checkpoint: it signed another past",
            line=1,
            seq=0,
        )


def _head_line(note: str) -> bytes:
    return canonical({"format": FORMAT, "head": note}) + b"\n"


def _block_line(note: str, leaves: Sequence[bytes]) -> bytes:
    # Canonical JSON by hand: looking for what to escape in a quarter of a megabyte of hex takes longer than
    # hashing the entries.
    return b'%b,"leaves":"%b"}\n' % (canonical({"checkpoint": note})[:-1], b"".join(leaves).hex().encode())


def _record(raw: bytes) -> dict[str, Any]:
    """The object on a line; an empty one when the line holds no object."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _hashes(leaves: object) -> list[bytes]:
    """The hashes of a block's ``leaves``; none when it is anything else than hex."""
    try:
        joined = bytes.fromhex(leaves) if isinstance(leaves, str) else b""
    except ValueError:
        joined = b""
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]
