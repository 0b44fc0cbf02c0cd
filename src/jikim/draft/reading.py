"""What one column seems to hold: by its name, by its type, by the form of its values. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from jikim.datamap.schema import Column
from jikim.draft.guess import CERTAIN, LIKELY, POSSIBLE, Why
from jikim.draft.kinds import KINDS, Kind
from jikim.draft.topics import PEOPLE
from jikim.draft.values import NOTHING, Form, Seen
from jikim.draft.words import FLAGS, IDENTIFIERS, NEUTRAL, THINGS, spans, words
from jikim.plan.finding import counted

ENOUGH: Final = 3
"""Filled values below which forms say nothing."""
_CODES: Final = frozenset({"code", "cd", "type", "se"})
_CHECKED: Final = frozenset({Form.EMAIL, Form.IP, Form.RESIDENT, Form.FOREIGNER})
"""Forms that hardly a value of such a column lacks: where none has them, its name misleads."""
_RATE: Final[Mapping[Form, float]] = {Form.BUSINESS: 0.8}
"""The part of the values that must have a form before it speaks; of ten digits, each tenth checks by chance."""
_ALARMING: Final = (Form.RESIDENT, Form.FOREIGNER, Form.CARD, Form.PASSPORT, Form.LICENCE)
_KNOWN: Final = (
    frozenset().union(*(kind.phrases for kind in KINDS), *(people.words for people in PEOPLE.values()))
    | IDENTIFIERS
    | NEUTRAL
)
_WEAK: Final = frozenset(
    {"free-text", "usage", "search-terms", "interests", "business-number", "photo", "occupation"}
)
"""Items that a table about nobody may have as well."""


@dataclass(frozen=True)
class Reading:
    """What a column by itself seems to be.

    :param plain: whether it would be personal in any table, whatever else stands there.
    :param inside: for JSON, the same by path.
    """

    kind: Kind | None
    why: Why
    plain: bool = False
    inside: Mapping[str, "Reading"] = field(default_factory=dict)

    @property
    def item(self) -> str:
        """The item it holds; empty for none."""
        return self.kind.item if self.kind else ""


def read(column: Column, seen: Seen = NOTHING) -> Reading:
    """What a column holds, as far as it tells by itself."""
    family = family_of(column)
    named, plain = _named(column.name, family)
    valued = _valued(seen, family)
    if seen.inside and not plain and (whole := _inside(seen)):
        return whole
    if valued and not (named and named.item == valued.item):
        why = Why(LIKELY, f"{_how_many(valued, seen)}{', whatever it is called' if named else ''}")
        return Reading(valued, why, plain=True)
    if named:
        return Reading(named, _by_name(named, seen, plain=plain), plain and named.item not in _WEAK)
    return _by_prose(seen, family)


def family_of(column: Column) -> str:
    """The type of a column as kinds speak of it."""
    if column.time_type:
        return "time"
    if column.kind in ("json", "jsonb"):
        return "json"
    if column.kind == "boolean":
        return "flag"
    return "text" if column.labels else column.family


def _inside(seen: Seen) -> Reading | None:
    """JSON of which some places say what they hold; None where none does."""
    leaves = {path: _leaf(path, each) for path, each in seen.inside.items()}
    told = {path: reading for path, reading in leaves.items() if reading.kind and not reading.why.open}
    if not told:
        return None
    reason = f"JSON with {', '.join(sorted({f'`{reading.item}`' for reading in told.values()}))} inside"
    silent = len(leaves) - len(told)
    if silent:
        return Reading(
            None, Why(POSSIBLE, f"{reason}; {counted(silent, 'other place')} in it: personal?"), True, told
        )
    return Reading(None, Why(LIKELY, reason), True, told)


def _leaf(path: str, seen: Seen) -> Reading:
    """What stands at a path into JSON: its last key is its name."""
    return read(Column(path.removesuffix("[*]").rpartition(".")[2], "text"), seen)


# -- by name ----------------------------------------------------------------------------------------------


def _named(name: str, family: str) -> tuple[Kind | None, bool]:
    """The kind that a name speaks of, and whether it hardly ever means anything else."""
    said = words(name, _KNOWN)
    best: tuple[bool, int, int] | None = None
    found: Kind | None = None
    for kind in KINDS:
        if family not in kind.families and not (family == "uuid" and "text" in kind.families):
            continue
        for start, end, phrase in spans(said, kind.phrases):
            if not _means_it(kind, said, start, end):
                continue
            plain = phrase in kind.plain and not (set(said[:start]) & THINGS)
            rank = (plain, end - start, end)
            if best is None or rank > best:
                best, found = rank, kind
    return found, bool(best and best[0])


def _means_it(kind: Kind, said: tuple[str, ...], start: int, end: int) -> bool:
    before, behind = said[:start], said[end:]
    if set(before) & FLAGS and kind.item != "consent-record":
        return False
    if kind.item == "name" and set(before) & THINGS:
        return False
    allowed = NEUTRAL | _CODES if kind.coded else NEUTRAL
    return set(behind) <= allowed


def _by_name(kind: Kind, seen: Seen, *, plain: bool) -> Why:
    reason = f"its name says `{kind.item}`"
    if seen.filled < ENOUGH:
        return Why(LIKELY if plain else POSSIBLE, f"{reason}; too few values to tell more")
    share = max((seen.share(form) for form in kind.forms), default=0.0)
    if share >= 0.5:
        return Why(CERTAIN if plain else LIKELY, f"{reason}; {_how_many(kind, seen)}")
    if seen.filled >= 10 and share < 0.1 and kind.forms & _CHECKED:
        return Why(POSSIBLE, f"{reason}, but {_how_many(kind, seen)}")
    if kind.item == "password" and seen.filled >= 10 and share < 0.1:
        return Why(LIKELY, f"{reason}; no value looks like a one-way hash")
    return Why(LIKELY if plain else POSSIBLE, reason)


# -- by value ---------------------------------------------------------------------------------------------


def _valued(seen: Seen, family: str) -> Kind | None:
    """The kind that the form of the values speaks of, whatever the column is called."""
    if seen.filled < ENOUGH:
        return None
    shares = (
        (seen.share(form), -place, kind)
        for place, kind in enumerate(KINDS)
        if kind.telling and family in kind.families
        for form in kind.forms
        if seen.share(form) >= _RATE.get(form, 0.5)
    )
    return max(shares, default=(0.0, 0, None), key=lambda each: each[:2])[2]


def _how_many(kind: Kind, seen: Seen) -> str:
    form = max(sorted(kind.forms), key=seen.share)
    count = seen.forms.get(form, 0)
    return f"{count:,} of {counted(seen.filled, 'value')} look like {form.value}"


def _by_prose(seen: Seen, family: str) -> Reading:
    text = next(kind for kind in KINDS if kind.item == "free-text")
    if family in ("text", "json") and seen.filled >= ENOUGH:
        if contacts := seen.forms.get(Form.HOLDS_CONTACT, 0):
            reason = (
                f"texts, {contacts:,} of {seen.filled:,} with an e-mail address or a telephone number in them"
            )
            return Reading(text, Why(LIKELY, reason), plain=True)
        if seen.share(Form.PROSE) >= 0.5:
            return Reading(text, Why(POSSIBLE, "values are texts of several words"))
    return Reading(None, Why(LIKELY, "neither its name nor its values speak of a person"))


def alarms(seen: Seen) -> Iterator[str]:
    """What is said of numbers that identify or pay and occur where nothing announces them."""
    for form in _ALARMING:
        count = seen.forms.get(form, 0)
        if count and seen.share(form) < 0.5:
            yield f"{count:,} of {counted(seen.filled, 'value')} look like {form.value}"
