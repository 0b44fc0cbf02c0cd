"""SQLite compares times by itself where it can; the function that says what they mean is never contradicted."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jikim.backends.sqlite.dialect import SQLite
from jikim.backends.sqlite.functions import Functions, key_of, moment_text
from jikim.datamap.schema import TimeType

COLUMN = 'r."at"'
SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
CUTOFFS = (
    datetime(2026, 2, 28, 15, tzinfo=UTC),
    datetime(2026, 3, 8, 6, 59, 59, 999999, tzinfo=UTC),  # a minute before clocks in New York are set forward
    datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK),  # the second of two half past ones
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(9999, 12, 30, 12, tzinfo=SEOUL),
)
DAYS = [
    "2026-02-28",
    "2026-02-29",
    "2026-02-30",
    "2026-03-01",
    "2025-12-31",
    "0001-01-01",
    "0000-01-01",
    "9999-12-31",
]
CLOCKS = ("", " 15:00:00", "T15:00:00", " 14:59:59", " 15:00", " 24:00:00", " 23:59:60", "  15:00:00")
TAILS = (
    "",
    "Z",
    "z",
    "+00:00",
    "+09:00",
    "-15:00",
    "+09",
    "+0900",
    " +09:00",
    ".5",
    ".123456",
    ".123Z",
    ".9999999999",
)
ENDS = ("", "", "", " ", "\x00", "\x00x")
NEAR = [c + n * timedelta(hours=h) for c in CUTOFFS[:3] for h in (0, 1, 25, 73) for n in (-1, 1)]
EARLY = datetime(1970, 1, 2, tzinfo=UTC)
FORMS: tuple[Callable[[datetime], Any], ...] = (
    lambda at: at.isoformat(" ", "seconds"),
    lambda at: at.isoformat("T", "microseconds"),
    lambda at: at.replace(tzinfo=None).isoformat(" ", "seconds"),
    lambda at: at.replace(tzinfo=None).isoformat("T", "microseconds"),
    lambda at: at.date().isoformat(),
    lambda at: int(at.timestamp()),
    lambda at: int(at.timestamp() * 1000),
    lambda at: at.timestamp(),
)
instants = st.one_of(
    st.sampled_from(NEAR), st.builds(lambda s: EARLY + timedelta(seconds=s), st.integers(0, 4 * 10**9))
)
values = st.one_of(
    st.builds("".join, st.tuples(*map(st.sampled_from, (DAYS, CLOCKS, TAILS, ENDS)))),
    st.builds(
        lambda at, form, zone: form(at.astimezone(zone)),
        instants,
        st.sampled_from(FORMS),
        st.sampled_from([UTC, SEOUL, NEW_YORK]),
    ),
    st.one_of(st.integers(-(2**62), 2**62), st.floats(allow_nan=False), st.none()),
    st.one_of(st.binary(max_size=20), st.text(max_size=20)),
)
"""Times as people's software writes them, such as it should not, and what is no time at all."""


@pytest.fixture(scope="module")
def asked() -> Any:
    """What SQLite answers to a condition about one value, or that it refused."""
    sessions = {}
    for zone in (SEOUL, NEW_YORK):
        sessions[zone] = sqlite3.connect(":memory:")
        Functions(zone, b"k" * 32, None).install(sessions[zone])
        for kind in ("datetime", "text", "integer", "blob"):
            sessions[zone].execute(f"create table of_{kind} (at {kind})")

    def ask(zone: ZoneInfo, kind: str, value: Any, condition: str, said: dict[str, Any]) -> Any:
        session = sessions[zone]
        session.execute(f"delete from of_{kind}")
        session.execute(f"insert into of_{kind} values (?)", [value])
        try:
            return session.execute(f"select {condition} from of_{kind} r", said).fetchone()[0]
        except (sqlite3.Error, OverflowError):
            return "refused"

    yield ask
    for session in sessions.values():
        session.close()


