"""liteCam: what is bought, with an account or without, what the law keeps of it on another server, and what lies
outside the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from examples.litecam import elsewhere
from examples.litecam.world import LITECAM
from psycopg import Connection
from tests.keeping import audit_of, seoul
from tests.services.conftest import Opened
from tests.services.litecam import (
    COMPLETED,
    CONTRACT_ENDS,
    GONE,
    JOINED,
    LEFT,
    SETTLED,
    SETTLED_ENDS,
    archive_url,
    joined,
    left,
    ordered,
    paid,
    sheet,
    wrote,
)
from tests.services.rules import Case, by_law, keep, without_record
from tests.services.scene import Scene

from jikim.plan.finding import FindingKind

KNOWN_THERE = "do $$ begin create role litecam_app login; exception when duplicate_object then null; end $$"


@pytest.fixture
def litecam(opened: Opened) -> Iterator[Scene]:
    with opened(LITECAM) as scene:
        yield scene


@contextmanager
def archive_of(scene: Scene) -> Iterator[Connection[Any]]:
    """The archive's own server, as whoever runs it."""
    with psycopg.connect(archive_url(scene), autocommit=True) as connection:
        yield connection


def tasks(scene: Scene) -> elsewhere.Tasks:
    with psycopg.connect(scene.kept.url) as app, archive_of(scene) as archive:
        return elsewhere.tasks(app, archive)


def test_what_was_bought_is_kept_apart_for_five_years(litecam: Scene) -> None:
    """1-08, 1-22, 1-23, 1-25: each from its own day and with its own items, of a buyer without an account.

    Where it was sent to goes when it has arrived. A refund ends when it is refused, too.
    """
    order = ordered(litecam, completed=COMPLETED)
    paid(litecam, order, settled=SETTLED)
    money: dict[str, Any] = {"reason": "too slow", "amount": Decimal(59000), "requested_at": JOINED}
    litecam.add("refunds", order_id=order, **money, outcome="refused", closed_at=SETTLED)
    parcel = {"recipient": "nuri", "address": "가람시 늘솔길 1", "phone": "010-0000-0001", "parcel": "P-1"}
    litecam.add("deliveries", order_id=order, **parcel, sent_at=JOINED, arrived_at=COMPLETED)
    first, later = (
        {"orders as contracts", "deliveries as supplies"},
        {"payments as payments", "refunds as contracts"},
    )
    ordered(litecam)
    assert litecam.around(seoul(2025, 2, 4), lambda: (litecam.count("deliveries"), litecam.archived())) == [
        (1, set()),
        (0, first),
        (0, first),
    ]
    copy = litecam.copy("orders", "contracts")
    assert copy.whose == ("buyer", ("nuri@mail.example",))
    assert copy.content == {
        "email": "nuri@mail.example",
        "amount": Decimal(59000),
        "summary": "recorder, a year",
        "ordered_at": JOINED,
        "completed_at": COMPLETED,
        "member_name": None,
    }
    sent = litecam.copy("deliveries", "supplies").content
    assert (sent["parcel"], sent["buyer_email"]) == ("P-1", "nuri@mail.example")
    assert not {"address", "phone"} & set(sent)
    litecam.sweep(seoul(2025, 2, 11))
    assert litecam.archived() == first | later
    assert litecam.copy("refunds", "contracts").content["reason"] == "too slow"
    assert litecam.around(CONTRACT_ENDS, litecam.archived) == [first | later, later, later]
    assert litecam.around(SETTLED_ENDS, litecam.archived) == [later, set(), set()]
    assert litecam.filled() == {"orders"}


def test_card_and_account_and_the_processors_copy_end_with_the_settlement(litecam: Scene) -> None:
    """1-04, 1-19: emptied the night after, though the order is still open; what the law keeps has no column for them.

    The processor is asked to delete what it was given, though its contract goes on, and certifies that it did.
    """
    order = ordered(litecam)
    payment = paid(litecam, order, settled=SETTLED)
    number = litecam.add("elsewhere", kind="copy", place="cards")
    litecam.add("handovers", payment_id=payment, number=number, handed_at=JOINED)

    def look() -> list[Any]:
        row = litecam.only("payments")
        return [row["card"], row["bank_account"], row["approval"], set(tasks(litecam).ask)]

    assert litecam.around(seoul(2025, 2, 11), look) == [
        ["enc:card", "enc:account", "ap_1", set()],
        [None, None, "ap_1", {number}],
        [None, None, "ap_1", {number}],
    ]
    with psycopg.connect(litecam.kept.url) as app:
        elsewhere.gone(app, number, how="certified", at=LEFT)
    assert not tasks(litecam).ask
    litecam.change("orders", order, completed_at=LEFT)
    litecam.sweep(GONE)
    assert litecam.filled() == set()
    who = {"buyer_email", "member_email", "member_name"}
    assert set(litecam.copy("payments", "payments").content) == {
        "approval",
        "amount",
        "paid_at",
        "settled_at",
        *who,
    }
    with archive_of(litecam) as archive:
        columns = "select column_name from information_schema.columns where table_schema = 'kept_by_law'"
        names = {name for (name,) in archive.execute(columns.encode())}
    assert "approval" in names
    assert not {name for name in names if "card" in name or "bank" in name}


def test_a_card_number_in_clear_is_found(litecam: Scene) -> None:
    """An audit sees a card number or an account in clear, whatever the policy says of it."""
    payment = paid(litecam, ordered(litecam))
    assert secrets(litecam) == set()
    litecam.change("payments", payment, card="4111 1111 1111 1111")
    assert secrets(litecam) == {"payments.card"}
    litecam.change("payments", payment, bank_account="110-234-567890")
    assert secrets(litecam) == {"payments.card", "payments.bank_account"}


