"""Do map, schema and promise fit, and what of them can be kept? Checks the map, then binds it. Pure."""

from dataclasses import dataclass

from jikim.datamap.check import blocking, check
from jikim.datamap.model import DataMap
from jikim.datamap.schema import Schema
from jikim.law.holidays import Holidays
from jikim.law.resolve import ResolvedPolicy
from jikim.plan.bind import bind
from jikim.plan.order import Blocked
from jikim.plan.schedule import Schedules
from jikim.source import Diagnostic


@dataclass(frozen=True)
class Fit:
    """Schedules of all that fits, every finding, and which errors block which table."""

    schedules: Schedules
    findings: tuple[Diagnostic, ...]
    blocked: Blocked


def fit(resolved: ResolvedPolicy, datamap: DataMap, schema: Schema, *, holidays: Holidays) -> Fit:
    """Everything that can be kept of a promise, and all that keeps the rest from it.

    :returns: findings whose paths lie in the map; `datamap.parse.located` adds where they are written.
    """
    checked = check(datamap, schema=schema, policy=resolved.policy)
    refused = blocking(checked, datamap=datamap)
    bound = bind(resolved, datamap, schema, holidays=holidays, refused=refused)
    unbound = (finding for findings in bound.blocked.values() for finding in findings)
    return Fit(bound.schedules, tuple(dict.fromkeys((*checked, *unbound))), bound.blocked)
