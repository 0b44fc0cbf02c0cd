"""``jikim check``: is the policy sound, and does the law it names exist?"""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jikim.cli.options import Instant, as_json, written

if TYPE_CHECKING:
    from jikim.law.resolve import ResolvedPolicy


@click.command("check")
@click.argument("policy", type=click.Path(path_type=Path), required=False)
@click.option("--plain", is_flag=True, help="One line a finding, for editors and grep.")
@as_json
@click.option("--as-of", type=Instant(), help="Bind to the law in force on that day instead of today.")
def command(*, policy: Path | None, plain: bool, as_json: bool, as_of: date | datetime | None) -> int:
    """Read the policy and bind it to the law.

    POLICY is a file; without it, the project's own. Every finding stands at its line, with its reason and its
    remedy. Exit code 1 when there is one.

    \b
    Example:
      jikim check
      jikim check drafts/2027.yaml --as-of 2027-01-01
    """
    from jikim.cli import terminal
    from jikim.law.resolve import resolve
    from jikim.lint import report
    from jikim.policy.parse import parse
    from jikim.policy.unstated import unstated
    from jikim.source import SourceError
    from jikim.written import read, shown

    files = written()
    path = policy or files.config.policy
    text = read(path)
    try:
        resolved = resolve(parse(text, name=shown(path)), in_force_on=files.day(as_of))
        found = unstated(text, name=shown(path))
    except SourceError as error:
        found = error.diagnostics
    if as_json:
        sys.stdout.write(report.as_json(found))
    elif plain:
        sys.stdout.write(report.plain(found))
    elif found:
        terminal.findings(found)
    else:
        _sound(resolved, shown(path))
    return 1 if found else 0


def _sound(resolved: "ResolvedPolicy", name: str) -> None:
    """What was read, in a few numbers."""
    from jikim.cli.terminal import console, counted, pairs

    policy = resolved.policy
    laws = {record.law for record in resolved.records.values()}
    out = console()
    out.print(f"{name} is sound.\n")
    out.print(
        pairs(
            {
                "service": policy.service.id,
                "version": f"{policy.version or '–'}, in effect since {policy.effective or '–'}",
                "promises": f"{counted(len(policy.processing), 'processing')} of {counted(len(policy.items), 'item')}",
                "kept by law": f"{counted(len(resolved.records), 'record')} under {counted(len(laws), 'law')}",
                "destroyed": f"within {resolved.within}",
                "digest": resolved.digests["policy"],
            }
        )
    )
