"""How far a destruction has come, and which words it has earned. Pure.

A deleted row is not a destroyed one: after VACUUM half of the bytes can still be read in the heap file. No
text may use a stage's word before the stage is reached.
"""

from enum import StrEnum


class Stage(StrEnum):
    """The stages, in order; ``rewritten`` and ``shredded`` are two ways to the same height."""

    UNREACHABLE = "unreachable"
    """Deleted and committed: no query returns it."""
    VACUUMED = "vacuumed"
    """No tuple and no index entry leads to it; bytes may remain."""
    REWRITTEN = "rewritten"
    """The file that held it was rewritten or dropped."""
    SHREDDED = "shredded"
    """The key that could read it was destroyed."""
    BEYOND_BACKUPS = "beyond-backups"
    """The horizons of the write-ahead log, of replicas and of backups have passed."""

    @property
    def height(self) -> int:
        """The place in the order, from 0."""
        return _HEIGHT[self]

    @property
    def irrecoverable(self) -> bool:
        """Whether the word *irrecoverable* is earned."""
        return self.height >= Stage.REWRITTEN.height

    def earns(self, word: "Stage") -> bool:
        """Whether something at this stage may be described by that stage's word."""
        return word is self or word.height < self.height


_HEIGHT = {
    Stage.UNREACHABLE: 0,
    Stage.VACUUMED: 1,
    Stage.REWRITTEN: 2,
    Stage.SHREDDED: 2,
    Stage.BEYOND_BACKUPS: 3,
}
