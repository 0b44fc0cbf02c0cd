"""What one person does with CaseNote. Pure.

Every personal text that somebody writes or leaves holds a canary of its own. A card number is nowhere here: what
:mod:`examples.casenote.service` hands on to the payment firm is no row.
"""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from examples.casenote import words
from examples.made_up import people
from examples.made_up.person import Person

SEOUL: Final = ZoneInfo("Asia/Seoul")
OPENING: Final = datetime(2020, 3, 2, 9, tzinfo=SEOUL)
END: Final = datetime(2026, 1, 1, tzinfo=SEOUL)
PRICES: Final = (Decimal(9_900), Decimal(99_000))
CASES: Final = 12
ADS: Final = tuple(
    (n, datetime(year, 4, 1, 10, tzinfo=SEOUL), datetime(year, 5, 31, 18, tzinfo=SEOUL))
    for n, year in enumerate(range(2020, 2026), start=1)
)
"""The yearly campaign: its number, when its mailing goes out, when it ends."""

Ip = IPv4Address | IPv6Address
Open = Literal["in time", "late", "never"]
"""When CaseNote closes a matter: while the member is there, after they left, or not at all."""


def log_file(at: datetime) -> str:
    """The access-log file that a moment's line stands in."""
    return f"access-{at.astimezone(SEOUL):%Y-%m-%d}.log"