def secrets(scene: Scene) -> set[str]:
    """The columns where an audit sees secrets in clear."""
    found = audit_of(scene.kept, as_of=LEFT).findings
    return {each.where for each in found if each.kind is FindingKind.CLEAR_SECRET}


def test_open_books_outlive_the_membership(litecam: Scene) -> None:
    """1-23, 1-26: an order that is completed after its member left takes the name along that waited for it."""
    member = joined(litecam)
    order = ordered(litecam, member)
    left(litecam, member)
    litecam.sweep(GONE)
    stub = litecam.only("members")
    assert (stub["name"], stub["password_hash"]) == ("haru", "-")
    litecam.change("orders", order, completed_at=seoul(2025, 7, 1, 12))
    litecam.sweep(seoul(2025, 7, 2))
    assert litecam.filled() == set()
    assert litecam.copy("orders", "contracts").content["member_name"] == "haru"


def test_only_what_a_law_holds_moves_and_the_service_cannot_reach_it(litecam: Scene) -> None:
    """1-26, 1-27, 1-32: it lies on another server, open to its keeper alone; a door is found as soon as it is open."""
    member = joined(litecam)
    wrote(litecam, "enquiry", member, answered_at=LEFT)
    ordered(litecam, member, completed=LEFT)
    left(litecam, member)
    litecam.sweep(GONE)
    assert litecam.filled() == set()
    assert litecam.archived() == {"orders as contracts"}
    here = "select count(*) as n from information_schema.tables where table_schema = 'kept_by_law'"
    assert litecam.kept.execute(here) == [{"n": 0}]
    assert doors(litecam) == set()
    open_door(litecam)
    assert doors(litecam) == {"litecam_app"}


def doors(scene: Scene) -> set[str]:
    """Whoever an audit says can reach the archive."""
    found = audit_of(scene.kept, as_of=GONE).findings
    return {each.where for each in found if each.kind is FindingKind.REACHABLE}


def test_paper_is_a_task_when_nothing_keeps_it(litecam: Scene) -> None:
    """1-26, 1-28: a question's sheet once it is answered, a complaint's after three years in the other cabinet."""
    answered = sheet(litecam, "enquiry", answered_at=LEFT)
    closed = sheet(litecam, "complaint", closed_at=LEFT)
    waiting = sheet(litecam, "enquiry")
    none = frozenset[int]()
    assert tasks(litecam) == elsewhere.Tasks(apart=none, destroy=none, ask=none)
    litecam.sweep(GONE)
    assert tasks(litecam) == elsewhere.Tasks(
        apart=frozenset({closed}), destroy=frozenset({answered}), ask=none
    )
    with psycopg.connect(litecam.kept.url) as app:
        elsewhere.set_apart(app, closed)
        elsewhere.gone(app, answered, how="shredded", at=GONE)
        with pytest.raises(psycopg.errors.CheckViolation), app.transaction():
            elsewhere.gone(app, closed, how="certified", at=GONE)
    assert tasks(litecam) == elsewhere.Tasks(apart=none, destroy=none, ask=none)
    seen = litecam.around(seoul(2028, 3, 4), lambda: tasks(litecam).destroy)
    assert seen == [none, {closed}, {closed}]
    assert [row["number"] for row in litecam.rows("paper_records")] == [waiting]


def open_door(scene: Scene) -> None:
    """The service may look into the archive."""
    with archive_of(scene) as archive:
        archive.execute(KNOWN_THERE)
        archive.execute("grant usage on schema kept_by_law to litecam_app")
        archive.execute("grant select on all tables in schema kept_by_law to litecam_app")


def with_an_open_door(scene: Scene) -> None:
    """The test of the archive, where the service may look into it already."""
    open_door(scene)
    test_only_what_a_law_holds_moves_and_the_service_cannot_reach_it(scene)


BOUGHT = test_what_was_bought_is_kept_apart_for_five_years
CARD = test_card_and_account_and_the_processors_copy_end_with_the_settlement
APART = test_only_what_a_law_holds_moves_and_the_service_cannot_reach_it
PAPER = test_paper_is_a_task_when_nothing_keeps_it
WITHOUT: dict[str, Case] = {
    "contracts for three years": Case(BOUGHT, by_law("contracts", "kr.ecommerce.complaint")),
    "payments for three years": Case(BOUGHT, by_law("payments", "kr.ecommerce.complaint")),
    "the address on record": Case(
        BOUGHT, (("policy/kept_by_law/supplies/items", ["email", "supply-record", "address"]),)
    ),
    "a refused refund stays open": Case(
        BOUGHT,
        (
            (
                "map/tables/refunds/facts/contract completed",
                {"column": "closed_at", "when": {"outcome": "refunded"}},
            ),
        ),
    ),
    "cards for a month more": Case(CARD, keep("settlement", "1 month after payment settled")),
    "cards in the archive": Case(
        CARD, (("policy/kept_by_law/payments/items", ["email", "payment-record", "card"]),)
    ),
    "open books without a name": Case(
        test_open_books_outlive_the_membership,
        (("policy/kept_by_law/contracts/items", ["order-record", "refund-record"]),),
    ),
    "an open door": Case(with_an_open_door, ()),
    "nothing moves": Case(APART, without_record("contracts", "orders", "refunds")),
    "paper for five years": Case(PAPER, by_law("complaints", "kr.ecommerce.contract")),
}
