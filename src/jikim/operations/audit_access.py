"""Audit who may reach what is kept apart: the archive and its folder, jikim's own tables, the keys. Changes nothing.

They are closed to the service, and the archive in a server also to whoever sweeps, or a waiver says in writing why not.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from jikim.backends.auditing.auditor import Snapshot
from jikim.backends.base import StoreError, Way
from jikim.backends.files.reach import ways_in
from jikim.datamap.model import Stores
from jikim.operations.check_map import WAIVER
from jikim.plan.finding import Finding, FindingKind
from jikim.source import Severity

_SAFEGUARDS: Final = ("개인정보의 안전성 확보조치 기준 제7조",)
_APART: Final = ("destruction.archive", "개인정보 보호법 제21조 제3항")


def audit_access(snapshot: Snapshot, stores: Stores, *, closed: Mapping[str, Path]) -> Iterator[Finding]:
    """Every way in.

    :param closed: files and folders that are closed to the service as well, by what they are.
    :raises StoreError: a catalogue or a folder cannot be read.
    """
    waiver = stores.archive.waiver
    severity = Severity.WARNING if waiver else Severity.ERROR
    if waiver:
        message = f"a waiver stands for the archive: {waiver}"
        yield Finding(FindingKind.WAIVER, Severity.INFO, "archive", message, because=_APART)
    for way in snapshot.sweepers_that_keep():
        message = f"who removes is not kept from the archive: {way.words}"
        fix = f"{way.fix}; or say why not: {WAIVER}"
        serious = Severity.INFO if waiver else Severity.ERROR
        yield Finding(
            FindingKind.ONE_ROLE, serious, "archive", message, because=_APART, fix="" if waiver else fix
        )
    yield from _by_role(snapshot, stores.app.app_role, severity)
    for what, path in closed.items():
        yield from _by_file(snapshot, what, path, severity)


def _by_role(snapshot: Snapshot, app: str | None, severity: Severity) -> Iterator[Finding]:
    """What the service may do as whoever it signs in as, or as the account whose file its database is."""
    reach = snapshot.reach(app)
    where = app if app and snapshot.live.roles else "archive"
    if snapshot.live.roles and app is None:
        message = "the map names no role of the service, so nobody can say whether it reaches the archive"
        fix = "stores: {app: {app_role: …}}"
        yield Finding(FindingKind.REACHABLE, severity, "archive", message, because=_APART, fix=fix)
    elif snapshot.live.roles and not reach.known:
        message, fix = (
            f"the service's role `{app}` does not exist in its database",
            "name the role it signs in as",
        )
        yield Finding(FindingKind.REACHABLE, severity, where, message, because=_APART, fix=fix)
    for way in reach.archive:
        yield _found(where, "the archive", way, severity)
    for way in reach.books:
        message = f"the service can reach jikim's own schema: {way.words}"
        yield Finding(FindingKind.REACHABLE, Severity.ERROR, where, message, fix=way.fix)


def _by_file(snapshot: Snapshot, what: str, path: Path, severity: Severity) -> Iterator[Finding]:
    try:
        ways = ways_in(path, service=snapshot.account())
    except StoreError as error:
        yield Finding(FindingKind.UNREAD, Severity.ERROR, what, str(error), fix=error.fix)
        return
    for way in ways:
        because = _SAFEGUARDS if what == "keys" else _APART
        yield _found(what, f"the {what}", way, severity, because)


def _found(where: str, what: str, way: Way, severity: Severity, because: tuple[str, ...] = _APART) -> Finding:
    message = f"the service can reach {what}: {way.words}"
    return Finding(FindingKind.REACHABLE, severity, where, message, because=because, fix=way.fix)
