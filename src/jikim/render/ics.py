"""Duties as a calendar that other programs read (RFC 5545). Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from icalendar import Calendar, Event

from jikim.notices.calendar import Duty
from jikim.policy.period import Period
from jikim.render.columns import printable
from jikim.render.wording import Language

_RHYTHMS: Final = {"days": "daily", "weeks": "weekly", "months": "monthly", "years": "yearly"}


def as_ics(duties: Iterable[Duty], *, service: str, stamp: datetime, language: Language) -> bytes:
    """A calendar of whole days; each duty keeps its id, so that a later one replaces it.

    :param stamp: when it was made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//jikim//duties//EN")
    calendar.add("version", "2.0")
    for duty in duties:
        event = Event()
        event.add("uid", printable(f"{duty.id}@{service}.jikim"))
        event.add("dtstamp", stamp)
        event.add("dtstart", duty.on)
        event.add("summary", printable(duty.what.of(language)))
        if because := _because(duty, language):
            event.add("description", because)
        if duty.every:
            event.add("rrule", _rhythm(duty.every))
        calendar.add_component(event)
    ical: bytes = calendar.to_ical()
    return ical


def _because(duty: Duty, language: Language) -> str:
    said = [f"{fact.says.of(language)} ({fact.basis.of(language)})" for fact in duty.because]
    if duty.conditional:
        said.insert(0, duty.conditional.of(language))
    return "\n".join(said)


def _rhythm(every: Period) -> dict[str, Any]:
    return {"freq": _RHYTHMS[every.unit], "interval": every.count}
