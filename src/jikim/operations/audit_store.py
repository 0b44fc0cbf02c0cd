"""Audit a store: does it hold anything it should not, and could anybody come at what is kept apart?

1. One snapshot of the service's database and one of the archive, read-only, by an auditor's own role.
2. Every row of every table is streamed through the due function; every value is looked through for secrets.
3. Every archived copy is held against its own date, every archive column against what its statute covers.
4. Who may reach the archive and jikim's own schema; what the map does not know; what waits or was not confirmed.

A finding names a table and counts; it shows no key and no value. Nothing is changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from jikim.backends.postgresql.audit import PostgresAuditor, Relation, Snapshot
from jikim.backends.postgresql.ddl import ARCHIVE_COLUMNS
from jikim.datamap.check import check
from jikim.datamap.files import KEPT
from jikim.datamap.parse import located
from jikim.operations.audit_files import FilesAudit, NamedFiles
from jikim.operations.check_map import WAIVER
from jikim.operations.confirm_run import unconfirmed_runs
from jikim.operations.find_restored import find_restored
from jikim.operations.plan_sweep import Promise, holidays_for
from jikim.plan.audit import Judge, copy_is_late, epoch_columns, hold_names
from jikim.plan.bind import bind
from jikim.plan.finding import Finding, FindingKind, counted
from jikim.plan.plan import archive_table
from jikim.plan.reading import reading
from jikim.plan.schedule import Facts, Schedules, TableSchedule
from jikim.plan.tally import State, Tally
from jikim.plan.watch import Watch, secrets, watched
from jikim.source import Diagnostic, Severity

Progress = Callable[[str, int, int], None]
"""Called with a table, the rows read so far, and how many the store thinks there are."""

PATIENCE = timedelta(hours=1)
"""How long a receipt may wait for the ledger, or a file for its removal, before it is a finding."""

UNINDEXED = frozenset({"no-index", "no-clock-index"})
"""Warnings of the map that the audit counts, and leaves to `jikim map check`."""
NONE: frozenset[str] = frozenset()
NOT_CONTENT = frozenset(
    {"jikim_law", "jikim_article", "jikim_plan", "jikim_run", "jikim_moved_at", "jikim_destroy_after"}
)
"""Columns of the archive that jikim writes itself: nothing of a person stands there."""


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
    auditor: PostgresAuditor,
    promise: Promise,
    *,
    as_of: datetime,
    now: datetime,
    ledger: sa.Engine | None = None,
    folders: Mapping[str, Path] = MappingProxyType({}),
    progress: Progress = lambda _table, _done, _about: None,
) -> AuditReport:
    """Audit one store as of an instant.

    :param folders: where each files store lies.
    :param now: what ages of receipts, files and runs are reckoned from.
    :param ledger: its database; None where it is not at hand, and nothing is said of runs and restores.
    :raises StoreError: something cannot be read.
    :raises LedgerError: the ledger refused.
    """
    with auditor.snapshot() as snapshot:
        audit = _Audit(snapshot, promise, as_of, progress, folders)
        tallies = list(audit.tables())
        copies = dict(audit.archive())
        files = FilesAudit(
            snapshot, promise.datamap, audit.schedules, audit.facts, as_of, now=now, folders=folders
        )
        tallies += files.tables()
        files.columns(audit.named)
        findings = [
            *audit.map_findings(),
            *(finding for tally in tallies for finding in tally.findings()),
            *audit.findings,
            *files.findings,
            *_access(snapshot, promise),
            *_waiting(snapshot, now),
            *(_ledger(ledger, auditor, audit.schedules.store, now) if ledger else ()),
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
    """The rows of one store and its archive."""

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
            words = f"the auditor's role may not read `{relation.name}`, so nobody knows what it holds"
            self._say(
                FindingKind.UNREAD, relation.name, words, fix="grant pg_read_all_data to the auditor's role"
            )
        return relation.readable

    def _table(self, relation: Relation, schedule: TableSchedule | None) -> Tally:
        name = relation.name
        read = reading(name, relation.columns, schedule, self.schedules)
        tally = Tally(name, counted=self.snapshot.count(name), judged=schedule is not None)
        judge = None
        if schedule is not None:
            judge = Judge(read, calendar=self.schedules.calendar, facts=self.facts, as_of=self.as_of)
        watch = Watch(
            watched(
                relation.columns, schedule, one_way_items=self.one_way, clocks=self.epochs.get(name, NONE)
            ),
            today=self.as_of.date(),
        )
        files = (
            [(list(relation.columns).index(c.column), c.file) for c in schedule.cells if c.file]
            if schedule
            else []
        )
        for rows in self.snapshot.read(read):
            for row in rows:
                watch(row)
                for place, store in files:
                    if row[place] is not None:
                        self.named.add(store, row[place])
                if judge is not None:
                    tally.add(judge(row))
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
            known = name in self.promise.datamap.tables or name in self.snapshot.schema.derived
            if relation.kind in "mf" and not known:
                what = "materialised view" if relation.kind == "m" else "foreign table"
                yield Finding(
                    FindingKind.MAP,
                    Severity.ERROR,
                    name,
                    f"the {what} `{name}` holds rows that no map speaks of",
                    fix="drop it, or map it as a table",
                )

    # -- the archive --------------------------------------------------------------------------------------

    def archive(self) -> Iterator[tuple[str, int]]:
        """Every table of the archive with its copies."""
        expected = {
            archive_table(schedule.table, record): (schedule, record)
            for schedule in self.schedules
            for record in schedule.records
        }
        tables = self.snapshot.archive_tables()
        for name in expected.keys() - tables.keys():
            self._say(
                FindingKind.ARCHIVE_MISSING,
                name,
                f"the archive has no table `{name}`",
                fix="run `jikim prepare`",
            )
        for name, relation in tables.items():
            if not self._may_read(relation):
                continue
            schedule, record = expected.get(name, (None, ""))
            if schedule is None:
                words = f"the archive's table `{name}` belongs to no statutory record of the policy"
                self._say(
                    FindingKind.ARCHIVE_TABLE, name, words, fix="destroy it, or name the law it is kept by"
                )
            else:
                self._columns(relation, schedule, record)
            yield name, self._copies(relation, schedule, record)

    def _columns(self, relation: Relation, schedule: TableSchedule, record: str) -> None:
        claims = schedule.records[record]
        allowed = {cell.name for claim in claims for cell in schedule.copied(claim)}
        allowed |= {identity.name for claim in claims for identity in claim.identity}
        for column in relation.columns.keys() - allowed - ARCHIVE_COLUMNS.keys():
            where = f"{relation.name}.{column}"
            words = f"the archive keeps `{where}`, which is no item of `kept_by_law.{record}`"
            because = tuple(str(claim.because) for claim in claims)[:1]
            self._say(FindingKind.ARCHIVE_COLUMN, where, words, because=because, fix="drop the column")

    def _copies(self, relation: Relation, schedule: TableSchedule | None, record: str) -> int:
        places = {name: place for place, name in enumerate(relation.columns)}
        clocks = self.epochs.get(schedule.table, NONE) if schedule else NONE
        content = watched(relation.columns, None, clocks=clocks | NOT_CONTENT)
        watch, late, oldest, count = Watch(content, today=self.as_of.date()), 0, None, 0
        kept = [places[c.name] for c in schedule.cells if c.file and c.name in places] if schedule else []
        dated = schedule is not None and places.keys() >= ARCHIVE_COLUMNS.keys()
        for rows in self.snapshot.read_archive(relation):
            for row in rows:
                watch(row)
                for place in kept:
                    if row[place] is not None:
                        self.named.add(KEPT, row[place])
                if schedule is not None and dated and self._late(row, places, schedule.table):
                    late += 1
                    due = row[places["jikim_destroy_after"]]
                    oldest = due if oldest is None else min(oldest, due)
            count += len(rows)
            self.progress(relation.name, count, relation.rows)
        if late and schedule is not None:
            because = tuple(str(claim.because) for claim in schedule.records[record])[:1]
            copies = f"copy in `{relation.name}` has", f"copies in `{relation.name}` have"
            words = f"{counted(late, *copies)} outlived {'its' if late == 1 else 'their'} own date"
            fix = "run `jikim apply`; if they stay, the plan does not see them"
            self._say(FindingKind.OVERDUE_COPY, relation.name, words, late, oldest, because, fix)
        self.findings += secrets(relation.name, watch.seen)
        return count

    def _late(self, row: Sequence[Any], places: Mapping[str, int], table: str) -> bool:
        due = row[places["jikim_destroy_after"]]
        if due is None or not copy_is_late(due, calendar=self.schedules.calendar, as_of=self.as_of):
            return False
        subject, key = row[places["jikim_subject"]], tuple(row[places["jikim_subject_key"]] or ())
        return not any(hold_names(hold, table, subject, key) for hold in self.facts.holds)

    def _say(
        self,
        kind: FindingKind,
        where: str,
        message: str,
        count: int = 1,
        oldest: datetime | None = None,
        because: tuple[str, ...] = (),
        fix: str = "",
    ) -> None:
        self.findings.append(Finding(kind, Severity.ERROR, where, message, count, oldest, because, fix))


# -- who may reach it -------------------------------------------------------------------------------------

_APART = ("destruction.archive", "개인정보 보호법 제21조 제3항")


def _access(snapshot: Snapshot, promise: Promise) -> Iterator[Finding]:
    """The archive and jikim's schema are closed to the service, the archive also to whoever sweeps, or a waiver says
    in writing why not.
    """
    app, waiver = promise.datamap.stores.app.app_role, promise.datamap.stores.archive.waiver
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
    if app is None:
        message = "the map names no role of the service, so nobody can say whether it reaches the archive"
        yield Finding(
            FindingKind.REACHABLE,
            severity,
            "archive",
            message,
            because=_APART,
            fix="stores: {app: {app_role: …}}",
        )
        return
    reach = snapshot.reach(app)
    if not reach.known:
        message = f"the service's role `{app}` does not exist in its database"
        yield Finding(
            FindingKind.REACHABLE, severity, app, message, because=_APART, fix="name the role it signs in as"
        )
    for way in reach.archive:
        message = f"the service can reach the archive: {way.words}"
        yield Finding(FindingKind.REACHABLE, severity, app, message, because=_APART, fix=way.fix)
    for way in reach.jikim:
        message = f"the service can reach jikim's own schema: {way.words}"
        yield Finding(FindingKind.REACHABLE, Severity.ERROR, app, message, fix=way.fix)


# -- what waits -------------------------------------------------------------------------------------------


def _waiting(snapshot: Snapshot, now: datetime) -> Iterator[Finding]:
    before = now - PATIENCE
    receipts, files = snapshot.unshipped(before=before), snapshot.outbox(before=before)
    if receipts.count:
        yield Finding(
            FindingKind.UNSHIPPED,
            Severity.ERROR,
            "jikim.receipt",
            counted(receipts.count, "receipt has", "receipts have")
            + " not reached the ledger: what is done is not proved",
            receipts.count,
            receipts.oldest,
            fix="run `jikim apply`, or see why the ledger refuses",
        )
    if files.count:
        yield Finding(
            FindingKind.OUTBOX,
            Severity.ERROR,
            "jikim.outbox",
            f"{counted(files.count, 'file is', 'files are')} still there though the rows are gone",
            files.count,
            files.oldest,
            fix="run `jikim apply`, or see why the folder refuses",
        )


def _ledger(ledger: sa.Engine, auditor: PostgresAuditor, store: str, now: datetime) -> Iterable[Finding]:
    runs = [run for run in unconfirmed_runs(ledger, now=now) if run.store == store]
    if runs:
        yield Finding(
            FindingKind.UNCONFIRMED,
            Severity.ERROR,
            store,
            counted(len(runs), "run has", "runs have")
            + " waited over seven days for the privacy officer's confirmation",
            len(runs),
            min(run.started_at for run in runs),
            ("표준 개인정보 보호지침 제10조",),
            "`jikim evidence confirm` each of them",
        )
    # The store is asked now, not as it stood in the snapshot: what was imported meanwhile is not forgotten.
    if lost := find_restored(auditor, ledger, name=store):
        yield Finding(
            FindingKind.RESTORED,
            Severity.ERROR,
            store,
            f"the store has forgotten {counted(len(lost), 'batch', 'batches')}: it was restored from a backup, "
            "and what went is back",
            len(lost),
            min(batch.at for batch in lost),
            fix="run `jikim apply` before the service goes on",
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
