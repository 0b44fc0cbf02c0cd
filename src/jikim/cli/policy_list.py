"""``jikim policy list``: every version that was published."""

import click

from jikim.cli.options import as_json, project


@click.command("list")
@as_json
def command(*, as_json: bool) -> None:
    """List the published versions.

    \b
    Example:
      jikim policy list --json
    """
    from jikim.cli.terminal import console, table, write_json
    from jikim.operations.publish_policy import in_force_on, published

    with project() as opened:
        known, day = published(opened.ledger), opened.day(None)
        days = [opened.day(each.at) for each in known]  # the service's, as the other dates are
    holds = in_force_on(known, day)
    if as_json:
        write_json(
            [
                {
                    "version": each.version,
                    "announced": each.announced,
                    "effective": each.effective,
                    "digest": each.digest,
                    "published_at": each.at,
                    "in_force": each is holds,
                    "judged": dict(each.said),
                }
                for each in known
            ]
        )
        return
    rows = table("version", "announced", "effective", "published", "counted", "digest")
    for each, published_on in zip(known, days, strict=True):
        name = f"{each.version} (in force)" if each is holds else each.version
        dates = (str(each.announced), str(each.effective), str(published_on))
        rows.add_row(name, *dates, str(each.said["reading"]), each.digest.removeprefix("sha256:")[:16])
    console().print(rows if known else "nothing was published yet: `jikim publish`")
