"""Which rows a step means, as a value: a small algebra of facts and cutoffs. Pure.

A predicate compares columns with constants and nothing else. There is no negation: what has not happened is said as
such, because a store's NULL answers neither yes nor no. Which predicates a sweep is made of, `plan.sweep` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

from jikim.canonical import Written, quoted
from jikim.canonical import written as as_written
from jikim.plan.schedule import Cell, Condition, Dependent, FactRef, Hop, IdentityUse, OwnerPath

P = TypeVar("P", bound="Predicate")


class Predicate:
    """Something that is so of a row, or not."""

    __slots__ = ("_hash", "_json", "_written")
    __match_args__: ClassVar[tuple[str, ...]]
    _hash: int
    _json: dict[str, Any]
    _written: Written


@dataclass_transform(frozen_default=True)
def _node(kind: type[P]) -> type[P]:
    """A frozen dataclass that remembers its hash: predicates nest deeply and are looked up all the time."""
    made = dataclass(frozen=True, slots=True)(kind)
    reckon = made.__hash__

    def remembered(self: P) -> int:
        try:
            return self._hash
        except AttributeError:
            reckoned = reckon(self)
            object.__setattr__(self, "_hash", reckoned)
            return reckoned

    made.__hash__ = remembered  # type: ignore[method-assign,assignment]
    return made


@_node
class Happened(Predicate):
    """The fact happened at or before ``by``."""

    fact: FactRef
    by: datetime | date


@_node
class NotHappened(Predicate):
    """The fact has not happened, or later than ``by``."""

    fact: FactRef
    by: datetime | date


@_node
class Leads(Predicate):
    """Some hops lead from the row to another that exists."""

    hops: tuple[Hop, ...]


@_node
class LeadsNowhere(Predicate):
    """They do not: a reference on the way is empty, or names a row that does not exist."""

    hops: tuple[Hop, ...]


@_node
class InClass(Predicate):
    """The row meets ``where`` and none of ``unless``: the first class that fits is the row's."""

    where: tuple[Condition, ...]
    unless: tuple[tuple[Condition, ...], ...]


@_node
class OwnedBy(Predicate):
    """``path`` is filled in for this row, none of ``unless`` is; its person exists, or does not."""

    path: OwnerPath
    unless: tuple[OwnerPath, ...]
    exists: bool


@_node
class Unnamed(Predicate):
    """None of these paths is filled in: the row says of nobody that it is theirs."""

    paths: tuple[OwnerPath, ...]


@_node
class Unheld(Predicate):
    """No legal hold names the row of ``table`` about the person at the end of ``path``."""

    table: str
    path: OwnerPath


@_node
class Held(Predicate):
    """A legal hold names it."""

    table: str
    path: OwnerPath


@_node
class Pointed(Predicate):
    """Some row points to it."""

    dependents: tuple[Dependent, ...]


@_node
class NotPointed(Predicate):
    """No row points to it."""

    dependents: tuple[Dependent, ...]


@_node
class Unmasked(Predicate):
    """The cell holds something that its mask would change."""

    table: str
    cell: Cell


@_node
class Masked(Predicate):
    """The cell holds nothing that its mask would change."""

    table: str
    cell: Cell


@_node
class Needed(Predicate):
    """A record of a row that points here may yet take the cell along."""

    uses: tuple[IdentityUse, ...]


@_node
class NotNeeded(Predicate):
    """No record may yet take the cell along."""

    uses: tuple[IdentityUse, ...]


@_node
class Named(Predicate):
    """One of these paths is filled in."""

    paths: tuple[OwnerPath, ...]


@_node
class WithSome(Predicate):
    """Some row stands at the end of these hops for which ``what`` is so, where ways through it go on from that row."""

    hops: tuple[Hop, ...]
    what: Predicate


@_node
class WithNone(Predicate):
    """No such row does."""

    hops: tuple[Hop, ...]
    what: Predicate


@_node
class There(Predicate):
    """The hops lead to a row of which ``what`` is so."""

    hops: tuple[Hop, ...]
    what: Predicate


@_node
class NotThere(Predicate):
    """They lead to no row of which it is so."""

    hops: tuple[Hop, ...]
    what: Predicate


@dataclass(frozen=True)
class Carried:
    """Rows of ``table`` whose hops lead through this one, of which ``what`` is so with ways going on from it."""

    table: str
    hops: tuple[Hop, ...]
    what: Predicate


