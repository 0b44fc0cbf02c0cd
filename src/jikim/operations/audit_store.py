"""Audit a store: does it hold anything it should not, and could anybody come at what is kept apart?

1. One snapshot of the service's database and one of the archive, read-only, by an auditor's own role.
2. Every row of every table is streamed through the due function; every value is looked through for secrets.
3. Every archived copy is held against its own date, every archive column against what its statute covers.
4. Who may reach the archive and jikim's own schema; what the map does not know; what waits or was not confirmed.

A finding names a table and counts; it shows no key and no value. Nothing is changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from jikim.backends.auditing.auditor import Auditor, Snapshot
from jikim.backends.auditing.select import Relation
from jikim.datamap.check import check
from jikim.datamap.parse import located
from jikim.operations.audit_access import audit_access
from jikim.operations.audit_archive import ArchiveAudit
from jikim.operations.audit_files import FilesAudit, NamedFiles
from jikim.operations.audit_waits import audit_ledger, audit_waits
from jikim.operations.finish_store import Demand
from jikim.operations.plan_sweep import Promise, holidays_for, uncollected
from jikim.plan.audit import Judge, epoch_columns
from jikim.plan.bind import bind
from jikim.plan.finding import Finding, FindingKind, counted, unreadable
from jikim.plan.reading import reading
from jikim.plan.schedule import Facts, Schedules, TableSchedule
from jikim.plan.tally import Progress, State, Tally
from jikim.plan.watch import Watch, watched
from jikim.source import Diagnostic, Severity

UNINDEXED = frozenset({"no-index", "no-clock-index"})
"""Warnings of the map that the audit counts, and leaves to `jikim map check`."""
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AuditReport:
    """What an audit found, and what it looked at: for each table its rows by state."""

    store: str
    as_of: datetime
    made_at: datetime
    findings: tuple[Finding, ...]
    tables: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    copies: Mapping[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1 when any finding is an error, else 0."""
        return int(any(f.severity is Severity.ERROR for f in self.findings))

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "jikim_audit": 1,
            "store": self.store,
            "as_of": self.as_of.isoformat(),
            "made_at": self.made_at.isoformat(),
            "findings": [f.to_json() for f in self.findings],
            "tables": {name: dict(counts) for name, counts in self.tables.items()},
            "archive": dict(self.copies),
        }


def audit_store(
    auditor: Auditor,
    promise: Promise,
    *,
    as_of: datetime,
    now: datetime,
    ledger: sa.Engine | None = None,
    folders: Mapping[str, Path] = MappingProxyType({}),
    closed: Mapping[str, Path] = MappingProxyType({}),
    progress: Progress = lambda _table, _done, _about: None,
) -> AuditReport:
    """Audit one store as of an instant.

    :param folders: where each files store lies.
    :param closed: files and folders that are closed to the service as the archive is, by what they are.
    :param now: what ages of receipts, files and runs are reckoned from.
    :param ledger: its database; None where it is not at hand, and nothing is said of runs and restores.
    :raises StoreError: something cannot be read.
    :raises LedgerError: the ledger refused.
    """
    stores = promise.datamap.stores
    demand = Demand.parse(stores.app.must_reach)
    with auditor.snapshot() as snapshot:
        audit = _Audit(snapshot, promise, as_of, progress, folders)
        tallies = list(audit.tables())
        archive = ArchiveAudit(
            snapshot, audit.schedules, audit.facts, as_of, named=audit.named, progress=progress
        )
        copies = dict(archive.tables())
        files = FilesAudit(
            snapshot, promise.datamap, audit.schedules, audit.facts, as_of, now=now, folders=folders
        )
        tallies += files.tables()
        files.columns(audit.named)
        findings = [
            *audit.map_findings(),
            *(finding for tally in tallies for finding in tally.findings()),
            *audit.findings,
            *archive.findings,
            *files.findings,
            *audit_access(snapshot, stores, closed=closed),
            *audit_waits(snapshot, demand, within=audit.schedules.calendar.within, now=now),
            *(
                audit_ledger(ledger, auditor, snapshot, store=audit.schedules.store, now=now)
                if ledger
                else ()
            ),
        ]
    order = list(Severity)
    return AuditReport(
        store=audit.schedules.store,
        as_of=as_of,
        made_at=now,
        findings=tuple(sorted(findings, key=lambda f: (order.index(f.severity), f.kind, f.where))),
        tables={t.table: _counts(t) for t in tallies},
        copies=copies,
    )


def _counts(tally: Tally) -> dict[str, int]:
    states = {state.value: tally.states[state] for state in State} if tally.judged else {}
    return {"total": tally.counted, **states, **({"stubs": tally.stubs} if tally.judged else {})}


