"""Place, list and release legal holds (소송·조사 보존): what a hold names is neither archived, masked nor destroyed."""

from dataclasses import replace
from datetime import datetime

from jikim.backends.base import Store, StoreError
from jikim.backends.sql.store import SqlStore
from jikim.plan.schedule import Facts, Hold, Schedules
from jikim.plan.sweep import Sweep


def place_hold(store: Store, hold: Hold, *, because: str, at: datetime, schedules: Schedules) -> None:
    """Put a hold into force at once: batches already running see it too.

    :raises StoreError: it names a table or a kind of person nobody knows, or its id is taken.
    """
    if not hold.id.strip():
        raise StoreError("a hold needs an id", fix="choose one by which it can be released")
    if hold.table is not None and hold.table not in {s.table for s in schedules}:
        raise StoreError(f"`{hold.table}` is no table that is kept", fix="see `jikim map show`")
    if hold.subject is not None and hold.subject not in schedules.people:
        fix = f"known: {', '.join(schedules.people)}"
        raise StoreError(f"`{hold.subject}` is no kind of person of the map", fix=fix)
    if not because.strip():
        raise StoreError("a hold needs a reason", fix="name the case and who asked for it, by role")
    if hold.subject is not None:
        hold = replace(hold, key=schedules.named(hold.subject, hold.key))
    store.place(hold, because=because, at=at)


def is_known(store: SqlStore, hold: Hold, schedules: Schedules, *, as_of: datetime) -> bool:
    """Whether anything is stored about the person a hold names, in use or apart; a key may be mistyped.

    :raises StoreError: the store cannot be read.
    """
    if hold.subject is None:
        return True
    key = schedules.named(hold.subject, hold.key)
    sweeps = (Sweep(schedule, schedules, Facts(), as_of) for schedule in schedules)
    rows = (store.rows_of(sweep, subject=hold.subject, key=key) for sweep in sweeps)
    return any(rows) or bool(store.archived(hold.subject, key))


def release_hold(store: Store, hold: str, *, at: datetime) -> None:
    """End a hold; what it kept falls due with the next sweep.

    :raises StoreError: none of that id is in force.
    """
    store.release(hold, at=at)


def holds_in_force(store: Store) -> tuple[Hold, ...]:
    """Every hold in force."""
    return store.facts().holds
