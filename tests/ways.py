"""Plans that come to their rows in a certain way, however few rows there are. Pure."""

from dataclasses import replace
from typing import Literal

from jikim.operations.plan_sweep import Planned
from jikim.plan.plan import AccessPath, Action

Way = Literal["ranges", "index", "listed", ""]
"""How, or as in a small table: by looking at the whole each time."""


def coming_by(way: Way, planned: Planned) -> Planned:
    """The same plan, that comes to the rows of each table so; a table in parts has no order of its own."""
    parted = {table.name for table in planned.schema.tables.values() if table.partitioned}
    moving = (Action.ARCHIVE, Action.DESTROY, Action.MASK, Action.STUB)
    access = {
        step.id: AccessPath(way, "as the test wants it")
        for step in planned.plan.steps
        if way and step.action in moving and step.table not in parted
    }
    return replace(planned, plan=replace(planned.plan, access=access))
