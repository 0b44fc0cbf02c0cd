"""What differs between two policies in meaning, and of what kind each difference is. Pure.

Two policies are compared as what they say, not as they are written: layout, the order of keys and the spelling of a
period are no differences (:func:`jikim.policy.digest.meaning`). The smallest part that has a kind of its own is a
change: an item that a processing takes, its purpose, its period. What only changes words that a person reads, such as
a label or a translation, is *wording*.

A purpose is the same, and its change is *reworded*, while nothing else of its processing or recipient changes but
texts, and its own text is made of the same words (:mod:`jikim.policy.rewording`). Any other change of one is another
purpose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from jikim.policy.digest import meaning
from jikim.policy.model import Policy
from jikim.policy.parts import EVERY
from jikim.policy.rewording import only_reworded
from jikim.source import Path

Kind = Literal[
    "item",
    "purpose",
    "reworded",
    "basis",
    "period",
    "recipient",
    "processor",
    "country",
    "right",
    "contact",
    "people",
    "destruction",
    "safeguard",
    "cookie",
    "notice",
    "children",
    "controller",
    "identity",
    "wording",
]
"""``identity`` is the policy's own: its name, version and dates, which differ between any two."""
How = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Change:
    """One difference.

    :param path: keys and ids to the part that differs, in the newer policy, or in the older one if it is gone.
    :param before: its value in the older policy, as JSON; None if it is new.
    :param after: its value in the newer one; None if it is gone.
    """

    kind: Kind
    how: How
    path: Path
    before: Any
    after: Any


_ANY: Final = "*"
_KINDS: Final[tuple[tuple[Path, Kind], ...]] = (
    (("processing", _ANY, "items", "open"), "item"),
    (("processing", _ANY, "items"), "item"),
    (("processing", _ANY, "keep"), "period"),
    (("processing", _ANY, "basis"), "basis"),
    (("processing", _ANY, "under"), "basis"),
    (("processing", _ANY, "consent"), "basis"),
    (("processing", _ANY, "about"), "people"),
    (("processing", _ANY, "shown_to"), "recipient"),
    (("processing", _ANY, "if_refused"), "wording"),
    (("processing", _ANY), "purpose"),
    (("items", _ANY, "label"), "wording"),
    (("items", _ANY, "protect"), "safeguard"),
    (("items", _ANY), "item"),
    (("never_collect",), "item"),
    (("collected_by",), "item"),
    (("people", _ANY, "label"), "wording"),
    (("people",), "people"),
    (("kept_by_law", _ANY, "items"), "item"),
    (("kept_by_law", _ANY, "label"), "wording"),
    (("kept_by_law",), "period"),
    (("provision_rule", "text"), "wording"),
    (("provision_rule",), "recipient"),
    (("provisions", _ANY, "items"), "item"),
    (("provisions", _ANY, "keep"), "period"),
    (("provisions", _ANY, "basis"), "basis"),
    (("provisions", _ANY, "purpose"), "purpose"),
    (("provisions", _ANY, "recipient", "country"), "country"),
    (("provisions", _ANY, "recipient", "contact"), "contact"),
    (("provisions",), "recipient"),
    (("entrustments", _ANY, "items"), "item"),
    (("entrustments", _ANY, "keep"), "period"),
    (("entrustments", _ANY, "processor", "country"), "country"),
    (("entrustments", _ANY, "processor", "contact"), "contact"),
    (("entrustments",), "processor"),
    (("transfers", _ANY, "items"), "item"),
    (("transfers", _ANY, "keep"), "period"),
    (("transfers", _ANY, "basis"), "basis"),
    (("transfers", _ANY, "purpose"), "purpose"),
    (("transfers", _ANY, "recipient", "contact"), "contact"),
    (("transfers", _ANY, "refusal"), "right"),
    (("transfers",), "country"),
    (("business_transfer", "text"), "wording"),
    (("business_transfer",), "recipient"),
    (("destruction", "within"), "period"),
    (("destruction", "grace"), "period"),
    (("destruction", "when"), "period"),
    (("destruction", "exceptions"), "period"),
    (("destruction", "procedure"), "wording"),
    (("destruction",), "destruction"),
    (("rights",), "right"),
    (("contacts",), "contact"),
    (("agencies",), "contact"),
    (("children",), "children"),
    (("cookies", "explanation"), "wording"),
    (("cookies",), "cookie"),
    (("safeguards",), "safeguard"),
    (("notice",), "notice"),
    (("controller",), "controller"),
    (("service",), "controller"),
    (("title",), "wording"),
    (("also_called",), "wording"),
    (("contents",), "wording"),
    (("statements",), "wording"),
    (("languages",), "wording"),
    (("law",), "wording"),
    (("version",), "identity"),
    (("announced",), "identity"),
    (("effective",), "identity"),
    (("editions",), "identity"),
    (("jikim",), "identity"),
)
"""The kind of what stands at a path, or below it; the first that fits."""
_REGISTERS: Final = ("kept_by_law", "provisions", "entrustments", "transfers", "rights", "safeguards")
"""Parts that hold parts by name: a policy without any differs by each of them."""
_OF_PURPOSE: Final = ("processing", "provisions", "transfers")
_TEXTS: Final = frozenset({"purpose", "if_refused", "as_said"})
_WAYS: Final = ("required", "optional", "automatic")


