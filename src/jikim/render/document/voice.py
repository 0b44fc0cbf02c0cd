"""In what language, of which policy and by which law a document speaks: what every chapter asks. Pure.

Chapters say only what the policy and the law pack say. A sentence that the policy does not promise is not composed,
and a number is always the model's or the pack's.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from jikim.law.cited import law_meant
from jikim.law.pack import StatutoryRetention, pack
from jikim.lint.fact import Fact
from jikim.policy.life import Timeline
from jikim.policy.model import Policy
from jikim.policy.parts import Clause, LocalText
from jikim.policy.period import Period
from jikim.policy.retention import RetentionRule
from jikim.render.columns import printable
from jikim.render.document.keeping import either, keep, trigger
from jikim.render.document.parts import Cell, Line, Run, line
from jikim.render.document.words import NOT_STATED
from jikim.render.particles import Particle, with_particle
from jikim.render.wording import Language, Words, capital, day, edition, local, period, say

_ARTICLE: Final = re.compile(r"제(\d+)조(?:의(\d+))?(?:제(\d+)항)?(?:제(\d+)호)?")


@dataclass(frozen=True)
class Voice:
    """Who speaks.

    :param facts: the law in force, by the names of its facts.
    :param records: what the law says of each entry of ``kept_by_law`` that names a law.
    :param timeline: the life of each item; None where the policy leaves open what it would show.
    """

    policy: Policy
    language: Language
    facts: Mapping[str, Fact]
    records: Mapping[str, StatutoryRetention]
    timeline: Timeline | None

    def say(self, ko: str, en: str) -> str:
        """The one of the two that is in this language."""
        return ko if self.language == "ko" else en

    def word(self, words: Words) -> str:
        """The same, for words of a list."""
        return say(words, self.language)

    def head(self, words: Words) -> str:
        """The same at the head of a line."""
        return capital(self.word(words))

    def of(self, text: LocalText | None) -> str:
        """A text of the policy; what it leaves unsaid is said to be unsaid."""
        return printable(local(text, self.language)) or self.head(NOT_STATED)

    def lines(self, text: LocalText | None) -> tuple[Line, ...]:
        """A text of the policy by its own lines; none for none."""
        return tuple(line(each) for each in local(text, self.language).splitlines() if each.strip())

    def particle(self, word: str, particle: Particle) -> str:
        """The word with its particle in Korean, and by itself in English."""
        return with_particle(word, particle) if self.language == "ko" else word

    @property
    def service(self) -> str:
        """The service's name."""
        return self.of(self.policy.service.name)

    def listed(self, words: Iterable[Words]) -> str:
        """Words of a list, with commas; in English the last with ``and``."""
        return self.joined(self.word(each) for each in words)

    def joined(self, each: Iterable[str]) -> str:
        """Several in a row, all of which hold."""
        return self._row(each, ", " if self.language == "ko" else " and ")

    def either(self, each: Iterable[str]) -> str:
        """Several in a row, of which one is enough."""
        return self._row(each, " 또는 ") if self.language == "ko" else either(each)

    @staticmethod
    def _row(each: Iterable[str], last: str) -> str:
        parts = list(each)
        return last.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)

    def names(self, ids: Iterable[str]) -> str:
        """Items by their labels, in the policy's order."""
        wanted = frozenset(ids)
        return ", ".join(self.of(item.label) for key, item in self.policy.items.items() if key in wanted)

    def people(self, ids: Iterable[str]) -> str:
        """Kinds of people by their labels, in the policy's order."""
        wanted = frozenset(ids)
        return ", ".join(self.of(kind.label) for key, kind in self.policy.people.items() if key in wanted)

    def period(self, length: Period) -> str:
        """``5일`` or ``5 days``."""
        return period(length, self.language)

    def within(self, length: Period) -> str:
        """``5일 안에`` or ``within 5 days``."""
        return self.say(f"{self.period(length)} 안에", f"within {self.period(length)}")

    def date(self, on: date | None) -> str:
        """A day, as letters write it."""
        return day(on, self.language) if on else self.word(NOT_STATED)

    def edition(self, version: str) -> str:
        """A version by its number; one that already says what it is stands as it is."""
        return edition(version, self.language)

    def trigger(self, name: str) -> str:
        """What ends or starts a period."""
        return trigger(name, self.language)

    def keep(self, rule: RetentionRule | None) -> str:
        """A retention rule as one phrase, as it stands in a cell."""
        return capital(keep(rule, self.language))

    def cited(self, place: str) -> str:
        """A law and article that the policy names itself; in English as the pack calls them, where it knows them."""
        if self.language == "ko":
            return place
        law, articles = _parted(place)
        known = (name for of in self.policy.law if (name := _named(law, of)))
        called, where = next(known, ""), _ARTICLE.sub(_in_english, articles)
        return f"{called} {where}".strip() if called and where.isascii() else place

    def article(self, fact: str) -> str:
        """The law and the article that a fact of the pack rests on; empty where no pack in use has it."""
        known = self.facts.get(fact)
        return known.basis.of(self.language) if known else ""

    def as_said(self, clause: Clause) -> Cell:
        """What this language's version of a published text says otherwise, if it does."""
        other = clause.as_said.get(self.language)
        if other is None:
            return ()
        lead = self.say("이 언어판의 글: ", "As this language’s version says: ")
        return (line(Run(lead, soft=True), other),)


def _parted(place: str) -> tuple[str, str]:
    """The law, and what follows from its first article on."""
    first = _ARTICLE.search(place)
    start = first.start() if first else len(place)
    return place[:start].strip(), place[start:]


def _named(law: str, of: str) -> str:
    """The English name of a law of a pack; empty for one that it does not have."""
    meant = law_meant(law, of=of)
    return next((each.en for each in pack(of).laws.values() if each.ko == meant), "")


def _in_english(article: re.Match[str]) -> str:
    """``제15조의2제2항`` as ``art. 15-2(2)``."""
    number, branch, paragraph, item = article.groups()
    return (
        f"art. {number}"
        + (f"-{branch}" if branch else "")
        + (f"({paragraph})" if paragraph else "")
        + (item or "")
    )
