"""What a made-up person can do with LETS, written down as dated changes to its tables and stored files. Pure.

Every text that is personal carries the canary of its cell.
"""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from examples.made_up import people
from examples.made_up.person import ROOM, Person, Row

SEOUL = ZoneInfo("Asia/Seoul")
OPENING = datetime(2020, 1, 1, tzinfo=SEOUL)
END = datetime(2026, 1, 1, tzinfo=SEOUL)
PRICES = (Decimal(4900), Decimal(11900), Decimal(69000))
VERSION = "1.0"
Ip = IPv4Address | IPv6Address
Open = Literal["in time", "late", "never"]
"""When LETS closes a matter: in its time, long after the member left, or never."""

TITLES = ("meeting notes", "budget", "travel plan", "thesis draft", "shopping list")
WORDS = ("the third chapter is about", "costs of the spring", "we met and agreed on")
NOTES = ("rewrote a paragraph", "mended a formula", "changed the title")
ENQUIRIES = ("how do I print", "cannot open a file", "invoice wanted")
COMPLAINTS = ("charged twice", "lost my file", "refund is late")
ABUSES = ("tried many passwords", "shared one account", "sent spam by invitation")
SYSTEMS = ("Hare OS 7", "Heron OS 12", "Otter OS 3")
ROUTES = ("search", "friend", "magazine")
AFFILIATES = ("campus programme", "device maker")
SIGN_INS = ("signed in by password", "signed in after two tries")
FEATURES = ("slides", "sheets", "words", "share")
PARTNERS = ("storage.example", "mail.example")


def one_way(text: str, *, salt: str) -> str:
    """``scrypt$1$salt$hex``: what is stored of a password or a token, by the smallest cost there is, to be many."""
    return (
        f"scrypt$1${salt}${hashlib.scrypt(text.encode(), salt=salt.encode(), n=2, r=8, p=1, dklen=32).hex()}"
    )


