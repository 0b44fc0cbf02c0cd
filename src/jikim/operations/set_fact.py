"""Tell a store of something that happened to the service as a whole, such as its closing."""

from datetime import date, datetime

from jikim.backends.base import Store, StoreError
from jikim.plan.schedule import Schedules, StoreFact
from jikim.shape import did_you_mean


def set_fact(store: Store, name: str, when: date | datetime, *, schedules: Schedules) -> None:
    """Say when it happened; said again, the later word counts.

    :raises StoreError: no clock of the promise waits for it.
    """
    known = service_facts(schedules)
    if name not in known:
        fix = did_you_mean(name, known) or (f"known: {', '.join(known)}" if known else "")
        raise StoreError(f"no period of the policy starts with `{name}` of the service as a whole", fix=fix)
    store.set_service_fact(name, when)


def service_facts(schedules: Schedules) -> list[str]:
    """The facts about the service as a whole that clocks wait for."""
    clocks = (k for s in schedules for v in s.variants for c in v.claims for k in c.clocks)
    return sorted({k.fact.name for k in clocks if isinstance(k.fact, StoreFact)})
