"""A guess, how sure it is and why: what every part of a draft is made of. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from jikim.plan.recognise import Confidence

POSSIBLE, LIKELY, CERTAIN = Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CERTAIN

MARK: Final = "?"
"""How a comment begins that a person has to answer: ``# ? …``."""


@dataclass(frozen=True)
class Why:
    """How sure a guess is, and what speaks for it. ``reason`` never quotes a value of the database."""

    confidence: Confidence
    reason: str

    @property
    def open(self) -> bool:
        """Whether a person has to decide."""
        return self.confidence is POSSIBLE

    @property
    def comment(self) -> str:
        """What stands beside the line."""
        if self.open:
            return f"{MARK} {self.reason}"
        return f"{self.confidence.name.lower()}: {self.reason}"

    def weaker(self, other: "Why") -> "Why":
        """The same, at most as sure as another."""
        return self if self.confidence <= other.confidence else Why(other.confidence, self.reason)


@dataclass(frozen=True)
class Question:
    """Something that only a person can answer.

    :param about: which sort of thing is asked: one of :data:`SORTS`.
    :param where: the place in a file, as a path of keys.
    """

    about: str
    where: tuple[str, ...]
    text: str

    def to_json(self) -> dict[str, Any]:
        """The question as plain JSON."""
        return {"about": self.about, "where": list(self.where), "text": self.text}


SORTS: Final = ("people", "table", "owner", "clock", "column", "promise", "store")
"""What questions are about, in the order in which they are best answered."""
