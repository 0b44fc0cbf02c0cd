"""What leaves with rows: until when copies of them are kept."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from jikim.backends.sql.leaving import due_days
from jikim.law.holidays import korea
from jikim.plan.schedule import Calendar
from jikim.policy.period import Period

CALENDAR = Calendar(ZoneInfo("Asia/Seoul"), korea(range(2015, 2040)), Period(5, "days"))


@pytest.mark.parametrize("period", ["3 months", "1 year", "3 years", "5 years", "90 days"])
@pytest.mark.parametrize("at", [datetime(2026, 2, 28, 15, tzinfo=UTC), datetime(2024, 2, 29, 16, tzinfo=UTC)])
def test_days_follow_one_another_and_what_began_to_count_later_is_kept_no_shorter(
    period: str, at: datetime
) -> None:
    days = due_days(Period.parse(period), at, CALENDAR)
    assert len(days) > 80
    for (later, kept_longer), (day, kept) in pairwise(days):
        assert later - day == timedelta(days=1)
        assert kept_longer >= kept > at
