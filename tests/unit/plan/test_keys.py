"""The one text of each value of a key, and when two texts name one person."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from uuid import UUID

import pytest

from jikim.plan.keys import matched, text_of

SEOUL = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("A b", "A b"),
        (42, "42"),
        (True, "true"),
        (False, "false"),
        (Decimal("1.50"), "1.50"),
        (Decimal("0.00000001"), "0.00000001"),
        (Decimal("1E+3"), "1000"),
        (UUID(int=10), "00000000-0000-0000-0000-00000000000a"),
        (b"\x6a\x00", "\\x6a00"),
        (memoryview(b"\x6a"), "\\x6a"),
        (date(26, 3, 1), "0026-03-01"),
        (datetime(2026, 3, 1, 9, tzinfo=SEOUL), "2026-03-01 00:00:00+00"),
        (datetime(2026, 3, 1, 9, 0, 0, 120, tzinfo=UTC), "2026-03-01 09:00:00.00012+00"),
        (datetime(2026, 3, 1, 9, 0, 0, 500_000), "2026-03-01 09:00:00.5"),  # noqa: DTZ001 - as stored
        (ip_address("192.0.2.1"), "192.0.2.1"),
        (ip_interface("192.0.2.1/24"), "192.0.2.1/24"),
        (ip_network("192.0.2.0/24"), "192.0.2.0/24"),
    ],
)
def test_every_value_has_one_text(value: object, text: str) -> None:
    """As PostgreSQL writes it with ISO dates, in UTC."""
    assert text_of(value) == text


def test_any_case_is_that_of_twenty_six_letters() -> None:
    """No other letter changes, however Unicode folds it: so every store says the same."""
    assert matched("KIM.Lee+1@X.Example", "any-case") == "kim.lee+1@x.example"
    others = "İıßẞſςΣÅÅÀ가K"
    assert matched(others, "any-case") == others.replace("K", "k") == "İıßẞſςΣÅÅÀ가k"
    assert matched("Kim", "exact") == "Kim"
