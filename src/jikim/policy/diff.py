"""What differs between two policies in meaning, and of what kind each difference is. Pure.

Two policies are compared as what they say, not as they are written: layout, the order of keys and the spelling of a
period are no differences (:func:`jikim.policy.digest.meaning`). The smallest part that has a kind of its own is a
change: an item that a processing takes, its purpose, its period. What only changes words that a person reads, such as
a label or a translation, is *wording*.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from jikim.policy.digest import meaning
from jikim.policy.model import Policy
from jikim.policy.parts import EVERY
from jikim.source import Path

Kind = Literal[
    "item",
    "purpose",
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
_WAYS: Final = ("required", "optional", "automatic")


def diff(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Every change from one policy to another, in the order in which the newer one is written."""
    first = after.languages[0] if after.languages else EVERY
    return tuple(_between((), _comparable(before), _comparable(after), first))


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
    else:
        yield Change(kind_at(path), "changed", path, before, after)


def _is_text(value: Any) -> bool:
    """Whether it is a text in one language or several."""
    keys = value.keys() if isinstance(value, Mapping) else ()
    return bool(keys) and all(key == EVERY or (len(key) == 2 and isinstance(value[key], str)) for key in keys)


def _is_words(value: Any) -> bool:
    """Whether it is a list of words whose order means nothing."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _letters(text: Mapping[str, str], language: str) -> str:
    """What the original language says, without spaces and punctuation."""
    said = text.get(language) or text.get(EVERY) or next(iter(text.values()))
    return "".join(char for char in said.casefold() if char.isalnum())
