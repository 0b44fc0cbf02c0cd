"""The lives of made-up people with 나와의 대화, from the first visit to the last. Pure.

A life follows from (seed, number) and the moment it begins. Lives come in fourteen kinds, in a cycle of twenty:

    midnight    leaves at 00:00:00 sharp
    leap-day    leaves on 29 February
    month-end   leaves on the last day of a month
    erased      asks for deletion by mail and follows the link that is mailed back
    pretends    asks by mail for the deletion of somebody else, and cannot follow the link
    rejoins     leaves, and comes back after some months as a new member
    unsettled   leaves with a payment not settled: some are settled months later, some never
    complains   leaves with a question unanswered and an open complaint: some are closed months later, some never
    printed     leaves while a sheet about them is not yet burnt
    guest       never had an account, wrote to support
    visitor     never had an account: some take the cookie that follows them, some refuse every cookie
    orphan      left rows behind in the tables without foreign keys, and no member row
    leaves      simply leaves
    stays       never leaves

After leaving nothing new is done by or for a member; the service still closes its own books.
"""

import calendar
from datetime import datetime, timedelta
from random import Random
from typing import Final

from examples.made_up.person import Change
from examples.talk_with_me.doings import END, EVENTS, OPENING, PRICES, SEOUL, Closes, Member

KINDS: Final = (
    *("midnight", "leap-day", "month-end", "erased", "pretends", "rejoins", "unsettled", "complains"),
    *("printed", "guest", "visitor", "visitor", "orphan", "erased"),
    *("leaves", "stays") * 3,
)


def kind_of(number: int) -> str:
    """What kind of life person ``number`` (from 1) leads."""
    return KINDS[(number - 1) % len(KINDS)]


def founding() -> list[Change]:
    """What is there before anybody: the plans, and a yearly event in May and June."""
    changes = [
        Change(OPENING, "insert", "products", n, {"id": n, "name": f"plan {n}", "price": price})
        for n, price in enumerate(PRICES, start=1)
    ]
    for n, opened, closed in EVENTS:
        row = {"id": n, "name": f"letters of {opened.year}", "closed_at": None}
        changes.append(Change(opened, "insert", "events", n, row))
        changes.append(Change(closed, "update", "events", n, {"closed_at": closed}))
    return changes


def life(seed: int, number: int, begins: datetime) -> list[Change]:
    """The changes of person ``number``, oldest first."""
    person = Member(seed=seed, number=number, rng=Random(f"{seed}/{number}"))
    match kind_of(number):
        case "guest":
            _write_as_guest(person, begins)
        case "visitor":
            _look_around(person, begins)
        case "orphan":
            _leave_orphans(person, begins)
        case kind:
            _be_member(person, begins, kind)
    return sorted(person.changes, key=lambda change: change.at)


def _write_as_guest(person: Member, at: datetime) -> None:
    until = at + timedelta(days=20)
    person.write(at, until, kind="enquiry", closes="in time" if person.chance(0.8) else "never")
    if person.chance(0.5):
        person.write(at, until, kind="complaint", closes="in time")


def _look_around(person: Member, at: datetime) -> None:
    if person.number % 2:
        person.be_tracked(at)
        return
    for _ in range(person.rng.randint(1, 3)):
        person.visit(at)
        at = person.days_after(at, 0, 90)


def _leave_orphans(person: Member, at: datetime) -> None:
    """Rows of a member whose own row somebody once removed by hand: no foreign key objected."""
    gone = person.next_id("members")
    until = at + timedelta(days=30)
    person.come_by(gone, at, until)
    person.misbehave(gone, person.between(at, until))
    closes: Closes = "in time" if person.chance(0.5) else "never"
    person.write(at, until, kind="complaint", closes=closes, member=gone)


def _be_member(person: Member, joined: datetime, kind: str) -> None:
    left = _going(person, joined, kind)
    member, email = person.join(joined)
    _be_active(person, member, joined, left or END)
    if kind == "pretends":
        stranger = person.address("erasure_requests", person.number)
        person.ask_for_erasure(stranger, person.between(joined, left or END), member=None)
    if left is None:
        return
    closes: Closes = "late" if person.number // len(KINDS) % 2 else "never"
    if kind == "unsettled":
        person.buy(member, joined, left, settles=closes)
    if kind == "complains":
        person.write(joined, left, kind="enquiry", closes="never", member=member)
        person.write(joined, left, kind="complaint", closes=closes, member=member)
    if kind == "printed":
        person.be_printed(member, left - timedelta(days=1))
    if kind == "erased":
        person.ask_for_erasure(email, left, member=member)
    else:
        person.leave(member, left)
    if kind == "rejoins":
        back = person.days_after(left, 60, 400)
        again, _ = person.join(back)
        _be_active(person, again, back, back + timedelta(days=200))


def _going(person: Member, joined: datetime, kind: str) -> datetime | None:
    """When this member leaves, or asks for deletion; None for never."""
    if kind in ("stays", "pretends"):
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


def _be_active(person: Member, member: int, start: datetime, stop: datetime) -> None:
    """What members do between two moments; everything opened here is closed in its time."""
    person.come_by(member, start, stop)
    for agree in (person.describe_oneself, person.subscribe, person.enter_event):
        if person.chance(0.4):
            agree(member, start, stop)
    for _ in range(person.rng.randint(1, 3)):
        person.talk(member, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.buy(member, start, stop, settles="in time")
    if person.chance(0.2):
        person.write(start, stop, kind="enquiry", closes="in time", member=member)
    if person.chance(0.1):
        person.write(start, stop, kind="complaint", closes="in time", member=member)
    if person.chance(0.1):
        person.misbehave(member, person.between(start, stop))
    if person.chance(0.1):
        person.be_printed(member, person.between(start, stop))
