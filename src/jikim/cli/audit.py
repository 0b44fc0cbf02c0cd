"""``jikim audit``: what should not be there any more, and who could come at what is kept apart."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from jikim.cli.options import as_json, as_of, project

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from jikim.operations.audit_store import AuditReport

STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold"}


@click.command("audit")
@as_json
@as_of
def command(*, as_json: bool, as_of: date | datetime | None) -> int:
    """Look for what should not be there any more.

    Reads every row of every table, every copy of the archive wherever it lies, and every folder of files, one by one
    and without anything that a plan uses, as the roles that jikim.toml names as auditors. Finds what is overdue,
    secrets in clear, rows nobody owns, files that nobody mapped, ways from the service into the archive, and what
    waits for too long: for the ledger, the removal of a file, the end of a move, the stage that destruction must
    reach, or a confirmation. Exit code 1 when an error was found.

    \b
    Example:
      jikim audit
      jikim audit --json > audit.json
    """
    from jikim.cli.terminal import write_json
    from jikim.operations.audit_store import audit_store

    with project() as opened:
        instant = opened.instant(as_of)
        with _reading() as progress:
            report = audit_store(
                opened.auditor,
                opened.promise(instant),
                as_of=instant,
                now=opened.now,
                ledger=opened.ledger,
                folders=opened.folders,
                closed=opened.closed,
                progress=progress,
            )
        write_json(report.to_json()) if as_json else _show(report, opened.zone)
    return report.exit_code


@contextmanager
def _reading() -> Iterator[Callable[[str, int, int], None]]:
    """A line that says which table is being read, on a terminal only."""
    from jikim.cli.terminal import console

    out = console(err=True)
    if not out.is_terminal:
        yield lambda table, done, about: None
        return
    with out.status("reading") as status:
        yield lambda table, done, about: status.update(
            f"reading {table}: {done:,} rows of about {max(about, done):,}"
        )


def _show(report: "AuditReport", zone: "ZoneInfo") -> None:
    from rich.text import Text

    from jikim.cli.terminal import console, counted, grid, moment

    out = console()
    rows = sum(counts["total"] for counts in report.tables.values())
    read = f"{counted(rows, 'row')} of {counted(len(report.tables), 'table')}"
    out.print(
        f"as of {moment(report.as_of, zone)} {zone.key}: read {read}, "
        f"and {counted(sum(report.copies.values()), 'archived copy', 'archived copies')}\n"
    )
    for finding in report.findings:
        said = grid()
        said.add_row(Text(finding.severity.value, style=STYLES[finding.severity]), finding.message)
        if finding.oldest:
            said.add_row("since", moment(finding.oldest, zone))
        for reason in finding.because:
            said.add_row("because", Text(reason, style="dim"))
        if finding.fix:
            said.add_row("fix", finding.fix)
        out.print(said)
        out.print()
    out.print(counted(len(report.findings), "finding") if report.findings else "nothing found")
