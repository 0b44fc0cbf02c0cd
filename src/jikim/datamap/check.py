"""Does the map fit the store and the promise? Every refusal carries its remedy. Pure.

A finding about a table blocks that table (an error) or not (a warning, an information); one about a kind of
people blocks the tables that lead to them; one about the file as a whole blocks every table. Nothing blocks a
run: what fits is kept. Whether a promise can be *bound* to a table, clocks and masks and all, `plan.bind`
decides on top of this.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from jikim.datamap import clocks, coverage, derived, edges, folders, promise
from jikim.datamap.model import DataMap
from jikim.datamap.schema import Schema
from jikim.datamap.survey import Survey
from jikim.policy.model import Policy
from jikim.source import Diagnostic, Severity

CHECKS: Final[tuple[Callable[[Survey], Iterator[Diagnostic]], ...]] = (
    promise.service,
    edges.subjects,
    coverage.tables,
    edges.inline,
    folders.folders,
    edges.owners,
    edges.kinds,
    edges.accessors,
    edges.references,
    edges.keys,
    derived.derived,
    coverage.columns,
    clocks.clocks,
    clocks.classes,
    promise.claims,
    promise.items,
)


def check(datamap: DataMap, *, schema: Schema, policy: Policy) -> tuple[Diagnostic, ...]:
    """Everything in which the map disagrees with the store's schema or with the policy.

    :returns: findings whose paths lie in the map; `parse.located` adds where they are written.
    """
    survey = Survey(datamap, schema, policy)
    return tuple(dict.fromkeys(finding for each in CHECKS for finding in each(survey)))


def blocking(findings: Iterable[Diagnostic], *, datamap: DataMap) -> Mapping[str, tuple[Diagnostic, ...]]:
    """The tables that must not be touched, each with the errors that block it."""
    blocked: dict[str, list[Diagnostic]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            for table in _blocked_by(finding, datamap):
                blocked.setdefault(table, []).append(finding)
    return {table: tuple(found) for table, found in blocked.items()}


def _blocked_by(finding: Diagnostic, datamap: DataMap) -> list[str]:
    match finding.path:
        case ("tables", str(table), *_):
            return [table]
        case ("subjects", str(kind), *_) if kind in datamap.subjects:
            subject = datamap.subjects[kind]
            return [
                name for name in datamap.tables if name == subject.table or _leads_to(datamap, name, kind, ())
            ]
        case _:
            return [name for name, table in datamap.tables.items() if table.personal]


def _leads_to(datamap: DataMap, name: str, kind: str, passed: tuple[str, ...]) -> bool:
    """Whether rows of a table may belong to people of this kind."""
    if name in passed or name not in datamap.tables:
        return False
    return any(
        owner.to in (kind, datamap.subjects[kind].table)
        or _leads_to(datamap, owner.to, kind, (*passed, name))
        for owner in datamap.tables[name].owners
    )
