"""``jikim.toml``: which policy, which map, which ledger. Values may be read from the environment (``env:NAME``).

A project folder holds::

    jikim.toml       policy, map, ledger, home, holidays, auditor
    policy.yaml      the promise
    datamap.yaml     where it lives
    .jikim/          keys and, unless a URL is given, the ledger's own PostgreSQL; readable by its owner only
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jikim.errors import JikimError

FILE = "jikim.toml"
_KNOWN = ("policy", "map", "ledger", "home", "holidays", "auditor")


class ConfigError(JikimError):
    """Settings that cannot be used."""


@dataclass(frozen=True)
class Config:
    """Where everything is. ``ledger`` is ``embedded`` or a URL; ``holidays`` a file of amendments.

    ``auditor`` is the URL of a role that may read everything and write nothing, or ``env:NAME`` of one.
    """

    folder: Path
    policy: Path
    map: Path
    home: Path
    ledger: str = "embedded"
    holidays: Path | None = None
    auditor: str | None = None


def load(start: Path) -> Config:
    """The settings of the project that ``start`` lies in; a folder without ``jikim.toml`` uses the usual names.

    :raises ConfigError: the file cannot be read or holds a key nobody knows.
    """
    start = start.resolve()
    folder = next((f for f in (start, *start.parents) if (f / FILE).is_file()), start)
    values = _read(folder / FILE) if (folder / FILE).is_file() else {}
    unknown = sorted(set(values) - set(_KNOWN))
    if unknown:
        raise ConfigError(f"`{unknown[0]}` is no setting of `{FILE}`", fix=f"known: {', '.join(_KNOWN)}")
    if wrong := [k for k, v in values.items() if not isinstance(v, str)]:
        raise ConfigError(f"`{wrong[0]}` in `{FILE}` is no text", fix=f'write {wrong[0]} = "…"')
    holidays = values.get("holidays")
    return Config(
        folder=folder,
        policy=folder / values.get("policy", "policy.yaml"),
        map=folder / values.get("map", "datamap.yaml"),
        home=folder / values.get("home", ".jikim"),
        ledger=resolved(values.get("ledger", "embedded")),
        holidays=folder / holidays if holidays else None,
        auditor=values.get("auditor"),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"`{path.name}` cannot be read: {error}", fix='write lines such as policy = "policy.yaml"'
        ) from None


def resolved(value: str) -> str:
    """The value, or what the environment holds when it says ``env:NAME``.

    :raises ConfigError: the environment holds no such name. The value itself is never shown.
    """
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    found = os.environ.get(name)
    if not found:
        raise ConfigError(f"`{name}` is not set in the environment", fix=f"export {name}=…")
    return found
