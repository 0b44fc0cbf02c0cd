"""Runs the demonstration: every service side by side, then one screen and a report of a page each. Effectful."""

import shutil
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from multiprocessing import Manager
from pathlib import Path
from queue import Empty, Queue
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from examples.demo.stage import Servers, Stage, staged
from examples.demo.years import Figures, Watcher, audited, lived, proved, reported
from examples.made_up.world import World
from examples.plask.doings import SEOUL
from examples.plask.story import DAYS, Story
from examples.plask.world import PLASK
from examples.services import SERVICES
from jikim.postgres import Server
from jikim.render.index import Entry, index
from jikim.render.report import page

FIRST, LAST = date(2020, 4, 1), date(2026, 1, 1)
PEOPLE = 200
_WORKERS: Final = 2


@dataclass(frozen=True)
class Outcome:
    """What became of one service, as the screen says it."""

    entry: Entry
    rows: int
    caught: str
    wrong: tuple[str, ...] = ()


def main(folder: Path = Path("jikim-demo"), *, people: int = PEOPLE) -> int:
    """Run the demonstration in an empty folder; 0 when every promise was kept and the proofs hold."""
    console = Console(highlight=False)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    console.print(
        f"\n[bold]jikim[/]  {len(SERVICES)} services, six made-up years and {people:,} people each, on real stores\n"
    )
    with ExitStack() as opened:
        here, there = (opened.enter_context(Server.start(folder / name)) for name in ("store", "archive"))
        servers = Servers(here.url(), there.url())
        outcomes = _side_by_side(console, folder.resolve(), servers, people)
    _say(console, outcomes)
    for language in ("en", "ko"):
        entries = [outcome.entry for outcome in outcomes]
        name = "index.html" if language == "en" else f"index.{language}.html"
        (folder / name).write_text(index(entries, language=language), encoding="utf-8")
    console.print(
        f"\n[bold]Report[/]  {folder}/index.html (and index.ko.html), a page for each service, and in Plask's one "
        "member's whole life: open it in a browser, no network needed\n"
    )
    return int(any(outcome.wrong for outcome in outcomes))


def _side_by_side(console: Console, folder: Path, servers: Servers, people: int) -> list[Outcome]:
    """Each service in a process of its own, as many at a time as there are cores to spare."""
    bar = Progress(
        TextColumn("{task.description:<14}"),
        BarColumn(24),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=console,
    )
    with Manager() as shared, ProcessPoolExecutor(_WORKERS) as workers, bar:
        told: Queue[tuple[str, str]] = shared.Queue()
        tasks = {s.id: bar.add_task(s.id, total=len(_dates(s.id)), said="") for s in SERVICES}
        run = partial(_kept, folder=folder, servers=servers, people=people, told=told)
        running = [workers.submit(run, service.id) for service in SERVICES]
        while not all(each.done() for each in running):
            try:
                id, said = told.get(timeout=0.2)
            except Empty:
                continue
            bar.update(tasks[id], advance=1, said=said)
        return [each.result() for each in running]


def _dates(id: str) -> list[datetime]:
    """The first of every half-year; of Plask of every quarter, and the days that matter to her."""
    months = (1, 4, 7, 10) if id == PLASK.id else (1, 7)
    days = [date(year, month, 1) for year in range(FIRST.year, LAST.year + 1) for month in months]
    dates = {datetime(d.year, d.month, d.day, tzinfo=SEOUL) for d in days if FIRST <= d <= LAST}
    return sorted(dates.union(DAYS if id == PLASK.id else ()))


def _kept(id: str, *, folder: Path, servers: Servers, people: int, told: "Queue[tuple[str, str]]") -> Outcome:
    """Six years of one service."""
    service = next(each for each in SERVICES if each.id == id)

    def say(as_of: datetime, figures: Figures) -> None:
        year = figures.years[as_of.year]
        told.put((id, f"{as_of:%Y-%m-%d} {year.in_use:>7,} rows in use · {year.archived:>5,} kept by law"))

    with ExitStack() as opened:
        stage = opened.enter_context(staged(service, folder / id, servers))
        story = opened.enter_context(closing(Story(stage))) if service is PLASK else None
        dates, world = _dates(id), World(service.setting, service.seed, people)
        figures = lived(stage, world, dates, watcher=story or Watcher(), told=say)
        return _outcome(stage, figures, story, folder, as_of=dates[-1])


def _outcome(
    stage: Stage, figures: Figures, story: Story | None, folder: Path, *, as_of: datetime
) -> Outcome:
    found = audited(stage.project, as_of)
    errors = [f"{f.where}: {f.message}" for f in found.findings if f.severity == "error"]
    proof = proved(stage.project, folder / stage.service.id)
    person = story.life(as_of) if story else None
    report = reported(stage, figures, found, proof, person=person, as_of=as_of)
    for language in ("en", "ko"):
        name = f"{stage.service.id}.html" if language == "en" else f"{stage.service.id}.{language}.html"
        (folder / name).write_text(page(report, language=language), encoding="utf-8")
    caught = proof.tampering.said if proof.tampering else ""
    wrong = (*figures.left, *errors, *(() if caught else ("a changed byte was not noticed",)))
    rows = sum(counts["total"] for counts in found.tables.values())
    return Outcome(Entry.of(stage.service.id, report), rows, caught, wrong)


# -- what is said -----------------------------------------------------------------------------------------


def _say(console: Console, outcomes: list[Outcome]) -> None:
    console.print()
    for outcome in outcomes:
        entry = outcome.entry
        found = (
            "[green]nothing overdue[/]" if not outcome.wrong else f"[red]{len(outcome.wrong)} things wrong[/]"
        )
        console.print(f"[bold]{entry.name['en']}[/]  [dim]{entry.store}[/]")
        console.print(f"  promised  {entry.items} items · {entry.records} records that a law has kept")
        console.print(
            f"  done      {entry.masked:,} masked · {entry.destroyed:,} destroyed"
            f" · {entry.archived:,} copies kept by law"
        )
        console.print(f"  proved    {found} among {outcome.rows:,} rows · {entry.entries:,} entries verified")
        for wrong in outcome.wrong:
            console.print(f"  [red]{wrong}[/]", markup=True)
    told = outcomes[-1]
    console.print(
        f"\none byte changed in a copy of {told.entry.name['en']}'s evidence: [green]caught[/], {told.caught}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
