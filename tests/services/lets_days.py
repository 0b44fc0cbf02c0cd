"""Days in LETS: what members do, written row by row into a scene."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from tests.keeping import seoul
from tests.services.scene import Scene

Seen = TypeVar("Seen")

JOINED = seoul(2025, 1, 6, 12)
LEFT = seoul(2025, 3, 3, 12)
"""A Monday noon."""
GONE = seoul(2025, 3, 4)
IP = "192.0.2.7"


def join(lets: Scene, name: str = "haru", *, at: datetime = JOINED) -> int:
    """A new member, called that and reached there."""
    hashed = f"scrypt$1${name}${64 * 'a'}"
    who = {"email": f"{name}@mail.example", "name": name, "password_hash": hashed}
    return int(lets.add("members", **who, joined_at=at, status="active"))


def leave(lets: Scene, member: int, *, at: datetime = LEFT) -> None:
    lets.change("members", member, status="left", left_at=at)


def write(lets: Scene, member: int, name: str = "haru", *, at: datetime = JOINED) -> int:
    """A stored file, and what it says."""
    path = f"documents/{name}-{at:%Y%m%d}.txt"
    lets.put("storage", path, f"the words of {name}".encode())
    document = lets.add(
        "documents", member_id=member, title=f"plan of {name}", path=path, bytes=9, created_at=at
    )
    lets.add("document_words", document_id=document, words=f"the words of {name}", read_at=at)
    return int(document)


def edit(lets: Scene, document: int, editor: int, *, at: datetime = JOINED) -> None:
    lets.add("document_edits", document_id=document, editor_id=editor, note="rewrote a line", edited_at=at)


def show_photo(lets: Scene, member: int, name: str = "haru") -> str:
    path = f"photos/{name}.png"
    lets.put("storage", path, f"PNG of {name}".encode())
    lets.add("profiles", member_id=member, photo=path, agreed_at=JOINED)
    return path


def open_address_book(lets: Scene, member: int, *names: str) -> int:
    """An address book in which these people stand."""
    book = lets.add("address_books", member_id=member, device="Hare OS 7", granted_at=JOINED)
    for name in names:
        known = {"name": name, "email": f"{name}@mail.example", "phone": "010-0000-0000"}
        lets.add("contacts", book_id=book, member_id=member, added_at=JOINED, **known)
    return int(book)


def link(lets: Scene, member: int, name: str = "haru") -> int:
    """An account with a partner, its token and what it brought."""
    about = {"partner": "storage.example", "account": f"{name} there"}
    linked = lets.add("linked_accounts", member_id=member, linked_at=JOINED, **about)
    lets.add("link_tokens", link_id=linked, scope="files.read", refresh_token=f"rt_{name}", issued_at=JOINED)
    brought: dict[str, Any] = {
        "name": name,
        "email": f"{name}@there.example",
        "folders": ["thesis", "photos"],
    }
    lets.add("linked_profiles", link_id=linked, brought=brought, brought_at=JOINED)
    return int(linked)


def sign_in(lets: Scene, member: int, *, at: datetime = JOINED) -> Any:
    """A session with an access token; the session's name."""
    session = lets.add("sessions", id=uuid4(), member_id=member, token_hash="a", ip=IP, started_at=at)  # noqa: S106
    lets.add("access_tokens", session_id=session, member_id=member, token_hash="b", issued_at=at)  # noqa: S106
    return session


def buy(lets: Scene, member: int, *, at: datetime = JOINED) -> tuple[int, int]:
    """An order, and its payment."""
    paid = {"amount": 11900, "ordered_at": at}
    order = lets.add("orders", member_id=member, plan_id=1, summary="a year", **paid)
    bill = {"amount": 11900, "currency": "KRW", "billing_address": "12 Example-ro"}
    payment = lets.add("payments", order_id=order, token="tok_7", approval="ap_7", paid_at=at, **bill)  # noqa: S106
    return int(order), int(payment)


def ask(lets: Scene, member: int, kind: str, *, at: datetime = JOINED) -> int:
    """Something written to support, and the reply."""
    ticket = lets.add("tickets", member_id=member, kind=kind, title="slow", body="very slow", created_at=at)
    lets.add("ticket_replies", ticket_id=ticket, body="we look into it", created_at=at)
    return int(ticket)


def settle_in(lets: Scene, member: int, name: str = "haru") -> None:
    """Do everything that no statute keeps a record of."""
    show_photo(lets, member, name)
    document = write(lets, member, name)
    edit(lets, document, member)
    lets.add("shares", document_id=document, with_id=member, may="read", shared_at=JOINED)
    open_address_book(lets, member, "nuri", "sora")
    lets.add("invitations", member_id=member, email="nuri@mail.example", words="do come", sent_at=LEFT)
    link(lets, member, name)
    sign_in(lets, member, at=LEFT)
    seen = {"first_seen_at": JOINED, "last_used_at": LEFT}
    lets.add("devices", id=uuid4(), member_id=member, kind="phone", system="Hare OS 7", **seen)
    lets.add("entitlements", member_id=member, affiliate="campus", route="friend", granted_at=JOINED)
    lets.add("abuse_records", member_id=member, ip=IP, detail="many passwords", recorded_at=JOINED)
    lets.add("mailings", member_id=member, email=f"{name}@letters.example", agreed_at=JOINED)
    lets.add("consents", member_id=member, processing="marketing", version="2.0", given_at=JOINED)
    lets.add("usage_events", member_id=member, feature="slides", came_from="friend", at=JOINED)
    ask(lets, member, "enquiry")


SETTLED_IN = {
    *(
        "members",
        "profiles",
        "documents",
        "document_words",
        "document_edits",
        "shares",
        "address_books",
        "contacts",
    ),
    *(
        "invitations",
        "linked_accounts",
        "link_tokens",
        "linked_profiles",
        "sessions",
        "access_tokens",
        "devices",
    ),
    *("entitlements", "abuse_records", "mailings", "consents", "usage_events", "tickets", "ticket_replies"),
}
"""The tables that hold something of whoever settled in."""


def around(lets: Scene, due: datetime, look: Callable[[], Seen], *, before: Seen, after: Seen) -> None:
    """What is seen after the sweeps at 00:00 of the day before, of the day itself and of the day after."""
    for days, expected in ((-1, before), (0, after), (1, after)):
        lets.sweep(due + timedelta(days=days))
        assert (seen := look()) == expected, (days, seen)
