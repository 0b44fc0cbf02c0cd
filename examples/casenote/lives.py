"""The lives of made-up people with CaseNote, from the first visit to the last. Pure.

A life follows from (seed, number) and the moment it begins. Lives come in eleven kinds, in a cycle of twenty, so that
any twenty people in a row show everything a promise must survive:

    midnight    leaves at 00:00:00 sharp
    leap-day    leaves on 29 February
    month-end   leaves on the last day of a month
    withdraws   takes every consent back, by one of the four channels, with a question that nobody answered
    campaign    withdraws while an advertising campaign runs: its record waits for the campaign's end
    unsettled   leaves with a payment not settled: some are settled months later, some never
    complains   leaves with an open complaint: some are closed months later, some never
    rejoins     comes back after more than a year, as a new member with a new address
    guest       never had an account, wrote to support
    visitor     never had an account, looked around
    stays       never leaves

After leaving nothing new is done by or for a member. CaseNote still closes its own books: payments, orders and
complaints may get their date later, which changes rows that exist, if they still do.
"""

import calendar
from datetime import datetime, timedelta
from random import Random
from typing import Final, Literal

from examples.casenote.doings import ADS, CASES, END, OPENING, PRICES, SEOUL, Open, Reader, decided_on
from examples.casenote.words import AD
from examples.made_up import people
from examples.made_up.person import Change

Kind = Literal[
    "midnight",
    "leap-day",
    "month-end",
    "withdraws",
    "campaign",
    "unsettled",
    "complains",
    "rejoins",
    "guest",
    "visitor",
    "stays",
]
KINDS: Final[tuple[Kind, ...]] = (
    *("midnight", "leap-day", "month-end", "withdraws", "campaign"),
    *("unsettled", "complains", "rejoins", "guest", "visitor"),
    *("withdraws", "stays") * 5,
)


def kind_of(number: int) -> Kind:
    """What kind of life person ``number`` (from 1) leads."""
    return KINDS[(number - 1) % len(KINDS)]


def founding() -> list[Change]:
    """What is there before anybody: the passes, the decisions, and a yearly campaign in April and May."""
    changes = [
        Change(OPENING, "insert", "plans", n, {"id": n, "name": f"pass {n}", "price": price})
        for n, price in enumerate(PRICES, start=1)
    ]
    for n in range(1, CASES + 1):
        row = {"id": n, "number": f"{2000 + n}다{n:05}", "decided_on": decided_on(n)}
        changes.append(Change(OPENING, "insert", "cases", n, row))
    for n, begins, ends in ADS:
        title = f"{AD} {begins.year}"
        changes.append(Change(begins, "insert", "ads", n, {"id": n, "title": title, "ended_at": None}))
        changes.append(Change(ends, "update", "ads", n, {"ended_at": ends}))
    return changes


def life(seed: int, number: int, begins: datetime) -> list[Change]:
    """The changes of person ``number``, oldest first."""
    person = Reader(seed=seed, number=number, rng=Random(f"{seed}/{number}"))
    kind = kind_of(number)
    if kind == "guest":
        _write_as_guest(person, begins)
    elif kind == "visitor":
        _look_around(person, begins)
    else:
        _be_member(person, begins, kind)
    return sorted(person.changes, key=lambda change: change.at)


def _write_as_guest(person: Reader, at: datetime) -> None:
    email = ""
    for _ in range(person.rng.randint(1, 2)):
        kind: Literal["question", "complaint"] = "complaint" if person.chance(0.3) else "question"
        closes: Open = "in time" if person.chance(0.8) else "never"
        until = at + timedelta(days=20)
        email = person.write(None, at, until, kind=kind, closes=closes, email=email)
        at = person.days_after(until, 20, 400)


def _look_around(person: Reader, at: datetime) -> None:
    ip = people.ip(person.rng)
    for _ in range(person.rng.randint(1, 5)):
        person.visit(None, at, ip)
        at = person.days_after(at, 0, 90)


def _be_member(person: Reader, joined: datetime, kind: Kind) -> None:
    left = _leaving(person, joined, kind)
    member_id, email = person.join(joined)
    consents = _be_active(person, member_id, joined, left or END, agrees=kind == "campaign")
    if left is None:
        return
    closes: Open = "late" if person.number // len(KINDS) % 2 else "never"
    if kind == "unsettled":
        person.buy(member_id, joined, left, settles=closes)
    if kind == "complains":
        person.write(member_id, joined, left, kind="complaint", closes=closes, email=email)
    if kind == "withdraws":
        person.write(member_id, joined, left, kind="question", closes="never", email=email)
    if kind in ("withdraws", "campaign"):
        person.withdraw(member_id, left, email=email, consents=consents)
    else:
        person.leave(member_id, left)
    if kind == "rejoins":
        # A new address, because what was known of the old one is destroyed by then.
        back = person.days_after(left, 370, 600)
        again, _ = person.join(back)
        _be_active(person, again, back, back + timedelta(days=200), agrees=False)


def _leaving(person: Reader, joined: datetime, kind: Kind) -> datetime | None:
    """When this member leaves; None for never."""
    if kind == "stays":
        return None
    some_day = person.days_after(joined, 2, 900)
    if kind == "midnight":
        return some_day.replace(hour=0, minute=0, second=0)
    if kind == "campaign":
        running = (person.between(begins, ends) for _, begins, ends in ADS if begins > joined)
        return next(running, some_day)
    if kind == "leap-day":
        for year in (2020, 2024):
            if datetime(year, 2, 29, tzinfo=SEOUL) > joined:
                return some_day.replace(year=year, month=2, day=29)
    if kind in ("leap-day", "month-end"):
        return some_day.replace(day=calendar.monthrange(some_day.year, some_day.month)[1])
    return some_day


def _be_active(person: Reader, member_id: int, start: datetime, stop: datetime, *, agrees: bool) -> list[int]:
    """What members do between two moments; everything opened here is closed in its time. Their consents."""
    person.come_by(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.collect(member_id, start, stop)
    for _ in range(person.rng.randint(0, 2)):
        person.buy(member_id, start, stop, settles="in time")
    if person.chance(0.2):
        person.write(member_id, start, stop, kind="question", closes="in time")
    if person.chance(0.1):
        person.write(member_id, start, stop, kind="complaint", closes="in time")
    if person.chance(0.1):
        person.misbehave(member_id, person.between(start, stop))
    if not agrees and person.chance(0.5):
        return []
    return [person.subscribe(member_id, start, stop, stays=agrees)]
