"""What people do with 나와의 대화, row by row, as its tests need it: on a day in February somebody joins."""

from datetime import datetime, timedelta
from typing import Any

from tests.keeping import seoul
from tests.services.scene import Scene

JOINED = seoul(2025, 2, 3, 12)
LEFT = seoul(2025, 3, 3, 12)
GONE = seoul(2025, 3, 4)
"""Nothing was promised to wait: what ended on a day is gone with the next night's sweep."""
OF_A_MEMBER = {
    "members",
    "talks",
    "messages",
    "profiles",
    "newsletter_subscriptions",
    "event_entries",
    "consents",
}
"""Where somebody leaves rows who settles in."""


def join(talk: Scene, email: str = "haru@mail.example") -> int:
    """Open an account."""
    return int(talk.add("members", email=email, joined_at=JOINED, status="active"))


def leave(talk: Scene, member: int, *, at: datetime = LEFT) -> None:
    talk.change("members", member, status="left", left_at=at)


def write(talk: Scene, member: int, words: str = "quagmire", *, keep_until: datetime | None = None) -> int:
    """Begin a talk with these words."""
    begun = talk.add("talks", member_id=member, title="of today", begun_at=JOINED, keep_until=keep_until)
    talk.add("messages", talk_id=begun, words=words, written_at=JOINED)
    return int(begun)


def agree(talk: Scene, member: int) -> None:
    """Agree to all that is asked, and enter an event that never closes."""
    since = {"member_id": member, "agreed_at": JOINED}
    talk.add("profiles", age_band="30s", sex="여", **since)
    talk.add("newsletter_subscriptions", email="news@mail.example", **since)
    event = talk.add("events", name="letters")
    talk.add("event_entries", event_id=event, answer="plans", **since)
    talk.add("consents", member_id=member, processing="profile", version="2.0", given_at=JOINED)


def settle_in(talk: Scene, member: int) -> None:
    """Write, and agree to all that is asked."""
    write(talk, member)
    agree(talk, member)


def order(talk: Scene, member: int, *, completed: datetime | None = None) -> int:
    """Order and pay; the payment is settled when the order is completed."""
    if not talk.rows("products"):
        talk.add("products", name="a year", price=9900)
    bought = talk.add(
        "orders",
        member_id=member,
        product_id=1,
        summary="a year of talks",
        amount=9900,
        ordered_at=JOINED,
        completed_at=completed,
    )
    paid: dict[str, Any] = {"token": "tok", "approval": "ap", "amount": 9900, "paid_at": JOINED}
    payment = talk.add("payments", order_id=bought, settled_at=completed, **paid)
    talk.add("identity_checks", payment_id=payment, answer="ok", checked_at=JOINED)
    return int(bought)


def visit(talk: Scene, at: datetime, **whose: Any) -> int:
    """Look at a page."""
    return int(talk.add("access_log", ip="192.0.2.7", path="/talks", at=at, **whose))


def letter(
    talk: Scene,
    kind: str,
    *,
    member: int | None = None,
    answered: datetime | None = None,
    closed: datetime | None = None,
) -> int:
    """Write to support, and be answered."""
    written = talk.add(
        "letters",
        member_id=member,
        email="haru@mail.example",
        kind=kind,
        body="where is my talk",
        received_at=JOINED,
        answered_at=answered,
        closed_at=closed,
    )
    talk.add("letter_answers", letter_id=written, body="here it is", sent_at=JOINED)
    return int(written)


def ask_for_erasure(talk: Scene, email: str) -> int:
    """A mail that asks for deletion; who sent it is not known yet."""
    return int(talk.add("erasure_requests", email=email, received_at=LEFT))


def follow_the_link(talk: Scene, request: int, member: int) -> None:
    """Whoever reads the mailbox confirms the request."""
    at = LEFT + timedelta(minutes=5)
    talk.change("erasure_requests", request, confirmed_at=at)
    talk.change("members", member, status="erased", erasure_confirmed_at=at)


def found(talk: Scene, word: str) -> int:
    """How many messages the service finds by a word."""
    return len(talk.kept.execute("select rowid from message_words where message_words match %s", word))
