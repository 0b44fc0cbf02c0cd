"""Law packs: the periods that statutes set for keeping and destroying records, as typed values. Pure.

A pack is one file of facts; each number of a statute stands there once and is read from here. A fact carries
its article, the versions read, the days between which it is vouched for, and a mark that says how far it can
be trusted (V, V°, S, M: the file's head explains them). A law that has no record kept, as the GDPR, has no row.

The file names laws, obligations, identities and separate stores once and refers to them; nothing in it may
refer to what it does not name, and no two rows of one key may answer for the same day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self, TypeVar

import tomli
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from jikim.canonical import digest
from jikim.errors import JikimError
from jikim.lint.fact import Citation, Mark, Words
from jikim.policy.period import Period
from jikim.policy.triggers import TRIGGERS
from jikim.shape import did_you_mean

PACKS: Final = ("kr", "eu-gdpr")
"""The packs that ship."""

NAMES: Final = "docs/reference/law.md"
"""The page that lists the names of all packs."""

Kind = Literal["minimum", "fixed", "maximum"]


class LawPackError(JikimError):
    """A pack that cannot be read, or that contradicts itself."""


class UnknownNameError(LawPackError):
    """No row of the pack has this name."""


class NotInForceError(LawPackError):
    """The name is known, but the pack does not answer for that day."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a kept record may say of the person it is about: items, and the rest in the law's terms."""

    items: tuple[str, ...]
    others: Words
    basis: Citation


@dataclass(frozen=True, slots=True)
class StatutoryRetention:
    """How long one law has one record kept, or within what time it has it destroyed.

    :param key: what a policy calls it, such as ``kr.ecommerce.contract``.
    :param id: the row of the legal reference it restates, such as ``RET-EC-2``; several keys may share one.
    :param period: None where the law gives ``wording`` and no number.
    :param kind: ``minimum`` (at least), ``fixed`` (that long) or ``maximum`` (at most).
    :param obliged: to whom it applies; any of them.
    :param starts: the trigger that the law names; None where the data map must name one.
    :param identity: None where the law does not say whom the record may name.
    :param separate: where this law itself asks for a separate store; the pack's own rule applies besides.
    :param in_force_to: the last day; None while in force.
    """

    key: str
    id: str
    record: Words
    basis: Citation
    period: Period | None
    wording: Words | None
    kind: Kind
    obliged: tuple[str, ...]
    starts: str | None
    identity: Identity | None
    separate: Citation | None
    note: Words | None
    mark: Mark
    source_version: str
    in_force_from: date
    in_force_to: date | None

    def in_force_on(self, day: date) -> bool:
        """Whether the pack answers for this row on ``day``."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class DeadLaw:
    """A scheme that is law no longer: what it is still cited for, and the period it set.

    :param ended: the first day without it.
    """

    key: str
    scheme: Words
    cited_for: Words
    basis: Citation
    period: Period
    ended: date
    why: Words
    mark: Mark


class Part(BaseModel):
    """A part of a pack's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Law(Part):
    """A law by its names, the version that was read, and the day since which that version holds."""

    ko: str
    en: str
    version: str
    since: date | None = None


