"""From the bytes of ``policy.yaml`` to a :class:`Policy`, or to everything that is wrong with them. Pure.

Three gates, each telling all it finds before the next is tried: the file is YAML that can be trusted
(:mod:`jikim.source`); it has the shape of a policy (:mod:`jikim.policy.model`); what it names, it declares
(:mod:`jikim.policy.references`). Names of laws are bound later, by ``law.resolve``.
"""

from collections.abc import Iterator
from typing import Any

from jikim.policy.model import Policy
from jikim.policy.references import check
from jikim.shape import validate
from jikim.source import Diagnostic, Document, Path, Severity, SourceError, load


class PolicyError(SourceError):
    """A policy that cannot be read; ``diagnostics`` says all that is wrong at the first gate it failed."""


def parse(text: bytes, *, name: str) -> Policy:
    """Reads a policy.

    :param text: the file's bytes.
    :param name: the file's name, as findings should show it.
    :raises PolicyError: with findings sorted by position.
    """
    try:
        document = load(text, name=name)
    except SourceError as error:
        raise PolicyError(error.diagnostics) from None
    _refuse_other_versions(document)
    policy = _shaped(document)
    if findings := check(policy):
        raise PolicyError(findings)
    return policy


def _shaped(document: Document) -> Policy:
    """The policy, once nothing is left empty and everything fits; both kinds of findings come together."""
    empty = {finding.path: finding for finding in _empty_values(document, document.value, ())}
    try:
        policy = validate(Policy, document, error=PolicyError)
    except PolicyError as error:
        others = (finding for finding in error.diagnostics if finding.path not in empty)
        raise PolicyError((*empty.values(), *others)) from None
    if empty:
        raise PolicyError(tuple(empty.values()))
    return policy.read_from(document)


def _empty_values(document: Document, value: Any, path: Path) -> Iterator[Diagnostic]:
    """A key without a value is a promise somebody forgot to write."""
    if value is None:
        yield Diagnostic(
            "empty-value",
            Severity.ERROR,
            f"nothing is written after `{path[-1]}`" if path else "the file is empty",
            fix="write the value, or remove the key; was it part of a text? Put the text in quotes, because "
            "inside {…} a comma begins a new key",
            span=document.span(path),
            path=path,
        )
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _empty_values(document, each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _empty_values(document, each, (*path, place))


def _refuse_other_versions(document: Document) -> None:
    """A file of another version is not judged by the rules of this one."""
    if not isinstance(document.value, dict) or "jikim" not in document.value:
        return
    version = document.value["jikim"]
    if version == 1 and isinstance(version, int):
        return
    raise PolicyError(
        (
            Diagnostic(
                "unknown-version",
                Severity.ERROR,
                f"version `{version}` of the policy language is not known",
                why="a file of another version may mean something else by the same words",
                fix="write `jikim: 1`, or read the file with the jikim it was written for",
                span=document.span(("jikim",)),
                path=("jikim",),
            ),
        )
    )