def diff(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Every change from one policy to another, in the order in which the newer one is written."""
    first = after.languages[0] if after.languages else EVERY
    old, new = _comparable(before), _comparable(after)
    return tuple(_judged(change, old, new, first) for change in _between((), old, new, first))


def _judged(change: Change, before: Any, after: Any, first: str) -> Change:
    """The same; a purpose that is only said otherwise is no other purpose."""
    head, *rest = change.path
    if (
        change.kind != "purpose"
        or change.how != "changed"
        or head not in _OF_PURPOSE
        or rest[1:] != ["purpose"]
    ):
        return change
    known, now = (
        {k: v for k, v in each[head][rest[0]].items() if k not in _TEXTS} for each in (before, after)
    )
    said = (_original(text, first) for text in (change.before, change.after))
    return replace(change, kind="reworded") if known == now and only_reworded(*said) else change


def kind_at(path: Path) -> Kind:
    """The kind of a change there. Raises ``KeyError`` for a path that no policy has."""
    for pattern, kind in _KINDS:
        if len(path) >= len(pattern) and all(p in (_ANY, q) for p, q in zip(pattern, path, strict=False)):
            return kind
    raise KeyError(path)


def _comparable(policy: Policy) -> Any:
    """What it says; of a processing's items the way in which each is taken, so that another way is one change."""
    said = meaning(policy)
    said |= {key: {} for key in _REGISTERS if key not in said}
    for processing in said.get("processing", {}).values():
        items = processing.get("items", {})
        taken = {item: way for way in _WAYS for item in items.get(way, ())}
        processing["items"] = {**{key: value for key, value in items.items() if key not in _WAYS}, **taken}
    return said


def _between(path: Path, before: Any, after: Any, first: str) -> Iterator[Change]:
    if before == after:
        return
    if before is None or after is None:
        yield Change(kind_at(path), "added" if before is None else "removed", path, before, after)
    elif _is_text(before) and _is_text(after):
        reads_alike = _letters(before, first) == _letters(after, first)
        yield Change("wording" if reads_alike else kind_at(path), "changed", path, before, after)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _between((*path, key), before.get(key), after.get(key), first)
    elif _is_words(before) and _is_words(after):
        for word in [*after, *(word for word in before if word not in after)]:
            old, new = (word if word in each else None for each in (before, after))
            yield from _between((*path, word), old, new, first)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _among(path, before, after, first)
    else:
        yield Change(kind_at(path), "changed", path, before, after)


def _among(path: Path, before: list[Any], after: list[Any], first: str) -> Iterator[Change]:
    """Between two lists of parts that have no names: by the place of each that is not in both."""
    gone = [place for place, part in enumerate(before) if part not in after]
    new = [place for place, part in enumerate(after) if part not in before]
    if len(gone) == len(new) == 0:  # the same in another order, or more than once
        yield Change(kind_at(path), "changed", path, before, after)
    elif gone == new and all(_of_one_kind(before[place], after[place]) for place in new):
        for place in new:
            yield from _between((*path, place), before[place], after[place], first)
    else:
        yield from (Change(kind_at(path), "added", (*path, place), None, after[place]) for place in new)
        yield from (Change(kind_at(path), "removed", (*path, place), before[place], None) for place in gone)


def _of_one_kind(before: Any, after: Any) -> bool:
    """Whether a part in the place of another may be the same, written anew."""
    return all(before.get(key) == after.get(key) for key in ("kind", "browser", "ground", "what"))


def _is_text(value: Any) -> bool:
    """Whether it is a text in one language or several."""
    keys = value.keys() if isinstance(value, Mapping) else ()
    return bool(keys) and all(key == EVERY or (len(key) == 2 and isinstance(value[key], str)) for key in keys)


def _is_words(value: Any) -> bool:
    """Whether it is a list of words whose order means nothing."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _letters(text: Mapping[str, str], language: str) -> str:
    """What the original language says, without spaces and punctuation."""
    return "".join(char for char in _original(text, language).casefold() if char.isalnum())


def _original(text: Mapping[str, str], language: str) -> str:
    """The text in that language, or in whichever it was written in."""
    return text.get(language) or text.get(EVERY) or next(iter(text.values()))
