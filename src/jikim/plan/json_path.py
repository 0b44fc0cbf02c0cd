"""Paths into JSON values: ``$.name``, ``$.address.street``, ``$[*].name``, ``$.items[*].phone``. Pure.

The notation is RFC 9535's (JSONPath), of which two selectors are known: a member of an object by its name, and
``[*]`` for every element of a list. A name meets nothing in a list, and ``[*]`` nothing in an object.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

EVERY: Final = "[*]"
"""The step to every element of a list. No name is spelled so."""

Path = tuple[str, ...]

_STEP: Final = re.compile(r"\.([^.\[\]*]+)|(\[\*\])")
_PATH: Final = re.compile(rf"\$(?:{_STEP.pattern})+")


def parse(text: str) -> Path:
    """The steps of a path.

    :raises ValueError: it is none.
    """
    if not _PATH.fullmatch(text):
        raise ValueError("no such path")
    return tuple(name or EVERY for name, _ in _STEP.findall(text))


def spelled(path: Path) -> str:
    """The path as people write it."""
    return "$" + "".join(step if step == EVERY else f".{step}" for step in path)


def part(value: Any, path: Path) -> Any:
    """What stands at the path: for a list the same of each element, in its place; None for nothing."""
    for place, step in enumerate(path):
        if step == EVERY:
            return [part(each, path[place + 1 :]) for each in value] if isinstance(value, list) else None
        value = value.get(step) if isinstance(value, dict) else None
    return value


def found(value: Any, path: Path) -> bool:
    """Whether anything but null stands at the path."""
    for place, step in enumerate(path):
        if step == EVERY:
            return isinstance(value, list) and any(found(each, path[place + 1 :]) for each in value)
        value = value.get(step) if isinstance(value, dict) else None
    return value is not None


def without(value: Any, path: Path) -> Any:
    """The value without what stands at the path: the key of a name, the elements of a list."""
    step, *rest = path
    if step == EVERY and isinstance(value, list):
        return [without(each, tuple(rest)) for each in value] if rest else []
    if step == EVERY or not isinstance(value, dict) or step not in value:
        return value
    if rest:
        return {**value, step: without(value[step], tuple(rest))}
    return {name: inner for name, inner in value.items() if name != step}


def strays(value: Any, paths: Iterable[Path]) -> bool:
    """Whether some part of the value has a shape that none of the paths to it can step into.

    Members that no path names are none of their business, and what is empty holds nothing.
    """
    left = tuple(paths)
    if value in (None, {}, []) or () in left:
        return False
    steps = {path[0] for path in left}
    if isinstance(value, list):
        further = [path[1:] for path in left if path[0] == EVERY]
        return EVERY not in steps or any(strays(each, further) for each in value)
    if isinstance(value, dict) and steps - {EVERY}:
        named = {name: [path[1:] for path in left if path[0] == name] for name in steps & value.keys()}
        return any(strays(value[name], further) for name, further in named.items())
    return True
