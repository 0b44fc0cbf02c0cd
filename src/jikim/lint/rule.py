"""A rule, what it reads and what it finds. Pure.

Each rule stands in a file of its own, in the folder of the obligation it comes from, and names the facts it rests on.
A rule is silent on a day on which one of its facts is not in force; what rests on a fact that nobody read in the law
itself is a warning at the most, and says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from jikim.lint.fact import Fact, Words
from jikim.policy.model import Policy
from jikim.policy.parts import LocalText
from jikim.source import Path, Severity

_NAMED: Final = 3
"""How many items a finding names before it counts the rest."""


def both(text: LocalText) -> Words:
    """A policy's own words in both languages: as written in the other where one is missing."""
    written = next(iter(text.root.values()))
    return Words(text.of("ko") or written, text.of("en") or written)


@dataclass(frozen=True)
class Reading:
    """A policy as a rule reads it: beside the facts that hold on one day.

    :param facts: those in force on ``day``, by name.
    """

    policy: Policy
    day: date
    facts: Mapping[str, Fact]

    def called(self, items: Iterable[str]) -> Words:
        """Items as the policy's labels call them, in backticks; of many, the first few and how many more."""
        labels = [both(self.policy.items[name].label) for name in items]
        named, more = labels[:_NAMED], len(labels) - _NAMED
        return Words(
            ", ".join(f"`{each.ko}`" for each in named) + (f" 외 {more}개" if more > 0 else ""),
            ", ".join(f"`{each.en}`" for each in named) + (f" and {more} more" if more > 0 else ""),
        )


@dataclass(frozen=True)
class Finding:
    """What a rule finds at one place.

    :param path: keys and indexes from the root to the value that is wrong; the root for what is missing everywhere.
    :param says: what is wrong: lower case in English, the file's own words in backticks.
    :param fix: the corrected text.
    :param at: whether the value is at fault, or that its key is there at all.
    :param severity: where it differs from the rule's.
    :param rests_on: facts by name, where they differ from the rule's.
    :param instead: the text that may stand in the value's place without anybody's judgement.
    """

    path: Path
    says: Words
    fix: Words
    at: Literal["value", "key"] = "value"
    severity: Severity | None = None
    rests_on: tuple[str, ...] | None = None
    instead: str | None = None


Check = Callable[[Reading], Iterator[Finding]]


def lacking(path: Path, has: Iterable[str], lacks: Iterable[str], *, says: Words) -> Finding:
    """A list of words that lacks some: they are named where ``says`` has braces; the whole list mends it."""
    names = ", ".join(f"`{word}`" for word in lacks)
    whole = f"`{path[-1]}: [{', '.join((*has, *lacks))}]`"
    return Finding(
        path,
        Words(says.ko.format(names), says.en.format(names)),
        Words(f"다음과 같이 씁니다: {whole}", f"write {whole}"),
    )


def _always(reading: Reading) -> bool:
    del reading
    return True


@dataclass(frozen=True)
class Rule:
    """One thing that must hold of a policy.

    :param code: as reports show it, such as ``L-04``: never used again for another rule.
    :param name: the same in words, such as ``wrong-period``.
    :param rests_on: the names of the facts that demand it; every one must be in force.
    :param check: what is wrong, with the policy that ``applies`` to.
    :param wrong: parts of a policy, in YAML, of which the rule finds something; and ``right`` the same, mended.
    :param about: what it is, why it matters and how to mend it: the text of its page.
    """

    code: str
    name: str
    title: Words
    severity: Severity
    rests_on: tuple[str, ...]
    check: Check
    wrong: str
    right: str
    about: Words
    applies: Callable[[Reading], bool] = field(default=_always)

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """What it finds; nothing where it does not apply, or its facts are not in force."""
        if all(name in reading.facts for name in self.rests_on) and self.applies(reading):
            yield from self.check(reading)