@dataclass(frozen=True)
class LawPack:
    """All that one jurisdiction's file says.

    :param as_of: the day on which its facts were last checked.
    :param laws: the laws that its files cite, by short name.
    :param separate_storage: what asks for a separate store whenever a law has something kept; None where nothing does.
    :param obliged: the obligations a service may declare, with their names.
    :param rows: in the order of the file; layers of one key never overlap.
    :param digest: ``sha256:<hex>`` over the meaning of the file, comments aside.
    """

    name: str
    as_of: date
    laws: Mapping[str, Law]
    separate_storage: Citation | None
    obliged: Mapping[str, Words]
    rows: tuple[StatutoryRetention, ...]
    dead_laws: tuple[DeadLaw, ...]
    digest: str

    @cached_property
    def _layers(self) -> dict[str, list[StatutoryRetention]]:
        layers: dict[str, list[StatutoryRetention]] = {}
        for row in self.rows:
            layers.setdefault(row.key, []).append(row)
        return layers

    def names(self) -> tuple[str, ...]:
        """The keys that :meth:`retention` knows, sorted."""
        return tuple(sorted(self._layers))

    def retention(self, key: str, *, in_force_on: date) -> StatutoryRetention:
        """The row of that name for that day.

        :raises UnknownNameError: no such name; the fix proposes the nearest, or says when the law ended.
        :raises NotInForceError: the pack does not answer for that day.
        """
        layers = self._layers.get(key)
        if layers is None:
            raise UnknownNameError(
                f"`{key}` names no statutory period of the pack `{self.name}`", fix=self._instead_of(key)
            )
        for row in layers:
            if row.in_force_on(in_force_on):
                return row
        spans = ", ".join(f"{row.in_force_from} to {row.in_force_to or 'now'}" for row in layers)
        raise NotInForceError(
            f"the pack `{self.name}` answers for `{key}` from {spans}, not on {in_force_on}"
        )

    def dead(self, key: str) -> DeadLaw:
        """The scheme of that name that is law no longer. Raises :class:`UnknownNameError`."""
        for law in self.dead_laws:
            if law.key == key:
                return law
        known = [law.key for law in self.dead_laws]
        raise UnknownNameError(
            f"`{key}` names no ended law of the pack `{self.name}`", fix=did_you_mean(key, known)
        )

    def _instead_of(self, key: str) -> str:
        ended = next((law for law in self.dead_laws if law.key == key), None)
        meant = f"it ended on {ended.ended}: {ended.why.en};" if ended else self._nearest(key)
        return f"{meant} all names are in {NAMES}".strip()

    def _nearest(self, key: str) -> str:
        """``did you mean …?`` for a name of which every part is near, or whose record is called so.

        The beginning that names share makes none of them near.
        """
        parts = key.split(".")
        near = [name for name in self._layers if _alike(parts, name.split("."))]
        called = [row.key for row in self.rows if parts[-1] in f"{row.record.en} {row.record.ko}".lower()]
        return did_you_mean(key, near or called)


def _alike(parts: list[str], others: list[str]) -> bool:
    """Whether two names are near, part by part."""
    return len(parts) == len(others) and all(did_you_mean(a, [b]) for a, b in zip(parts, others, strict=True))


# --- the file as it is written ---------------------------------------------------------------------------


_Period = Annotated[Period, BeforeValidator(lambda value: Period.parse(str(value)))]
_Names = Annotated[tuple[str, ...], Field(min_length=1)]


class _Place(Part):
    law: str
    article: Words


class _Identity(_Place):
    items: _Names
    others: Words


class _Row(_Place):
    key: str
    id: str
    record: Words
    period: _Period | None = None
    wording: Words | None = None
    kind: Kind
    obliged: _Names
    starts: str | None = None
    identity: str | None = None
    separate: str | None = None
    note: Words | None = None
    mark: Mark
    in_force_from: date
    in_force_to: date | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.period is None) == (self.wording is None):
            raise ValueError(f"`{self.key}` needs a period or a wording, and not both")
        if self.starts is not None and self.starts not in TRIGGERS:
            raise ValueError(f"`{self.key}` starts with `{self.starts}`, which is no trigger")
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"`{self.key}` ends before it begins")
        return self


class _Dead(_Place):
    key: str
    scheme: Words
    cited_for: Words
    period: _Period
    ended: date
    why: Words
    mark: Mark


