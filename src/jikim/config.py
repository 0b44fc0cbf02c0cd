"""``jikim.toml``: which policy, which map, which ledger. Values may be read from the environment (``env:NAME``).

``docs/reference/jikim-toml.md`` is made of what stands here; a test fails when the two differ::

    python -c "from jikim.config import page; print(page(), end='')" > docs/reference/jikim-toml.md

A project folder holds::

    jikim.toml       policy, map, ledger, home, holidays, auditor, archive_auditor
    policy.yaml      the promise
    datamap.yaml     where it lives
    .jikim/          keys and, unless a URL is given, the ledger's own PostgreSQL; readable by its owner only
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jikim.errors import JikimError

FILE: Final = "jikim.toml"


@dataclass(frozen=True)
class Setting:
    """What one line of the file says; ``usual`` is what holds without it."""

    usual: str
    meaning: str


SETTINGS: Final[Mapping[str, Setting]] = {
    "policy": Setting("policy.yaml", "The file with the promise ([policy.yaml](policy.md))."),
    "map": Setting("datamap.yaml", "The file that says where it lives ([datamap.yaml](datamap.md))."),
    "home": Setting(
        ".jikim",
        "The folder of the keys and of the embedded ledger. `jikim prepare` makes it, readable by its owner only; "
        "keep a copy of `keys.json` elsewhere.",
    ),
    "ledger": Setting(
        "embedded",
        "The URL of the database that holds the signed log, or `env:NAME`. `embedded` is a PostgreSQL of jikim's "
        "own in the `home` folder, started when it is needed.",
    ),
    "holidays": Setting(
        "",
        "A TOML file that adds public holidays to those that jikim knows, or takes some away: entries of "
        "`[[added]]` and `[[removed]]`, each with a `date` and a `reason`.",
    ),
    "auditor": Setting(
        "",
        "The URL of a role that may read everything and write nothing, or `env:NAME`: `jikim audit` reads by it the "
        "service's database, and the archive where that is a schema of the same. Without it the sweeper and the keeper "
        "read, and nobody else looks after them. A SQLite file is never written by an audit: a URL may lead to a copy.",
    ),
    "archive_auditor": Setting(
        "",
        "The same for an archive elsewhere: in another database, or another file. Without it the keeper reads.",
    ),
}
"""Everything the file may say."""

_HEAD: Final = """# jikim.toml

Where everything of a project is. The file is optional, and so is each of its lines. This page is generated from the
settings; do not edit it.

jikim looks for it in the folder one stands in, then in the folders above; the one that holds it is the project's
folder, and paths are reckoned from there. Every value is text. Where a URL may stand, `env:NAME` is read from the
environment instead, so that no password stands in a file; the same goes for the URLs in [datamap.yaml](datamap.md).

```toml
policy = "policies/policy.yaml"
ledger = "env:LEDGER_URL"
auditor = "env:AUDITOR_URL"
```

| setting | without it | meaning |
|---|---|---|
"""


def page() -> str:
    """The reference page, in Markdown, ending in a newline."""
    rows = (
        f"| `{name}` | {f'`{each.usual}`' if each.usual else '–'} | {each.meaning} |\n"
        for name, each in SETTINGS.items()
    )
    return _HEAD + "".join(rows)


class ConfigError(JikimError):
    """Settings that cannot be used."""


@dataclass(frozen=True)
class Config:
    """Where everything is. ``ledger`` is ``embedded`` or a URL; ``holidays`` a file of amendments.

    ``auditor`` is the URL of a role that may read everything and write nothing, or ``env:NAME`` of one;
    ``archive_auditor`` the same for an archive elsewhere.
    """

    folder: Path
    policy: Path
    map: Path
    home: Path
    ledger: str = "embedded"
    holidays: Path | None = None
    auditor: str | None = None
    archive_auditor: str | None = None


def load(start: Path) -> Config:
    """The settings of the project that ``start`` lies in; a folder without ``jikim.toml`` uses the usual names.

    :raises ConfigError: the file cannot be read or holds a key nobody knows.
    """
    start = start.resolve()
    folder = next((f for f in (start, *start.parents) if (f / FILE).is_file()), start)
    values = _read(folder / FILE) if (folder / FILE).is_file() else {}
    unknown = sorted(set(values) - set(SETTINGS))
    if unknown:
        raise ConfigError(f"`{unknown[0]}` is no setting of `{FILE}`", fix=f"known: {', '.join(SETTINGS)}")
    if wrong := [k for k, v in values.items() if not isinstance(v, str)]:
        raise ConfigError(f"`{wrong[0]}` in `{FILE}` is no text", fix=f'write {wrong[0]} = "…"')
    said = {name: values.get(name, setting.usual) for name, setting in SETTINGS.items()}
    return Config(
        folder=folder,
        policy=folder / said["policy"],
        map=folder / said["map"],
        home=folder / said["home"],
        ledger=resolved(said["ledger"]),
        holidays=folder / said["holidays"] if said["holidays"] else None,
        auditor=said["auditor"] or None,
        archive_auditor=said["archive_auditor"] or None,
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