@_node
class Carries(Predicate):
    """Some of these rows are owned through it."""

    rows: tuple[Carried, ...]


@_node
class CarriesNone(Predicate):
    """None of these rows is."""

    rows: tuple[Carried, ...]


@_node
class All(Predicate):
    """Every part is so; so of every row when there is none."""

    parts: tuple[Predicate, ...]


@_node
class AnyOf(Predicate):
    """Some part is so; so of no row when there is none."""

    parts: tuple[Predicate, ...]


ALWAYS = All(())
NEVER = AnyOf(())


def all_of(parts: Iterable[Predicate]) -> Predicate:
    """Every part, without the ones that are always so; `NEVER` when one is never so."""
    unique: dict[Predicate, None] = {}
    for part in parts:
        if isinstance(part, All):
            unique.update(dict.fromkeys(part.parts))
        elif isinstance(part, AnyOf) and not part.parts:
            return NEVER
        else:
            unique[part] = None
    if len(unique) > 1:
        return All(tuple(unique))
    return next(iter(unique), ALWAYS)


def any_of(parts: Iterable[Predicate]) -> Predicate:
    """Some part, without the ones that are never so; `ALWAYS` when one is always so."""
    unique: dict[Predicate, None] = {}
    for part in parts:
        if isinstance(part, AnyOf):
            unique.update(dict.fromkeys(part.parts))
        elif isinstance(part, All) and not part.parts:
            return ALWAYS
        else:
            unique[part] = None
    if len(unique) > 1:
        return AnyOf(tuple(unique))
    return next(iter(unique), NEVER)


_DENIES: Final[Mapping[type[Predicate], type[Predicate]]] = {
    LeadsNowhere: Leads,
    Unnamed: Named,
    Unheld: Held,
    NotPointed: Pointed,
    Masked: Unmasked,
    NotNeeded: Needed,
    WithNone: WithSome,
    NotThere: There,
    CarriesNone: Carries,
}
"""Kinds that are so exactly where another kind of the same is not. A time of the row itself that is missing is neither
`Happened` nor not: only where another row is asked for it, there is none."""


def denies(predicate: Predicate) -> Predicate | None:
    """What this is the opposite of; None where it denies nothing."""
    kind = _DENIES.get(type(predicate))
    if isinstance(predicate, NotHappened) and predicate.fact.ref.hops:
        kind = Happened
    return kind(*(getattr(predicate, name) for name in predicate.__match_args__)) if kind else None


def to_json(value: Any) -> Any:
    """A predicate, or any value inside one, as plain JSON: each node names its own kind.

    A node gives the same object each time: what stands in many places is written once.
    """
    if value is None or isinstance(value, str | int):  # most of them
        return value
    if isinstance(value, Predicate):
        try:
            return value._json
        except AttributeError:
            written = {type(value).__name__: _fields(value)}
            object.__setattr__(value, "_json", written)
            return written
    if isinstance(value, tuple | list):
        return [to_json(v) for v in value]
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime | date) else value


def written(predicate: Predicate) -> Written:
    """The canonical form of the same, put together from that of its parts."""
    try:
        return predicate._written
    except AttributeError:
        text = Written(f'{{"{type(predicate).__name__}":{_fields_written(predicate)}}}')
        object.__setattr__(predicate, "_written", text)
        return text


def _written(value: Any) -> str:
    if isinstance(value, str):  # most of them
        return quoted(value)
    if isinstance(value, Predicate):
        return written(value)
    if isinstance(value, tuple | list):
        return f"[{','.join([_written(each) for each in value])}]"
    if is_dataclass(value):  # paths, facts and cells stand in many predicates
        known: dict[str, str] = vars(value)
        if "_written" not in known:
            known["_written"] = _fields_written(value)
        return known["_written"]
    return as_written(to_json(value))


def _fields_written(value: Any) -> str:
    said = [f'"{name}":{_written(getattr(value, name))}' for name in _names(value.__class__)]
    return f"{{{','.join(said)}}}"


@cache
def _names(kind: Any) -> list[str]:
    return sorted(kind.__match_args__)


def _fields(value: Any) -> dict[str, Any]:
    return {name: to_json(getattr(value, name)) for name in value.__match_args__}
