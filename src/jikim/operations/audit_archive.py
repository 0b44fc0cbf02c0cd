"""Audit the archive: every copy against its own date, every column against what its statute covers. Changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from jikim.backends.auditing.auditor import Snapshot
from jikim.backends.auditing.select import Relation
from jikim.backends.auditing.side import PENDING, as_list
from jikim.backends.sql.provenance import PROVENANCE
from jikim.datamap.files import KEPT
from jikim.law.counting import due_at
from jikim.operations.audit_files import NamedFiles
from jikim.plan.audit import copy_is_late, epoch_columns, hold_names
from jikim.plan.finding import Finding, FindingKind, counted, unreadable
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Claim, Facts, Schedules, TableSchedule
from jikim.plan.tally import Progress
from jikim.plan.watch import Watch, secrets, watched
from jikim.source import Severity

_MADE: Final = frozenset({"jikim_moved_at", "jikim_destroy_after", PENDING, PROVENANCE})
"""Columns of the archive that jikim writes itself: nothing of a person stands there."""
_NAMING: Final = frozenset({"jikim_key", "jikim_subject", "jikim_subject_key"})
"""Those that name rows and people."""
_DATED: Final = frozenset({"jikim_destroy_after", "jikim_subject", "jikim_subject_key"})
"""Without these nobody can say when a copy must go."""
A_FORTNIGHT: Final = timedelta(days=14)
"""Rest days may make a statutory period longer (민법 제161조), by no more than this."""


@dataclass
class _Copies:
    """What the copies of one table come to."""

    count: int = 0
    late: int = 0
    oldest: datetime | None = None
    undated: int = 0
    overlong: int = 0
    unexplained: int = 0


@dataclass
class ArchiveAudit:
    """The archive of one store.

    :param named: told of every file that a copy names.
    :param explained: the names by which the archive says why copies are kept; None where nobody may read them.
    """

    snapshot: Snapshot
    schedules: Schedules
    facts: Facts
    as_of: datetime
    named: NamedFiles
    progress: Progress
    explained: set[Any] | None = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def tables(self) -> Iterator[tuple[str, int]]:
        """Every table of the archive with its copies, those that are pending left out."""
        expected = {
            archive_table(schedule.table, record): (schedule, record)
            for schedule in self.schedules
            for record in schedule.records
        }
        tables = dict(self.snapshot.archive_tables())
        self._explanations(tables.pop(PROVENANCE, None))
        for name in expected.keys() - tables.keys():
            words = f"the archive has no table `{name}`"
            self._say(FindingKind.ARCHIVE_MISSING, name, words, fix="run `jikim prepare`")
        for name, relation in tables.items():
            if not relation.readable:
                self.findings.append(unreadable(name))
                continue
            schedule, record = expected.get(name, (None, ""))
            if schedule is None:
                words = f"the archive's table `{name}` belongs to no statutory record of the policy"
                fix = "destroy it, or name the law it is kept by"
                self._say(FindingKind.ARCHIVE_TABLE, name, words, fix=fix)
            else:
                self._columns(relation, schedule, record)
            yield name, self._table(relation, schedule, record)

    def _explanations(self, relation: Relation | None) -> None:
        if relation is not None and not relation.readable:
            self.findings.append(unreadable(relation.name))
            self.explained = None
        elif relation is not None:
            place = list(relation.columns).index("id")
            self.explained = {row[place] for rows in self.snapshot.read_archive(relation) for row in rows}

    def _columns(self, relation: Relation, schedule: TableSchedule, record: str) -> None:
        claims = schedule.records[record]
        allowed = {cell.name for claim in claims for cell in schedule.copied(claim)}
        allowed |= {identity.name for claim in claims for identity in claim.identity}
        for column in relation.columns.keys() - allowed - _NAMING - _MADE:
            where = f"{relation.name}.{column}"
            words = f"the archive keeps `{where}`, which is no item of `kept_by_law.{record}`"
            because = tuple(str(claim.because) for claim in claims)[:1]
            self._say(FindingKind.ARCHIVE_COLUMN, where, words, because=because, fix="drop the column")

    def _table(self, relation: Relation, schedule: TableSchedule | None, record: str) -> int:
        clocks = epoch_columns(self.schedules).get(schedule.table, frozenset()) if schedule else frozenset()
        content = watched(relation.looked_through, None, clocks=clocks | _MADE)
        watch, copies = Watch(content, today=self.as_of.date()), _Copies()
        look = self._looks(relation, schedule, record, copies) if schedule else None
        pending = list(relation.columns).index(PENDING) if PENDING in relation.columns else None
        read = 0
        for rows in self.snapshot.read_archive(relation):
            watch.every(rows)
            for row in rows:
                if pending is not None and row[pending]:
                    continue  # it counts for nothing until its move is settled
                copies.count += 1
                if look is not None:
                    look(row)
            read += len(rows)
            self.progress(relation.name, read, relation.rows)
        if schedule is not None:
            self._told(relation.name, copies, schedule.records[record])
        self.findings += secrets(relation.name, watch.seen)
        return copies.count

    def _looks(self, relation: Relation, schedule: TableSchedule, record: str, copies: _Copies) -> "_Look":
        return _Look(self, relation, schedule, record, copies)

    def _told(self, name: str, copies: _Copies, claims: Sequence[Claim]) -> None:
        because = tuple(str(claim.because) for claim in claims)[:1]
        if copies.late:
            has = counted(copies.late, f"copy in `{name}` has", f"copies in `{name}` have")
            words = f"{has} outlived {'its' if copies.late == 1 else 'their'} own date"
            fix = "run `jikim apply`; if they stay, the plan does not see them"
            self._say(FindingKind.OVERDUE_COPY, name, words, copies.late, copies.oldest, because, fix)
        if copies.overlong:
            words = counted(copies.overlong, f"copy in `{name}` is", f"copies in `{name}` are")
            words += " to be kept for longer than its law demands, had its time begun when it was moved"
            fix = "see who changed `jikim_destroy_after`, and set it right"
            self._say(FindingKind.OVERLONG_COPY, name, words, copies.overlong, None, because, fix)
        if copies.unexplained:
            one, many = "says no law by which it is kept", "say no law by which they are kept"
            words = counted(copies.unexplained, f"copy in `{name}` {one}", f"copies in `{name}` {many}")
            fix = f"see who changed `{PROVENANCE}`, and set it right"
            self._say(FindingKind.UNEXPLAINED_COPY, name, words, copies.unexplained, None, because, fix)
        if copies.undated:
            words = counted(copies.undated, f"copy in `{name}` has", f"copies in `{name}` have")
            words += " no date that can be read: nothing destroys such a copy"
            fix = "see who changed `jikim_destroy_after`, and set it right"
            self._say(FindingKind.UNJUDGED, name, words, copies.undated, None, because, fix)

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


class _Look:
    """Looks at each copy of one table."""

    def __init__(
        self, audit: ArchiveAudit, relation: Relation, schedule: TableSchedule, record: str, copies: _Copies
    ) -> None:
        self._audit, self._schedule, self._copies = audit, schedule, copies
        self._places: Mapping[str, int] = {name: place for place, name in enumerate(relation.columns)}
        self._files = [self._places[c.name] for c in schedule.cells if c.file and c.name in self._places]
        self._dated = self._places.keys() >= _DATED
        self._periods = {clock.period for claim in schedule.records[record] for clock in claim.clocks}
        self._longest: dict[datetime, datetime] = {}

    def __call__(self, row: Sequence[Any]) -> None:
        for place in self._files:
            if row[place] is not None:
                self._audit.named.add(KEPT, row[place])
        explained = self._audit.explained
        if explained is not None and self._said(row) not in explained:
            self._copies.unexplained += 1
        due = row[self._places["jikim_destroy_after"]] if self._dated else None
        if not isinstance(due, datetime):
            self._copies.undated += 1
            return
        if self._late(row, due):
            self._copies.late += 1
            oldest = self._copies.oldest
            self._copies.oldest = due if oldest is None else min(oldest, due)
        moved = row[self._places["jikim_moved_at"]] if "jikim_moved_at" in self._places else None
        if isinstance(moved, datetime) and due > self._last(moved):
            self._copies.overlong += 1

    def _said(self, row: Sequence[Any]) -> Any:
        return row[self._places[PROVENANCE]] if PROVENANCE in self._places else None

    def _late(self, row: Sequence[Any], due: datetime) -> bool:
        if not copy_is_late(due, calendar=self._audit.schedules.calendar, as_of=self._audit.as_of):
            return False
        key = tuple(as_list(row[self._places["jikim_subject_key"]]))
        subject = row[self._places["jikim_subject"]]
        return not any(hold_names(h, self._schedule.table, subject, key) for h in self._audit.facts.holds)

    def _last(self, moved: datetime) -> datetime:
        """The latest date for a copy: whatever starts its record had happened when it was moved."""
        by = moved.replace(minute=0, second=0, microsecond=0)
        if by not in self._longest:
            zone = self._audit.schedules.calendar.zone
            ends = [due_at(moved, period, zone=zone) for period in self._periods]
            self._longest[by] = max(ends) + A_FORTNIGHT
        return self._longest[by]
