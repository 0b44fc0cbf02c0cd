"""The made-up people of CaseNote are complete in kinds, and its promise can be read as it was and as it is."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from examples.casenote.doings import ADS, SEOUL
from examples.casenote.lives import KINDS, Kind, kind_of
from examples.casenote.world import CASENOTE, SETTING
from examples.made_up.canary import PATTERN
from examples.made_up.person import ROOM, Row
from examples.made_up.world import World, generate

from jikim.law.resolve import resolve
from jikim.policy.parse import parse
from jikim.policy.unstated import unstated
from jikim.source import SourceError

PEOPLE = 200
CARRIES = {
    "members": {"email", "name", "password_hash"},
    "sessions": {"token_hash", "device"},
    "folders": {"name"},
    "saved_cases": {"memo"},
    "search_log": {"terms"},
    "usage_log": {"device", "page"},
    "orders": {"summary"},
    "payments": {"approval"},
    "refunds": {"reason"},
    "enquiries": {"email", "body"},
    "answers": {"body"},
    "abuse_records": {"detail"},
    "mailing_consents": {"email"},
    "ad_mailings": {"subject"},
    "withdrawals": {"email"},
}
"""The columns that hold a person's own text."""


@cache
def world() -> dict[str, list[Row]]:
    return generate(SETTING, CASENOTE.seed, PEOPLE)


def of(kind: Kind, table: str) -> list[Row]:
    """The rows that people of a kind left in a table."""
    rows = ((row, row["id"]) for row in world()[table])
    return [row for row, key in rows if isinstance(key, int) and kind_of(key // ROOM) == kind]


def ends(kind: Kind) -> list[datetime]:
    """When the members of a kind left or withdrew."""
    both = (row["left_at"] or row["withdrawn_at"] for row in of(kind, "members"))
    return [at.astimezone(SEOUL) for at in both if isinstance(at, datetime)]


def test_each_kind_of_life_meets_its_corner() -> None:
    """Midnights, leap days, ends of months, withdrawals inside a campaign, and what is left open or refused."""
    assert Counter(map(kind_of, range(1, 21))) == Counter(KINDS)
    assert {at.time().isoformat() for at in ends("midnight")} == {"00:00:00"}
    assert (2, 29) in {(at.month, at.day) for at in ends("leap-day")}
    assert {(at + timedelta(days=1)).day for at in ends("month-end")} == {1}
    campaigns = [(begins, over) for _, begins, over in ADS]
    inside = [any(begins < at < over for begins, over in campaigns) for at in ends("campaign")]
    assert inside.count(True) > len(inside) / 2
    assert of("campaign", "ad_mailings")
    assert [row["told_at"] for row in of("withdraws", "withdrawals")].count(None) == 0
    assert None in {row["answered_at"] for row in of("withdraws", "enquiries")}
    refunds = [(row["closed_at"] is None, row["refunded_at"] is None) for row in world()["refunds"]]
    assert set(refunds) == {(False, False), (False, True)}
    assert ends("stays") == []
    for kind, table, closed in (
        ("unsettled", "payments", "settled_at"),
        ("complains", "enquiries", "closed_at"),
    ):
        dates = [row[closed] for row in of(kind, table)]
        assert 0 < dates.count(None) < len(dates)
    assert of("guest", "members") == of("visitor", "members") == []
    assert of("guest", "enquiries")
    assert of("visitor", "usage_log")
    assert len(of("rejoins", "members")) > len(ends("rejoins"))


def test_every_text_of_a_person_holds_a_canary() -> None:
    """In rows and in lines of log files; whatever of it is found later was left over."""
    for table, columns in CARRIES.items():
        for column in columns:
            texts = [str(row[column]).encode() for row in world()[table] if row[column] is not None]
            assert texts, (table, column)
            assert all(PATTERN.search(text) for text in texts), (table, column)
    files = World(SETTING, CASENOTE.seed, 20).until(SETTING.end).appended
    assert files
    assert all(PATTERN.search(line) for text in files.values() for line in text.splitlines())


def test_the_promise_is_sound_and_the_text_that_was_published_is_not() -> None:
    """Both can be read; only the first can be bound to the law, with nothing left unsaid."""
    sound, published = ((CASENOTE.folder / f"{n}.yaml").read_bytes() for n in ("policy", "as-published"))
    resolve(parse(sound, name="policy.yaml"), in_force_on=date(2026, 2, 2))
    assert list(unstated(sound, name="policy.yaml")) == []
    assert list(unstated(published, name="as-published.yaml"))
    with pytest.raises(SourceError):
        resolve(parse(published, name="as-published.yaml"), in_force_on=date(2026, 2, 2))
