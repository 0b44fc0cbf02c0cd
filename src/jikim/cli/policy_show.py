"""``jikim policy show``: a published version, byte for byte."""

import sys
from datetime import date, datetime

import click

from jikim.cli.options import Instant, project
from jikim.errors import JikimError


@click.command("show")
@click.argument("version", required=False)
@click.option("--on", type=Instant(), help="The version in force on that day instead of today.")
def command(*, version: str | None, on: date | datetime | None) -> None:
    """Print a published version as it was.

    VERSION is what `jikim policy list` shows; without it, the version in force.

    \b
    Example:
      jikim policy show 1.0 > 1.0.yaml
      jikim policy show --on 2026-03-01
    """
    from jikim.operations.publish_policy import in_force_on, published
    from jikim.shape import did_you_mean

    with project() as opened:
        known, day = published(opened.ledger), opened.day(on)
    if version is None:
        found = in_force_on(known, day)
        if found is None:
            raise JikimError(f"no version was in force on {day}", fix="see `jikim policy list`")
    else:
        named = {each.version: each for each in known}
        if version not in named:
            near = did_you_mean(version, named) or "see `jikim policy list`"
            raise JikimError(f"version `{version}` was never published", fix=near)
        found = named[version]
    sys.stdout.buffer.write(found.text)
