"""The demonstration: six years of Plask, its promise kept on a real PostgreSQL, and the proof. Effectful.

Everything goes through what a user has: a project folder, `bootstrap`, and the operations behind the commands.
The clock is stepped from due date to due date; nothing else is simulated.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from examples.made_up.load import load, put_files
from examples.made_up.world import World
from examples.plask.doings import SEOUL
from examples.plask.her import DAYS_THAT_MATTER, Her
from examples.plask.world import PLASK, SETTING
from jikim import clock
from jikim.bootstrap import Project, open_project
from jikim.evidence.errors import TamperedError
from jikim.operations.audit_store import AuditReport, audit_store
from jikim.operations.explain_rows import explain_person
from jikim.operations.export_evidence import export_evidence
from jikim.operations.keep_promise import Kept, keep_promise
from jikim.operations.list_evidence import list_evidence
from jikim.operations.plan_sweep import Planned, plan_sweep
from jikim.operations.verify_evidence import verify_evidence
from jikim.plan.finding import FindingKind
from jikim.plan.person import person_life
from jikim.plan.plan import Action
from jikim.plan.timeline import timeline
from jikim.policy.life import Happening, PersonLife
from jikim.postgres import Server
from jikim.render.person import as_text as person_text
from jikim.render.report import Audited, Deed, Proof, Report, Tampering, YearFigures, page

HERE = Path(__file__).parent
SEED = 2020
FIRST, LAST = date(2020, 4, 1), date(2026, 1, 1)


@dataclass
class Figures:
    """What the years came to."""

    years: dict[int, YearFigures] = field(default_factory=dict)
    deeds: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    done: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

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


def main(folder: Path = Path("jikim-demo"), *, people: int = 2000) -> int:
    """Run the demonstration in an empty folder; 0 when the promise was kept and the proof holds."""
    console = Console(highlight=False)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with _plask(folder) as (project, connection, app):
        _say_promise(console, project, people)
        figures, her, last = _six_years(console, project, connection, app, people)
        _say_deeds(console, figures)
        life = _her_life(project, her, last)
        console.print()
        console.print(
            "[bold]One person's life[/]  a made-up member who joined, left, undid it, and left for good\n"
        )
        console.print(person_text(life, language="en", zone=SEOUL, width=console.width), markup=False)
        audited = _audit(console, project, last)
        proof = _prove(console, project, folder)
        report = _report(project, figures, life, audited, proof, last)
        path = folder / "report.html"
        path.write_text(page(report, language="en"), encoding="utf-8")
        (folder / "report.ko.html").write_text(page(report, language="ko"), encoding="utf-8")
        console.print(
            f"\n[bold]Report[/]  {path} (and report.ko.html): open it in a browser, no network needed\n"
        )
        return 0 if audited.exit_code == 0 and proof.tampering and proof.tampering.said else 1


# -- setting up -------------------------------------------------------------------------------------------


@contextmanager
def _plask(folder: Path) -> Iterator[tuple[Project, psycopg.Connection[object], psycopg.Connection[object]]]:
    """A project folder, Plask's database on a PostgreSQL of our own, and jikim prepared for it."""
    for name in ("policy.yaml", "datamap.yaml"):
        shutil.copy(HERE / name, folder / name)
    (folder / "files").mkdir()
    with Server.start(folder / "store") as server:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("create database plask")
        url = server.url("plask")
        with psycopg.connect(url, autocommit=True) as owner:
            PLASK.install(owner)
            environment = {
                "PLASK_SWEEPER_URL": _as(url, "plask_sweeper"),
                "PLASK_KEEPER_URL": _as(url, "plask_keeper"),
                "PLASK_FILES": "files",
            }
            with (
                _environment(environment),
                open_project(folder, now=clock.now()) as project,
                psycopg.connect(_as(url, "plask_app"), autocommit=True) as app,
            ):
                project.prepare(url)
                yield project, owner, app


def _as(url: str, role: str) -> str:
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    import os

    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


# -- six years --------------------------------------------------------------------------------------------


