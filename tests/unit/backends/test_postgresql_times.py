"""Times without a zone, compared with an instant as the memory model compares them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.plan.decide import has_happened, moment


@pytest.mark.parametrize(
    ("zone", "set_back"),
    [
        ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
        ("Asia/Seoul", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ],
)
def test_what_a_clock_shows_twice_has_been_by_the_second_time(zone: str, set_back: datetime) -> None:
    """Clocks are set back by an hour, by half of one, or not at all: every quarter on both sides is judged alike."""
    minutes = [timedelta(minutes=n) for n in range(-180, 181, 15)]
    for as_of in (set_back + each for each in minutes):
        dialect = PostgreSQL(ZoneInfo(zone))
        dialect.time(as_of, "local")
        [cutoff] = dialect.values.said.values()
        for instant in (set_back + each for each in minutes):
            shown = instant.astimezone(dialect.zone).replace(tzinfo=None, fold=0)
            means = moment(shown, time_type="local", zone=dialect.zone)
            assert means is not None
            assert (shown <= cutoff) == has_happened(means, as_of=as_of, zone=dialect.zone), (as_of, shown)
