"""The lives of made-up people with Plask, from the first visit to the last. Pure.

A life follows from (seed, number) and the moment it begins. Lives come in twelve kinds, in a cycle of
twenty, so that any twenty people in a row show everything a promise must survive:

    midnight    leaves at 00:00:00 sharp
    leap-day    leaves on 29 February
    month-end   leaves on the last day of a month
    undoes      leaves and comes back within the grace, some in its last second; half leave again
    rejoins     comes back after more than a year, as a new member with a new address
    unsettled   leaves with a payment not settled: some are settled months later, some never
    complains   leaves with an open complaint: some are closed months later, some never
    guest       never had an account, wrote to support
    visitor     never had an account, looked around
    orphan      left rows behind in the tables without foreign keys, and no member row
    leaves      simply leaves
    stays       never leaves

After leaving nothing new is done by or for a member. Plask still closes its own books: payments, orders and
complaints may get their date later, which changes rows that exist, if they still do.
"""

import calendar
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from examples.made_up import people
from examples.made_up.person import Change
from examples.plask.doings import END, EVENTS, OPENING, PRICES, SEOUL, Member, Open

Kind = Literal[
    "midnight",
    "leap-day",
    "month-end",
    "undoes",
    "rejoins",
    "unsettled",
    "complains",
    "guest",
    "visitor",
    "orphan",
    "leaves",
    "stays",
]
KINDS: tuple[Kind, ...] = (
    *("midnight", "leap-day", "month-end", "undoes", "rejoins"),
    *("unsettled", "complains", "guest", "visitor", "orphan"),
    *("leaves", "stays") * 5,
)


def kind_of(number: int) -> Kind:
    """What kind of life person ``number`` (from 1) leads."""
    return KINDS[(number - 1) % len(KINDS)]


def founding() -> list[Change]:
    """What is there before anybody: the products, and a yearly event from March to May."""
    changes = [
        Change(OPENING, "insert", "products", n, {"id": n, "name": f"plan {n}", "price": price})
        for n, price in enumerate(PRICES, start=1)
    ]
    for n, opened, closed in EVENTS:
        name = f"spring contest {opened.year}"
        changes.append(Change(opened, "insert", "events", n, {"id": n, "name": name, "closed_at": None}))
        changes.append(Change(closed, "update", "events", n, {"closed_at": closed}))
    return changes


def life(seed: int, number: int, begins: datetime) -> list[Change]:
    """The changes of person ``number``, oldest first."""
    person = Member(seed=seed, number=number, rng=Random(f"{seed}/{number}"))
    kind = kind_of(number)
    if kind == "guest":
        _write_as_guest(person, begins)
    elif kind == "visitor":
        _look_around(person, begins)
    elif kind == "orphan":
        _leave_orphans(person, begins)
    else:
        _be_member(person, begins, kind)
    return sorted(person.changes, key=lambda change: change.at)


def _write_as_guest(person: Member, at: datetime) -> None:
    writer = None
    for _ in range(person.rng.randint(1, 2)):
        kind: Literal["enquiry", "complaint"] = "complaint" if person.chance(0.3) else "enquiry"
        closes: Open = "in time" if person.chance(0.8) else "never"
        until = at + timedelta(days=20)
        writer = person.write(None, at, until, kind=kind, closes=closes, writer=writer)
        at = person.days_after(until, 20, 400)


def _look_around(person: Member, at: datetime) -> None:
    ip = people.ip(person.rng)
    for _ in range(person.rng.randint(1, 5)):
        person.visit(None, at, ip)
        at = person.days_after(at, 0, 90)


def _leave_orphans(person: Member, at: datetime) -> None:
    """Rows of a member whose own row somebody once removed by hand: no foreign key objected."""
    gone = person.next_id("members")
    until = at + timedelta(days=30)
    person.come_by(gone, at, until)
    person.misbehave(gone, person.between(at, until))
    person.write(gone, at, until, kind="complaint", closes="in time" if person.chance(0.5) else "never")


def _be_member(person: Member, joined: datetime, kind: Kind) -> None:
    left = _leaving(person, joined, kind)
    member_id, email = person.join(joined)
    _agree(person, member_id, joined, left or END)
    _be_active(person, member_id, joined, left or END)
    if left is None:
        return
    closes: Open = "late" if person.number // len(KINDS) % 2 else "never"
    if kind == "unsettled":
        person.buy(member_id, joined, left, settles=closes)
    if kind == "complains":
        person.write(member_id, joined, left, kind="complaint", closes=closes)
    person.leave(member_id, left, email=email)
    if kind == "undoes":
        _come_back(person, member_id, left, email)
    if kind == "rejoins":
        # A new address, because what was known of the old one is destroyed by then.
        back = person.days_after(left, 370, 600)
        again, _ = person.join(back)
        _agree(person, again, back, back + timedelta(days=200))
        _be_active(person, again, back, back + timedelta(days=200))


def _leaving(person: Member, joined: datetime, kind: Kind) -> datetime | None:
    """When this member leaves; None for never."""
    if kind == "stays":
        return None
    some_day = person.days_after(joined, 2, 900)
    if kind == "midnight":
        return some_day.replace(hour=0, minute=0, second=0)
    if kind == "leap-day":
        for year in (2020, 2024):
            if datetime(year, 2, 29, tzinfo=SEOUL) > joined:
                return some_day.replace(year=year, month=2, day=29)
    if kind in ("leap-day", "month-end"):
        return some_day.replace(day=calendar.monthrange(some_day.year, some_day.month)[1])
    return some_day


def _come_back(person: Member, member_id: int, left: datetime, email: str) -> None:
    """Undo a leaving; every other person does so in the last second of day five."""
    counted_from = left - timedelta(seconds=1)  # midnight sharp belongs to the day before it
    last = counted_from.replace(hour=23, minute=59, second=59) + timedelta(days=5)
    back = last if person.number // len(KINDS) % 2 == 0 else person.between(left, last)
    person.undo_leave(member_id, back, email=email)
    stop = person.days_after(back, 30, 400)
    _be_active(person, member_id, back, stop)
    if person.chance(0.5):
        person.leave(member_id, stop, email=email)


def _agree(person: Member, member_id: int, start: datetime, stop: datetime) -> None:
    """Four consents, each given by about half."""
    for agree in (person.describe_oneself, person.name_interests, person.subscribe, person.enter_event):
        if person.chance(0.5):
            agree(member_id, start, stop)


def _be_active(person: Member, member_id: int, start: datetime, stop: datetime) -> None:
    """What members do between two moments; everything opened here is closed in its time."""
    person.come_by(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.work(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.buy(member_id, start, stop, settles="in time")
    if person.chance(0.2):
        person.write(member_id, start, stop, kind="enquiry", closes="in time")
    if person.chance(0.1):
        person.write(member_id, start, stop, kind="complaint", closes="in time")
    if person.chance(0.04):
        person.misbehave(member_id, person.between(start, stop))
