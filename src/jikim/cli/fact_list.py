"""``jikim fact list``: what the store was told."""

import click

from jikim.cli.options import as_json, project


@click.command("list")
@as_json
def command(*, as_json: bool) -> None:
    """Show what the store was told, and what the map asks for.

    Facts about people are told by kind only.

    \b
    Example:
      jikim fact list
    """
    from jikim.cli.terminal import counted, write_json
    from jikim.datamap.told import told
    from jikim.operations.tell import behind

    with project() as opened:
        service = opened.reader.facts().service
        asked = {each.subject: list(each.facts) for each in told(opened.datamap)}
        heard, late = opened.reader.heard(), behind(opened.ledger, opened.reader)
    if as_json:
        write_json(
            {
                "service": {name: when.isoformat() for name, when in service.items()},
                "people": asked,
                "heard": heard,
                "behind": late,
            }
        )
        return
    for name, when in service.items():
        click.echo(f"{name}: {when:%Y-%m-%d}")
    for subject, facts in asked.items():
        click.echo(f"about each {subject}: {', '.join(facts)}")
    if late:
        click.echo(f"the store has not been told of {counted(late, 'word')}: the next run tells it first")
    elif not service and not asked:
        click.echo("nothing was told, and the map asks for nothing")