def _dates() -> list[datetime]:
    """The first of every quarter, and the days that matter to her."""
    days = {date(year, month, 1) for year in range(FIRST.year, LAST.year + 1) for month in (1, 4, 7, 10)}
    days |= {date(*day) for day in DAYS_THAT_MATTER}
    return [datetime(d.year, d.month, d.day, tzinfo=SEOUL) for d in sorted(days) if FIRST <= d <= LAST]


def _six_years(
    console: Console,
    project: Project,
    owner: psycopg.Connection[object],
    app: psycopg.Connection[object],
    people: int,
) -> tuple[Figures, Her, datetime]:
    """Live, keep, live on: every date one sweep."""
    world, her, figures, copies = (
        World(SETTING, SEED, people),
        Her(app, project.folders["motions"]),
        Figures(),
        0,
    )
    dates = _dates()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(24),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=console,
    )
    with bar:
        task = bar.add_task("2020-01-01", total=len(dates), said="people begin to join")
        for as_of in dates:
            batch = world.until(as_of)
            load(owner, batch)
            put_files(batch, project.folders)
            her.until(as_of)
            before = _her_copies(project, her)
            planned = plan_sweep(project.store, project.promise(as_of), as_of=as_of, made_at=clock.now())
            kept = keep_promise(
                project.store,
                project.ledger,
                project.run(planned.plan),
                signer=project.keys.signer,
                folders=project.folders,
                clock=clock.now,
            )
            _note_copies(project, her, before, as_of)
            copies += _copies(project, kept) - sum(s.rows for s in kept.applied.steps if s.action == "expire")
            figures.add(as_of, planned, kept, copies=copies)
            rows = sum(s.rows for s in kept.applied.steps)
            said = f"{figures.years[as_of.year].in_use:>7,} rows in use · {copies:>5,} kept by law · {rows:>5,} changed"
            bar.update(task, advance=1, description=f"{as_of:%Y-%m-%d}", said=said)
            if not kept.complete:
                console.print(f"[red]{as_of:%Y-%m-%d}: something is left[/] {kept.applied.blocked}")
    return figures, her, dates[-1]


def _copies(project: Project, kept: Kept) -> int:
    """Archived copies that a run made, as its receipts say."""
    with project.places.sweeper.connect() as connection:
        query = sa.text("select coalesce(sum(copies), 0)::bigint from jikim.receipt where run = :run")
        return int(connection.execute(query, {"run": kept.applied.run}).scalar_one())


def _her_copies(project: Project, her: Her) -> Counter[str]:
    """Her archived copies by table, as the keeper counts them."""
    if not her.member_id:
        return Counter()
    found = project.store.archived("member", (str(her.member_id),))
    return Counter(str(copy["archive"]).partition("__")[0] for copy in found)


def _note_copies(project: Project, her: Her, before: Counter[str], as_of: datetime) -> None:
    """What came into her archive and what went: evidence names nobody where time alone decides."""
    after = _her_copies(project, her)
    for table, count in (after - before).items():
        her.archived[as_of, table] = count
    for table, count in (before - after).items():
        her.happenings.append(Happening(as_of, "expire", table, count))


def _her_life(project: Project, her: Her, as_of: datetime) -> PersonLife:
    """The application's side, and jikim's by the evidence about her tag."""
    happenings = list(her.happenings)
    archived = dict(her.archived)
    for tag in project.tags("member", (str(her.member_id),)):
        for entry in list_evidence(project.ledger, tag=tag, most=500).entries:
            body = entry.body.model_dump()
            copies = archived.pop((entry.as_of, body["table"]), 0) if body["action"] == "archive" else 0
            because = (*body["because"]["clauses"], *body["because"]["articles"])
            happenings.append(
                Happening(entry.as_of, body["action"], body["table"], body["rows"], copies, because[:2])
            )
    happenings += [Happening(at, "archive", table, count, count) for (at, table), count in archived.items()]
    left = explain_person(
        project.store,
        project.schedules(project.store, as_of),
        subject="member",
        key=(str(her.member_id),),
        as_of=as_of,
    )
    if left:
        raise RuntimeError("something of her is left, and nothing entitles anybody to it")
    return person_life(happenings, as_of=as_of)


