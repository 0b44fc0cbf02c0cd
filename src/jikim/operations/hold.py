"""Legal holds and restrictions, as somebody may place them.

What a hold (소송·조사 보존) names is neither archived, masked nor destroyed. What a restriction (이용·제공 정지)
names may not be used; it is destroyed when it is due.
"""

from dataclasses import replace
from datetime import datetime

from jikim.backends.base import StoreError
from jikim.backends.sql.store import SqlStore
from jikim.plan.schedule import Hold, Restriction, Schedules
from jikim.plan.telling import Telling


def placing(hold: Hold, *, because: str, at: datetime, schedules: Schedules) -> Telling:
    """A hold comes into force.

    :raises StoreError: it names a table or a kind of person nobody knows, or gives no reason.
    """
    if not hold.id.strip():
        raise StoreError("a hold needs an id", fix="choose one by which it can be released")
    if hold.table is not None and hold.table not in {s.table for s in schedules}:
        raise StoreError(f"`{hold.table}` is no table that is kept", fix="see `jikim map show`")
    if not because.strip():
        raise StoreError("a hold needs a reason", fix="name the case and who asked for it, by role")
    if hold.subject is not None:
        hold = replace(hold, key=named(hold.subject, hold.key, schedules))
    return Telling.of_hold(hold, because=because, at=at)


def restricting(restriction: Restriction, *, because: str, at: datetime, schedules: Schedules) -> Telling:
    """A restriction comes into force.

    :raises StoreError: it names a kind of person nobody knows, or gives no reason.
    """
    if not restriction.id.strip():
        raise StoreError("a restriction needs an id", fix="choose one by which it can be released")
    if not because.strip():
        raise StoreError(
            "a restriction needs a reason", fix="name what is to be put right, in no personal words"
        )
    key = named(restriction.subject, restriction.key, schedules)
    return Telling.of_restriction(replace(restriction, key=key), because=because, at=at)


def named(subject: str, key: tuple[str, ...], schedules: Schedules) -> tuple[str, ...]:
    """A person's key as the store compares it. Raises ``StoreError`` for a kind of person nobody knows."""
    if subject not in schedules.people:
        fix = f"known: {', '.join(schedules.people)}"
        raise StoreError(f"`{subject}` is no kind of person of the map", fix=fix)
    return schedules.named(subject, key)


def is_known(
    store: SqlStore, subject: str, key: tuple[str, ...], schedules: Schedules, *, as_of: datetime
) -> bool:
    """Whether anything is stored about a person, in use or apart; a key may be mistyped.

    :raises StoreError: the store cannot be read.
    """
    key = schedules.named(subject, key)
    found = store.rows_of(tuple(schedules), schedules, subject=subject, key=key, as_of=as_of)
    return any(found.rows) or bool(store.archived(subject, key))
