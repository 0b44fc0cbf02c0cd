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
    from jikim.cli.terminal import counted, moment, write_json
    from jikim.datamap.told import told
    from jikim.operations.set_fact import asked
    from jikim.operations.tell import behind

    with project() as opened:
        service = opened.reader.facts().service
        schedules = opened.schedules(opened.reader, opened.now)
        asks = {t.subject: list(t.facts) for t in asked(told(opened.datamap), schedules) if t.facts}
        heard, late = opened.reader.heard(), behind(opened.ledger, opened.reader)
    if as_json:
        write_json(
            {
                "service": {name: when.isoformat() for name, when in service.items()},
                "people": asks,
                "heard": heard,
                "behind": late,
            }
        )
        return
    for name, when in service.items():
        click.echo(f"{name}: {moment(opened.instant(when), opened.zone)}")
    for subject, facts in asks.items():
        click.echo(f"about each {subject}: {', '.join(facts)}")
    if late:
        click.echo(f"the store has not been told of {counted(late, 'word')}: the next run tells it first")
    elif not service and not asks:
        click.echo("nothing was told, and the map asks for nothing")
