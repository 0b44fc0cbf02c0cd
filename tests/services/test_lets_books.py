"""LETS: what a statute keeps of orders, payments, credit, complaints and sign-ins; apart, and until its day."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from ipaddress import ip_address

import pytest
from examples.lets.world import LETS
from tests.keeping import seoul
from tests.services.conftest import Opened
from tests.services.lets_days import GONE, IP, JOINED, LEFT, around, ask, buy, join, leave
from tests.services.rules import DROPPED, Case, Edit, by_law, changed, keep, without_record
from tests.services.scene import Scene

from jikim.datamap.check import check

CLOSED = seoul(2025, 2, 10, 12)
"""When books are closed here. Five years run out on Sunday 10 February 2030."""
ENDS = {1: seoul(2026, 2, 11), 3: seoul(2028, 2, 11), 5: seoul(2030, 2, 12)}
"""When what a statute keeps for so many years from then may go."""
CARD = re.compile(rb"9999[- ]?0000[- ]?1111[- ]?2222")


@pytest.fixture
def lets(opened: Opened) -> Iterator[Scene]:
    with opened(LETS) as scene:
        yield scene


def ends(lets: Scene, *names: str) -> dict[str, datetime]:
    """When the only copy under each of these names goes."""
    return {name: lets.copy(*name.split(" as ")).until for name in names}


def test_books_of_who_left_are_kept_apart_as_long_as_a_statute_says(lets: Scene) -> None:
    """0-20, 0-21, 0-22: orders, withdrawals and payments for five years, a complaint for three; their items only.

    A refund that is refused ends like one that is paid back.
    """
    member = join(lets)
    order, payment = buy(lets, member)
    lets.change("orders", order, completed_at=CLOSED)
    lets.change("payments", payment, settled_at=CLOSED)
    asked = {"reason": "too slow", "outcome": "refused", "asked_at": JOINED}
    lets.add("refunds", order_id=order, closed_at=CLOSED, **asked)
    complaint = ask(lets, member, "complaint", at=JOINED)
    lets.change("tickets", complaint, answered_at=CLOSED, closed_at=CLOSED)
    leave(lets, member)
    books = {"members", "orders", "payments", "refunds"}
    three = {"tickets as complaints", "ticket_replies as complaints"}
    five = {"orders as contracts", "refunds as contracts", "payments as payments"}
    before, after = (books, three), (set[str](), three | five)
    around(lets, GONE, lambda: (lets.filled(), lets.archived()), before=before, after=after)
    assert ends(lets, *three, *five) == {**dict.fromkeys(three, ENDS[3]), **dict.fromkeys(five, ENDS[5])}
    who = {"member_name": "haru", "member_email": "haru@mail.example"}
    assert lets.copy("orders", "contracts").content == {
        **{"summary": "a year", "amount": Decimal(11900), "ordered_at": JOINED, "completed_at": CLOSED},
        **who,
    }
    assert lets.copy("payments", "payments").content == {
        **{
            "approval": "ap_7",
            "amount": Decimal(11900),
            "currency": "KRW",
            "billing_address": "12 Example-ro",
        },
        **{"paid_at": JOINED, "settled_at": CLOSED},
        **who,
    }
    assert lets.copy("refunds", "contracts").content == {
        **{"reason": "too slow", "outcome": "refused", "asked_at": JOINED, "closed_at": CLOSED},
        **who,
    }
    assert lets.copy("tickets", "complaints").content == {
        **{"title": "slow", "body": "very slow", "created_at": JOINED, "closed_at": CLOSED},
        **who,
    }
    around(lets, ENDS[3], lets.archived, before=three | five, after=five)
    around(lets, ENDS[5], lets.archived, before=five, after=set[str]())


def test_credit_is_kept_for_five_years_and_small_movements_for_one(lets: Scene) -> None:
    """0-23: what was paid in beforehand, by amount; a payment by card is none of this."""
    member = join(lets)
    for amount in (10_000, 10_001):
        about = {"amount": amount, "small": amount <= 10_000, "words": f"paid in {amount}"}
        lets.add("credit_movements", member_id=member, at=CLOSED, **about)
    buy(lets, member)
    leave(lets, member)
    small, other = "credit_movements as small-transactions", "credit_movements as transactions"
    kept = {"members", "orders", "payments"}
    before, after = (kept | {"credit_movements"}, set[str]()), (kept, {small, other})
    around(lets, GONE, lambda: (lets.filled(), lets.archived()), before=before, after=after)
    assert ends(lets, small, other) == {small: ENDS[1], other: ENDS[5]}
    assert lets.copy("credit_movements", "small-transactions").content == {
        **{"amount": Decimal(10_000), "words": "paid in 10000", "at": CLOSED},
        **{"member_name": "haru", "member_email": "haru@mail.example"},
    }
    around(lets, ENDS[1], lets.archived, before={small, other}, after={other})


def test_who_is_not_obliged_keeps_no_movement_of_credit(opened: Opened) -> None:
    """Without the records of that law movements of credit go with the membership, and nothing of them is archived.

    That such a service may not claim the records at all is for the law's lint (L-06) to say.
    """
    unobliged: tuple[Edit, ...] = (
        ("policy/controller/obliged_as", ["online-seller", "value-added-telecom"]),
        *without_record("small-transactions", "credit_movements/rows/small"),
        *without_record("transactions", "credit_movements/rows/other"),
    )
    with opened(LETS, changed(LETS, unobliged)) as lets:
        member = join(lets)
        for small in (True, False):
            lets.add("credit_movements", member_id=member, amount=7, small=small, words="paid in", at=CLOSED)
        leave(lets, member)
        lets.sweep(GONE)
        assert (lets.filled(), lets.archived()) == (set(), set())


def test_sign_ins_are_kept_for_three_months(lets: Scene) -> None:
    """0-13, 0-24: of who left apart and without a name. On 3 June 2025 is an election: the law waits a day."""
    stays, leaves = join(lets, "nuri"), join(lets)
    for member in (stays, leaves):
        lets.add("login_log", member_id=member, ip=IP, outcome="signed in", at=LEFT)
    leave(lets, leaves, at=seoul(2025, 5, 6, 12))

    def look() -> tuple[set[int], int]:
        return {row["member_id"] for row in lets.rows("login_log")}, len(lets.copies("login_log", "logins"))

    around(lets, seoul(2025, 5, 7), look, before=({stays, leaves}, 0), after=({stays}, 1))
    assert lets.copy("login_log", "logins").content == {
        "ip": ip_address(IP),
        "outcome": "signed in",
        "at": LEFT,
    }
    for day, seen in ((3, ({stays}, 1)), (4, (set(), 2)), (5, (set(), 0))):
        lets.sweep(seoul(2025, 6, day))
        assert look() == seen, day


def test_a_card_leaves_a_token_until_settlement_and_a_complaint_goes_apart_when_closed(lets: Scene) -> None:
    """0-06, 0-16, 0-22: no column may hold a card number; the token goes the night after, and the payment is shown on.

    A complaint is archived with the name as it is closed, while the member stays.
    """
    mapped = changed(LETS, (("map/tables/payments/columns/approval", "card"),)).datamap
    refused = check(mapped, schema=lets.schema, policy=lets.kept.promise.resolved.policy)
    assert "never-stored" in {finding.code for finding in refused}
    member = join(lets)
    _, payment = buy(lets, member)
    lets.change("payments", payment, settled_at=CLOSED)
    lets.change("tickets", ask(lets, member, "complaint"), answered_at=JOINED, closed_at=CLOSED)

    def look() -> tuple[str | None, str, set[str]]:
        row = lets.only("payments")
        return row["token"], row["approval"], lets.archived()

    apart = {"tickets as complaints", "ticket_replies as complaints"}
    before, after = ("tok_7", "ap_7", set[str]()), (None, "ap_7", apart)
    around(lets, seoul(2025, 2, 11), look, before=before, after=after)
    assert ends(lets, *apart) == dict.fromkeys(apart, ENDS[3])
    assert lets.copy("ticket_replies", "complaints").content["member_name"] == "haru"
    assert not any(lets.everywhere(pattern=CARD).values())
    lets.change("payments", payment, approval="9999 0000 1111 2222")
    assert lets.everywhere(pattern=CARD)["rows"] == {b"9999 0000 1111 2222"}


def test_open_books_wait_for_their_day_and_nobody_else_reads_the_archive(lets: Scene) -> None:
    """0-21: settled months after the leaving, a payment is archived with the name that waited for it."""
    member = join(lets)
    order, payment = buy(lets, member)
    leave(lets, member)
    lets.sweep(GONE)
    waiting = lets.only("members")
    assert (waiting["name"], waiting["password_hash"]) == ("haru", "-")
    late = seoul(2025, 7, 1, 12)
    lets.change("orders", order, completed_at=late)
    lets.change("payments", payment, settled_at=late)
    names = {"orders as contracts", "payments as payments"}
    before, after = ({"members", "orders", "payments"}, set[str]()), (set[str](), names)
    around(lets, seoul(2025, 7, 2), lambda: (lets.filled(), lets.archived()), before=before, after=after)
    assert ends(lets, *names) == dict.fromkeys(names, seoul(2030, 7, 2))
    assert lets.copy("payments", "payments").content["member_name"] == "haru"
    reading = (
        "select role from unnest(array['lets_app', 'lets_sweeper']) role where exists (select from pg_tables"
        " where schemaname = 'kept_by_law' and has_schema_privilege(role, schemaname, 'usage')"
        " and has_table_privilege(role, format('%I.%I', schemaname, tablename), 'select'))"
    )
    assert lets.kept.execute(reading) == []


def test_a_member_keeps_what_was_bought(lets: Scene) -> None:
    """0-14: orders, payments and credit are shown for as long as the membership, however long ago."""
    member = join(lets, at=seoul(2016, 1, 4))
    order, payment = buy(lets, member, at=seoul(2016, 1, 4))
    lets.change("orders", order, completed_at=seoul(2016, 1, 6))
    lets.change("payments", payment, settled_at=seoul(2016, 1, 6))
    about = {"amount": 50_000, "small": False, "words": "paid in"}
    lets.add("credit_movements", member_id=member, at=seoul(2016, 1, 4), **about)
    lets.sweep(seoul(2031, 1, 1))
    assert lets.filled() == {"members", "orders", "payments", "credit_movements"}
    assert (lets.only("payments")["approval"], lets.archived()) == ("ap_7", set())


BOOKS = test_books_of_who_left_are_kept_apart_as_long_as_a_statute_says
WITHOUT = {
    "contracts for as long as complaints": Case(BOOKS, by_law("contracts", "kr.ecommerce.complaint")),
    "an archive of more than is held": Case(
        BOOKS,
        (
            (
                "policy/kept_by_law/payments/items",
                ["name", "email", "payment-record", "billing-address", "payment-token"],
            ),
        ),
    ),
    "small movements for five years": Case(
        test_credit_is_kept_for_five_years_and_small_movements_for_one,
        by_law("small-transactions", "kr.electronic-finance.transaction"),
    ),
    "sign-ins under no law": Case(
        test_sign_ins_are_kept_for_three_months, without_record("logins", "login_log")
    ),
    "tokens of payments stay": Case(
        test_a_card_leaves_a_token_until_settlement_and_a_complaint_goes_apart_when_closed,
        keep("settlement", "until membership ended"),
    ),
    "cards may be stored": Case(
        test_a_card_leaves_a_token_until_settlement_and_a_complaint_goes_apart_when_closed,
        (("policy/items/card/stored", DROPPED),),
    ),
    "an archive open to the service": Case(
        test_open_books_wait_for_their_day_and_nobody_else_reads_the_archive,
        (
            (
                "sql",
                "grant usage on schema kept_by_law to lets_app;"
                " grant select on all tables in schema kept_by_law to lets_app",
            ),
        ),
    ),
    "credit ends by itself": Case(
        test_a_member_keeps_what_was_bought, keep("credit", "1 year after transaction made")
    ),
}