class Member(Person):
    """What one person does with LETS."""

    # --- joining and leaving

    def join(self, at: datetime) -> int:
        """Open an account; its number."""
        key = self.next_id("members")
        salt = self.mark("members", key, "password_hash")
        self.insert(
            "members",
            at,
            key,
            id=key,
            email=self.address("members", key),
            name=self.name("members", key),
            password_hash=one_way(f"pw-{key}", salt=salt),
            joined_at=at,
            status="active",
            left_at=None,
        )
        return key

    def leave(self, member_id: int, at: datetime) -> None:
        self.update("members", at, member_id, status="left", left_at=at)

    # --- by consent and permission

    def consent(
        self, member_id: int, processing: str, start: datetime, stop: datetime
    ) -> tuple[datetime, datetime | None]:
        """When a consent is given, and when it is taken back, as one in three is."""
        at = self.between(start, stop)
        back = self.between(at, stop) if self.chance(0.33) else None
        key = self.next_id("consents")
        about = f"{processing} {self.mark('consents', key, 'processing')}"
        given = {"processing": about, "version": VERSION, "given_at": at, "withdrawn_at": None}
        self.insert("consents", at, key, id=key, member_id=member_id, **given)
        self.update("consents", back, key, withdrawn_at=back)
        return at, back

    def show_photo(self, member_id: int, start: datetime, stop: datetime) -> None:
        at, back = self.consent(member_id, "profile", start, stop)
        path = f"photos/{self.mark('profiles', member_id, 'photo')}.png"
        row: Row = {"photo": path, "agreed_at": at, "withdrawn_at": None}
        self.insert("profiles", at, member_id, member_id=member_id, **row)
        self.file("storage", at, path, f"PNG {self.mark('profiles', member_id, 'content')}".encode())
        self.update("profiles", back, member_id, withdrawn_at=back)

    def subscribe(self, member_id: int, start: datetime, stop: datetime) -> None:
        at, back = self.consent(member_id, "marketing", start, stop)
        row: Row = {"email": self.address("mailings", member_id), "agreed_at": at, "withdrawn_at": None}
        self.insert("mailings", at, member_id, member_id=member_id, **row)
        self.update("mailings", back, member_id, withdrawn_at=back)

    def open_address_book(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Let the service read the device's address book; up to four people stand in it."""
        at, back = self.consent(member_id, "address-book", start, stop)
        book = self.next_id("address_books")
        device = self.marked(SYSTEMS, "address_books", book, "device")
        row: Row = {"device": device, "granted_at": at, "revoked_at": None}
        self.insert("address_books", at, book, id=book, member_id=member_id, **row)
        for _ in range(self.rng.randint(1, 4)):
            key = self.next_id("contacts")
            self.insert(
                "contacts",
                at,
                key,
                id=key,
                book_id=book,
                member_id=member_id,
                name=self.name("contacts", key),
                email=self.address("contacts", key) if self.chance(0.8) else None,
                phone=self.phone("contacts", key),
                added_at=at,
                asked_to_go_at=None,
            )
            asked = self.between(at, stop) if self.chance(0.05) else None
            self.update("contacts", asked, key, asked_to_go_at=asked)
        self.update("address_books", back, book, revoked_at=back)

    def link(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Link an account with a partner, which tells what it knows."""
        at, back = self.consent(member_id, "partner-link", start, stop)
        link, token = self.next_id("linked_accounts"), self.next_id("link_tokens")
        partner = self.marked(PARTNERS, "linked_accounts", link, "partner")
        account = self.marked(PARTNERS, "linked_accounts", link, "account")
        row: Row = {"partner": partner, "account": account, "linked_at": at, "unlinked_at": None}
        self.insert("linked_accounts", at, link, id=link, member_id=member_id, **row)
        scope = f"files.read {self.mark('link_tokens', token, 'scope')}"
        secret = f"rt_{self.mark('link_tokens', token, 'refresh_token')}"
        row = {"scope": scope, "refresh_token": secret, "issued_at": at}
        self.insert("link_tokens", at, token, id=token, link_id=link, **row)
        brought = {
            "name": self.name("linked_profiles", link, "brought.name"),
            "email": self.address("linked_profiles", link, "brought.email"),
            "folders": [self.marked(TITLES, "linked_profiles", link, f"folder {n}") for n in (1, 2)],
        }
        self.insert("linked_profiles", at, link, link_id=link, brought=brought, brought_at=at)
        self.update("linked_accounts", back, link, unlinked_at=back)

    # --- documents

    def write(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Store a file, have its words read, perhaps share it with the neighbour, perhaps delete it."""
        at = self.between(start, stop)
        key = self.next_id("documents")
        path = f"documents/{self.mark('documents', key, 'path')}.txt"
        words = self.marked(WORDS, "document_words", key, "words")
        content = f"DOCUMENT {self.mark('documents', key, 'content')}\n{words}\n".encode()
        title = self.marked(TITLES, "documents", key, "title")
        row: Row = {"path": path, "bytes": len(content), "created_at": at, "deleted_at": None}
        self.insert("documents", at, key, id=key, member_id=member_id, title=title, **row)
        self.file("storage", at, path, content)
        self.insert("document_words", at, key, document_id=key, words=words, read_at=at)
        if self.chance(0.5):
            self.share(key, member_id, at, stop)
        deleted = self.between(at, stop) if self.chance(0.25) else None
        self.update("documents", deleted, key, deleted_at=deleted)

    def share(self, document: int, member_id: int, start: datetime, stop: datetime) -> None:
        """Share a document with whoever came before, who may have left since; both work on it."""
        at, neighbour = self.between(start, stop), (self.number - 1) * ROOM
        key = self.next_id("shares")
        words = f"have a look: {self.mark('shares', key, 'words')}"
        row: Row = {"with_id": neighbour, "may": "write", "words": words, "shared_at": at, "ended_at": None}
        self.insert("shares", at, key, id=key, document_id=document, **row)
        ended = self.between(at, stop) if self.chance(0.3) else None
        self.update("shares", ended, key, ended_at=ended)
        for editor in (neighbour, member_id):
            edit, edited = self.next_id("document_edits"), self.between(at, stop)
            note = self.marked(NOTES, "document_edits", edit, "note")
            row = {"editor_id": editor, "note": note, "edited_at": edited}
            self.insert("document_edits", edited, edit, id=edit, document_id=document, **row)

    def invite(self, member_id: int, start: datetime, stop: datetime) -> None:
        at = self.between(start, stop)
        key = self.next_id("invitations")
        email = self.address("invitations", key)
        words = f"do come: {self.mark('invitations', key, 'words')}"
        row: Row = {
            "email": email,
            "words": words,
            "sent_at": at,
            "accepted_at": None,
            "asked_to_go_at": None,
        }
        self.insert("invitations", at, key, id=key, member_id=member_id, **row)
        accepted = self.days_after(at, 1, 20) if self.chance(0.4) else None
        self.update("invitations", accepted, key, accepted_at=accepted)

    # --- signing in

    def come_by(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Sign in a few times from one device; who forgets to sign out is signed out on leaving."""
        first, ip = self.between(start, stop), people.ip(self.rng)
        device = UUID(int=self.rng.getrandbits(128), version=4)
        self.insert(
            "devices",
            first,
            device,
            id=device,
            member_id=member_id,
            kind=self.marked(("phone", "computer"), "devices", device, "kind"),
            system=self.marked(SYSTEMS, "devices", device, "system"),
            browser=self.marked(people.BROWSERS, "devices", device, "browser"),
            country=self.marked(("KR", "US"), "devices", device, "country"),
            language=self.marked(("ko", "en"), "devices", device, "language"),
            first_seen_at=first,
            last_used_at=first,
        )
        for at in sorted(self.between(first, stop) for _ in range(self.rng.randint(1, 3))):
            self.sign_in(member_id, at, stop, ip=ip)
            self.update("devices", at, device, last_used_at=at)

    def sign_in(self, member_id: int, at: datetime, stop: datetime, *, ip: Ip) -> None:
        log = self.next_id("login_log")
        outcome = self.marked(SIGN_INS, "login_log", log, "outcome")
        self.insert("login_log", at, log, id=log, member_id=member_id, ip=ip, outcome=outcome, at=at)
        key = UUID(int=self.rng.getrandbits(128), version=4)
        hashed = one_way(str(key), salt=self.mark("sessions", key, "token_hash"))
        row: Row = {"ip": ip, "started_at": at, "ended_at": None}
        self.insert("sessions", at, key, id=key, member_id=member_id, token_hash=hashed, **row)
        token = self.next_id("access_tokens")
        hashed = one_way(str(token), salt=self.mark("access_tokens", token, "token_hash"))
        row = {"member_id": member_id, "token_hash": hashed, "issued_at": at}
        self.insert("access_tokens", at, token, id=token, session_id=key, **row)
        over = min(at + timedelta(seconds=self.rng.randrange(60, 90_000)), stop)
        ended = over if self.chance(0.9) else stop if stop < END else None
        self.update("sessions", ended, key, ended_at=ended)
        use = self.next_id("usage_events")
        feature = self.marked(FEATURES, "usage_events", use, "feature")
        came = self.perhaps(0.4, ROUTES, "usage_events", use, "came_from")
        self.insert(
            "usage_events", at, use, id=use, member_id=member_id, feature=feature, came_from=came, at=at
        )

    def be_entitled(self, member_id: int, start: datetime, stop: datetime) -> None:
        at = self.between(start, stop)
        key = self.next_id("entitlements")
        affiliate = self.marked(AFFILIATES, "entitlements", key, "affiliate")
        route = self.marked(ROUTES, "entitlements", key, "route")
        row: Row = {"affiliate": affiliate, "route": route, "granted_at": at, "ended_at": None}
        self.insert("entitlements", at, key, id=key, member_id=member_id, **row)
        ended = self.between(at, stop) if self.chance(0.5) else None
        self.update("entitlements", ended, key, ended_at=ended)

    # --- money

    def closing(self, at: datetime, stop: datetime, when: Open) -> datetime | None:
        """When LETS closes a matter opened ``at``."""
        if when == "never":
            return None
        return self.days_after(at, 1, 9) if when == "in time" else self.days_after(stop, 20, 200)

    def buy(self, member_id: int, start: datetime, stop: datetime, *, settles: Open) -> None:
        """Order and pay a plan, and perhaps ask the money back."""
        at = self.between(start, stop)
        order, plan = self.next_id("orders"), self.rng.randint(1, len(PRICES))
        summary = f"plan {plan} for {self.mark('orders', order, 'summary')}"
        row: Row = {"amount": PRICES[plan - 1], "ordered_at": at, "completed_at": None}
        self.insert("orders", at, order, id=order, member_id=member_id, plan_id=plan, summary=summary, **row)
        key = self.next_id("payments")
        self.insert(
            "payments",
            at,
            key,
            id=key,
            order_id=order,
            token=f"tok_{self.mark('payments', key, 'token')}",
            approval=f"ap_{self.mark('payments', key, 'approval')}",
            amount=PRICES[plan - 1],
            currency="KRW",
            billing_address=self.marked(people.RESIDENCES, "payments", key, "billing_address"),
            paid_at=at,
            settled_at=None,
        )
        settled = self.closing(at, stop, settles)
        self.update("payments", settled, key, settled_at=settled)
        self.update("orders", settled, order, completed_at=settled)
        if settles == "in time" and self.chance(0.2):
            refund, asked = self.next_id("refunds"), self.between(at, min(at + timedelta(days=7), stop))
            reason = self.marked(COMPLAINTS, "refunds", refund, "reason")
            row = {"reason": reason, "outcome": None, "asked_at": asked, "closed_at": None}
            self.insert("refunds", asked, refund, id=refund, order_id=order, **row)
            closed, outcome = self.days_after(asked, 1, 5), "refused" if self.chance(0.3) else "paid back"
            self.update("refunds", closed, refund, outcome=outcome, closed_at=closed)

    def move_credit(self, member_id: int, at: datetime) -> None:
        key, amount = self.next_id("credit_movements"), self.rng.choice((3000, 10_000, 10_001, 50_000))
        words = f"paid in {self.mark('credit_movements', key, 'words')}"
        row: Row = {"amount": Decimal(amount), "small": amount <= 10_000, "words": words, "at": at}
        self.insert("credit_movements", at, key, id=key, member_id=member_id, **row)

    # --- support and abuse

    def ask(
        self,
        member_id: int,
        start: datetime,
        stop: datetime,
        *,
        kind: Literal["enquiry", "complaint"],
        closes: Open,
    ) -> None:
        """Write to support. An enquiry ends with its answer."""
        at = self.between(start, stop)
        key = self.next_id("tickets")
        about = ENQUIRIES if kind == "enquiry" else COMPLAINTS
        title, body = self.marked(about, "tickets", key, "title"), self.mark("tickets", key, "body")
        row: Row = {"created_at": at, "answered_at": None, "closed_at": None}
        self.insert("tickets", at, key, id=key, member_id=member_id, kind=kind, title=title, body=body, **row)
        if closes == "never":
            return
        answered = self.between(at, min(at + timedelta(days=5), stop))
        reply = self.next_id("ticket_replies")
        words = f"thank you for writing: {self.mark('ticket_replies', reply, 'body')}"
        self.insert(
            "ticket_replies", answered, reply, id=reply, ticket_id=key, body=words, created_at=answered
        )
        self.update("tickets", answered, key, answered_at=answered)
        closed = self.closing(answered, stop, closes)
        self.update("tickets", closed, key, closed_at=closed)

    def misbehave(self, member_id: int, at: datetime) -> None:
        key = self.next_id("abuse_records")
        detail = self.marked(ABUSES, "abuse_records", key, "detail")
        row: Row = {"ip": people.ip(self.rng), "detail": detail, "recorded_at": at}
        self.insert("abuse_records", at, key, id=key, member_id=member_id, **row)
