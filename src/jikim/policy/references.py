"""A policy must hold together: names that exist, dates in order, languages declared. Pure.

Whether it agrees with the law is asked elsewhere: ``law.resolve`` binds the names of laws, ``lint`` compares.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from jikim.policy.model import LEGAL_TITLE, Policy
from jikim.policy.parts import LocalText
from jikim.shape import did_you_mean
from jikim.source import Diagnostic, Path, Severity


def check(policy: Policy) -> tuple[Diagnostic, ...]:
    """Every finding, in no order; none when the policy holds together."""
    return (
        *_dangling(policy),
        *_never_stored_yet_kept(policy),
        *_dates(policy),
        *_languages(policy),
    )


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, LocalText]]:
    """Every text below ``value``, with its path in the file."""
    if isinstance(value, LocalText):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from texts(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from texts(each, (*path, key))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from texts(each, (*path, place))


def _finding(
    policy: Policy, path: Path, code: str, message: str, *, why: str = "", fix: str = ""
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, why, fix, policy.span(path), path)


def _dangling(policy: Policy) -> Iterator[Diagnostic]:
    for path, names in _references(policy):
        kind = "people" if path[-1] in {"about", "shown_to"} else "items"
        known: Iterable[str] = policy.people if kind == "people" else policy.items
        if path[-1] == "under":
            kind, known = "entrustments` or `provisions", (*policy.entrustments, *policy.provisions)
        for place, name in enumerate(names):
            if name not in known:
                yield _finding(
                    policy,
                    (*path, place),
                    "unknown-name",
                    f"`{name}` is not declared under `{kind}`",
                    fix=did_you_mean(name, known) or f"declare it under `{kind}`, or remove it here",
                )


def _references(policy: Policy) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every place that names something declared elsewhere in the file."""
    for id, processing in policy.processing.items():
        at = ("processing", id)
        yield (*at, "about"), processing.about
        yield (*at, "shown_to"), processing.shown_to
        yield (*at, "items", "required"), processing.items.required
        yield (*at, "items", "optional"), processing.items.optional
        yield (*at, "items", "automatic"), processing.items.automatic
    for id, item in policy.items.items():
        if item.derived:
            yield ("items", id, "derived", "from"), (item.derived.origin,)
    for id, transfer in policy.transfers.items():
        yield ("transfers", id, "under"), transfer.under
    listing: Mapping[str, Mapping[str, Any]] = {
        "kept_by_law": policy.kept_by_law,
        "provisions": policy.provisions,
        "entrustments": policy.entrustments,
        "transfers": policy.transfers,
        "safeguards": policy.safeguards,
    }
    for chapter, parts in listing.items():
        for id, part in parts.items():
            yield (chapter, id, "items"), part.items or ()


def _never_stored_yet_kept(policy: Policy) -> Iterator[Diagnostic]:
    for id, kept in policy.kept_by_law.items():
        for place, name in enumerate(kept.items):
            item = policy.items.get(name)
            if item and item.stored == "never":
                yield _finding(
                    policy,
                    ("kept_by_law", id, "items", place),
                    "never-stored",
                    f"`{name}` is never stored, yet a law is said to keep it",
                    fix="remove it here, or remove `stored: never` from the item",
                )


def _dates(policy: Policy) -> Iterator[Diagnostic]:
    announced, effective = policy.announced, policy.effective
    if announced and effective and effective < announced:
        yield _finding(
            policy,
            ("effective",),
            "effective-before-announced",
            f"takes effect on `{effective}`, before it is announced on `{announced}`",
            fix="correct one of the two dates",
        )


def _languages(policy: Policy) -> Iterator[Diagnostic]:
    declared = ", ".join(policy.languages)
    for path, text in texts(policy):
        if text == LEGAL_TITLE:
            continue
        for language in sorted(text.languages - set(policy.languages)):
            yield _finding(
                policy,
                (*path, language),
                "undeclared-language",
                f"a text in `{language}`, which is not among the languages: {declared}",
                fix="add it to `languages`, or remove the text",
            )
