"""A rule, what it reads and what it finds. Pure.

Each rule stands in a file of its own, in the folder of the obligation it comes from, and names the facts it rests on.
A rule is silent on a day on which one of its facts is not in force; what rests on a fact that nobody read in the law
itself is a warning at the most, and says so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from jikim.lint.fact import Fact, Words
from jikim.policy.model import Policy
from jikim.source import Path, Severity


@dataclass(frozen=True)
class Reading:
    """A policy as a rule reads it: beside the facts that hold on one day.

    :param facts: those in force on ``day``, by name.
    """

    policy: Policy
    day: date
    facts: Mapping[str, Fact]


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
    about: str
    applies: Callable[[Reading], bool] = field(default=_always)

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """What it finds; nothing where it does not apply, or its facts are not in force."""
        if all(name in reading.facts for name in self.rests_on) and self.applies(reading):
            yield from self.check(reading)
