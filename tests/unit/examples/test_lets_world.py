"""The made-up people of LETS: complete in kinds, marked in every text, and joined together by nothing but care."""

from functools import cache

from examples.lets.lives import KINDS, kind_of
from examples.lets.world import LETS, PRIMARY_KEY, SETTING
from examples.made_up.canary import PATTERN
from examples.made_up.person import ROOM, Row
from examples.made_up.world import generate

from jikim.datamap.parse import parse

PARENTS = {
    "document_words": ("document_id", "documents"),
    "shares": ("document_id", "documents"),
    "document_edits": ("document_id", "documents"),
    "contacts": ("book_id", "address_books"),
    "access_tokens": ("session_id", "sessions"),
    "link_tokens": ("link_id", "linked_accounts"),
    "linked_profiles": ("link_id", "linked_accounts"),
    "payments": ("order_id", "orders"),
    "refunds": ("order_id", "orders"),
    "ticket_replies": ("ticket_id", "tickets"),
}
CODES = {("payments", "currency"), ("shares", "may"), ("refunds", "outcome"), ("consents", "version")}
"""Columns that hold one of a few codes, of which a canary can be no part."""


@cache
def world() -> dict[str, list[Row]]:
    return generate(SETTING, LETS.seed, 100)


def test_every_personal_text_carries_a_canary_and_no_other() -> None:
    """As the map has it: what is said to hold nothing personal carries none."""
    tables = parse((LETS.folder / "datamap.yaml").read_bytes(), name="datamap.yaml")[0].tables
    for table, rows in world().items():
        held = {name: column.items for name, column in tables[table].columns.items()}
        for row in rows:
            for column, value in row.items():
                code = (table, column) in CODES
                told = bool(held.get(column)) and not code and isinstance(value, str | dict)
                assert bool(PATTERN.search(str(value).encode())) == told, (table, column)


def test_rows_fit_together_and_only_the_orphans_have_no_member() -> None:
    """The database would not mind; who is named by number came before, was never there, or is an orphan."""
    keys = {table: {row[PRIMARY_KEY[table]] for row in rows} for table, rows in world().items()}
    lost = set()
    for table, rows in world().items():
        for row in rows:
            if table in PARENTS:
                column, parent = PARENTS[table]
                assert row[column] in keys[parent], table
            member = row.get("member_id")
            if isinstance(member, int) and member not in keys["members"]:
                assert kind_of(member // ROOM) == "orphan"
                lost.add(table)
    assert lost >= {
        "profiles",
        "sessions",
        "contacts",
        "linked_accounts",
        "mailings",
        "tickets",
        "abuse_records",
    }


def test_every_kind_of_life_is_led_and_every_table_is_filled() -> None:
    assert {kind_of(number) for number in range(1, 21)} == set(KINDS)
    assert [table for table, rows in world().items() if not rows] == []
