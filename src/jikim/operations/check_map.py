"""Check a map: does it fit the store as it is now, and the promise it serves? Reads; changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from jikim.backends.base import Way
from jikim.datamap.check import check
from jikim.datamap.model import DataMap
from jikim.datamap.parse import located
from jikim.datamap.schema import Schema
from jikim.datamap.survey import warning
from jikim.operations.list_files import look_into
from jikim.operations.plan_sweep import Promise, holidays_for
from jikim.plan.fit import fit
from jikim.policy.model import Policy
from jikim.source import Diagnostic, Document, in_order


class HasSchema(Protocol):
    """Whatever has tables to compare a map with; every `Store` does."""

    def reflect(self) -> Schema:
        """The shape of the service's tables now."""


@dataclass(frozen=True)
class CheckedMap:
    """What a check found.

    :param findings: each at its line, in the order of the file.
    :param blocked: tables that no sweep will touch, each with the errors that block it.
    :param kept: tables that a sweep keeps, in its order.
    """

    findings: tuple[Diagnostic, ...]
    blocked: Mapping[str, tuple[Diagnostic, ...]]
    kept: tuple[str, ...]

    def verdict(self) -> str:
        """What the findings mean for a sweep, in a few lines."""
        count = len(self.kept)
        lines = ["1 table is kept" if count == 1 else f"{count or 'no'} tables are kept"]
        for table, errors in sorted(self.blocked.items()):
            told = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
            lines.append(f"`{table}` is blocked by {told}: nothing in it is archived, masked or destroyed")
        return "\n".join(lines)


WAIVER = "stores: {archive: {waiver: the reason}}"
"""How a map says why one role does what two should."""


def check_roles(datamap: DataMap, way: Way | None) -> tuple[Diagnostic, ...]:
    """A warning where whoever sweeps can become whoever keeps, and the map does not say why. Pure."""
    if way is None or datamap.stores.archive.waiver:
        return ()
    return (
        warning(
            "one-role",
            ("stores", "archive"),
            f"who removes is not kept from the archive: {way.words}",
            why="what a law has kept is stored apart (개인정보 보호법 제21조 제3항): `audit` reports it as an error",
            fix=f"{way.fix}; or {WAIVER}",
        ),
    )


def unbound(store: HasSchema, policy: Policy, datamap: DataMap, document: Document) -> tuple[Diagnostic, ...]:
    """What can be said of a map whose policy cannot be bound to the law, such as one as it was published.

    :raises StoreError: the store's catalogue cannot be read.
    """
    return located(check(datamap, schema=store.reflect(), policy=policy), document)


def check_map(
    store: HasSchema,
    promise: Promise,
    *,
    as_of: datetime,
    way: Way | None = None,
    folders: Mapping[str, Path] = MappingProxyType({}),
) -> CheckedMap:
    """Compare a map with its store and its promise.

    :param folders: where those files stores lie whose files are rows; without any, none is looked into.
    :param way: how whoever sweeps can become whoever keeps, where that is known.
    :raises StoreError: the store's catalogue cannot be read.
    """
    schema = store.reflect()
    holidays = holidays_for(as_of, amendments=promise.amendments)
    looked = look_into(promise.datamap, folders=folders) if folders else ()
    fitted = fit(promise.resolved, promise.datamap, schema, holidays=holidays, told=looked)
    told = (*fitted.findings, *check_roles(promise.datamap, way))
    findings = in_order(located(told, promise.document))
    return CheckedMap(findings, fitted.blocked, tuple(t.table for t in fitted.schedules))
