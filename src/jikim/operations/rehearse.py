"""Rehearse a run: what it would meet and what it would refuse. Reads; changes nothing, puts nothing on record."""

from datetime import datetime

from jikim.backends.base import Run, Store
from jikim.backends.dry_run import DryRun
from jikim.operations.apply_plan import Applied, apply_plan
from jikim.plan.plan import Agreed, Plan


def rehearse(store: Store, plan: Plan, *, now: datetime, given: Agreed | None = None) -> Applied:
    """Apply ``plan``, the plan as it is now, to a store that answers from counts.

    :param given: the plan agreed on; what differs from it would be refused.
    :raises StoreError: the store cannot be read.
    """
    run = Run("rehearsal", plan, plan.digests["policy"])
    return apply_plan(DryRun(store), run, given=given, now=now)
