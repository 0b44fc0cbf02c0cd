"""Six years of one service: its people live, its promise is kept quarter by quarter, and it is proved. Effectful.

Everything goes through what a user has: a project folder, `bootstrap`, and the operations behind the commands.
The clock is stepped from due date to due date; nothing else is simulated.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from examples.demo.stage import Stage
from examples.made_up.world import World
from jikim import clock
from jikim.bootstrap import Project
from jikim.evidence.errors import TamperedError
from jikim.operations.audit_store import AuditReport, audit_store
from jikim.operations.export_evidence import export_evidence
from jikim.operations.keep_promise import Kept, keep_promise
from jikim.operations.plan_sweep import Planned, plan_sweep
from jikim.operations.verify_evidence import verify_evidence
from jikim.plan.finding import FindingKind
from jikim.plan.plan import Action
from jikim.plan.timeline import timeline
from jikim.policy.life import PersonLife
from jikim.render.report import Audited, Deed, Proof, Report, Tampering, YearFigures


@dataclass
class Figures:
    """What the years came to; ``left`` are runs that could not do all they should."""

    years: dict[int, YearFigures] = field(default_factory=dict)
    deeds: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    done: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    left: list[str] = field(default_factory=list)

    def add(self, as_of: datetime, planned: Planned, kept: Kept, *, copies: int) -> None:
        """Count one run."""
        steps = {step.id: step for step in planned.plan.steps}
        for result in kept.applied.steps:
            if not result.rows:
                continue
            self.done[as_of.year][result.action] += result.rows
            step = steps[result.step]
            law = [b for b in step.because if b.law]
            because = law[:1] if law and step.action in (Action.ARCHIVE, Action.EXPIRE) else step.because[:1]
            for each in because:
                name = (result.table, result.action, each.clause, each.law, each.article)
                self.deeds[name] += result.rows
        done = self.done[as_of.year]
        self.years[as_of.year] = YearFigures(
            year=as_of.year,
            in_use=sum(c.total - c.due - c.stubs for c in planned.plan.census.values()),
            archived=copies,
            masked=done["mask"] + done["stub"],
            destroyed=done["destroy"] + done["expire"],
        )
        if not kept.complete:
            self.left.append(f"{as_of:%Y-%m-%d}: {kept.applied.blocked or kept.applied.steps}")


class Watcher:
    """Looks on while the years pass; one that only looks does nothing."""

    def before(self, as_of: datetime) -> None:
        """The people have lived up to an instant, and the promise is about to be kept."""

    def after(self, as_of: datetime) -> None:
        """It was kept."""


def lived(
    stage: Stage,
    world: World,
    dates: list[datetime],
    *,
    watcher: Watcher,
    told: Callable[[datetime, Figures], None],
) -> Figures:
    """Live, keep, live on: every date one sweep."""
    project, figures = stage.project, Figures()
    for as_of in dates:
        stage.live(world.until(as_of))
        watcher.before(as_of)
        planned = plan_sweep(
            project.store,
            project.promise(as_of),
            as_of=as_of,
            made_at=clock.now(),
            folders=project.folders,
        )
        kept = keep_promise(
            project.store,
            project.ledger,
            project.run(planned.plan),
            signer=project.keys.signer,
            folders=project.folders,
            clock=clock.now,
        )
        watcher.after(as_of)
        figures.add(as_of, planned, kept, copies=stage.copies())
        told(as_of, figures)
    return figures


def audited(project: Project, as_of: datetime) -> AuditReport:
    """By a path of its own: every row through the due function."""
    return audit_store(
        project.auditor,
        project.promise(as_of),
        as_of=as_of,
        now=clock.now(),
        ledger=project.ledger,
        folders=project.folders,
        closed=project.closed,
    )


# -- the proof --------------------------------------------------------------------------------------------


def proved(project: Project, folder: Path) -> Proof:
    """Export, verify with the public key alone, then change one byte of a copy and verify that."""
    path = folder / "evidence.jsonl"
    signer = project.keys.signer
    export_evidence(project.ledger, path, signer=signer, now=clock.now())
    vkey = signer.verifier.vkey
    head = verify_evidence(path, vkey=vkey, strict=True)
    tampering = _tampered(path, folder / "tampered.jsonl", vkey)
    command = f"jikim evidence verify {path.name} --key '{vkey}'"
    return Proof(head.size, head.root.hex(), vkey, command, tampering)


def _tampered(path: Path, copy: Path, vkey: str) -> Tampering:
    """Change the digit of one count of rows in the middle of a copy."""
    lines = path.read_bytes().split(b"\n")
    number = next(n for n in range(len(lines) // 2, len(lines)) if b'"rows":' in lines[n])
    place = lines[number].index(b'"rows":') + len(b'"rows":')
    line = bytearray(lines[number])
    line[place] = ord("1") if line[place] != ord("1") else ord("2")
    before, after = lines[number], bytes(line)
    copy.write_bytes(b"\n".join([*lines[:number], after, *lines[number + 1 :]]))
    said, entry = "", 0
    try:
        verify_evidence(copy, vkey=vkey)
    except TamperedError as error:
        said, entry = str(error), error.seq

    def split(text: bytes) -> tuple[str, str, str]:
        return text[:place].decode(), text[place : place + 1].decode(), text[place + 1 :].decode()

    return Tampering(number + 1, entry, split(before), split(after), said)


# -- the report -------------------------------------------------------------------------------------------

_QUESTIONS = {
    "rows that outlived the promise": {FindingKind.OVERDUE, FindingKind.OVERDUE_CELL},
    "archived copies past their date": {FindingKind.OVERDUE_COPY, FindingKind.OVERLONG_COPY},
    "rows that belong to nobody": {FindingKind.ORPHAN},
    "secrets stored in clear": {FindingKind.CLEAR_SECRET},
    "archive columns beyond the statute": {FindingKind.ARCHIVE_COLUMN, FindingKind.ARCHIVE_TABLE},
    "ways for the service to reach the archive": {FindingKind.REACHABLE},
    "columns and tables that the map does not know": {FindingKind.MAP, FindingKind.UNJUDGED},
    "receipts, files and moves that wait": {
        FindingKind.UNSHIPPED,
        FindingKind.OUTBOX,
        FindingKind.UNSETTLED,
        FindingKind.UNFINISHED,
    },
    "runs that nobody confirmed": {FindingKind.UNCONFIRMED},
    "signs of a restored backup": {FindingKind.RESTORED},
}


def reported(
    stage: Stage,
    figures: Figures,
    found: AuditReport,
    proof: Proof,
    *,
    person: PersonLife | None,
    as_of: datetime,
) -> Report:
    """What the page says of one service."""
    project = stage.project
    errors = [f for f in found.findings if f.severity == "error"]
    schedules = project.schedules(project.store, as_of)
    return Report(
        timeline=timeline(project.promise(as_of).resolved, schedules=schedules),
        as_of=as_of,
        made_at=clock.now(),
        zone=project.zone,
        store=stage.shape,
        years=tuple(figures.years.values()),
        deeds=tuple(
            Deed(t, a, n, c, law, article) for (t, a, c, law, article), n in figures.deeds.most_common()
        ),
        audit=tuple(
            Audited(question, sum(f.count for f in errors if f.kind in kinds))
            for question, kinds in _QUESTIONS.items()
        ),
        proof=proof,
        person=person,
    )
