"""CaseNote: who joins, who leaves, who takes consent back, and who may see what is kept apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import get_args

import psycopg
import pytest
from examples.casenote import service
from examples.casenote.world import CASENOTE
from psycopg import sql
from tests.keeping import audit_of, seoul
from tests.services.conftest import Opened
from tests.services.reader import BOUGHT, ENDED, HASH, Reader, app
from tests.services.rules import Case, keep
from tests.services.scene import Scene
from tests.telling import happened

from jikim.plan.finding import FindingKind

SETTLED_IN = {
    *("members", "sessions", "folders", "saved_cases", "search_log", "mailing_consents", "abuse_records"),
    "enquiries",
}
"""Where somebody leaves rows who settles in."""
MIDNIGHT, MINUTE = seoul(2025, 3, 3), timedelta(minutes=1)


@pytest.fixture
def casenote(opened: Opened) -> Iterator[Scene]:
    with opened(CASENOTE) as scene:
        yield scene


@dataclass
class Letters:
    """A post that remembers what it carried."""

    sent: list[tuple[str, int]] = field(default_factory=list)

    def send(self, address: str, *, receipt: int) -> None:
        self.sent.append((address, receipt))


def tell(scene: Scene, post: Letters) -> None:
    with app(scene) as connection:
        service.tell(connection, post=post, at=ENDED)


def test_a_member_gives_three_things_which_stay_as_long_as_they_are_one(casenote: Scene) -> None:
    """3-04, 3-12: name, address and a hashed password; six years of sweeps change nothing of them."""
    member = Reader.joins(casenote)
    joined = casenote.only("members")
    assert set(joined) == {
        *("id", "email", "name", "password_hash", "joined_at", "left_at", "withdrawn_at"),
    }
    casenote.sweep(seoul(2028, 1, 11))
    casenote.sweep(seoul(2031, 1, 11))
    assert casenote.rows("members") == [{**joined, "email": member.email, "password_hash": HASH}]


def test_what_arises_while_signed_in_ends_with_the_session(casenote: Scene) -> None:
    """3-02: the address, device and token of a session go with the night after it ended; what was given stays."""
    Reader.joins(casenote).settles_in()
    casenote.change("sessions", casenote.only("sessions")["id"], ended_at=ENDED)
    assert casenote.around(seoul(2025, 3, 4), casenote.filled) == [
        SETTLED_IN,
        SETTLED_IN - {"sessions"},
        SETTLED_IN - {"sessions"},
    ]


def test_nobody_stays_signed_in_for_longer_than_three_months(casenote: Scene) -> None:
    """3-17: a session that never ended goes three months after it began."""
    Reader.joins(casenote).settles_in()
    assert casenote.around(seoul(2025, 4, 11), lambda: casenote.count("sessions")) == [1, 0, 0]


def test_a_password_in_clear_is_found(casenote: Scene) -> None:
    """3-08: what is stored one-way is looked at: a hash is none, a word is told."""
    member = Reader.joins(casenote)

    def told() -> set[str]:
        found = audit_of(casenote.kept, as_of=ENDED).findings
        return {each.where for each in found if each.kind is FindingKind.CLEAR_SECRET}

    assert told() == set()
    clear = {"password_hash": "a quiet river"}
    casenote.change("members", member.id, **clear)
    assert told() == {"members.password_hash"}


def test_who_leaves_is_gone_with_everything_that_no_law_holds(casenote: Scene) -> None:
    """3-04, 3-17: at midnight sharp, not a minute before it, and with the sweep of that night; others stay."""
    other = Reader.joins(casenote, "nuri")
    member = Reader.joins(casenote)
    member.settles_in()
    member.visits(BOUGHT)
    member.leaves(at=MIDNIGHT)
    casenote.sweep(MIDNIGHT - MINUTE)
    assert casenote.filled() == SETTLED_IN | {"usage_log"}
    casenote.sweep(MIDNIGHT)
    assert casenote.filled() == {"members"}
    assert [row["email"] for row in casenote.rows("members")] == [other.email]
    assert casenote.archived() == {"usage_log as visits"}


def test_a_withdrawal_is_registered_then_done_then_told(casenote: Scene) -> None:
    """3-13, 3-21: registered the same moment, held records kept apart and the rest, an open question too, destroyed
    with the first sweep, and only then told; with that its entry in the register goes as well."""
    post, member = Letters(), Reader.joins(casenote)
    member.settles_in()
    member.orders()
    receipt = member.withdraws()
    entry = casenote.only("withdrawals")
    assert (entry["received_at"], entry["registered_at"], entry["told_at"]) == (ENDED, ENDED, None)
    casenote.sweep(ENDED - MINUTE)
    tell(casenote, post)
    assert (casenote.filled(), post.sent) == (SETTLED_IN | {"orders", "withdrawals"}, [])
    casenote.sweep(ENDED)
    assert (casenote.filled(), casenote.archived()) == ({"withdrawals"}, {"orders as contracts"})
    tell(casenote, post)
    assert post.sent == [(member.email, receipt)]
    casenote.sweep(ENDED)
    assert casenote.filled() == set()


def test_a_withdrawal_ends_all_alike_by_whichever_channel_it_came(casenote: Scene) -> None:
    """3-20: the menu of the site counts as much as a letter."""
    post, channels = Letters(), get_args(service.Channel)
    for channel in channels:
        Reader.joins(casenote, channel).withdraws(channel=channel)
    assert {row["channel"] for row in casenote.rows("withdrawals")} == set(channels)
    casenote.sweep(ENDED)
    tell(casenote, post)
    assert (casenote.filled(), len(post.sent)) == ({"withdrawals"}, len(channels))


def test_open_books_wait_and_leave_nobody_named_who_need_not_be(casenote: Scene) -> None:
    """3-14, 3-18, 3-21: with a payment open the name waits for its day, and nothing else; they are told meanwhile."""
    post, member = Letters(), Reader.joins(casenote)
    member.settles_in()
    payment = member.pays(member.orders(), settled=None)
    member.withdraws()
    casenote.sweep(ENDED)
    assert casenote.filled() == {"members", "orders", "payments", "withdrawals"}
    assert (casenote.only("members")["password_hash"], casenote.only("orders")["summary"]) == ("-", "-")
    tell(casenote, post)
    assert [address for address, _ in post.sent] == [member.email]
    casenote.change("payments", payment, settled_at=seoul(2025, 3, 20, 12))
    assert casenote.around(seoul(2025, 3, 21), casenote.filled) == [
        {"members", "orders", "payments"},
        set(),
        set(),
    ]
    assert casenote.copy("payments", "payments").content["member_email"] == member.email


def test_only_what_is_held_moves_apart_and_the_service_cannot_read_it(casenote: Scene) -> None:
    """3-18, 3-19, 3-22: orders and a complaint, of each the items that are named; the application sees no copy."""
    member = Reader.joins(casenote)
    member.settles_in()
    member.pays(member.orders())
    member.complains(closed=BOUGHT)
    member.leaves()
    casenote.sweep(ENDED)
    assert casenote.archived() == {
        *("orders as contracts", "payments as payments", "enquiries as complaints", "answers as complaints")
    }
    named = ("member_name", "member_email")
    held = {
        ("orders", "contracts"): {"amount", "summary", "ordered_at", "completed_at", *named},
        ("payments", "payments"): {"approval", "amount", "paid_at", "settled_at", *named},
        ("enquiries", "complaints"): {"email", "body", "created_at", "closed_at"},
    }
    for (table, record), columns in held.items():
        content = casenote.copy(table, record).content
        assert {name for name, value in content.items() if value is not None} == columns, table
    with app(casenote) as connection:
        assert connection.execute("select count(*) from orders").fetchall() == [(0,)]
        for table, record in held:
            query = sql.SQL("select * from {}").format(sql.Identifier("kept_by_law", f"{table}__{record}"))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(query)


def test_when_the_service_closes_only_what_a_law_holds_is_left(casenote: Scene) -> None:
    """3-12, 3-17: on the day it closes everybody's data goes; logs a law demands move apart until their day."""
    member = Reader.joins(casenote)
    member.settles_in()
    member.orders()
    member.visits(seoul(2025, 3, 2, 12))
    casenote.put("logs", "access-2025-03-02.log", b"12:00:00 192.0.2.7\n")
    happened(casenote.kept.store, "service closed", MIDNIGHT)
    everything = SETTLED_IN | {"orders", "usage_log"}
    held = {"orders as contracts", "usage_log as visits", "access_logs as visits"}
    assert casenote.around(MIDNIGHT, lambda: (casenote.filled(), casenote.archived())) == [
        (everything, set()),
        (set(), held),
        (set(), held),
    ]
    assert (casenote.files("logs"), len(casenote.files("archive"))) == (set(), 1)
    casenote.sweep(seoul(2025, 6, 4))
    assert casenote.archived() == {"orders as contracts"}
    assert casenote.files("archive") == set()


