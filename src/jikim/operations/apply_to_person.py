"""Apply a plan to one person at once: what is due of their rows goes in one transaction, and is looked at again.

The second look is another reading of the same promise: it asks for the rows and their dates, and decides row by row
what the sweep's conditions say of all rows at once. So it sees what those would pass over.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jikim.backends.base import Key, Run, StoreError
from jikim.backends.sql.store import SqlStore
from jikim.operations.apply_plan import Applied, StepResult
from jikim.operations.explain_rows import any_row, explain_person
from jikim.plan.decide import Disposition
from jikim.plan.schedule import Schedules

CHANGING = frozenset(each.value for each in Disposition) - {Disposition.RETAIN.value}
"""States of a row that a sweep would still change."""


@dataclass(frozen=True)
class Whose:
    """One person: of what kind, and their key in the service's own table."""

    subject: str
    key: Key


def apply_to_person(
    store: SqlStore,
    run: Run,
    schedules: Schedules,
    whose: Whose,
    *,
    number: int = 0,
    behind: Callable[[], int] = lambda: 0,
) -> Applied:
    """Carry out what is due of one person's rows.

    :param number: of the batch, where several people are met in one run.
    :param behind: of how many facts the store was not told; with any, nothing is done.
    :raises StoreError: nothing was done: the store was told of a fact since the plan, or was not, or refused.
    """
    if behind():
        raise StoreError("the ledger has facts of which the store was not told", fix="run it again")
    left: dict[str, int] = {}
    subject, key, as_of = whose.subject, whose.key, run.plan.as_of
    with store.asking():
        changed = store.at_once(run, subject=subject, key=key, number=number)
        if any_row(store, schedules, subject=subject, key=key, as_of=as_of):
            for row in explain_person(store, schedules, subject=subject, key=key, as_of=as_of):
                if row.state in CHANGING:
                    left[row.table] = left.get(row.table, 0) + 1
    return Applied(
        run.id,
        run.plan.digest,
        run.plan.as_of,
        tuple(_result(step.id, step.table, step.action.value, changed, left) for step in run.plan.steps),
        dict(run.plan.blocked),
    )


def _result(step: str, table: str, action: str, changed: dict[str, int], left: dict[str, int]) -> StepResult:
    rows, remaining = changed.get(step, 0), left.get(table, 0)
    return StepResult(
        step,
        table,
        action,
        state="incomplete" if remaining else "done",
        rows=rows,
        batches=int(rows > 0),
        remaining=remaining,
        reason="rows of this person are due and were not changed; a sweep takes them" if remaining else "",
    )
