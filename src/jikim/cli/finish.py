"""``jikim finish``: from deleted to gone from the file."""

import click

from jikim.cli.options import as_json, project
from jikim.cli.terminal import write_json


@click.command("finish")
@click.option("--all", "everything", is_flag=True, help="Also what may still wait.")
@click.option(
    "--admin", metavar="URL", help="A role that owns the service's tables, or env:NAME; else the sweeper."
)
@click.option("--dry-run", is_flag=True, help="Say what would be finished, and touch nothing.")
@as_json
def command(*, everything: bool, admin: str | None, dry_run: bool, as_json: bool) -> None:
    """Take what was removed out of the files, too.

    A deleted row stays in its file until the file is gone through. `must_reach` in datamap.yaml says how far
    a removal must come and within how many days: `vacuumed`, or `rewritten`, which locks each table while it
    is written anew. Run it after every apply: a table's turn comes when its days would be over within the next.

    PostgreSQL lets only a table's owner do this (from version 17 on also whoever holds MAINTAIN). What an
    older transaction may still look at is left for another time, and said.

    \b
    Example:
      jikim finish --admin env:OWNER_URL

    Exit: 0 when all of it came as far as it must; 3 when something is left.
    """
    from jikim.cli.finished import told, waiting
    from jikim.config import resolved
    from jikim.operations.finish_store import Demand, finish_store, to_finish

    with project() as opened:
        demand = Demand.parse(opened.datamap.stores.app.must_reach)
        store = opened.reader
        opened.schedules(store, opened.now)
        if dry_run:
            todo = to_finish(store, demand, now=opened.now, everything=everything)
            if as_json:
                named = {"now": [vars(b) for b in todo.pressing], "later": [vars(b) for b in todo.later]}
                write_json({"stage": demand.stage.value, **named})
            else:
                waiting(todo)
            return
        done = finish_store(
            store,
            opened.ledger,
            demand,
            signer=opened.keys.signer,
            admin=resolved(admin) if admin else None,
            now=opened.now,
            everything=everything,
        )
    if as_json:
        tables = [vars(each) for each in done.driven]
        waits = [vars(each) for each in done.later]
        write_json({"stage": demand.stage.value, "tables": tables, "later": waits, "told": done.told})
    else:
        told(done)
    raise SystemExit(0 if done.complete else 3)
