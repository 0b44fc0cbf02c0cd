"""Tells a store of facts as the ledger would, each in the next place."""

from datetime import date, datetime

from jikim.backends.base import Store
from jikim.plan.schedule import Hold
from jikim.plan.telling import Telling


def told(store: Store, *words: Telling) -> None:
    """The store hears these words."""
    first = store.heard() + 1
    store.hear(list(enumerate(words, first)))


def held(store: Store, *holds: Hold, at: datetime) -> None:
    """These legal holds come into force."""
    told(store, *(Telling.of_hold(hold, because="asked for by the court", at=at) for hold in holds))


def released(store: Store, hold: str, *, at: datetime) -> None:
    """A legal hold ends."""
    told(store, Telling.over("hold", hold, at=at))


def happened(store: Store, name: str, when: date | datetime, *, zone: object = None) -> None:
    """Something happens to the service as a whole."""
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=zone)  # type: ignore[arg-type]
    told(store, Telling("service", when, name, when))
