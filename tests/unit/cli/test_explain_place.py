"""A place to explain is a table, or a column of one; either name may hold a dot."""

import pytest
from tests.unit.plan import small

from jikim.cli.explain import parted_place


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        ("orders", ("orders", "")),
        ("orders.note", ("orders", "note")),
        ("audit.logins", ("audit.logins", "")),
        ("audit.logins.ip", ("audit.logins", "ip")),
        ("orders.a.b", ("orders", "a.b")),
        ("nobody.knows", ("nobody", "knows")),
        ("", ("", "")),
    ],
)
def test_the_longest_table_that_is_kept_is_meant(place: str, parts: tuple[str, str]) -> None:
    """What is no table that is kept is parted at its first dot, to be told so."""
    variants = [small.variant(small.BY_PERSON, small.purchase())]
    tables = [small.table(name, (), variants) for name in ("orders", "audit.logins", "audit")]
    assert parted_place(place, small.schedules(*tables)) == parts
