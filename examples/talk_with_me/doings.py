"""What a made-up person can do with 나와의 대화, written down as dated changes to its tables. Pure.

Every text that is personal carries the canary of its cell.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from examples.made_up import people
from examples.made_up.person import Person, Row

SEOUL: Final = ZoneInfo("Asia/Seoul")
OPENING: Final = datetime(2020, 1, 1, tzinfo=SEOUL)
END: Final = datetime(2026, 1, 1, tzinfo=SEOUL)
PRICES: Final = (3900, 9900)
EVENTS: Final = tuple(
    (n, datetime(year, 5, 1, tzinfo=SEOUL), datetime(year, 7, 1, tzinfo=SEOUL))
    for n, year in enumerate(range(OPENING.year, END.year), start=1)
)
"""Number, opening and closing of the yearly events."""
TITLES: Final = ("what I am proud of", "a letter to myself", "things I could not say", "before sleeping")
WORDS: Final = ("today was long", "I should call her", "why did I say that", "tomorrow I begin anew")
TASTES: Final = ("comfort", "plans", "diaries", "quiet")
ENQUIRIES: Final = ("cannot find a talk", "is it read by anybody", "how do I pay")
COMPLAINTS: Final = ("charged twice", "my talk is gone", "refund is late")
ABUSES: Final = ("shared one account", "tried many tokens")
Closes = Literal["in time", "late", "never"]
"""When the service closes a matter: in its time, long after the member left, or never."""


def one_way(token: str, *, salt: str) -> str:
    """``scrypt$1$salt$hex``: what is stored of a token, by the smallest cost there is, to be many."""
    return (
        f"scrypt$1${salt}${hashlib.scrypt(token.encode(), salt=salt.encode(), n=2, r=8, p=1, dklen=32).hex()}"
    )


class Member(Person):
    """What one person does with 나와의 대화."""

    # --- joining and going

    def join(self, at: datetime) -> tuple[int, str]:
        """Open an account with nothing but an address; its number and the address."""
        key = self.next_id("members")
        email = self.address("members", key)
        row: Row = {"email": email, "joined_at": at, "status": "active"}
        self.insert("members", at, key, id=key, **row, left_at=None, erasure_confirmed_at=None)
        return key, email

    def leave(self, member: int, at: datetime) -> None:
        self.update("members", at, member, status="left", left_at=at)

    def ask_for_erasure(self, email: str, at: datetime, *, member: int | None) -> None:
        """Ask for it by mail. The link that is mailed back is followed by a member, and by nobody else."""
        key = self.next_id("erasure_requests")
        row: Row = {"received_at": at, "confirmed_at": None, "closed_at": None}
        self.insert("erasure_requests", at, key, id=key, email=email, **row)
        followed = at + timedelta(minutes=self.rng.randrange(5, 600)) if member else None
        self.update("erasure_requests", followed, key, confirmed_at=followed)
        if member and followed:
            self.update("members", followed, member, status="erased", erasure_confirmed_at=followed)
        closed = self.days_after(at, 1, 9)
        self.update("erasure_requests", closed, key, closed_at=closed)

    # --- talking

    def talk(self, member: int, start: datetime, stop: datetime) -> None:
        """Begin a talk and go on with it; some are kept for a while only, some are thrown away."""
        at = self.between(start, stop)
        key = self.next_id("talks")
        lasts = at + timedelta(days=self.rng.choice((30, 365))) if self.chance(0.3) else None
        title = self.perhaps(0.8, TITLES, "talks", key, "title")
        row: Row = {"title": title, "begun_at": at, "keep_until": lasts, "removed_at": None}
        self.insert("talks", at, key, id=key, member_id=member, **row)
        for _ in range(self.rng.randint(1, 5)):
            said = self.next_id("messages")
            at = min(at + timedelta(seconds=self.rng.randrange(20, 9000)), stop)
            words = self.marked(WORDS, "messages", said, "words")
            self.insert("messages", at, said, id=said, talk_id=key, words=words, written_at=at)
        removed = self.between(at, stop) if self.chance(0.2) else None
        self.update("talks", removed, key, removed_at=removed)

    def come_by(self, member: int, start: datetime, stop: datetime) -> None:
        """Sign in by a mailed link; who forgets to sign out is signed out on leaving."""
        ip = people.ip(self.rng)
        for _ in range(self.rng.randint(1, 4)):
            at = self.between(start, stop)
            over = min(at + timedelta(seconds=self.rng.randrange(60, 9000)), stop)
            token = f"{self.seed}/{self.number}/{self.next_id('sessions')}"
            key = hashlib.blake2b(token.encode(), digest_size=16).hexdigest()
            row: Row = {
                "token_hash": one_way(token, salt=self.mark("sessions", key, "token_hash")),
                "ip": str(ip),
                "browser": self.marked(people.BROWSERS, "sessions", key, "browser"),
                "created_at": at,
                "ended_at": None,
            }
            self.insert("sessions", at, key, id=key, member_id=member, **row)
            ended = over if self.chance(0.9) else stop if stop < END else None
            self.update("sessions", ended, key, ended_at=ended)
            self.visit(self.between(at, over), member=member)

    def visit(self, at: datetime, *, member: int | None = None, visitor: str | None = None) -> None:
        key = self.next_id("access_log")
        ip = f"{people.ip(self.rng)} {self.mark('access_log', key, 'ip')}"
        path = f"/talks/{self.mark('access_log', key, 'path')}"
        row: Row = {"member_id": member, "visitor_key": visitor, "ip": ip, "path": path, "at": at}
        self.insert("access_log", at, key, id=key, **row)

    # --- by consent

    def consent(
        self, member: int, to: str, start: datetime, stop: datetime
    ) -> tuple[datetime, datetime | None]:
        """When a consent is given, and when it is taken back, as one in three is."""
        at = self.between(start, stop)
        back = self.between(at, stop) if self.chance(0.33) else None
        key = self.next_id("consents")
        row: Row = {
            "processing": to,
            "version": f"1.0 {self.mark('consents', key, 'version')}",
            "given_at": at,
            "withdrawn_at": None,
        }
        self.insert("consents", at, key, id=key, member_id=member, **row)
        self.update("consents", back, key, withdrawn_at=back)
        return at, back

    def describe_oneself(self, member: int, start: datetime, stop: datetime) -> None:
        at, back = self.consent(member, "profile", start, stop)
        age = self.marked(("20s", "30s", "40s"), "profiles", member, "age_band")
        sex = self.perhaps(0.7, people.SEXES, "profiles", member, "sex")
        row: Row = {"age_band": age, "sex": sex, "agreed_at": at, "withdrawn_at": None}
        self.insert("profiles", at, member, member_id=member, **row)
        self.update("profiles", back, member, withdrawn_at=back)

    def subscribe(self, member: int, start: datetime, stop: datetime) -> None:
        """Have the newsletter sent, to an address of its own."""
        at, back = self.consent(member, "newsletter", start, stop)
        table = "newsletter_subscriptions"
        row: Row = {"email": self.address(table, member), "agreed_at": at, "withdrawn_at": None}
        self.insert(table, at, member, member_id=member, **row)
        self.update(table, back, member, withdrawn_at=back)

    def enter_event(self, member: int, start: datetime, stop: datetime) -> None:
        """Enter the first event that is open while the member is there, if one is."""
        chances = ((n, max(start, opened), min(stop, closed)) for n, opened, closed in EVENTS)
        event, first, last = next((c for c in chances if c[1] < c[2]), (None, start, stop))
        if event is None:
            return
        at, back = self.consent(member, "event", first, last)
        key = self.next_id("event_entries")
        answer = self.marked(TASTES, "event_entries", key, "answer")
        row: Row = {"event_id": event, "answer": answer, "agreed_at": at, "withdrawn_at": None}
        self.insert("event_entries", at, key, id=key, member_id=member, **row)
        self.update("event_entries", back, key, withdrawn_at=back)

    def be_tracked(self, at: datetime) -> None:
        """Take the cookie, look around for some months, and perhaps refuse it then."""
        visitor = self.mark("visitor_tastes", self.number, "visitor_key")
        tastes = self.marked(TASTES, "visitor_tastes", visitor, "tastes")
        row: Row = {"tastes": tastes, "agreed_at": at, "refused_at": None}
        self.insert("visitor_tastes", at, visitor, visitor_key=visitor, **row)
        for _ in range(self.rng.randint(1, 4)):
            self.visit(at, visitor=visitor)
            at = self.days_after(at, 0, 60)
        refused = at if self.chance(0.5) else None
        self.update("visitor_tastes", refused, visitor, refused_at=refused)

    # --- by contract

    def buy(self, member: int, start: datetime, stop: datetime, *, settles: Closes) -> None:
        """Order, be identified by the payment firm, pay, perhaps ask the money back."""
        at = self.between(start, stop)
        order = self.next_id("orders")
        product = self.rng.randint(1, len(PRICES))
        amount = PRICES[product - 1]
        summary = f"plan {product} for {self.mark('orders', order, 'summary')}"
        row: Row = {"product_id": product, "summary": summary, "amount": amount, "ordered_at": at}
        self.insert("orders", at, order, id=order, member_id=member, **row, completed_at=None)
        completed = self.pay(order, amount, at, stop, settles=settles)
        self.update("orders", completed, order, completed_at=completed)
        if settles == "in time" and self.chance(0.2):
            self.ask_refund(order, amount, at, stop)

    def pay(
        self, order: int, amount: int, at: datetime, stop: datetime, *, settles: Closes
    ) -> datetime | None:
        """Pay for an order, after saying who pays; when it is completed, which is not the day it is settled."""
        key = self.next_id("payments")
        token = f"tok_{self.mark('payments', key, 'token')}"
        approval = f"ap_{self.mark('payments', key, 'approval')}"
        row: Row = {"token": token, "approval": approval, "amount": amount, "paid_at": at, "settled_at": None}
        self.insert("payments", at, key, id=key, order_id=order, **row)
        check = self.next_id("identity_checks")
        answer = f"ok {self.mark('identity_checks', check, 'answer')}"
        self.insert("identity_checks", at, check, id=check, payment_id=key, answer=answer, checked_at=at)
        settled = self.closing(at, stop, settles)
        self.update("payments", settled, key, settled_at=settled)
        return self.closing(at, stop, settles)

    def ask_refund(self, order: int, amount: int, at: datetime, stop: datetime) -> None:
        """Ask the money back; one in four is refused."""
        key = self.next_id("refunds")
        asked = self.between(at, min(at + timedelta(days=7), stop))
        reason = self.marked(COMPLAINTS, "refunds", key, "reason")
        row: Row = {"reason": reason, "amount": amount, "requested_at": asked}
        self.insert("refunds", asked, key, id=key, order_id=order, **row, outcome=None, closed_at=None)
        closed = self.days_after(asked, 1, 3)
        outcome = "refused" if self.chance(0.25) else "refunded"
        self.update("refunds", closed, key, outcome=outcome, closed_at=closed)

    def closing(self, at: datetime, stop: datetime, when: Closes) -> datetime | None:
        """When the service closes a matter opened ``at``."""
        if when == "never":
            return None
        return self.days_after(at, 1, 9) if when == "in time" else self.days_after(stop, 20, 200)

    # --- letters, abuse and paper

    def write(
        self,
        start: datetime,
        stop: datetime,
        *,
        kind: Literal["enquiry", "complaint"],
        closes: Closes,
        member: int | None = None,
    ) -> None:
        """Write to support. An enquiry ends with its answer, a complaint with its close."""
        at = self.between(start, stop)
        key = self.next_id("letters")
        body = self.marked(ENQUIRIES if kind == "enquiry" else COMPLAINTS, "letters", key, "body")
        row: Row = {"email": self.address("letters", key), "kind": kind, "body": body, "received_at": at}
        self.insert("letters", at, key, id=key, member_id=member, **row, answered_at=None, closed_at=None)
        if closes == "never":
            return
        answered = self.between(at, min(at + timedelta(days=5), stop))
        answer = self.next_id("letter_answers")
        said = f"thank you for writing: {self.mark('letter_answers', answer, 'body')}"
        self.insert("letter_answers", answered, answer, id=answer, letter_id=key, body=said, sent_at=answered)
        self.update("letters", answered, key, answered_at=answered)
        closed = self.closing(answered, stop, closes)
        self.update("letters", closed, key, closed_at=closed)

    def misbehave(self, member: int, at: datetime) -> None:
        key = self.next_id("abuse_records")
        detail = self.marked(ABUSES, "abuse_records", key, "detail")
        row: Row = {"ip": str(people.ip(self.rng)), "detail": detail, "recorded_at": at}
        self.insert("abuse_records", at, key, id=key, member_id=member, **row)

    def be_printed(self, member: int, at: datetime) -> None:
        """Something about a member is printed; it is shredded, and burnt weeks later."""
        key = self.next_id("paper_register")
        what = f"a talk printed on request {self.mark('paper_register', key, 'what')}"
        row: Row = {"printed_at": at, "shredded": False, "burnt": False, "destroyed_at": None}
        self.insert("paper_register", at, key, id=key, member_id=member, what=what, **row)
        shredded = self.days_after(at, 3, 20)
        self.update("paper_register", shredded, key, shredded=True, destroyed_at=shredded)
        burnt = self.days_after(shredded, 10, 60)
        self.update("paper_register", burnt, key, burnt=True, destroyed_at=burnt)
