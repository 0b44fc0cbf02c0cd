"""What a source of obligation says, as a value that a rule can rest on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from jikim.policy.period import Period
from jikim.policy.words import Pace

Mark = Literal["V", "V°", "S", "M"]
"""How far a fact can be trusted: read in a mirror of the statute, in one of 2026-06-08, secondary sources, memory."""
Language = Literal["ko", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Korean and in English."""

    ko: str
    en: str

    def of(self, language: Language) -> str:
        """Those in this language."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Citation:
    """A law and the place in it."""

    law: Words
    article: Words

    def of(self, language: Language) -> str:
        """As one cites it: ``개인정보 보호법 제21조제1항``."""
        return f"{self.law.of(language)} {self.article.of(language)}"


DOUBTS: Final[Mapping[Mark, Words]] = {
    "S": Words("2차 자료로만 확인한 내용입니다", "known from secondary sources only"),
    "M": Words("기억에 따른 내용이므로 확인이 필요합니다", "from memory: check it before relying on it"),
}


@dataclass(frozen=True)
class Fact:
    """One thing that a law says, between the days for which its pack answers.

    :param name: as rules and pages call it, such as ``kr.contents.purpose``.
    :param id: the row of the legal reference it restates, such as ``PC-01``; empty for none.
    :param says: what it demands, in our own words.
    :param level: of a policy's contents: whether they always belong there.
    :param period: the length of time that it names, if it names one.
    :param pace: the words it has instead of a length of time.
    :param numbers: its other numbers, by name.
    :param words: of a closed list, those that it allows or names, such as the grounds of a refusal.
    :param called: the name of today, for what ``words`` name as of old.
    :param to: who is told or answered, where it sets a deadline.
    :param in_force_to: the last day; None while in force.
    """

    name: str
    id: str
    topic: str
    says: Words
    basis: Citation
    mark: Mark
    source_version: str
    in_force_from: date
    in_force_to: date | None = None
    level: Literal["required", "if it applies", "recommended"] | None = None
    period: Period | None = None
    pace: Pace | None = None
    numbers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    words: tuple[str, ...] = ()
    called: Words | None = None
    to: Words | None = None

    @property
    def doubted(self) -> bool:
        """Whether nobody read it in the law itself: such a fact makes no error of anything."""
        return self.mark in DOUBTS

    def in_force_on(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)
