"""The lives of made-up people with LETS, from the first day to the last. Pure.

A life follows from (seed, number) and the moment it begins. Lives come in ten kinds, in a cycle of twenty, so that any
twenty people in a row show everything a promise must survive:

    midnight    leaves at 00:00:00 sharp
    leap-day    leaves on 29 February
    month-end   leaves on the last day of a month
    rejoins     comes back after more than a year, as a new member with a new address
    unsettled   leaves with a payment not settled: some are settled months later, some never
    complains   leaves with an open complaint: some are closed months later, some never
    orphan      left rows behind everywhere, and no member row: nothing in the database objected
    careful     takes everything back that was agreed to or linked, and stays
    leaves      simply leaves
    stays       never leaves

After leaving nothing new is done by or for a member. LETS still closes its own books, which changes rows that exist.
"""

import calendar
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from examples.lets.doings import AFFILIATES, END, FEATURES, OPENING, PRICES, SEOUL, Member, Open
from examples.made_up.person import Change

Kind = Literal[
    "midnight",
    "leap-day",
    "month-end",
    "rejoins",
    "unsettled",
    "complains",
    "orphan",
    "careful",
    "leaves",
    "stays",
]
KINDS: tuple[Kind, ...] = (
    *("midnight", "leap-day", "month-end", "rejoins", "unsettled"),
    *("complains", "orphan", "careful"),
    *("leaves", "stays") * 6,
)


def kind_of(number: int) -> Kind:
    """What kind of life person ``number`` (from 1) leads."""
    return KINDS[(number - 1) % len(KINDS)]


def founding() -> list[Change]:
    """What is there before anybody: plans; and, year by year, counts and advertisements, which name nobody."""
    changes = [
        Change(OPENING, "insert", "plans", n, {"id": n, "name": f"plan {n}", "price": price})
        for n, price in enumerate(PRICES, start=1)
    ]
    for n, year in enumerate(range(OPENING.year, END.year), start=1):
        at = datetime(year, 12, 31, tzinfo=SEOUL)
        count = {"id": n, "month": f"{year}-12", "feature": FEATURES[n % len(FEATURES)], "used": 100 * n}
        changes.append(Change(at, "insert", "usage_counts", n, dict(count)))
        shown = {"screen": "start", "advertiser": AFFILIATES[1], "shown": 1000 * n, "shown_on": at.date()}
        changes.append(Change(at, "insert", "ad_displays", n, {"id": n, **shown}))
    return changes


def life(seed: int, number: int, begins: datetime) -> list[Change]:
    """The changes of person ``number``, oldest first."""
    person = Member(seed=seed, number=number, rng=Random(f"{seed}/{number}"))
    if kind_of(number) == "orphan":
        _leave_orphans(person, begins)
    else:
        _be_member(person, begins, kind_of(number))
    return sorted(person.changes, key=lambda change: change.at)


def _leave_orphans(person: Member, at: datetime) -> None:
    """Rows of a member whose own row somebody once removed by hand."""
    gone = person.next_id("members")
    until = at + timedelta(days=30)
    _agree(person, gone, at, until, share=1)
    _be_active(person, gone, at, until)
    person.misbehave(gone, person.between(at, until))
    person.ask(gone, at, until, kind="complaint", closes="in time" if person.chance(0.5) else "never")


def _be_member(person: Member, joined: datetime, kind: Kind) -> None:
    left = _leaving(person, joined, kind)
    stop = left or END
    member_id = person.join(joined)
    _agree(person, member_id, joined, stop, share=1 if kind == "careful" else 0.5)
    _be_active(person, member_id, joined, stop)
    if left is None:
        return
    closes: Open = "late" if person.number // len(KINDS) % 2 else "never"
    if kind == "unsettled":
        person.buy(member_id, joined, left, settles=closes)
    if kind == "complains":
        person.ask(member_id, joined, left, kind="complaint", closes=closes)
    person.leave(member_id, left)
    if kind == "rejoins":
        back = person.days_after(left, 370, 600)
        again = person.join(back)
        _agree(person, again, back, back + timedelta(days=200), share=0.5)
        _be_active(person, again, back, back + timedelta(days=200))


def _leaving(person: Member, joined: datetime, kind: Kind) -> datetime | None:
    """When this member leaves; None for never."""
    if kind in ("stays", "careful"):
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


def _agree(person: Member, member_id: int, start: datetime, stop: datetime, *, share: float) -> None:
    """What is asked for by consent: each is given by this share of people."""
    for agree in (person.show_photo, person.subscribe, person.open_address_book, person.link):
        if person.chance(share):
            agree(member_id, start, stop)


def _be_active(person: Member, member_id: int, start: datetime, stop: datetime) -> None:
    """What members do between two moments; everything opened here is closed in its time."""
    person.come_by(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.write(member_id, start, stop)
    if person.chance(0.3):
        person.invite(member_id, start, stop)
    if person.chance(0.2):
        person.be_entitled(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.buy(member_id, start, stop, settles="in time")
    for _ in range(person.rng.randint(0, 2)):
        person.move_credit(member_id, person.between(start, stop))
    if person.chance(0.2):
        person.ask(member_id, start, stop, kind="enquiry", closes="in time")
    if person.chance(0.1):
        person.ask(member_id, start, stop, kind="complaint", closes="in time")
    if person.chance(0.05):
        person.misbehave(member_id, person.between(start, stop))
