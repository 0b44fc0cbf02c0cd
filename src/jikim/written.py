"""What a project's folder says: settings, policy, map, keys. Effectful: reads files, and opens nothing else.

What reads a file is loaded when the file is read, so nothing here waits for a database's driver.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from jikim import config
from jikim.config import Config, ConfigError
from jikim.datamap.files import KEPT
from jikim.source import MAX_BYTES

if TYPE_CHECKING:
    from jikim.datamap.model import DataMap
    from jikim.ledger.keys import Keys
    from jikim.operations.plan_sweep import Promise
    from jikim.policy.model import Policy
    from jikim.source import Document

KOREA: Final = ZoneInfo("Asia/Seoul")


@dataclass
class Written:
    """A service's promise, as its files have it.

    :param now: the instant this process began its work; read once, at the edge.
    """

    config: Config
    now: datetime

    @cached_property
    def policy(self) -> "Policy":
        """The policy. Raises ``PolicyError`` or ``ConfigError``."""
        from jikim.policy.parse import parse

        return parse(read(self.config.policy), name=shown(self.config.policy))

    @cached_property
    def _map(self) -> "tuple[DataMap, Document]":
        from jikim.datamap.parse import parse

        return parse(read(self.config.map), name=shown(self.config.map))

    @property
    def map_document(self) -> "Document":
        """The map as it was written. Raises ``DataMapError`` or ``ConfigError``."""
        return self._map[1]

    @property
    def datamap(self) -> "DataMap":
        """The map. Raises ``DataMapError`` or ``ConfigError``."""
        return self._map[0]

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose midnights count."""
        return ZoneInfo(self.datamap.stores.app.zone)

    def instant(self, given: date | datetime | None) -> datetime:
        """An instant as somebody wrote it: a date is its first moment in the service's zone; none is now."""
        if given is None:
            return self.now
        if not isinstance(given, datetime):
            return datetime(given.year, given.month, given.day, tzinfo=self.zone)
        return given if given.tzinfo else given.replace(tzinfo=self.zone)

    def day(self, given: date | datetime | None) -> date:
        """The service's day, of now or of what somebody wrote; Korea's, whose law it is, where no map says it."""
        from jikim.source import SourceError

        if given is not None and not isinstance(given, datetime):
            return given
        try:
            zone = self.zone
        except (ConfigError, SourceError):  # a policy is read and judged without its map
            zone = KOREA
        when = given or self.now
        return when.astimezone(zone).date() if when.tzinfo else when.date()

    def promise(self, as_of: datetime) -> "Promise":
        """Policy and map, with the law in force on that day. Raises ``SourceError`` or ``ConfigError``."""
        from jikim.canonical import digest
        from jikim.law.resolve import resolve
        from jikim.operations.plan_sweep import Promise

        datamap, document = self._map
        resolved = resolve(self.policy, in_force_on=as_of.astimezone(self.zone).date())
        amendments = read(self.config.holidays) if self.config.holidays else b""
        return Promise(resolved, datamap, document, digest(document.value), amendments)

    @property
    def folders(self) -> Mapping[str, Path]:
        """Where each files store lies, and the archive's folder. Raises ``ConfigError``."""
        folders = {name: self._folder(name) for name in self.datamap.stores.files}
        if (kept := self.datamap.stores.archive.files) is not None:
            folders[KEPT] = self.config.folder / config.resolved(kept)
        return folders

    @property
    def listed_folders(self) -> Mapping[str, Path]:
        """Where those files stores lie whose files are rows of a table. Raises ``ConfigError``."""
        listed = [name for name, each in self.datamap.stores.files.items() if each.named]
        return {name: self._folder(name) for name in listed}

    def _folder(self, files: str) -> Path:
        return self.config.folder / config.resolved(self.datamap.stores.files[files].path)

    @cached_property
    def keys(self) -> "Keys":
        """The project's secrets. Raises ``ConfigError`` or ``LedgerError``."""
        from jikim.ledger.keys import load

        if not self.config.home.exists():
            raise ConfigError(
                "this project has no keys and no ledger yet",
                fix="run `jikim prepare`, or `jikim prepare --log-only` to publish a policy and no more",
            )
        return load(self.config.home)


def read(path: Path) -> bytes:
    """A file's bytes.

    :raises ConfigError: there is none.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than is read, so that a longer one is refused
    except OSError as error:
        raise ConfigError(
            f"`{shown(path)}` cannot be read: {error.strerror}",
            fix=f"go to the project's folder, or name the file in `{config.FILE}`",
        ) from None


def shown(path: Path) -> str:
    """A path as messages call it: from where one stands, if that is shorter."""
    return min((str(path), os.path.relpath(path)), key=len)
