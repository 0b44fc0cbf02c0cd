"""A small service, promise and store for tests: people, their orders, and the lines of those orders.

An order belongs to a person or to a guest who is known only by an address in it; a line belongs to its order.
Nothing here is read from a file, so a test can promise what it likes.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jikim.backends import memory
from jikim.backends.memory import Row, World
from jikim.datamap.schema import TimeType
from jikim.law.holidays import Holidays, korea
from jikim.plan.masks import Mask, parse_mask
from jikim.plan.schedule import (
    Because,
    BoundClock,
    Calendar,
    Cell,
    Claim,
    Condition,
    Dependent,
    FactRef,
    Facts,
    Hold,
    Hop,
    IdentityCell,
    IdentityUse,
    OwnerPath,
    Ref,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.policy.period import NO_PERIOD, Period

SEOUL = ZoneInfo("Asia/Seoul")
HOLIDAYS = korea(range(2019, 2036))
KEY = b"a key only tests use, of any length"

TO_PERSON = Hop(("person_id",), "people", ("id",))
TO_ORDER = Hop(("order_id",), "orders", ("id",))
PERSON = OwnerPath("person", (), ("id",))
BY_PERSON = OwnerPath("person", (TO_PERSON,), ("id",))
BY_GUEST = OwnerPath("guest", (), ("guest",), inline=True)
LINE_OF_PERSON = OwnerPath("person", (TO_ORDER, TO_PERSON), ("id",))
LINE_OF_GUEST = OwnerPath("guest", (TO_ORDER,), ("guest",), inline=True)


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    """``2026-03-02`` (its midnight) or ``2026-03-02 15:00``, on the clocks of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def calendar(zone: ZoneInfo = SEOUL, *, within: str = "5 days", holidays: Holidays = HOLIDAYS) -> Calendar:
    """How time is counted."""
    return Calendar(zone, holidays, Period.parse(within))


def fact(
    column: str,
    *hops: Hop,
    time_type: TimeType = "instant",
    never: tuple[str, ...] = (),
    when: tuple[Condition, ...] = (),
) -> FactRef:
    """Where a trigger stands; one in the person's row ends with the person."""
    return FactRef(Ref(column, hops), time_type, never, when, of_subject=hops[-1:] == (TO_PERSON,))


def clock(trigger: str, period: str, where: FactRef | StoreFact, *, grace: str | None = None) -> BoundClock:
    """A clock; the period "" means *until* the trigger."""
    length = Period.parse(period) if period else NO_PERIOD
    return BoundClock(trigger, length, where, Period.parse(grace) if grace else None)


def processing(
    name: str, cells: Iterable[str], *clocks: BoundClock, combine: Literal["first", "last"] = "first"
) -> Claim:
    """A processing of the policy."""
    return Claim(name, "processing", frozenset(cells), combine, clocks, Because(f"processing.{name}"))


def record(
    name: str,
    cells: Iterable[str],
    *clocks: BoundClock,
    combine: Literal["first", "last"] = "first",
    identity: tuple[IdentityCell, ...] = (),
    names_owner: bool = True,
) -> Claim:
    """A statutory record."""
    because = Because(f"kept_by_law.{name}", "a law", "an article")
    return Claim(name, "record", frozenset(cells), combine, clocks, because, identity, names_owner)


LEFT = fact("left_at", TO_PERSON)
LINE_LEFT = fact("left_at", TO_ORDER, TO_PERSON)
SERVICE_CLOSED = clock("service closed", "", StoreFact("service closed"))
MAIL_OF_PERSON = IdentityCell(Ref("mail", (TO_PERSON,)), "person_mail")


def cells(**masks: str) -> tuple[Cell, ...]:
    """Cells by column and mask; ``answers__phone`` is the path ``$.phone`` of the JSON column ``answers``."""
    return tuple(_cell(name, mask) for name, mask in masks.items())


def _cell(name: str, written: str) -> Cell:
    column, *path = name.split("__")
    mask: Mask | None = parse_mask(written) if written else None
    return Cell(column, "item", mask, tuple(path))


def table(
    name: str,
    shown: tuple[Cell, ...],
    variants: Iterable[Variant],
    *,
    key: tuple[str, ...] = ("id",),
    orphans: Literal["refuse", "destroy", "date-from"] = "refuse",
    orphan_date: FactRef | None = None,
    dependents: tuple[Dependent, ...] = (),
    identity_uses: tuple[IdentityUse, ...] = (),
) -> TableSchedule:
    """A schedule whose classes and owners are those of its variants, in their order."""
    made = tuple(variants)
    return TableSchedule(
        table=name,
        key=key,
        cells=shown,
        classes=tuple(dict.fromkeys((v.row_class, v.where) for v in made)),
        owners=tuple(dict.fromkeys(v.owner for v in made)),
        variants=made,
        orphans=orphans,
        orphan_date=orphan_date,
        dependents=dependents,
        identity_uses=identity_uses,
    )


