"""The lives of made-up people with liteCam, from the first visit to the last. Pure.

A life follows from (seed, number) and the moment it begins. Lives come in fourteen kinds, in a cycle of twenty, so
that any twenty people in a row show everything a promise must survive:

    midnight    leaves at 00:00:00 sharp
    leap-day    leaves on 29 February
    month-end   leaves on the last day of a month
    rejoins     comes back after more than a year, as a new member
    unsettled   leaves with an order that is settled long after, or never
    complains   leaves with a complaint that is closed long after, or never
    corporate   has a seat in a company and uses the service there, and leaves
    guest       buys without an account, perhaps twice
    enquirer    has no account, writes to support
    paper       writes by fax
    entrant     enters an event
    visitor     looks around, and may agree to advertising
    leaves      simply leaves
    stays       never leaves

Foreign keys let no row lose its member. Nothing new is done by or for a member who left; liteCam still closes its
own books.
"""

import calendar
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from examples.litecam import words
from examples.litecam.doings import END, EVENTS, OPENING, PRICES, SEOUL, Open, Someone
from examples.made_up.person import Change

Kind = Literal[
    "midnight",
    "leap-day",
    "month-end",
    "rejoins",
    "unsettled",
    "complains",
    "corporate",
    "guest",
    "enquirer",
    "paper",
    "entrant",
    "visitor",
    "leaves",
    "stays",
]
KINDS: tuple[Kind, ...] = (
    *("midnight", "leap-day", "month-end", "rejoins", "unsettled", "complains"),
    *("corporate", "guest", "enquirer", "paper", "entrant", "visitor"),
    *("guest", "enquirer", "corporate", "leaves", "stays", "leaves", "stays", "stays"),
)


def kind_of(number: int) -> Kind:
    """What kind of life person ``number`` (from 1) leads."""
    return KINDS[(number - 1) % len(KINDS)]


def founding() -> list[Change]:
    """What is there before anybody: products, companies, and a yearly event in autumn."""
    changes = [
        Change(OPENING, "insert", "products", n, {"id": n, "name": f"recorder {n}", "price": price})
        for n, price in enumerate(PRICES, start=1)
    ]
    changes += [
        Change(OPENING, "insert", "companies", n, {"id": n, "name": name})
        for n, name in enumerate(words.COMPANIES, start=1)
    ]
    for n, opened, closed in EVENTS:
        name = f"autumn films {opened.year}"
        changes.append(Change(opened, "insert", "events", n, {"id": n, "name": name, "closed_at": None}))
        changes.append(Change(closed, "update", "events", n, {"closed_at": closed}))
    return changes


def life(seed: int, number: int, begins: datetime) -> list[Change]:
    """The changes of person ``number``, oldest first."""
    person = Someone(seed=seed, number=number, rng=Random(f"{seed}/{number}"))
    kind = kind_of(number)
    if kind in ("guest", "enquirer", "paper", "entrant", "visitor"):
        _pass_by(person, begins, kind)
    else:
        _be_member(person, begins, kind)
    return sorted(person.changes, key=lambda change: change.at)


def _books(person: Someone) -> Open:
    """When liteCam closes what this person left open."""
    return "late" if person.number // len(KINDS) % 2 else "never"


def _pass_by(person: Someone, at: datetime, kind: Kind) -> None:
    """Somebody without an account."""
    person.visit(None, at)
    if kind == "entrant":
        person.enter_event(at)
        return
    if kind == "visitor" and person.chance(0.7):
        person.agree_to_advertising(at)
    for _ in range(person.rng.randint(1, 2)):
        closes: Open = "in time" if person.chance(0.7) else _books(person)
        about: Literal["enquiry", "complaint"] = "complaint" if person.chance(0.4) else "enquiry"
        if kind == "guest":
            person.buy(None, at, at + timedelta(days=1), settles=closes)
        elif kind == "enquirer":
            person.write(None, at, kind=about, closes=closes)
        elif kind == "paper":
            person.fax(at, kind=about, closes=closes)
        at = person.days_after(at, 5, 400)


def _be_member(person: Someone, joined: datetime, kind: Kind) -> None:
    left = _leaving(person, joined, kind)
    member_id = person.join(joined)
    _be_active(person, member_id, joined, left or END, kind)
    if left is None:
        return
    if kind == "unsettled":
        person.buy(member_id, joined, left, settles=_books(person))
    if kind == "complains":
        person.write(member_id, person.between(joined, left), kind="complaint", closes=_books(person))
    person.leave(member_id, left)
    if kind == "rejoins":
        back = person.days_after(left, 370, 600)
        _be_active(person, person.join(back), back, back + timedelta(days=200), kind)


def _leaving(person: Someone, joined: datetime, kind: Kind) -> datetime | None:
    """When this member leaves; None for never."""
    if kind == "stays":
        return None
    some_day = person.days_after(joined, 20, 900)
    if kind == "midnight":
        return some_day.replace(hour=0, minute=0, second=0)
    if kind == "leap-day":
        for year in (2020, 2024):
            if datetime(year, 2, 29, tzinfo=SEOUL) > joined:
                return some_day.replace(year=year, month=2, day=29)
    if kind in ("leap-day", "month-end"):
        return some_day.replace(day=calendar.monthrange(some_day.year, some_day.month)[1])
    return some_day


def _be_active(person: Someone, member_id: int, start: datetime, stop: datetime, kind: Kind) -> None:
    """What members do between two moments."""
    person.sign_in(member_id, start, stop)
    if person.chance(0.5):
        person.subscribe(member_id, start, stop)
    if kind == "corporate":
        person.work(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.buy(member_id, start, stop, settles="in time")
    if person.chance(0.3):
        about: Literal["enquiry", "complaint"] = "complaint" if person.chance(0.3) else "enquiry"
        person.write(member_id, person.between(start, stop), kind=about, closes="in time")
