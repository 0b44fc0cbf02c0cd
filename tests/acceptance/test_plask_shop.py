"""Plask: what is bought, paid and given back; into the archive and out of it again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from examples.plask import service
from tests.acceptance.stage import GONE, JOINED, Stage
from tests.keeping import seoul

BOTH_VERSIONS = pytest.mark.parametrize("plask", ["15", "18", "lite", "model"], indirect=True)
COMPLETED = seoul(2025, 2, 3, 12)
CONTRACT_ENDS = seoul(2030, 2, 7)
"""Five years run out on Sunday 3 February 2030, in the lunar new year; the next working day is the 6th."""
SETTLED = seoul(2025, 2, 10, 12)
SETTLED_ENDS = seoul(2030, 2, 12)
"""Five years run out on Sunday 10 February 2030; the next working day is the 11th."""


def test_an_order_of_who_left_is_kept_apart_for_five_years_from_its_completion(plask: Stage) -> None:
    """4-21, 4-22: moved as the grace ends; out when the working day after the fifth year has passed."""
    member = plask.join()
    service.complete(plask.app, order_id=plask.order(member), at=COMPLETED)
    plask.leave(member)
    assert plask.around(GONE, lambda: (plask.filled(), plask.archived())) == [
        ({"members", "orders", "rejoin_keys"}, set()),
        ({"rejoin_keys"}, {"orders__contracts"}),
        ({"rejoin_keys"}, {"orders__contracts"}),
    ]
    copy = plask.copy("orders", "contracts")
    assert copy.whose == ("member", (str(member),))
    assert copy.content == {
        "amount": Decimal(29000),
        "summary": "studio, a year",
        "ordered_at": JOINED,
        "completed_at": COMPLETED,
        "member_email": "haru@mail.example",
        "member_name": "haru",
    }
    assert copy.until == CONTRACT_ENDS
    assert plask.around(CONTRACT_ENDS, plask.archived) == [{"orders__contracts"}, set(), set()]


def test_payments_and_refunds_are_kept_apart_for_five_years_from_their_own_day(plask: Stage) -> None:
    """4-08, 4-22: the payment without its token from settlement, the withdrawal from when the money went back."""
    member = plask.join()
    order = plask.order(member)
    service.complete(plask.app, order_id=order, at=JOINED)
    service.settle(plask.app, payment_id=plask.pay(order), at=SETTLED)
    refund = service.ask_refund(plask.app, order_id=order, reason="too slow", at=JOINED)
    service.refund(plask.app, refund_id=refund, at=SETTLED)
    plask.leave(member)
    books = {"members", "orders", "payments", "refunds", "rejoin_keys"}
    assert plask.around(GONE, plask.filled) == [books, {"rejoin_keys"}, {"rejoin_keys"}]
    payment = plask.copy("payments", "payments")
    owner = {"member_email", "member_name"}
    assert set(payment.content) == {"approval", "amount", "paid_at", "settled_at", *owner}
    assert plask.copy("refunds", "contracts").content["reason"] == "too slow"
    both = {"payments__payments", "refunds__contracts"}
    assert plask.around(SETTLED_ENDS, plask.archived) == [both, set(), set()]


def test_what_the_law_no_longer_holds_is_not_archived(plask: Stage) -> None:
    """4-22, 4-25: completed more than five years before the grace ended, an order is destroyed with it."""
    member = plask.join(at=seoul(2020, 1, 6))
    for completed in (seoul(2020, 3, 4, 12), seoul(2020, 3, 12, 12)):
        service.complete(plask.app, order_id=plask.order(member), at=completed)
    plask.leave(member)
    assert plask.around(GONE, lambda: (plask.count("orders"), len(plask.copies("orders", "contracts")))) == [
        (2, 0),
        (0, 1),
        (0, 1),
    ]


def test_a_payment_token_lasts_until_settlement(plask: Stage) -> None:
    """4-04: it is emptied the night after, while the member goes on to see the payment."""
    service.settle(plask.app, payment_id=plask.pay(plask.order(plask.join())), at=COMPLETED)
    approval = plask.only("payments")["approval"]

    def look() -> tuple[bool, bool]:
        return plask.only("payments")["token"] is None, plask.only("payments")["approval"] == approval

    assert plask.around(seoul(2025, 2, 4), look) == [(False, True), (True, True), (True, True)]


@BOTH_VERSIONS
def test_books_left_open_wait_for_their_day_and_take_the_name_along(plask: Stage) -> None:
    """4-21, 4-22, 4-26: completed four months after leaving, an order is archived with the identity it waited for."""
    member = plask.join()
    order = plask.order(member)
    payment = plask.pay(order)
    plask.leave(member)
    plask.sweep(GONE)
    stub = plask.only("members")
    assert (stub["name"], stub["email"], stub["password_hash"]) == ("haru", "haru@mail.example", "-")
    assert "orders" not in plask.seen_by_the_service()
    late = seoul(2025, 7, 1, 12)
    service.complete(plask.office, order_id=order, at=late)
    service.settle(plask.office, payment_id=payment, at=late)
    assert plask.around(seoul(2025, 7, 2), lambda: (plask.filled(), plask.archived())) == [
        ({"members", "orders", "payments", "rejoin_keys"}, set()),
        ({"rejoin_keys"}, {"orders__contracts", "payments__payments"}),
        ({"rejoin_keys"}, {"orders__contracts", "payments__payments"}),
    ]
    copies = [*plask.copies("orders", "contracts"), *plask.copies("payments", "payments")]
    assert {(c.content.get("member_name"), c.content.get("member_email")) for c in copies} == {
        ("haru", "haru@mail.example")
    }
    assert {c.until for c in copies} == {seoul(2030, 7, 2)}
    assert "tok_" not in repr(copies)


def test_only_what_is_held_moves_and_nobody_else_reads_it(plask: Stage) -> None:
    """4-26: nothing agreed to or uploaded goes to the archive; service and sweeper may not look into it."""
    member = plask.join()
    plask.settle_in(member)
    service.complete(plask.app, order_id=plask.order(member), at=JOINED)
    plask.leave(member)
    plask.sweep(GONE)
    assert plask.archived() == {"orders__contracts"}
    assert len(plask.archive_tables()) == 6
    assert plask.others_who_read_the_archive() == set()


def test_a_member_keeps_what_was_bought(plask: Stage) -> None:
    """4-04, 4-11: past orders stay visible for as long as the membership, however long ago."""
    member = plask.join(at=seoul(2016, 1, 4))
    order = plask.order(member, at=seoul(2016, 1, 4))
    service.complete(plask.app, order_id=order, at=seoul(2016, 1, 4) + timedelta(days=3))
    plask.sweep(seoul(2031, 1, 1))
    assert plask.seen_by_the_service() == {"members", "orders"}
    assert plask.archived() == set()