LEAVING = test_who_leaves_is_gone_with_everything_that_no_law_holds
WITHDRAWING = test_a_withdrawal_is_registered_then_done_then_told
APART = test_only_what_is_held_moves_apart_and_the_service_cannot_read_it
CLOSING = test_when_the_service_closes_only_what_a_law_holds_is_left
LEFT, BACK, CLOSED = "membership ended", "consent withdrawn", "service closed"


def first_of(*triggers: str) -> dict[str, list[str]]:
    return {"until first of": list(triggers)}


WITHOUT = {
    "sessions outlive their end": Case(
        test_what_arises_while_signed_in_ends_with_the_session,
        keep("sign-in", {"first of": ["3 months after recorded", f"until {LEFT}"]}),
    ),
    "sessions without a longest life": Case(
        test_nobody_stays_signed_in_for_longer_than_three_months,
        keep("sign-in", first_of("session ended", LEFT, BACK, CLOSED)),
    ),
    "questions outlive the consent": Case(
        WITHDRAWING, keep("support", first_of("purpose met", LEFT, CLOSED))
    ),
    "questions outlive the membership": Case(LEAVING, keep("support", first_of("purpose met", BACK, CLOSED))),
    "withdrawing by any channel is no reason": Case(
        test_a_withdrawal_ends_all_alike_by_whichever_channel_it_came,
        keep("membership", first_of(LEFT, CLOSED)),
    ),
    "members for three years": Case(
        test_a_member_gives_three_things_which_stay_as_long_as_they_are_one,
        (
            *keep("membership", {"first of": ["3 years after recorded", f"until {LEFT}"]}),
            ("map/subjects/member/facts/recorded", "joined_at"),
        ),
    ),
    "passwords as they come": Case(
        test_a_password_in_clear_is_found,
        (("policy/items/password/protect", "encrypted"), ("policy/safeguards/one-way-passwords/items", [])),
    ),
    "leaving is no reason": Case(LEAVING, keep("membership", first_of(BACK, CLOSED))),
    "withdrawing is no reason": Case(WITHDRAWING, keep("membership", first_of(LEFT, CLOSED))),
    "withdrawals on record for ever": Case(
        WITHDRAWING, keep("withdrawal-register", "1 year after request closed")
    ),
    "open books without a name": Case(
        test_open_books_wait_and_leave_nobody_named_who_need_not_be,
        (("policy/kept_by_law/payments/items", ["payment-record"]),),
    ),
    "everything moves apart": Case(
        APART,
        (("policy/kept_by_law/complaints/items", ["name", "email", "support-content", "support-reply"]),),
    ),
    "the service reads the archive": Case(
        APART,
        (
            ("sql", "grant usage on schema kept_by_law to casenote_app"),
            ("sql", "grant select on kept_by_law.orders__contracts to casenote_app"),
        ),
    ),
    "members outlive the service": Case(CLOSING, keep("membership", first_of(LEFT, BACK))),
}
