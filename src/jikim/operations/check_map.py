"""Check a map: does it fit the store as it is now, and the promise it serves? Reads; changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jikim.datamap.parse import located
from jikim.datamap.schema import Schema
from jikim.operations.plan_sweep import Promise, holidays_for
from jikim.plan.fit import fit
from jikim.source import Diagnostic, in_order


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


def check_map(store: HasSchema, promise: Promise, *, as_of: datetime) -> CheckedMap:
    """Compare a map with its store and its promise.

    :raises StoreError: the store's catalogue cannot be read.
    """
    schema = store.reflect()
    holidays = holidays_for(as_of, amendments=promise.amendments)
    fitted = fit(promise.resolved, promise.datamap, schema, holidays=holidays)
    findings = in_order(located(fitted.findings, promise.document))
    return CheckedMap(findings, fitted.blocked, tuple(t.table for t in fitted.schedules))