class _Audit:
    """The rows of one store."""

    def __init__(
        self,
        snapshot: Snapshot,
        promise: Promise,
        as_of: datetime,
        progress: Progress,
        folders: Mapping[str, Path],
    ) -> None:
        self.snapshot, self.promise, self.as_of, self.progress = (
            snapshot,
            promise,
            as_of,
            progress,
        )
        holidays = holidays_for(as_of, amendments=promise.amendments)
        bound = bind(promise.resolved, promise.datamap, snapshot.schema, holidays=holidays)
        self.schedules: Schedules = bound.schedules
        self.refused = bound.blocked
        self.facts: Facts = snapshot.facts()
        self.one_way = frozenset(
            name for name, item in promise.resolved.policy.items.items() if item.protect == "one-way"
        )
        self.epochs = epoch_columns(self.schedules)
        self.findings: list[Finding] = []
        self.named = NamedFiles(folders)

    # -- the service's tables -----------------------------------------------------------------------------

    def tables(self) -> Iterator[Tally]:
        """Every table, judged where the promise is bound to it, and looked through in any case."""
        schedules = {schedule.table: schedule for schedule in self.schedules}
        for name, relation in self.snapshot.relations().items():
            if self._may_read(relation):
                yield self._table(relation, schedules.get(name))

    def _may_read(self, relation: Relation) -> bool:
        """Whether the auditor's role may; what it may not read is a finding, and hides no other."""
        if not relation.readable:
            self.findings.append(unreadable(relation.name))
        return relation.readable

    @uncollected()
    def _table(self, relation: Relation, schedule: TableSchedule | None) -> Tally:
        name = relation.name
        read = reading(name, relation.columns, schedule, self.schedules)
        tally = Tally(name, counted=self.snapshot.count(name), judged=schedule is not None)
        judge = None
        if schedule is not None:
            judge = Judge(read, calendar=self.schedules.calendar, facts=self.facts, as_of=self.as_of)
        watch = Watch(
            watched(
                relation.looked_through,
                schedule,
                one_way_items=self.one_way,
                clocks=self.epochs.get(name, NONE),
            ),
            today=self.as_of.date(),
        )
        files = (
            [(list(relation.columns).index(c.column), c.file) for c in schedule.cells if c.file]
            if schedule
            else []
        )
        for rows in self.snapshot.read(read):
            watch.every(rows)
            for place, store in files:
                for path in {row[place] for row in rows} - {None}:
                    self.named.add(store, path)
            for judgement, count in judge.every(rows) if judge is not None else ():
                tally.add(judgement, count)
            tally.read += len(rows)
            self.progress(name, tally.read, relation.rows)
        tally.seen, tally.strays = watch.seen, watch.strays
        if judge is not None:
            tally.awaited, tally.ancient = judge.awaited, judge.ancient
        return tally

    def map_findings(self) -> Iterator[Finding]:
        """What the map does not know or cannot say, and what is no table but holds rows."""
        refused = tuple(f for findings in self.refused.values() for f in findings)
        checked = check(
            self.promise.datamap, schema=self.snapshot.schema, policy=self.promise.resolved.policy
        )
        told = {
            (d.code, d.path, d.message): d for d in (*refused, *checked)
        }  # one told twice: as the check does
        unindexed = [d for d in told.values() if d.code in UNINDEXED and d.severity is Severity.WARNING]
        if unindexed:
            missing = counted(len(unindexed), "index is", "indexes are")
            message = f"{missing} missing: `jikim map check` tells which"
            yield Finding(FindingKind.MAP, Severity.WARNING, "map", message, len(unindexed))
        rest = tuple(d for d in told.values() if d not in unindexed and d.severity is not Severity.INFO)
        yield from map(_from_map, located(rest, self.promise.document))
        for name, relation in self.snapshot.relations().items():
            mapped = name in self.promise.datamap.tables or name in self.snapshot.schema.derived
            if name not in self.snapshot.schema.tables and not mapped:
                yield Finding(
                    FindingKind.MAP,
                    Severity.ERROR,
                    name,
                    f"the {relation.kind} `{name}` holds rows that no map speaks of",
                    fix="drop it, or map it as a table",
                )


_BLOCKS = "a table that is not mapped as it stands is not kept"


def _from_map(diagnostic: Diagnostic) -> Finding:
    """A finding of the map's check as one of the audit; at its line where that is known."""
    where = str(diagnostic.span) if diagnostic.span else ".".join(map(str, diagnostic.path))
    return Finding(
        FindingKind.MAP,
        diagnostic.severity,
        where,
        diagnostic.message,
        because=(diagnostic.why or _BLOCKS,),
        fix=diagnostic.fix,
    )