class _File(Part):
    name: str
    as_of: date
    laws: dict[str, Law]
    obliged: dict[str, Words] = Field(default_factory=dict)
    separate: dict[str, _Place] = Field(default_factory=dict)
    identity: dict[str, _Identity] = Field(default_factory=dict)
    retention: tuple[_Row, ...] = ()
    dead: tuple[_Dead, ...] = ()

    @model_validator(mode="after")
    def _refers_to_what_it_names(self) -> Self:
        places = (*self.retention, *self.dead, *self.separate.values(), *self.identity.values())
        rows = self.retention
        _all_named("law", (place.law for place in places), self.laws)
        _all_named("obligation", (who for row in rows for who in row.obliged), self.obliged)
        _all_named("identity", (row.identity for row in rows if row.identity), self.identity)
        general = ("general",) if rows else ()
        stores = (*general, *(row.separate for row in rows if row.separate))
        _all_named("separate store", stores, self.separate)
        return self

    @model_validator(mode="after")
    def _answers_once(self) -> Self:
        for row, after in pairwise(sorted(self.retention, key=lambda row: (row.key, row.in_force_from))):
            if row.key == after.key and (row.in_force_to is None or after.in_force_from <= row.in_force_to):
                raise ValueError(f"two rows of `{row.key}` answer for {after.in_force_from}")
        keys = Counter([*{row.key for row in self.retention}, *(law.key for law in self.dead)])
        for key, count in keys.items():
            if count > 1:
                raise ValueError(f"`{key}` is named twice")
        return self


def _all_named(what: str, names: Iterable[str], known: Mapping[str, object]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"`{name}` names no {what} of this file")


def _cite(place: _Place, file: _File) -> Citation:
    law = file.laws[place.law]
    return Citation(Words(law.ko, law.en), place.article)


def _identity(stated: _Identity, file: _File) -> Identity:
    return Identity(stated.items, stated.others, _cite(stated, file))


def _retention(row: _Row, file: _File) -> StatutoryRetention:
    return StatutoryRetention(
        key=row.key,
        id=row.id,
        record=row.record,
        basis=_cite(row, file),
        period=row.period,
        wording=row.wording,
        kind=row.kind,
        obliged=row.obliged,
        starts=row.starts,
        identity=_identity(file.identity[row.identity], file) if row.identity else None,
        separate=_cite(file.separate[row.separate], file) if row.separate else None,
        note=row.note,
        mark=row.mark,
        source_version=file.laws[row.law].version,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
    )


def _dead_law(law: _Dead, file: _File) -> DeadLaw:
    return DeadLaw(
        key=law.key,
        scheme=law.scheme,
        cited_for=law.cited_for,
        basis=_cite(law, file),
        period=law.period,
        ended=law.ended,
        why=law.why,
        mark=law.mark,
    )


Read = TypeVar("Read", bound=BaseModel)


def read_as(model: type[Read], text: bytes, *, called: str) -> Read:
    """What a TOML file of a pack says.

    :param called: how messages call the file.
    :raises LawPackError: it cannot be read, lacks or misspells something, or contradicts itself.
    """
    try:
        return model.model_validate(tomli.loads(text.decode()))
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise LawPackError(f"{called} cannot be read as TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        what = first["msg"].removeprefix("Value error, ")
        raise LawPackError(f"{called} is not sound: {where}: {what[:1].lower()}{what[1:]}") from error


def read(text: bytes, *, name: str) -> LawPack:
    """The pack that a TOML file states.

    :param name: how messages call the file.
    :raises LawPackError: it cannot be read, lacks or misspells something, or contradicts itself.
    """
    file = read_as(_File, text, called=f"the law pack `{name}`")
    return LawPack(
        name=file.name,
        laws=MappingProxyType(file.laws),
        as_of=file.as_of,
        separate_storage=_cite(file.separate["general"], file) if "general" in file.separate else None,
        obliged=MappingProxyType(file.obliged),
        rows=tuple(_retention(row, file) for row in file.retention),
        dead_laws=tuple(_dead_law(law, file) for law in file.dead),
        digest=digest(file.model_dump(mode="json")),
    )


@cache
def pack(name: str) -> LawPack:
    """The pack that ships under that name: ``kr``, ``eu-gdpr``.

    :raises UnknownNameError: none does.
    """
    if name not in PACKS:
        raise UnknownNameError(f"`{name}` names no law pack", fix=f"there is: {', '.join(PACKS)}")
    return read(folder(name).joinpath("retention.toml").read_bytes(), name=name)


def folder(name: str) -> Traversable:
    """Where the files of that pack are."""
    return resources.files("jikim.law").joinpath(name.replace("-", "_"))
