"""What SQLite is taught: times, JSON paths, masks and tags, by the very functions that say what they mean. Pure.

SQLite has no type for a time and no HMAC. So a session is given these functions, and a row means the same to the
store as to `backends.memory`, because the same code looks at it.

A stored time that cannot be read is never passed over: the function fails, and with it the question. What was
wrong is kept apart from the store's own error, and names a column and no value.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jikim.evidence.tags import tag
from jikim.law import counting
from jikim.plan import json_path
from jikim.plan.decide import moment
from jikim.plan.keys import text_of
from jikim.plan.masks import masked, parse_mask, row_tag

EARLIEST, LATEST = "0001-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999"


def instant_text(at: datetime) -> str:
    """An instant as text that sorts by time: in UTC, to the microsecond."""
    try:
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    except OverflowError:  # on the calendar's first or last day, where UTC is on another
        return EARLIEST if at.year == 1 else LATEST


@lru_cache(maxsize=4096)
def instant_of(text: str) -> datetime:
    """Read what :func:`instant_text` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def moment_text(when: date | datetime) -> str:
    """A date, or an instant, as text that sorts by time."""
    return instant_text(when) if isinstance(when, datetime) else when.isoformat()


def key_of(parts: list[str] | tuple[str, ...]) -> str:
    """A key of several parts as one text: a list in JSON."""
    return _key(parts)


@dataclass
class Functions:
    """The functions of one store's sessions.

    :param mask_key: 32 bytes, with which masked values get their tags.
    :param epoch_key: 32 bytes, with which persons get theirs; none for a store that is only read.
    """

    zone: ZoneInfo
    mask_key: bytes
    epoch_key: bytes | None
    until: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    """For each clock of a step, until when copies are kept, by the day that counts first."""
    wrong: str = ""
    """What the last failure was about."""

    def install(self, connection: sqlite3.Connection) -> None:
        """Teach a session."""
        for name, (arity, function) in self._all().items():
            connection.create_function(f"jikim_{name}", arity, function, deterministic=True)

    def _all(self) -> dict[str, tuple[int, Callable[..., Any]]]:
        return {
            "moment": (3, self._moment),
            "local_date": (3, self._local_date),
            "first_day": (3, self._first_day),
            "until": (2, lambda clock, day: day and self.until[clock](day)),
            "text": (1, lambda value: None if value is None else text_of(value)),
            "part": (3, lambda key, part, kind: _part(key, part).get(kind)),
            "base_name": (1, lambda path: None if path is None else str(path).rpartition("/")[2]),
            "json_found": (3, self._json(lambda value, path: int(json_path.found(value, path)))),
            "json_part": (3, self._json(lambda value, path: _written(json_path.part(value, path)))),
            "json_without": (3, self._json(lambda value, path: _written(json_path.without(value, path)))),
            "matches": (
                2,
                lambda value, pattern: None if value is None else int(bool(re.search(pattern, str(value)))),
            ),
            "masked": (4, self._masked),
            "row_tag": (-1, lambda table, *key: row_tag(self.mask_key, table=table, row_key=key)),
            "person_tag": (3, lru_cache(maxsize=65536)(self._person_tag)),
        }

    def _read(self, value: Any, time_type: Any, column: str) -> date | datetime | None:
        try:
            return moment(value, time_type=time_type, zone=self.zone)
        except ValueError:
            self.wrong = f"`{column}` holds what cannot be read as `{time_type}`"
            raise

    def _moment(self, value: Any, time_type: str, column: str) -> str | None:
        when = self._read(value, time_type, column)
        return None if when is None else moment_text(when)

    def _local_date(self, value: Any, time_type: str, column: str) -> str | None:
        when = self._read(value, time_type, column)
        if isinstance(when, datetime):
            try:
                return when.astimezone(self.zone).date().isoformat()
            except OverflowError:
                return when.date().isoformat()
        return None if when is None else when.isoformat()

    def _first_day(self, value: Any, time_type: str, column: str) -> str | None:
        when = self._read(value, time_type, column)
        try:
            return None if when is None else counting.first_counted_day(when, zone=self.zone).isoformat()
        except OverflowError:  # on the calendar's last day, such as one that says never, no day follows
            return None

    def _json(self, function: Callable[[Any, json_path.Path], Any]) -> Callable[[Any, str, str], Any]:
        def looked(value: Any, path: str, column: str) -> Any:
            try:
                return function(None if value is None else json.loads(value), json_path.parse(path))
            except ValueError:
                self.wrong = f"`{column}` holds what is no JSON"
                raise

        return looked

    def _masked(self, value: Any, mask: str, tag: str | None, column: str) -> Any:
        try:
            return masked(_mask(mask), value, tag=tag or "")
        except ValueError:
            self.wrong = f"`{column}` holds what `{mask}` cannot mask"
            raise

    def _person_tag(self, store: str, kind: str, key: str | None) -> str | None:
        if key is None or self.epoch_key is None:
            return None
        return tag(self.epoch_key, store=store, kind=kind, key="\x1f".join(json.loads(key)))


@lru_cache
def _part(key: str, part: int) -> Mapping[str, Any]:
    """By their kinds, the values that may be spelled as a part of a key is; nothing where it has no such part."""
    parts = json.loads(key)
    text = parts[part] if part < len(parts) else None
    if text is None:
        return {}
    found: dict[str, Any] = {"text": text}
    for kind, read in _READ.items():
        with suppress(ValueError, OverflowError):
            found[kind] = read(text)
    if not -(2**63) <= found.get("integer", 0) < 2**63:
        del found["integer"]
    return found


def _written(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_key = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_mask = lru_cache(maxsize=256)(parse_mask)
_READ: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "real": float,
    "blob": lambda text: bytes.fromhex(text.removeprefix("\\x")),
}