@settings(max_examples=200, deadline=None)
@given(
    value=values,
    by=st.sampled_from(CUTOFFS),
    time_type=st.sampled_from(["instant", "local", "utc", "epoch", "epoch-ms", "date"]),
    zone=st.sampled_from([SEOUL, NEW_YORK]),
    kind=st.sampled_from(["datetime", "text", "integer", "blob"]),
    sign=st.sampled_from(["<=", ">"]),
)
@example("2026-02-30 00:00:00", CUTOFFS[0], "utc", SEOUL, "datetime", ">")
@example("2026-03-01 00:00:00", CUTOFFS[0], "local", SEOUL, "datetime", "<=")
@example("2026-03-01 00:00:00.000001", CUTOFFS[0], "local", SEOUL, "text", "<=")
@example("2026-01-01 00:00:00\x00", CUTOFFS[0], "utc", SEOUL, "text", ">")
@example("2026-11-01 01:45:00", CUTOFFS[2], "local", NEW_YORK, "text", "<=")
@example("0000-02-01 15:00:00", CUTOFFS[0], "utc", SEOUL, "text", "<=")
@example("0000-02-01T15:00:00Z", CUTOFFS[0], "instant", SEOUL, "datetime", "<=")
@example(b"2026-01-01T00:00:00Z", CUTOFFS[0], "utc", SEOUL, "blob", ">")
def test_a_time_is_on_the_side_of_a_cutoff_where_the_function_sees_it(
    asked: Callable[..., Any],
    value: Any,
    by: datetime,
    time_type: TimeType,
    zone: ZoneInfo,
    kind: str,
    sign: Literal["<=", ">"],
) -> None:
    """However a value is spelled: the same answer, and refused where the function refuses."""
    dialect = SQLite(zone)
    cutoff: datetime | date = by.date() if time_type == "date" else by
    condition = dialect.compared(COLUMN, sign, cutoff, time_type)
    roughly = dialect.roughly(COLUMN, cutoff, time_type) if sign == "<=" else "true"
    taught = f"{dialect._taught('moment', COLUMN, time_type)} {sign} :by"
    said = {**dialect.values.said, "by": moment_text(cutoff)}
    expected = asked(zone, kind, value, f"({roughly} and {taught})", said)
    assert asked(zone, kind, value, condition, said) == expected
    sure = SQLite(zone, dialect.values, frozenset({(COLUMN, time_type)})).compared(
        COLUMN, sign, cutoff, time_type
    )
    looked = f"case when {dialect.plainly(COLUMN, time_type)} then {sure} else {condition} end"
    said = {**dialect.values.said, "by": moment_text(cutoff)}
    assert asked(zone, kind, value, looked, said) == expected


@settings(max_examples=200, deadline=None)
@given(
    value=values,
    time_type=st.sampled_from(["instant", "local", "utc", "epoch", "date"]),
    zone=st.sampled_from([SEOUL, NEW_YORK]),
    kind=st.sampled_from(["datetime", "text", "integer", "blob"]),
)
@example("2026-02-28 15:00:00", "utc", SEOUL, "datetime")
@example("2026-02-28 15:00:01", "utc", SEOUL, "datetime")
@example("2026-02-28 00:00:00", "local", SEOUL, "datetime")
@example("2026-02-28 23:59:59", "instant", SEOUL, "text")
@example("1988-05-08 15:00:00", "utc", SEOUL, "text")
@example("2026-03-08 05:00:00", "utc", NEW_YORK, "text")
@example("2026-02-28", "date", NEW_YORK, "text")
@example("2026-02-30", "date", SEOUL, "text")
def test_a_period_counts_from_the_day_that_the_function_says(
    asked: Callable[..., Any], value: Any, time_type: TimeType, zone: ZoneInfo, kind: str
) -> None:
    """SQLite reckons it where a zone's clocks never change; the start of a day is that day's, all else the next's."""
    dialect = SQLite(zone)
    reckoned, taught = (
        dialect.first_counted_day(COLUMN, time_type),
        dialect._taught("first_day", COLUMN, time_type),
    )
    expected = asked(zone, kind, value, taught, dialect.values.said)
    assert asked(zone, kind, value, reckoned, dialect.values.said) == expected


@given(st.lists(st.one_of(st.text(), st.none()), min_size=1, max_size=3))
def test_a_key_is_the_same_list_in_json_whoever_writes_it(parts: list[str | None]) -> None:
    """Holds and copies name people by it: what SQLite makes of the parts is what Python makes of them."""
    names = [f":p{n}" for n in range(len(parts))]
    with closing(sqlite3.connect(":memory:")) as session:
        said = {f"p{n}": part for n, part in enumerate(parts)}
        assert session.execute(f"select {SQLite(SEOUL).key(names)}", said).fetchone()[0] == key_of(parts)  # type: ignore[arg-type]