# -- what is said -----------------------------------------------------------------------------------------


def _say_promise(console: Console, project: Project, people: int) -> None:
    policy = project.policy
    console.print()
    console.print(f"[bold]jikim[/]  {policy.service.name.of('en')}'s promise, version {policy.version}")
    kept = len(policy.kept_by_law)
    console.print(
        f"  {len(policy.items)} items · {len(policy.processing)} processings · {kept} records that a law has kept"
        f" · destroyed within {policy.destruction.within}"
    )
    console.print(f"  {people:,} made-up people, six years, a real PostgreSQL of our own\n")


def _say_deeds(console: Console, figures: Figures) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("year", "in use", "kept by law", "masked", "destroyed"):
        table.add_column(name, justify="left" if name == "year" else "right")
    for year in figures.years.values():
        table.add_row(
            str(year.year), *(f"{n:,}" for n in (year.in_use, year.archived, year.masked, year.destroyed))
        )
    console.print()
    console.print(table)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("what was done", "rows", "because of"):
        table.add_column(name, justify="right" if name == "rows" else "left")
    for (where, action, clause, law, article), rows in figures.deeds.most_common(14):
        table.add_row(
            f"{action} {where}", f"{rows:,}", f"{clause}  [dim]{law} {article}[/]" if law else clause
        )
    console.print()
    console.print(table)


def _audit(console: Console, project: Project, as_of: datetime) -> AuditReport:
    """By a path of its own: every row through the due function."""
    report = audit_store(
        project.auditor, project.promise(as_of), as_of=as_of, now=clock.now(), ledger=project.ledger
    )
    rows = sum(counts["total"] for counts in report.tables.values())
    errors = [f for f in report.findings if f.severity == "error"]
    verdict = "[green]nothing overdue, nothing where it may not be[/]" if not errors else "[red]findings[/]"
    console.print(
        f"\n[bold]Audit[/]  {rows:,} rows and {sum(report.copies.values()):,} archived copies: {verdict}"
    )
    for finding in errors:
        console.print(f"  {finding.where}: {finding.message}")
    return report


def _prove(console: Console, project: Project, folder: Path) -> Proof:
    """Export, verify with the public key alone, then change one byte of a copy and verify that."""
    path = folder / "evidence.jsonl"
    signer = project.keys.signer
    export_evidence(project.ledger, path, signer=signer, now=clock.now())
    vkey = signer.verifier.vkey
    head = verify_evidence(path, vkey=vkey, strict=True)
    console.print(f"\n[bold]Evidence[/]  {head.size:,} entries verified with the public key alone")
    tampering = _tamper(path, folder / "tampered.jsonl", vkey)
    console.print(f"  one byte changed in line {tampering.line}: [green]caught[/], {tampering.said}")
    command = f"jikim evidence verify {path.name} --key '{vkey}'"
    return Proof(head.size, head.root.hex(), vkey, command, tampering)


def _tamper(path: Path, copy: Path, vkey: str) -> Tampering:
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


def _report(
    project: Project, figures: Figures, life: PersonLife, audited: AuditReport, proof: Proof, as_of: datetime
) -> Report:
    errors = [f for f in audited.findings if f.severity == "error"]
    schedules = project.schedules(project.store, as_of)
    with project.places.sweeper.connect() as connection:
        version = str(connection.execute(sa.text("show server_version")).scalar_one())
    return Report(
        timeline=timeline(project.promise(as_of).resolved, schedules=schedules),
        as_of=as_of,
        made_at=clock.now(),
        zone=SEOUL,
        store=f"PostgreSQL {version}",
        years=tuple(figures.years.values()),
        deeds=tuple(
            Deed(t, a, n, c, law, article) for (t, a, c, law, article), n in figures.deeds.most_common()
        ),
        audit=tuple(
            Audited(question, sum(f.count for f in errors if f.kind in kinds))
            for question, kinds in _QUESTIONS.items()
        ),
        proof=proof,
        person=life,
    )


if __name__ == "__main__":
    raise SystemExit(main())
