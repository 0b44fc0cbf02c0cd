"""The how-to's shop with two folders: access logs, a file a day, and what members uploaded. Effectful."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from tests.keeping import Kept, promise_of
from tests.lite import lite
from tests.shop import APRIL, MAP, POLICY, TABLES, shop

from jikim.backends.base import Archive
from jikim.backends.files.folder import opened
from jikim.operations.plan_sweep import Promise
from jikim.operations.remove_files import Removed, remove_files


def policy() -> bytes:
    """The how-to's, that also promises to keep access logs for a year, and uploads until their member leaves."""
    said: dict[str, Any] = yaml.safe_load(POLICY)
    said["controller"]["obliged_as"] = ["value-added-telecom"]
    said["people"]["visitor"] = {"label": {"ko": "방문자", "en": "Visitor"}}
    for item in ("access-log", "upload"):
        said["items"][item] = {"label": {"ko": item, "en": item}, "category": "usage"}
    said["processing"]["visits"] = {
        "about": "visitor",
        "purpose": {"ko": "보안", "en": "Security"},
        "basis": "legitimate-interest",
        "items": {"automatic": ["access-log"]},
        "keep": "1 month after recorded",
    }
    said["kept_by_law"]["visits"] = {
        "label": {"ko": "접속 로그", "en": "Access logs"},
        "law": "kr.telecom.log",
        "after": "recorded",
        "items": ["access-log"],
    }
    said["processing"]["storage"] = {
        "about": "member",
        "purpose": {"ko": "보관", "en": "Storage"},
        "basis": "contract",
        "items": {"required": ["upload"]},
        "keep": "until membership ended",
    }
    return yaml.safe_dump(said, allow_unicode=True).encode()


LOGS: Mapping[str, Any] = {
    "files": "logs",
    "owner": {"visitor": "path"},
    "processing": ["visits"],
    "facts": {"recorded": "date"},
    "columns": {"path": "access-log"},
}
UPLOADS: Mapping[str, Any] = {
    "files": "uploads",
    "owner": {"member": "member_id"},
    "orphans": "destroy",
    "processing": ["storage"],
    "columns": {"path": "upload"},
}
STORES: Mapping[str, Any] = {
    "logs": {"path": "logs", "named": "access-{date:%Y-%m-%d}.log*", "leave": "access.log"},
    "uploads": {"path": "uploads", "named": "{member_id:number}/**"},
}


KEPT_LOGS: Mapping[str, Any] = {**LOGS, "records": ["visits"]}
"""Used for a month, kept for three because a law demands it."""


def mapped(
    *,
    files: Mapping[str, Any] = STORES,
    logs: Mapping[str, Any] = LOGS,
    uploads: Mapping[str, Any] = UPLOADS,
    orders: Mapping[str, Any] = MAP["tables"]["orders"],
) -> dict[str, Any]:
    """The how-to's map, with both folders and the archive's."""
    tables = {**MAP["tables"], "orders": orders, "access_logs": dict(logs), "uploads": dict(uploads)}
    archive = {**MAP["stores"]["archive"], "files": "kept"}
    return {**MAP, "stores": {**MAP["stores"], "archive": archive, "files": dict(files)}, "tables": tables}


@contextmanager
def foldered(
    url: str, folder: Path, *, tables: str = TABLES, archive: Archive | None = None, **options: Any
) -> Iterator[Kept]:
    """Such a shop in an empty database, its folders prepared; ``options`` are those of :func:`mapped`."""
    with shop(url, tables=tables, datamap=mapped(**options), policy=policy(), archive=archive) as kept:
        yield _prepared(kept, folder)


def promised(**options: Any) -> Promise:
    """What such a shop promises."""
    return promise_of(policy(), yaml.safe_dump(mapped(**options), allow_unicode=True).encode())


@contextmanager
def foldered_lite(
    folder: Path, *, tables: str = TABLES, archive: Archive | None = None, **options: Any
) -> Iterator[Kept]:
    """The same in a SQLite file."""
    tables = re.sub(r"'(\d{4}-\d\d-\d\d)( 12:00)?\+09'", r"'\1 12:00:00+09:00'", tables)
    tables = tables.replace("index on orders", "index orders_of on orders")
    with lite(folder, tables=[tables], promise=promised(**options), as_of=APRIL, archive=archive) as kept:
        yield _prepared(kept, folder)


def _prepared(kept: Kept, folder: Path) -> Kept:
    for name in ("logs", "uploads", "archive"):
        (folder / name).mkdir(exist_ok=True)
        with opened(folder / name) as each:
            each.mark()
        kept.folders[name] = folder / name
    return kept


def write(folder: Path, *paths: str | bytes, at: datetime | None = None) -> None:
    """Files with something in them, last changed at some time."""
    for path in paths:
        file = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(path))))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"said " + os.fsencode(path))
        if at is not None:
            os.utime(file, (at.timestamp(), at.timestamp()))


def there(folder: Path) -> list[str]:
    """Every file of a folder, without the marker."""
    names = (
        str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir() and p.name[:7] != ".jikim-"
    )
    return sorted(names)


def removed(kept: Kept) -> Removed:
    """The outbox, worked off."""
    return remove_files(kept.store, kept.folders)
