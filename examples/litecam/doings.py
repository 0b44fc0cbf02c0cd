"""What a made-up person can do with liteCam, written down as dated changes to its tables. Pure.

Every text that is personal carries the canary of its cell.
"""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from examples.litecam import words
from examples.made_up import people
from examples.made_up.person import Person, Row

SEOUL = ZoneInfo("Asia/Seoul")
OPENING = datetime(2020, 1, 1, tzinfo=SEOUL)
END = datetime(2026, 1, 1, tzinfo=SEOUL)
PRICES = (Decimal(19900), Decimal(59000))
EVENTS = tuple(
    (n, datetime(year, 9, 1, tzinfo=SEOUL), datetime(year, 11, 1, tzinfo=SEOUL))
    for n, year in enumerate(range(OPENING.year, END.year), start=1)
)
"""Number, opening and closing of the yearly events."""
VERSION = "2.0"
Open = Literal["in time", "late", "never"]
"""When liteCam closes a matter: in its time, long afterwards, or never."""
Kind = Literal["enquiry", "complaint"]


def _whose(member_id: int | None) -> Row:
    """What a row says that may be of a member or of somebody without an account, who has not asked for anything."""
    return {"member_id": member_id, "of_member": member_id is not None, "asked_to_delete_at": None}


class Someone(Person):
    """What one person does with liteCam, with or without an account."""

    # --- the account

    def join(self, at: datetime) -> int:
        """Open an account; its number."""
        key = self.next_id("members")
        word = self.mark("members", key, "password_hash")
        self.insert(
            "members",
            at,
            key,
            id=key,
            login_id=f"user{key} {self.mark('members', key, 'login_id')}",
            password_hash=f"$scrypt$ln=15,r=8,p=1${word}${hashlib.sha256(word.encode()).hexdigest()}",
            name=self.name("members", key),
            email=self.address("members", key),
            joined_at=at,
            status="active",
            left_at=None,
        )
        return key

    def leave(self, member_id: int, at: datetime) -> None:
        self.update("members", at, member_id, status="left", left_at=at)

    def sign_in(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Come by a few times; who forgets to sign out is signed out on leaving."""
        for _ in range(self.rng.randint(1, 3)):
            at = self.between(start, stop)
            over = min(at + timedelta(seconds=self.rng.randrange(60, 20_000)), stop)
            key = UUID(int=self.rng.getrandbits(128), version=4)
            row: Row = {
                "token_hash": self.mark("sessions", key, "token_hash"),
                "ip": people.ip(self.rng),
                "device": self.marked(people.BROWSERS, "sessions", key, "device"),
            }
            self.insert("sessions", at, key, id=key, member_id=member_id, **row, created_at=at, ended_at=None)
            self.update("sessions", over, key, ended_at=over)
            self.visit(member_id, at)

    def visit(self, member_id: int | None, at: datetime) -> None:
        key = self.next_id("visit_log")
        row: Row = {
            "ip": people.ip(self.rng),
            "device": self.marked(people.BROWSERS, "visit_log", key, "device"),
            "cookie": self.mark("visit_log", key, "cookie"),
        }
        self.insert("visit_log", at, key, id=key, **_whose(member_id), **row, at=at)
        if member_id is None:
            self.ask_for_deletion("visit_log", key, at)

    # --- by consent

    def consent(
        self, member_id: int, processing: str, start: datetime, stop: datetime
    ) -> tuple[datetime, datetime | None]:
        """When a consent is given, and when it is taken back, as one in four is."""
        at = self.between(start, stop)
        back = self.between(at, stop) if self.chance(0.25) else None
        key = self.next_id("consents")
        row: Row = {"processing": f"{processing} {self.mark('consents', key, 'processing')}"}
        self.insert(
            "consents",
            at,
            key,
            id=key,
            member_id=member_id,
            **row,
            version=VERSION,
            given_at=at,
            withdrawn_at=None,
        )
        self.update("consents", back, key, withdrawn_at=back)
        return at, back

    def subscribe(self, member_id: int, start: datetime, stop: datetime) -> None:
        at, back = self.consent(member_id, "newsletter", start, stop)
        table = "newsletter_subscriptions"
        row: Row = {"email": self.address(table, member_id), "agreed_at": at, "withdrawn_at": None}
        self.insert(table, at, member_id, member_id=member_id, **row)
        self.update(table, back, member_id, withdrawn_at=back)

    def work(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Take a seat in a company, and use the service there."""
        at, back = self.consent(member_id, "corporate-usage", start, stop)
        seat = self.next_id("seats")
        company = self.rng.randint(1, len(words.COMPANIES))
        row: Row = {"company_id": company, "agreed_at": at, "withdrawn_at": None}
        self.insert("seats", at, seat, id=seat, member_id=member_id, **row)
        self.update("seats", back, seat, withdrawn_at=back)
        for _ in range(self.rng.randint(1, 4)):
            used = self.between(at, back or stop)
            key = self.next_id("usage_log")
            detail = self.marked(words.FEATURES, "usage_log", key, "detail")
            self.insert("usage_log", used, key, id=key, seat_id=seat, detail=detail, at=used)

    def agree_to_advertising(self, at: datetime) -> None:
        """Be known by a cookie, be seen again or not, and take the consent back or not."""
        cookie = self.mark("cookie_profiles", self.number, "cookie")
        interests = self.marked(words.RECORDERS, "cookie_profiles", self.number, "interests")
        row: Row = {
            "interests": interests,
            "seen_at": at,
            "agreed_at": at,
            "withdrawn_at": None,
            "asked_to_delete_at": None,
        }
        self.insert("cookie_profiles", at, cookie, cookie=cookie, **row)
        if self.chance(0.5):
            seen = self.days_after(at, 1, 150)
            self.update("cookie_profiles", seen, cookie, seen_at=seen)
        if self.chance(0.25):
            back = self.days_after(at, 151, 170)
            self.update("cookie_profiles", back, cookie, withdrawn_at=back)
        self.ask_for_deletion("cookie_profiles", cookie, at)

    def enter_event(self, begins: datetime) -> None:
        """Enter the first event that is still open."""
        open_ones = ((n, max(begins, opened), closed) for n, opened, closed in EVENTS if closed > begins)
        event_id, start, stop = next(open_ones, (len(EVENTS), begins, END))
        at, key = self.between(start, stop), self.next_id("event_entries")
        answer = self.marked(words.RECORDERS, "event_entries", key, "answers.recorder")
        row: Row = {
            "email": self.address("event_entries", key),
            "name": self.name("event_entries", key),
            "answers": {"recorder": answer},
            "agreed_at": at,
            "withdrawn_at": None,
            "asked_to_delete_at": None,
        }
        self.insert("event_entries", at, key, id=key, event_id=event_id, **row)
        if self.chance(0.25):
            back = self.between(at, stop)
            self.update("event_entries", back, key, withdrawn_at=back)
        self.ask_for_deletion("event_entries", key, at)

    # --- by contract

    def buy(self, member_id: int | None, start: datetime, stop: datetime, *, settles: Open) -> None:
        """Order, pay, have it delivered; some want their money back, some keep a licence."""
        at, order = self.between(start, stop), self.next_id("orders")
        product = self.rng.randint(1, len(PRICES))
        email, amount = self.address("orders", order), PRICES[product - 1]
        self.insert(
            "orders",
            at,
            order,
            id=order,
            member_id=member_id,
            email=email,
            product_id=product,
            amount=amount,
            summary=f"recorder {product} {self.mark('orders', order, 'summary')}",
            ordered_at=at,
            completed_at=None,
        )
        settled = self.pay(order, amount, at, settles=settles)
        arrived = self.deliver(order, at, settles=settles)
        done = max(settled, arrived) if settled and arrived else None
        self.update("orders", done, order, completed_at=done)
        if done and self.chance(0.15):
            self.ask_refund(order, amount, at)
        if done and self.chance(0.5):
            self.licence(member_id, email, at)

    def pay(self, order: int, amount: Decimal, at: datetime, *, settles: Open) -> datetime | None:
        """Pay by card or from a bank account, through a processor; when it is settled."""
        key, number = self.next_id("payments"), self.next_id("elsewhere")
        paid = at + timedelta(minutes=self.rng.randrange(60))
        column, place = self.rng.choice((("card", "cards"), ("bank_account", "transfers")))
        means: Row = {"card": None, "bank_account": None, column: f"enc:{self.mark('payments', key, column)}"}
        approval = f"ap_{self.mark('payments', key, 'approval')}"
        row: Row = {**means, "approval": approval, "amount": amount, "paid_at": paid, "settled_at": None}
        self.insert("payments", paid, key, id=key, order_id=order, **row)
        self.insert(
            "elsewhere", paid, number, number=number, kind="copy", place=place, gone_at=None, how=None
        )
        handed = self.next_id("handovers")
        self.insert("handovers", paid, handed, id=handed, payment_id=key, number=number, handed_at=paid)
        settled = self.closing(paid, settles)
        self.update("payments", settled, key, settled_at=settled)
        return settled

    def deliver(self, order: int, at: datetime, *, settles: Open) -> datetime | None:
        """Be sent a box; when it arrives."""
        key, sent = self.next_id("deliveries"), self.days_after(at, 0, 3)
        row: Row = {
            "recipient": self.name("deliveries", key, "recipient"),
            "address": self.marked(words.STREETS, "deliveries", key, "address"),
            "phone": self.phone("deliveries", key),
            "parcel": f"parcel {self.mark('deliveries', key, 'parcel')}",
        }
        self.insert("deliveries", sent, key, id=key, order_id=order, **row, sent_at=sent, arrived_at=None)
        arrived = self.closing(sent, settles)
        self.update("deliveries", arrived, key, arrived_at=arrived)
        return arrived

    def ask_for_deletion(self, table: str, key: Any, at: datetime) -> None:
        """Ask by mail for a row to be deleted, as one in five without an account does."""
        if self.chance(0.2):
            asked = self.days_after(at, 1, 20)
            self.update(table, asked, key, asked_to_delete_at=asked)

    def closing(self, at: datetime, when: Open) -> datetime | None:
        """When liteCam closes a matter opened ``at``."""
        if when == "never":
            return None
        return self.days_after(at, 1, 9) if when == "in time" else self.days_after(at, 100, 900)

    def ask_refund(self, order: int, amount: Decimal, at: datetime) -> None:
        key, asked = self.next_id("refunds"), self.days_after(at, 0, 7)
        reason = self.marked(words.COMPLAINTS, "refunds", key, "reason")
        row: Row = {
            "reason": reason,
            "amount": amount,
            "requested_at": asked,
            "outcome": None,
            "closed_at": None,
        }
        self.insert("refunds", asked, key, id=key, order_id=order, **row)
        closed = self.days_after(asked, 1, 5)
        outcome = "refused" if self.chance(0.3) else "refunded"
        self.update("refunds", closed, key, outcome=outcome, closed_at=closed)

    def licence(self, member_id: int | None, email: str, at: datetime) -> None:
        """A year of use; one in five gives it back before it is over."""
        key = self.next_id("licences")
        row: Row = {
            "email": email,
            "code": f"LC-{self.mark('licences', key, 'code')}",
            "issued_at": at,
            "ends_at": at + timedelta(days=365),
        }
        self.insert("licences", at, key, id=key, **_whose(member_id), **row)
        if self.chance(0.2):
            back = self.days_after(at, 1, 300)
            self.update("licences", back, key, ends_at=back)
        if member_id is None:
            self.ask_for_deletion("licences", key, at)

    # --- support

    def write(self, member_id: int | None, at: datetime, *, kind: Kind, closes: Open) -> None:
        """Write to support by the board. A question ends with its answer."""
        key, table = self.next_id("tickets"), "tickets"
        about = words.ENQUIRIES if kind == "enquiry" else words.COMPLAINTS
        code = f"LC-{self.mark(table, key, 'licence_code')}" if self.chance(0.5) else None
        row: Row = {
            "name": self.name(table, key),
            "email": self.address(table, key),
            "company": self.marked(words.COMPANIES, table, key, "company"),
            "licence_code": code,
            "kind": kind,
            "title": self.marked(about, table, key, "title"),
            "body": f"please help: {self.mark(table, key, 'body')}",
        }
        self.insert(
            table,
            at,
            key,
            id=key,
            **_whose(member_id),
            **row,
            created_at=at,
            answered_at=None,
            closed_at=None,
        )
        closed = self.closing(at, closes)
        if closed is not None:
            answered = self.between(at, closed)
            reply = self.next_id("ticket_replies")
            body = f"thank you for writing: {self.mark('ticket_replies', reply, 'body')}"
            self.insert(
                "ticket_replies", answered, reply, id=reply, ticket_id=key, body=body, created_at=answered
            )
            self.update(table, answered, key, answered_at=answered)
        self.update(table, closed, key, closed_at=closed)
        if member_id is None:
            self.ask_for_deletion(table, key, at)

    def fax(self, at: datetime, *, kind: Kind, closes: Open) -> None:
        """Write to support on paper."""
        key, number, table = self.next_id("paper_records"), self.next_id("elsewhere"), "paper_records"
        place = "the cabinet of support"
        self.insert("elsewhere", at, number, number=number, kind="paper", place=place, gone_at=None, how=None)
        row: Row = {"name": self.name(table, key), "email": self.address(table, key), "kind": kind}
        row["asked_to_delete_at"] = None
        self.insert(
            table, at, key, id=key, number=number, **row, received_at=at, answered_at=None, closed_at=None
        )
        closed = self.closing(at, closes)
        self.update(table, closed, key, answered_at=closed, closed_at=closed)
        self.ask_for_deletion(table, key, at)
