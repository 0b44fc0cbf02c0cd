"""In what language, of which policy and by which law a document speaks: what every chapter asks. Pure.

Chapters say only what the policy and the law pack say. A sentence that the policy does not promise is not composed,
and a number is always the model's or the pack's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jikim.law.pack import StatutoryRetention
from jikim.lint.fact import Fact
from jikim.policy.life import Timeline
from jikim.policy.model import Policy
from jikim.policy.parts import Clause, LocalText
from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.retention import Clock, RetentionRule
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.render.columns import printable
from jikim.render.document.parts import Cell, Line, Run, line
from jikim.render.document.words import NOT_STATED, WHEN
from jikim.render.particles import Particle, with_particle
from jikim.render.wording import Language, Words, local, period, say


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
        word = self.word(words)
        return word[:1].upper() + word[1:]

    def of(self, text: LocalText | None) -> str:
        """A text of the policy; what it leaves unsaid is said to be unsaid."""
        return printable(local(text, self.language)) or self.word(NOT_STATED)

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
        return self._row(each, " 또는 " if self.language == "ko" else " or ")

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

    def date(self, day: date | None) -> str:
        """A day, as letters write it."""
        if day is None:
            return self.word(NOT_STATED)
        return self.say(f"{day.year}년 {day.month}월 {day.day}일", f"{day.day} {day:%B} {day.year}")

    def edition(self, version: str) -> str:
        """A version by its number; one that already says what it is stands as it is."""
        if not version[:1].isdigit():
            return printable(version)
        return self.say(f"{version}판", f"version {version}")

    def trigger(self, name: str) -> str:
        """What ends or starts a period."""
        meaning = TRIGGERS[name]
        return meaning.ko if self.language == "ko" else WHEN.get(name, meaning.en)

    def keep(self, rule: RetentionRule | None) -> str:
        """A retention rule as one phrase; with several clocks it says which of them counts."""
        if rule is None:
            return self.word(NOT_STATED)
        each = [self._clock(clock) for clock in rule.clocks]
        if len(each) == 1:
            return each[0]
        if self.language == "ko":
            which = "먼저" if rule.combine == "first" else "나중에"
            ends = [one.removesuffix(" 시까지") for one in each]
            among = f"{with_particle(ends[0], '과')} {ends[1]}" if len(ends) == 2 else ", ".join(ends)
            return f"{among} 가운데 {which} 오는 때까지"
        ends = [one.removeprefix("until ") for one in each if one.startswith("until ")]
        lasts = [one for one in each if not one.startswith("until ")]
        if not lasts:
            return f"until {self.either(ends)}, whichever comes {rule.combine}"
        if ends and rule.combine == "first":
            return f"{self.either(lasts)}, or earlier if {self.either(ends)}"
        return f"{self.either(each)}, whichever comes {rule.combine}"

    def _clock(self, clock: Clock) -> str:
        if clock.trigger == UNSTATED:
            since = self.say("언제부터인지 밝히지 않음", "it is not stated from when")
            return f"{self.period(clock.period)} ({since})"
        fact = self.trigger(clock.trigger)
        if clock.period == NO_PERIOD:
            return self.say(f"{fact} 시까지", f"until {fact}")
        return self.say(f"{fact} 후 {self.period(clock.period)}", f"{self.period(clock.period)} after {fact}")

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
