"""How far destruction has come, as an operator reads it."""

from jikim.cli.terminal import console, counted, indented, table
from jikim.operations.finish_store import Finished, ToFinish


def waiting(todo: ToFinish) -> None:
    """What would be finished now, and what may wait."""
    out, demand = console(), todo.demand
    if not (todo.pressing or todo.later):
        out.print(f"everything that was removed is {demand.stage.value}")
        return
    rows = table("table", "batches", "oldest", "", numbers=("batches",))
    for each, when in [*((b, "now") for b in todo.pressing), *((b, "may wait") for b in todo.later)]:
        rows.add_row(each.table, f"{each.batches:,}", f"{each.oldest:%Y-%m-%d}", when)
    out.print(indented(rows))
    out.print(f"to be {demand.stage.value} within {demand.within.days} days; nothing was touched")


def told(done: Finished) -> None:
    """What became of each table."""
    out, stage = console(), done.demand.stage.value
    if done.driven:
        rows = table("table", "batches", "left", "", numbers=("batches", "left"))
        for each in done.driven:
            rows.add_row(each.table, f"{each.batches:,}", f"{each.behind:,}", each.reason)
        out.print(indented(rows))
    elif done.later:
        out.print(f"nothing must be {stage} yet")
    else:
        out.print(f"everything that was removed is {stage}")
    if done.later:
        batches = sum(each.batches for each in done.later)
        days = done.demand.within.days
        out.print(f"{counted(batches, 'batch', 'batches')} may wait until the {days} days are nearly over")
