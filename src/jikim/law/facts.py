"""What a law pack says beside the periods of records: one TOML file for each topic. Pure.

``law/kr/contents.toml`` is a topic; each of its facts stands once, with its article, the days for which it is vouched
where they are not those of the law's version, and its mark. Laws are named in ``retention.toml``, once for all topics.

A fact of one key may stand again as another layer: for other days, by the law's other version.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from jikim.law.pack import DeadLaw, Law, LawPackError, Part, StatutoryRetention, folder, pack, read_as
from jikim.lint.fact import Citation, Fact, Mark, Words
from jikim.policy.period import Period
from jikim.policy.words import Pace

RECORDS: Final = "retention.toml"
"""The file that is no topic but the pack itself."""


class _Fact(Part):
    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    id: str = ""
    law: str
    article: Words
    says: Words
    mark: Mark
    level: Literal["required", "if it applies", "recommended"] | None = None
    period: Annotated[Period, BeforeValidator(lambda value: Period.parse(str(value)))] | None = None
    pace: Pace | None = None
    numbers: dict[str, int] = Field(default_factory=dict)
    words: tuple[str, ...] = ()
    called: Words | None = None
    to: Words | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.period and self.pace:
            raise ValueError(f"`{self.key}` has a period and a pace")
        return self


class _Topic(Part):
    fact: tuple[_Fact, ...]


@cache
def every_fact(name: str) -> tuple[Fact, ...]:
    """All facts of a pack, in the order of its files: those of its topics, one for each period of a record, and one
    for each law that is no longer in force.

    :raises LawPackError: no such pack, or one of its files is not sound.
    """
    of_topics = (fact for topic in topics(name) for fact in _of_topic(name, topic))
    return _answering_once(
        (*of_topics, *map(_of_record, pack(name).rows), *map(_of_dead_law, pack(name).dead_laws))
    )


def topics(name: str) -> tuple[str, ...]:
    """The topics of a pack, sorted. Raises :class:`LawPackError`."""
    files = {file.name for file in folder(pack(name).name).iterdir()} - {RECORDS}
    return tuple(sorted(file.removesuffix(".toml") for file in files if file.endswith(".toml")))


def facts(names: tuple[str, ...], *, in_force_on: date) -> Mapping[str, Fact]:
    """The facts of these packs that hold on a day, by name.

    A topic is read when the first of its facts is asked for: nobody waits for what no rule rests on. Asking raises
    :class:`LawPackError` for a topic that is not sound.
    """
    return _InForce(names, in_force_on)


def _newest_first(name: str) -> list[Fact]:
    return sorted(every_fact(name), key=lambda fact: fact.in_force_from, reverse=True)


def unknown(names: tuple[str, ...], *, in_force_on: date) -> list[str]:
    """Facts of these packs of which nobody wrote down how they stood on a day, or that did not hold yet; by name.

    A pack says of the law of earlier years what its records need, and no more.
    """
    begun = {fact.name: fact.in_force_from <= in_force_on for name in names for fact in _newest_first(name)}
    return [name for name, known in begun.items() if not known]


class _InForce(Mapping[str, Fact]):
    def __init__(self, packs: tuple[str, ...], day: date) -> None:
        self._packs = packs
        self._day = day

    def __getitem__(self, name: str) -> Fact:
        of, _, rest = name.partition(".")
        if of not in self._packs:
            raise KeyError(name)
        return _in_force(of, rest.partition(".")[0], self._day)[name]

    def __iter__(self) -> Iterator[str]:
        return (fact.name for name in self._packs for fact in every_fact(name) if fact.in_force_on(self._day))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def _in_force(name: str, topic: str, day: date) -> Mapping[str, Fact]:
    """The facts of whose names the second part is this: those of the topic, and those of records."""
    begins = f"{name}.{topic}."
    records = (row for row in pack(name).rows if row.key.startswith(begins))
    ended = (law for law in pack(name).dead_laws if law.key.startswith(begins))
    found = (*_of_topic(name, topic), *map(_of_record, records), *map(_of_dead_law, ended))
    return {fact.name: fact for fact in found if fact.in_force_on(day)}


@cache
def _of_topic(name: str, topic: str) -> tuple[Fact, ...]:
    """None where there is no such topic."""
    file = folder(name).joinpath(f"{topic}.toml")
    if file.name == RECORDS or not file.is_file():
        return ()
    return read(file.read_bytes(), pack(name).laws, topic=topic, pack=name)


def read(text: bytes, laws: Mapping[str, Law], *, topic: str, pack: str) -> tuple[Fact, ...]:
    """The facts that a topic's file states.

    :param laws: those that it may cite, by short name.
    :raises LawPackError: it cannot be read, lacks or misspells something, or contradicts itself.
    """
    stated = read_as(_Topic, text, called=f"`{topic}` of the law pack `{pack}`").fact
    return _answering_once(tuple(_fact(each, laws, topic=topic, pack=pack) for each in stated))


def _answering_once(found: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The same facts, of which no two of one name answer for one day."""
    layers = sorted(found, key=lambda fact: (fact.name, fact.in_force_from))
    for fact, after in pairwise(layers):
        if fact.name == after.name and (fact.in_force_to is None or after.in_force_from <= fact.in_force_to):
            raise LawPackError(f"two facts of `{fact.name}` answer for {after.in_force_from}")
    return found


def _fact(stated: _Fact, laws: Mapping[str, Law], *, topic: str, pack: str) -> Fact:
    name = f"{pack}.{topic}.{stated.key}"
    if stated.law not in laws:
        raise LawPackError(f"`{name}` cites `{stated.law}`, which names no law of the pack")
    law = laws[stated.law]
    since = stated.in_force_from or law.since
    if since is None:
        raise LawPackError(f"nothing says since when `{name}` holds")
    if stated.in_force_to is not None and stated.in_force_to < since:
        raise LawPackError(f"`{name}` ends before it begins")
    return Fact(
        name=name,
        id=stated.id,
        topic=topic,
        says=stated.says,
        basis=Citation(Words(law.ko, law.en), stated.article),
        mark=stated.mark,
        source_version=law.version,
        in_force_from=since,
        in_force_to=stated.in_force_to,
        level=stated.level,
        period=stated.period,
        pace=stated.pace,
        numbers=MappingProxyType(stated.numbers),
        words=stated.words,
        called=stated.called,
        to=stated.to,
    )


def _of_record(row: StatutoryRetention) -> Fact:
    length = (
        (row.period.korean(), str(row.period))
        if row.period
        else (row.wording.ko, row.wording.en)
        if row.wording
        else ("", "")
    )
    how = {"minimum": ("이상", "at least"), "fixed": ("", "for"), "maximum": ("이내에 파기", "at most")}[
        row.kind
    ]
    return Fact(
        name=row.key,
        id=row.id,
        topic="retention",
        says=Words(
            f"{row.record.ko}: {length[0]} {how[0]}".strip(), f"{row.record.en}: {how[1]} {length[1]}"
        ),
        basis=row.basis,
        mark=row.mark,
        source_version=row.source_version,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        period=row.period,
    )


def _of_dead_law(law: DeadLaw) -> Fact:
    """That it is law no longer, which holds since it ended."""
    return Fact(
        name=law.key,
        id="",
        topic="retention",
        says=Words(
            f"{law.scheme.ko}: {law.ended}에 없어졌습니다",
            f"{law.scheme.en} is no longer law since {law.ended}",
        ),
        basis=law.basis,
        mark=law.mark,
        source_version="",
        in_force_from=law.ended,
    )