def variant(
    owner: OwnerPath, *claims: Claim, row_class: str = "all", where: tuple[Condition, ...] = ()
) -> Variant:
    """The claims on one class of rows of one kind of owner."""
    kinds = {kind: tuple(c for c in claims if c.kind == kind) for kind in ("processing", "record")}
    return Variant(row_class, where, owner, kinds["processing"], kinds["record"])


def membership(*, grace: str | None = "5 days", left: FactRef | None = None) -> Claim:
    """What keeps a person's own row."""
    ended = clock("membership ended", "", left or fact("left_at"), grace=grace)
    return processing("membership", ["name", "mail"], ended, SERVICE_CLOSED)


def people(*claims: Claim, **rest: Any) -> TableSchedule:
    """People, by default with orders pointing to them that may yet take a mail address along."""
    shown = cells(name="fixed(-)", mail="tag(gone-{tag}@invalid.example)")
    rest.setdefault("dependents", (Dependent("orders", TO_PERSON),))
    rest.setdefault("identity_uses", (IdentityUse("orders", (TO_PERSON,), (), frozenset({"mail"})),))
    return table("people", shown, [variant(PERSON, *(claims or (membership(),)))], **rest)


def purchase(*, period: str = "", grace: str | None = "5 days") -> Claim:
    """What keeps an order in use: the membership."""
    ended = clock("membership ended", period, LEFT, grace=grace)
    return processing("purchase", ["note", "amount", "done_at"], ended, SERVICE_CLOSED)


def contract(*, period: str = "5 years") -> Claim:
    """What keeps an order by law: a statute, from the contract's completion."""
    done = clock("contract completed", period, fact("done_at"))
    return record("contract", ["note", "done_at"], done, identity=(MAIL_OF_PERSON,))


def orders(*claims: Claim, **rest: Any) -> TableSchedule:
    """Orders of people."""
    shown = cells(note="null", amount="fixed(0)", done_at="")
    return table("orders", shown, [variant(BY_PERSON, *(claims or (purchase(), contract())))], **rest)


def schedules(*tables: TableSchedule, calendar: Calendar | None = None) -> Schedules:
    """Tables in the order in which they are swept."""
    return Schedules("app", tables, calendar or globals()["calendar"]())


class Store:
    """A world that is told what happens and swept: what a test reads as a story."""

    def __init__(self, *tables: TableSchedule, calendar: Calendar | None = None, **rows: list[Row]) -> None:
        self.schedules = schedules(*tables, calendar=calendar)
        self.world = World({t.table: [] for t in tables} | rows)

    def sweep(self, when: str | datetime) -> "Store":
        """Sweep as of a date or an instant."""
        memory.sweep(self.world, self.schedules, as_of=self._as_of(when), mask_key=KEY)
        return self

    def census(self, when: str | datetime, table: str) -> dict[str, int]:
        """The states that some row of a table is in, with their counts."""
        counted = memory.census(self.world, self.schedules, as_of=self._as_of(when), mask_key=KEY)[table]
        return {state: n for state, n in vars(counted).items() if n}

    def rows(self, table: str) -> list[Row]:
        """What stands in a table."""
        return self.world.tables[table]

    def copies(self) -> list[tuple[str, str, Any, date]]:
        """What the archive holds: table, record, key, and the day on which it goes."""
        return [(c.table, c.record, c.key[0], c.destroy_after.date()) for c in self.world.archive.values()]

    def hold(self, *holds: Hold) -> "Store":
        """From now on these holds and no others are in force."""
        self.world.facts = replace(self.world.facts, holds=holds)
        return self

    def close_service(self, when: str) -> "Store":
        """The service has closed."""
        self.world.facts = Facts({"service closed": self._as_of(when)}, self.world.facts.holds)
        return self

    def _as_of(self, when: str | datetime) -> datetime:
        return at(when, self.schedules.calendar.zone) if isinstance(when, str) else when


def person(number: int = 1, *, left_at: datetime | date | None = None, **rest: Any) -> Row:
    """A person's row."""
    mail = f"person{number}@mail.example"
    return {"id": number, "name": "홍길동", "mail": mail, "left_at": left_at, "status": "", **rest}


def order(number: int = 10, *, of: int | None = 1, done_at: datetime | None = None, **rest: Any) -> Row:
    """An order's row."""
    row = {"id": number, "person_id": of, "note": "두 벌", "amount": 30000, "done_at": done_at}
    return {**row, "created_at": at("2026-01-05 10:00"), "guest": None, "kind": "", "answers": None, **rest}


def line(number: int = 100, *, of: int | None = 10, **rest: Any) -> Row:
    """A line's row."""
    return {"id": number, "order_id": of, "text": "빨강", "paid_at": None, **rest}
