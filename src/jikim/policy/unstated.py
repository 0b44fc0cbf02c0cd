"""What a policy leaves open by the word ``unstated``, each at its line. Pure."""

from collections.abc import Iterator
from typing import Any

from jikim.policy.triggers import UNSTATED
from jikim.source import Diagnostic, Path, Severity, load


def unstated(text: bytes, *, name: str) -> tuple[Diagnostic, ...]:
    """A warning for every value that says no more than that nothing is said.

    A draft has them until somebody knows; a published text that is recorded as it was keeps them.

    :raises SourceError: the text is no YAML.
    """
    document = load(text, name=name)
    return tuple(
        Diagnostic(
            "unstated",
            Severity.WARNING,
            f"`{'.'.join(map(str, path))}` is left open",
            why="what nobody says is promised to nobody",
            fix="write what holds",
            span=document.span(path),
            path=path,
        )
        for path in _open(document.value, ())
    )


def _open(value: Any, path: Path) -> Iterator[Path]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _open(inner, (*path, key))
        case list():
            for place, inner in enumerate(value):
                yield from _open(inner, (*path, place))
        case str() if value == UNSTATED:
            yield path
