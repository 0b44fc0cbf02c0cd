"""``jikim map check``: does the map fit the database and the promise?"""

import sys

import click

from jikim.cli.options import as_json, project


@click.command("check")
@click.option("--plain", is_flag=True, help="One line a finding, for editors and grep.")
@as_json
def command(*, plain: bool, as_json: bool) -> int:
    """Compare the data map with policy and database.

    Every table and column must be mapped, or declared to hold nothing personal; every row must lead to a
    person; every mask must be one that the column can take; every file of a folder that is listed must fit a
    pattern. A finding stands at its line of the map, with its
    remedy; an error blocks its table and what depends on it (exit code 1).

    \b
    Example:
      jikim map check
    """
    from jikim.cli import terminal
    from jikim.law.resolve import ResolveError
    from jikim.lint import report
    from jikim.operations.check_map import check_map, unbound

    with project() as opened:
        try:
            promise = opened.promise(opened.now)
        except ResolveError as error:  # the map is compared with what the policy says all the same
            found = unbound(opened.places, opened.policy, opened.datamap, opened.map_document)
            raise ResolveError((*error.diagnostics, *found)) from None
        way = opened.also_keeps()
        checked = check_map(opened.places, promise, as_of=opened.now, way=way, folders=opened.listed_folders)
    if as_json:
        sys.stdout.write(report.as_json(checked.findings))
    elif plain:
        sys.stdout.write(report.plain(checked.findings))
    else:
        terminal.findings(checked.findings)
        terminal.console().print(f"\n{checked.verdict()}")
    return 1 if checked.blocked else 0
