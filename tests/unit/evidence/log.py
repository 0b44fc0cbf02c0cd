"""A small real log: sealed in batches, stored as a ledger would store it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from jikim.evidence.entry import Because, Entry, PersonBody
from jikim.evidence.export import Block, export
from jikim.evidence.merkle import Frontier
from jikim.evidence.note import Signer
from jikim.evidence.seal import seal

SIGNER = Signer("plask.example/evidence", bytes(range(32)))
START = datetime(2026, 1, 17, 15, tzinfo=UTC)


def person(seq: int, *, rows: int = 1) -> Entry:
    return Entry(
        seq,
        at=START + timedelta(seconds=seq),
        as_of=START,
        body=PersonBody(
            run="2026-01-18",
            tag=f"{seq:032x}",
            store="main",
            table="members",
            action="destroy",
            rows=rows,
            because=Because(clauses=("processing.membership",), articles=("개인정보 보호법 제21조",)),
        ),
    )


@dataclass
class Log:
    """Blocks and stored hashes; ``append`` seals one batch."""

    signer: Signer = SIGNER
    frontier: Frontier = field(default_factory=Frontier)
    blocks: list[Block] = field(default_factory=list)
    hashes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @property
    def vkey(self) -> str:
        return self.signer.verifier.vkey

    @property
    def entries(self) -> list[bytes]:
        return [entry for block in self.blocks for entry in block.entries]

    def append(self, entries: Sequence[bytes]) -> None:
        sealed = seal(entries, frontier=self.frontier, signer=self.signer)
        self.blocks.append(Block(sealed.note, sealed.growth.rows[0], entries))
        self.hashes |= {(level, index): digest for level, index, digest in sealed.growth.nodes()}
        self.frontier = sealed.growth.frontier

    def hash_at(self, level: int, index: int) -> bytes:
        return self.hashes[level, index]

    def lines(self) -> list[bytes]:
        return list(export(self.blocks, head=self.blocks[-1].note))


def small_log() -> Log:
    """Ten entries in blocks of 4, 1 and 5."""
    log = Log()
    for start, end in ((0, 4), (4, 5), (5, 10)):
        log.append([person(seq).encode() for seq in range(start, end)])
    return log
