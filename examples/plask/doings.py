"""What a made-up person can do with Plask, written down as dated changes to its tables. Pure.

Every text that is personal carries the canary of its cell.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from random import Random
from typing import Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from examples.made_up import people
from examples.made_up.canary import canary
from examples.made_up.person import Person, Row
from examples.plask import words
from examples.plask.service.passwords import hash_password, keyed_address

SEOUL = ZoneInfo("Asia/Seoul")
OPENING = datetime(2020, 1, 1, tzinfo=SEOUL)
END = datetime(2026, 1, 1, tzinfo=SEOUL)
PRICES = (Decimal(9900), Decimal(29000), Decimal(99000))
EVENTS = tuple(
    (n, datetime(year, 3, 1, tzinfo=SEOUL), datetime(year, 6, 1, tzinfo=SEOUL))
    for n, year in enumerate(range(OPENING.year, END.year), start=1)
)
"""Number, opening and closing of the yearly events."""
VERSION = "1.0"
Ip = IPv4Address | IPv6Address
Open = Literal["in time", "late", "never"]
"""When Plask closes a matter: in its time, long after the member left, or never."""


class Writer(NamedTuple):
    """How somebody signs a post to support."""

    name: str
    email: str


def secret(seed: int) -> bytes:
    """The key of ``rejoin_keys`` in the world of ``seed``."""
    return f"plask {seed}".encode()


def password(seed: int, member_id: int) -> str:
    """The password a made-up member signs in with; stored nowhere."""
    return f"pw-{seed}-{member_id}"


def motion(seed: int, file_id: int) -> bytes:
    """The content of a motion file: a recorded body, here twelve joints, under its canary."""
    rng = Random(f"{seed}/motion/{file_id}")
    joints = " ".join(f"{rng.uniform(-1, 1):+.4f}" for _ in range(12))
    return f"MOTION {canary(seed, 'motion_files', file_id, 'content')}\n{joints}\n".encode()


MOTION_BYTES = len(motion(0, 0))
"""Every motion file is as long as every other."""


class Member(Person):
    """What one person does with Plask."""

    # --- joining and leaving

    def join(self, at: datetime) -> tuple[int, str]:
        """Open an account; its number and address."""
        key = self.next_id("members")
        email = self.address("members", key)
        salt = self.mark("members", key, "password_hash")
        self.insert(
            "members",
            at,
            key,
            id=key,
            email=email,
            name=self.name("members", key),
            password_hash=hash_password(password(self.seed, key), salt=salt, cost=1),
            joined_at=at,
            status="active",
            left_at=None,
        )
        return key, email

    def leave(self, member_id: int, at: datetime, *, email: str) -> None:
        self.update("members", at, member_id, status="left", left_at=at)
        key = keyed_address(email, secret=secret(self.seed))
        self.insert("rejoin_keys", at, key, email_key=key, recorded_at=at)

    def undo_leave(self, member_id: int, at: datetime, *, email: str) -> None:
        self.update("members", at, member_id, status="active", left_at=None)
        key = keyed_address(email, secret=secret(self.seed))
        self.delete("rejoin_keys", at, key)

    # --- by consent

    def consent(
        self, member_id: int, processing: str, start: datetime, stop: datetime
    ) -> tuple[datetime, datetime | None]:
        """When a consent is given, and when it is taken back, as one in four is."""
        at = self.between(start, stop)
        back = self.between(at, stop) if self.chance(0.25) else None
        key = self.next_id("consents")
        given = {"processing": processing, "version": VERSION, "given_at": at, "withdrawn_at": None}
        self.insert("consents", at, key, id=key, member_id=member_id, **given)
        self.update("consents", back, key, withdrawn_at=back)
        return at, back

    def describe_oneself(self, member_id: int, start: datetime, stop: datetime) -> None:
        at, back = self.consent(member_id, "profile", start, stop)
        self.insert(
            "profiles",
            at,
            member_id,
            member_id=member_id,
            birth_date=people.birth_date(self.rng) if self.chance(0.7) else None,
            phone=self.phone("profiles", member_id),
            sex=self.perhaps(0.7, people.SEXES, "profiles", member_id, "sex"),
            residence=self.perhaps(0.7, people.RESIDENCES, "profiles", member_id, "residence"),
            occupation=self.perhaps(0.5, words.OCCUPATIONS, "profiles", member_id, "occupation"),
            nationality=self.perhaps(0.5, words.NATIONALITIES, "profiles", member_id, "nationality"),
            agreed_at=at,
            withdrawn_at=None,
        )
        self.update("profiles", back, member_id, withdrawn_at=back)

    def name_interests(self, member_id: int, start: datetime, stop: datetime) -> None:
        at, back = self.consent(member_id, "interests", start, stop)
        for _ in range(self.rng.randint(1, 2)):
            key = self.next_id("interests")
            topic = self.marked(words.TOPICS, "interests", key, "topic")
            row: Row = {"topic": topic, "agreed_at": at, "withdrawn_at": None}
            self.insert("interests", at, key, id=key, member_id=member_id, **row)
            self.update("interests", back, key, withdrawn_at=back)

    def subscribe(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Have the newsletter sent, to an address of its own."""
        at, back = self.consent(member_id, "newsletter", start, stop)
        table = "newsletter_subscriptions"
        row: Row = {"email": self.address(table, member_id), "agreed_at": at, "withdrawn_at": None}
        self.insert(table, at, member_id, member_id=member_id, **row)
        self.update(table, back, member_id, withdrawn_at=back)

    def enter_event(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Enter the first event that is open while the member is there, if one is."""
        chances = ((n, max(start, opened), min(stop, closed)) for n, opened, closed in EVENTS)
        event_id, first, last = next((c for c in chances if c[1] < c[2]), (None, start, stop))
        if event_id is None:
            return
        at, back = self.consent(member_id, "event", first, last)
        key = self.next_id("event_entries")
        phone = self.phone("event_entries", key, "answers.phone")
        interest = self.marked(words.TOPICS, "event_entries", key, "answers.interest")
        row: Row = {"answers": {"phone": phone, "interest": interest}, "agreed_at": at, "withdrawn_at": None}
        self.insert("event_entries", at, key, id=key, event_id=event_id, member_id=member_id, **row)
        self.update("event_entries", back, key, withdrawn_at=back)

    # --- by contract

    def come_by(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Sign in a few times; who forgets to sign out is signed out on leaving."""
        ip = people.ip(self.rng)
        for _ in range(self.rng.randint(1, 6)):
            at = self.between(start, stop)
            over = min(at + timedelta(seconds=self.rng.randrange(60, 20_000)), stop)
            key = UUID(int=self.rng.getrandbits(128), version=4)
            self.insert(
                "sessions",
                at,
                key,
                id=key,
                member_id=member_id,
                token_hash=hash_password(str(key), salt=self.mark("sessions", key, "token_hash"), cost=1),
                ip=ip,
                browser=self.marked(people.BROWSERS, "sessions", key, "browser"),
                created_at=at,
                ended_at=None,
            )
            ended = over if self.chance(0.9) else stop if stop < END else None
            self.update("sessions", ended, key, ended_at=ended)
            for _ in range(self.rng.randint(1, 3)):
                self.visit(member_id, self.between(at, over), ip)

    def visit(self, member_id: int | None, at: datetime, ip: Ip) -> None:
        key = self.next_id("access_log")
        self.insert(
            "access_log",
            at,
            key,
            id=key,
            member_id=member_id,
            ip=ip,
            browser=self.marked(people.BROWSERS, "access_log", key, "browser"),
            path=f"/gallery/{self.mark('access_log', key, 'path')}",
            search=self.perhaps(0.3, words.TOPICS, "access_log", key, "search"),
            at=at,
        )

    def work(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Begin a project and upload up to two motion files."""
        at = self.between(start, stop)
        project = self.next_id("projects")
        title = self.marked(words.TITLES, "projects", project, "title")
        self.insert("projects", at, project, id=project, member_id=member_id, title=title, created_at=at)
        for _ in range(self.rng.randint(0, 2)):
            key = self.next_id("motion_files")
            uploaded = self.between(at, stop)
            path = f"{project}/{self.mark('motion_files', key, 'path')}.motion"
            row: Row = {"path": path, "bytes": MOTION_BYTES, "uploaded_at": uploaded}
            self.insert("motion_files", uploaded, key, id=key, project_id=project, **row)
            self.file("motions", uploaded, path, motion(self.seed, key))

    def buy(self, member_id: int, start: datetime, stop: datetime, *, settles: Open) -> None:
        """Order, pay (nine in ten, and everyone whose settlement matters), perhaps ask the money back."""
        at = self.between(start, stop)
        order = self.next_id("orders")
        product = self.rng.randint(1, len(PRICES))
        amount = PRICES[product - 1]
        self.insert(
            "orders",
            at,
            order,
            id=order,
            member_id=member_id,
            product_id=product,
            amount=amount,
            summary=f"plan {product} for {self.mark('orders', order, 'summary')}",
            ordered_at=at,
            completed_at=None,
        )
        if settles == "in time" and self.chance(0.1):
            return
        self.pay(order, amount, at, stop, settles=settles)
        if settles == "in time" and self.chance(0.15):
            self.ask_refund(order, amount, at, stop)

    def pay(self, order: int, amount: Decimal, at: datetime, stop: datetime, *, settles: Open) -> None:
        key = self.next_id("payments")
        paid = min(at + timedelta(minutes=self.rng.randrange(60)), stop)
        self.insert(
            "payments",
            paid,
            key,
            id=key,
            order_id=order,
            token=f"tok_{self.mark('payments', key, 'token')}",
            approval=f"ap_{self.mark('payments', key, 'approval')}",
            amount=amount,
            paid_at=paid,
            settled_at=None,
        )
        settled = self.closing(paid, stop, settles)
        self.update("payments", settled, key, settled_at=settled)
        self.update("orders", settled, order, completed_at=settled)

    def closing(self, at: datetime, stop: datetime, when: Open) -> datetime | None:
        """When Plask closes a matter opened ``at``."""
        if when == "never":
            return None
        return self.days_after(at, 1, 9) if when == "in time" else self.days_after(stop, 20, 200)

    def ask_refund(self, order: int, amount: Decimal, at: datetime, stop: datetime) -> None:
        key = self.next_id("refunds")
        asked = self.between(at, min(at + timedelta(days=10), stop))
        reason = self.marked(words.COMPLAINTS, "refunds", key, "reason")
        row: Row = {"amount": amount, "requested_at": asked, "refunded_at": None}
        self.insert("refunds", asked, key, id=key, order_id=order, reason=reason, **row)
        back = self.days_after(asked, 1, 5)
        self.update("refunds", back, key, refunded_at=back)

    # --- support and abuse

    def write(
        self,
        member_id: int | None,
        start: datetime,
        stop: datetime,
        *,
        kind: Literal["enquiry", "complaint"],
        closes: Open,
        writer: Writer | None = None,
    ) -> Writer:
        """Write to support, signed as before or anew. An enquiry ends with its answer."""
        at = self.between(start, stop)
        key = self.next_id("support_posts")
        table = "support_posts"
        name = self.name(table, key)
        signed = writer or Writer(name, self.address(table, key))
        about = words.ENQUIRIES if kind == "enquiry" else words.COMPLAINTS
        self.insert(
            table,
            at,
            key,
            id=key,
            member_id=member_id,
            email=signed.email,
            name=signed.name,
            kind=kind,
            title=self.marked(about, table, key, "title"),
            body=f"please help: {self.mark(table, key, 'body')}",
            created_at=at,
            answered_at=None,
            closed_at=None,
        )
        if closes != "never":
            answered = self.between(at, min(at + timedelta(days=5), stop))
            self.reply(key, answered)
            self.update(table, answered, key, answered_at=answered)
            closed = self.closing(answered, stop, closes)
            self.update(table, closed, key, closed_at=closed)
        return signed

    def reply(self, post: int, at: datetime) -> None:
        key = self.next_id("support_replies")
        body = f"thank you for writing: {self.mark('support_replies', key, 'body')}"
        self.insert("support_replies", at, key, id=key, post_id=post, body=body, created_at=at)

    def misbehave(self, member_id: int, at: datetime) -> None:
        key = self.next_id("abuse_records")
        detail = self.marked(words.ABUSES, "abuse_records", key, "detail")
        row: Row = {"ip": people.ip(self.rng), "detail": detail, "recorded_at": at}
        self.insert("abuse_records", at, key, id=key, member_id=member_id, **row)