class Reader(Person):
    """What one person does with CaseNote."""

    # --- joining and leaving

    def join(self, at: datetime) -> tuple[int, str]:
        """Open an account; its number and address."""
        key = self.next_id("members")
        email = self.address("members", key)
        self.insert(
            "members",
            at,
            key,
            id=key,
            email=email,
            name=self.name("members", key),
            password_hash=self.hashed("members", key, "password_hash"),
            joined_at=at,
            left_at=None,
            withdrawn_at=None,
        )
        return key, email

    def hashed(self, table: str, key: int | UUID, column: str) -> str:
        """What stands where a secret is stored one-way, in the form of scrypt."""
        digest = hashlib.sha256(f"{self.seed}/{table}/{key}".encode()).hexdigest()
        return f"scrypt$16384$8$1${self.mark(table, key, column)}${digest}"

    def leave(self, member_id: int, at: datetime) -> None:
        self.update("members", at, member_id, left_at=at)

    def withdraw(self, member_id: int, at: datetime, *, email: str, consents: list[int]) -> None:
        """Take every consent back: registered within the hour, told the day after."""
        registered = at + timedelta(minutes=self.rng.randrange(60))
        self.update("members", registered, member_id, withdrawn_at=registered)
        for consent in consents:
            self.update("mailing_consents", registered, consent, withdrawn_at=registered)
        key = self.next_id("withdrawals")
        channel = self.rng.choice(("menu", "post", "phone", "email"))
        row = {"received_at": at, "registered_at": registered, "told_at": None}
        self.insert("withdrawals", registered, key, id=key, email=email, channel=channel, **row)
        told = registered + timedelta(days=1)
        self.update("withdrawals", told, key, told_at=told)

    # --- by contract

    def come_by(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Sign in a few times, and search; who forgets to sign out is signed out on leaving."""
        ip = people.ip(self.rng)
        for _ in range(self.rng.randint(1, 3)):
            at = self.between(start, stop)
            over = min(at + timedelta(seconds=self.rng.randrange(60, 20_000)), stop)
            key = UUID(int=self.rng.getrandbits(128), version=4)
            self.insert(
                "sessions",
                at,
                key,
                id=key,
                member_id=member_id,
                token_hash=self.hashed("sessions", key, "token_hash"),
                ip=ip,
                device=self.marked(words.DEVICES, "sessions", key, "device"),
                created_at=at,
                ended_at=None,
            )
            ended = over if self.chance(0.9) else stop if stop < END else None
            self.update("sessions", ended, key, ended_at=ended)
            for _ in range(self.rng.randint(1, 2)):
                self.search(member_id, self.between(at, over), ip)

    def search(self, member_id: int, at: datetime, ip: Ip) -> None:
        key = self.next_id("search_log")
        terms = self.marked(words.TERMS, "search_log", key, "terms")
        self.insert("search_log", at, key, id=key, member_id=member_id, terms=terms, at=at)
        self.visit(member_id, at, ip)

    def visit(self, member_id: int | None, at: datetime, ip: Ip) -> None:
        """A page is called: a row of the partitioned log, and a line of the day's file."""
        key = self.next_id("usage_log")
        self.insert(
            "usage_log",
            at,
            key,
            id=key,
            member_id=member_id,
            ip=ip,
            device=self.marked(words.DEVICES, "usage_log", key, "device"),
            page=f"{self.rng.choice(words.PAGES)}/{self.mark('usage_log', key, 'page')}",
            at=at,
        )
        self.line("logs", at, log_file(at), f"{at:%H:%M:%S} {ip} {self.mark('access_logs', key, 'line')}")

    def collect(self, member_id: int, start: datetime, stop: datetime) -> None:
        """Begin a folder and save some decisions, with and without a note."""
        at = self.between(start, stop)
        folder = self.next_id("folders")
        name = self.marked(words.FOLDERS, "folders", folder, "name")
        self.insert("folders", at, folder, id=folder, member_id=member_id, name=name, created_at=at)
        for _ in range(self.rng.randint(0, 3)):
            key, saved = self.next_id("saved_cases"), self.between(at, stop)
            memo = self.perhaps(0.5, words.MEMOS, "saved_cases", key, "memo")
            case = self.rng.randint(1, CASES)
            self.insert(
                "saved_cases", saved, key, id=key, folder_id=folder, case_id=case, memo=memo, saved_at=saved
            )

    def buy(self, member_id: int, start: datetime, stop: datetime, *, settles: Open) -> None:
        """Order a pass, pay for it (nine in ten, and everyone whose settlement matters), perhaps ask it back."""
        at = self.between(start, stop)
        order = self.next_id("orders")
        plan = self.rng.randint(1, len(PRICES))
        amount = PRICES[plan - 1]
        self.insert(
            "orders",
            at,
            order,
            id=order,
            member_id=member_id,
            plan_id=plan,
            amount=amount,
            summary=f"pass {plan} for {self.mark('orders', order, 'summary')}",
            ordered_at=at,
            completed_at=None,
        )
        if settles == "in time" and self.chance(0.1):
            return
        self.pay(order, amount, at, stop, settles=settles)
        if settles == "in time" and self.chance(0.2):
            self.ask_refund(order, amount, at, stop)

    def pay(self, order: int, amount: Decimal, at: datetime, stop: datetime, *, settles: Open) -> None:
        key = self.next_id("payments")
        paid = min(at + timedelta(minutes=self.rng.randrange(60)), stop)
        approval = f"ap_{self.mark('payments', key, 'approval')}"
        row = {"approval": approval, "amount": amount, "paid_at": paid, "settled_at": None}
        self.insert("payments", paid, key, id=key, order_id=order, **row)
        settled = self.closing(paid, stop, settles)
        self.update("payments", settled, key, settled_at=settled)
        self.update("orders", settled, order, completed_at=settled)

    def closing(self, at: datetime, stop: datetime, when: Open) -> datetime | None:
        """When CaseNote closes a matter opened ``at``."""
        if when == "never":
            return None
        return self.days_after(at, 1, 9) if when == "in time" else self.days_after(stop, 20, 200)

    def ask_refund(self, order: int, amount: Decimal, at: datetime, stop: datetime) -> None:
        """Ask for the money back; one in four is refused."""
        key = self.next_id("refunds")
        asked = self.between(at, min(at + timedelta(days=7), stop))
        reason = self.marked(words.REASONS, "refunds", key, "reason")
        row = {"amount": amount, "requested_at": asked, "refunded_at": None, "closed_at": None}
        self.insert("refunds", asked, key, id=key, order_id=order, reason=reason, **row)
        closed = self.days_after(asked, 1, 3)
        back = None if self.chance(0.25) else closed
        self.update("refunds", closed, key, refunded_at=back, closed_at=closed)

    # --- by consent

    def subscribe(self, member_id: int, start: datetime, stop: datetime, *, stays: bool) -> int:
        """Agree to advertising at an address of its own, and be sent the campaigns; the consent's number.

        :param stays: agrees on joining, and takes nothing back.
        """
        at = start if stays else self.between(start, stop)
        back = self.between(at, stop) if not stays and self.chance(0.25) else None
        key = self.next_id("mailing_consents")
        email = self.address("mailing_consents", key)
        row = {"email": email, "agreed_at": at, "withdrawn_at": None}
        self.insert("mailing_consents", at, key, id=key, member_id=member_id, **row)
        self.update("mailing_consents", back, key, withdrawn_at=back)
        for ad, sent, _ in ADS:
            if at < sent < (back or stop):
                mail = self.next_id("ad_mailings")
                subject = f"{words.AD} {self.mark('ad_mailings', mail, 'subject')}"
                self.insert(
                    "ad_mailings",
                    sent,
                    mail,
                    id=mail,
                    consent_id=key,
                    ad_id=ad,
                    subject=subject,
                    sent_at=sent,
                )
        return key

    # --- support and abuse

    def write(
        self,
        member_id: int | None,
        start: datetime,
        stop: datetime,
        *,
        kind: Literal["question", "complaint"],
        closes: Open,
        email: str = "",
    ) -> str:
        """Write to support, from the address as before or a new one; that address. Its answer ends a question."""
        at = self.between(start, stop)
        key = self.next_id("enquiries")
        email = email or self.address("enquiries", key)
        about = words.QUESTIONS if kind == "question" else words.COMPLAINTS
        row = {"created_at": at, "answered_at": None, "closed_at": None}
        body = self.marked(about, "enquiries", key, "body")
        self.insert(
            "enquiries", at, key, id=key, member_id=member_id, email=email, kind=kind, body=body, **row
        )
        if closes != "never":
            answered = self.between(at, min(at + timedelta(days=5), stop))
            self.answer(key, answered)
            self.update("enquiries", answered, key, answered_at=answered)
            closed = self.closing(answered, stop, closes)
            self.update("enquiries", closed, key, closed_at=closed)
        return email

    def answer(self, enquiry: int, at: datetime) -> None:
        key = self.next_id("answers")
        body = f"thank you for writing: {self.mark('answers', key, 'body')}"
        self.insert("answers", at, key, id=key, enquiry_id=enquiry, body=body, created_at=at)

    def misbehave(self, member_id: int, at: datetime) -> None:
        key = self.next_id("abuse_records")
        detail = self.marked(words.ABUSES, "abuse_records", key, "detail")
        row = {"ip": people.ip(self.rng), "detail": detail, "recorded_at": at}
        self.insert("abuse_records", at, key, id=key, member_id=member_id, **row)


def decided_on(number: int) -> date:
    """When the court decided a case."""
    return date(2000 + number, 1 + number % 12, 15)
