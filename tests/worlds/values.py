"""What stands in columns: times about which something falls due, and personal values that masks meet. Pure."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from random import Random
from typing import Any, Final, TypeVar

from tests.worlds.world import Column, Fill, Now

from jikim.datamap.schema import TimeType

TIME_TYPES: Final = {
    "instant": "timestamp with time zone",
    "date": "date",
    "local": "timestamp without time zone",
    "utc": "timestamp without time zone",
    "epoch": "bigint",
    "epoch-ms": "bigint",
}
T = TypeVar("T")
NEVER: Final = "9999-12-31"


def chance(dice: Random, percent: int) -> bool:
    """So in that many of a hundred worlds; the simplest world has none of it."""
    return dice.randrange(100) >= 100 - percent


def several(dice: Random, of: Sequence[T], *, k: int) -> list[T]:
    """``k`` of them, each chosen by itself: of `sample`, hypothesis would rather copy one choice over another."""
    left = list(of)
    return [left.pop(dice.randrange(len(left))) for _ in range(k)]


# -- times ------------------------------------------------------------------------------------------------

BACK: Final = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    28,
    31,
    32,
    59,
    89,
    92,
    181,
    184,
    187,
    365,
    366,
    371,
    1096,
    1100,
    1827,
)
"""Days about which the periods of this grammar end."""
NUDGES: Final = (timedelta(0), timedelta(microseconds=1), timedelta(hours=1), timedelta(hours=13))


def moment(dice: Random, now: Now, *, unheard: int = 20) -> datetime | None:
    """Nothing, or an instant about which some period from it ends."""
    if chance(dice, unheard):
        return None
    at = now.as_of.astimezone(UTC) - timedelta(days=dice.choice(BACK))
    if chance(dice, 50):
        local = at.astimezone(now.zone)
        at = datetime(local.year, local.month, local.day, tzinfo=now.zone).astimezone(UTC)
    elif chance(dice, 20):
        at += timedelta(days=dice.randint(1, 40))
    return at + dice.choice([-1, 1]) * dice.choice(NUDGES)


def written(at: datetime | None, time_type: TimeType, now: Now) -> Any:
    """An instant as a column of that type holds it."""
    if at is None:
        return None
    match time_type:
        case "date":
            return at.astimezone(now.zone).date()
        case "local":
            return at.astimezone(now.zone).replace(tzinfo=None, fold=0)
        case "utc":
            return at.astimezone(UTC).replace(tzinfo=None)
        case "epoch":
            return int(at.timestamp() // 1)
        case "epoch-ms":
            return int(at.timestamp() * 1000 // 1)
    return at


def never(time_type: TimeType) -> Any:
    """31 December 9999, as a column of that type holds it."""
    noon = datetime(9999, 12, 31, 3, tzinfo=UTC)
    match time_type:
        case "date":
            return date(9999, 12, 31)
        case "local" | "utc":
            return noon.replace(tzinfo=None)
        case "epoch":
            return int(noon.timestamp())
        case "epoch-ms":
            return int(noon.timestamp()) * 1000
    return noon


def times(time_type: TimeType, *, nullable: bool = True, sentinel: bool = False) -> Fill:
    """What is written into a column that starts a clock."""

    def fill(dice: Random, now: Now) -> Any:
        if sentinel and chance(dice, 15):
            return never(time_type)
        return written(moment(dice, now, unheard=25 if nullable else 0), time_type, now)

    return fill


# -- personal values --------------------------------------------------------------------------------------


def one_of(*values: Any) -> Fill:
    """One of these."""
    return lambda dice, now: dice.choice(values)


def _address(dice: Random, now: Now) -> str:
    """Different in every row; sometimes one that was masked before."""
    return f"gone-{now.n:016x}@invalid.example" if chance(dice, 10) else f"p{now.n}@mail.example"


def _phone(dice: Random, now: Now) -> Any:
    return dice.choice(
        [
            None,
            {},
            {"phone": None},
            {"phone": "010", "size": "M"},
            {"more": {"street": "길"}, "phone": "010"},
            {"list": [{"name": "a", "n": 1}, {"n": 2}, {"name": None}]},
            {"list": [], "more": {"street": "x", "floor": 3}},
        ]
    )


def _ago(days: int) -> Callable[[Random, Now], Any]:
    return lambda dice, now: dice.choice(
        [None, datetime(1990, 1, 1, tzinfo=UTC), now.as_of.astimezone(UTC) - timedelta(days=days, seconds=1)]
    )


def cells(item: str, name: str) -> dict[str, Column]:
    """Each kind of column that holds an item, with what the map says of it."""

    def masked(mask: str, **more: Any) -> dict[str, Any]:
        return {"item": item, "mask": mask, **more}

    texts = one_of("가나", "-", "it's 100%", "")
    addresses = one_of("203.0.113.7", "203.0.113.0", "2001:db8:1:2::3", None)
    inet = one_of(ip_address("203.0.113.7"), ip_address("2001:db8::1"), None)
    born = one_of(date(1990, 5, 17), date(1990, 1, 1), None)
    paths = {"$.phone": item, "$.more.street": item, "$.list[*].name": item}
    drawn = [
        ("null", Column(name, "text", one_of("x", "서울", None), said=item)),
        ("fixed", Column(name, "text", texts, nullable=False, said=masked("fixed(-)"))),
        (
            "tag on a UNIQUE column",
            Column(
                name,
                "text",
                _address,
                nullable=False,
                unique=True,
                said=masked("tag(gone-{tag}@invalid.example)"),
            ),
        ),
        ("null on a UNIQUE column", Column(name, "text", _address, unique=True, said=item)),
        ("truncated-ip as text", Column(name, "text", addresses, said=masked("truncated-ip"))),
        ("truncated-ip", Column(name, "inet", inet, said=masked("truncated-ip"))),
        ("year of a date", Column(name, "date", born, said=masked("year"))),
        ("year of an instant", Column(name, TIME_TYPES["instant"], _ago(100), said=masked("year"))),
        ("number", Column(name, "bigint", one_of(0, 7, -7), nullable=False, said=masked("fixed(0)"))),
        ("truth", Column(name, "boolean", one_of(True, False), nullable=False, said=masked("fixed(false)"))),
        (
            "mask within a CHECK",
            Column(
                name,
                "text",
                one_of("f", "m", "x"),
                nullable=False,
                only=("f", "m", "x"),
                said=masked("fixed(x)"),
            ),
        ),
        ("JSON path", Column(name, "jsonb", _phone, said={"json": paths})),
    ]
    return dict(drawn)


def file_column(item: str, name: str) -> Column:
    """A column that names a file."""

    def fill(dice: Random, now: Now) -> Any:
        return None if chance(dice, 30) else f"file-{name}-{now.n}.bin"

    return Column(name, "text", fill, said={"item": item, "file": "pictures"})
