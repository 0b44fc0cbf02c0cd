"""What a law pack says beside the periods of records: one TOML file for each topic. Pure.

``law/kr/contents.toml`` is a topic; each of its facts stands once, with its article, the days for which it is vouched
where they are not those of the law's version, and its mark. Laws are named in ``retention.toml``, once for all topics.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError

from jikim.law.pack import Law, LawPackError, Part, StatutoryRetention, pack
from jikim.lint.fact import Citation, Fact, Mark, Words
from jikim.policy.period import Period

RECORDS: Final = "retention.toml"
"""The file that is no topic but the pack itself."""


class _Fact(Part):
    key: str
    id: str = ""
    law: str
    article: Words
    says: Words
    mark: Mark
    level: Literal["required", "if it applies", "recommended"] | None = None
    period: Annotated[Period, BeforeValidator(lambda value: Period.parse(str(value)))] | None = None
    numbers: dict[str, int] = Field(default_factory=dict)
    to: Words | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None


class _Topic(Part):
    fact: tuple[_Fact, ...]


@cache
def every_fact(name: str) -> tuple[Fact, ...]:
    """All facts of a pack, in the order of its files: those of its topics, and one for each period of a record.

    :raises LawPackError: no such pack, or one of its files is not sound.
    """
    found = (*_topics(name), *(_of_record(row) for row in pack(name).rows))
    layers = sorted(found, key=lambda fact: (fact.name, fact.in_force_from))
    for fact, after in pairwise(layers):
        if fact.name == after.name and (fact.in_force_to is None or after.in_force_from <= fact.in_force_to):
            raise LawPackError(f"two facts of `{fact.name}` answer for {after.in_force_from}")
    return found


@cache
def facts(names: tuple[str, ...], *, in_force_on: date) -> Mapping[str, Fact]:
    """The facts of these packs that hold on a day, by name. Raises :class:`LawPackError`."""
    known = (fact for name in names for fact in every_fact(name))
    return MappingProxyType({fact.name: fact for fact in known if fact.in_force_on(in_force_on)})


def _topics(name: str) -> Iterator[Fact]:
    laws = pack(name).laws
    files = resources.files("jikim.law").joinpath(name.replace("-", "_")).iterdir()
    for file in sorted(files, key=lambda each: each.name):
        if file.name.endswith(".toml") and file.name != RECORDS:
            topic = file.name.removesuffix(".toml")
            yield from _facts(file.read_bytes(), laws, topic=topic, pack=name)


def _facts(text: bytes, laws: Mapping[str, Law], *, topic: str, pack: str) -> Iterator[Fact]:
    try:
        read = _Topic.model_validate(tomllib.loads(text.decode()))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LawPackError(f"`{topic}` of the law pack `{pack}` cannot be read as TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LawPackError(
            f"`{topic}` of the law pack `{pack}` is not sound: {where}: {first['msg']}"
        ) from error
    for each in read.fact:
        yield _fact(each, laws, topic=topic, pack=pack)


def _fact(stated: _Fact, laws: Mapping[str, Law], *, topic: str, pack: str) -> Fact:
    if stated.law not in laws:
        raise LawPackError(f"`{stated.law}` names no law of the pack `{pack}`")
    law = laws[stated.law]
    since = stated.in_force_from or law.since
    if since is None:
        raise LawPackError(f"nothing says since when `{pack}.{topic}.{stated.key}` holds")
    return Fact(
        name=f"{pack}.{topic}.{stated.key}",
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
        numbers=MappingProxyType(stated.numbers),
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
