"""One made-up member of CaseNote, and what stands in its rows because of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import psycopg
from examples.casenote import service
from psycopg import Connection
from tests.keeping import as_role, seoul
from tests.services.scene import Row, Scene

JOINED: Final = seoul(2025, 1, 10, 12)
BOUGHT: Final = seoul(2025, 2, 10, 12)
ENDED: Final = seoul(2025, 3, 3, 12)
HASH: Final = "scrypt$16384$8$1$c2FsdA$" + "0123456789abcdef" * 4
IP: Final = "192.0.2.7"


def app(scene: Scene) -> Connection[Any]:
    """The database as CaseNote's application sees it."""
    return psycopg.connect(as_role(scene.kept.url, scene.service.role("app")), autocommit=True)


@dataclass
class Reader:
    """A member, and the scene they are in."""

    scene: Scene
    id: int
    email: str

    @classmethod
    def joins(cls, scene: Scene, name: str = "haru", *, at: datetime = JOINED) -> "Reader":
        """Open an account."""
        email = f"{name}@letters.example"
        row: Row = {"email": email, "name": name, "password_hash": HASH, "joined_at": at}
        return cls(scene, scene.add("members", **row), email)

    def settles_in(self) -> None:
        """Sign in, save a decision with a note, search, agree to advertising, be warned once, and ask a question."""
        scene, mine = self.scene, {"member_id": self.id}
        scene.add("sessions", id=uuid4(), token_hash=HASH, ip=IP, device="Hare", created_at=JOINED, **mine)
        folder = scene.add("folders", name="leases", created_at=JOINED, **mine)
        case = scene.add("cases", number=f"2001다{self.id}", decided_on=JOINED.date())
        scene.add("saved_cases", folder_id=folder, case_id=case, memo="cite this", saved_at=JOINED)
        scene.add("search_log", terms="lease deposit", at=BOUGHT, **mine)
        scene.add("mailing_consents", email=self.email, agreed_at=JOINED, **mine)
        scene.add("abuse_records", ip=IP, detail="shared one account", recorded_at=JOINED, **mine)
        question: Row = {"email": self.email, "kind": "question", "body": "how do I cite"}
        scene.add("enquiries", created_at=JOINED, **question, **mine)

    def visits(self, at: datetime) -> int:
        """Call a page."""
        row: Row = {"member_id": self.id, "ip": IP, "device": "Hare", "page": "/case/1", "at": at}
        return int(self.scene.add("usage_log", **row))

    def orders(self, *, completed: datetime | None = BOUGHT) -> int:
        """Buy a pass."""
        plan = self.scene.rows("plans")
        plan_id = plan[0]["id"] if plan else self.scene.add("plans", name="pass", price=9900)
        row: Row = {"member_id": self.id, "plan_id": plan_id, "amount": 9900, "summary": "a pass"}
        return int(self.scene.add("orders", ordered_at=BOUGHT, completed_at=completed, **row))

    def pays(self, order: int, *, settled: datetime | None = BOUGHT) -> int:
        """Pay for it, at a firm that approves."""
        row: Row = {"order_id": order, "approval": "ap_1", "amount": 9900, "paid_at": BOUGHT}
        return int(self.scene.add("payments", settled_at=settled, **row))

    def asks_back(self, order: int, *, refunded: datetime | None, closed: datetime | None) -> int:
        """Want the money back; one that is refused has no ``refunded``."""
        row: Row = {"order_id": order, "reason": "never used it", "amount": 9900, "requested_at": BOUGHT}
        return int(self.scene.add("refunds", refunded_at=refunded, closed_at=closed, **row))

    def complains(self, *, closed: datetime | None) -> int:
        """Write a complaint, which is answered; ``closed`` when it is done with."""
        row: Row = {"member_id": self.id, "email": self.email, "kind": "complaint", "body": "charged twice"}
        enquiry = self.scene.add("enquiries", created_at=BOUGHT, answered_at=BOUGHT, closed_at=closed, **row)
        self.scene.add("answers", enquiry_id=enquiry, body="sorry", created_at=BOUGHT)
        return int(enquiry)

    def is_sent(self, *, ends: datetime | None) -> int:
        """Be sent an advertisement whose campaign ends then; the advertisement."""
        [consent] = [row["id"] for row in self.scene.rows("mailing_consents") if row["member_id"] == self.id]
        ad = self.scene.add("ads", title=f"spring for {self.id}", ended_at=ends)
        self.scene.add("ad_mailings", consent_id=consent, ad_id=ad, subject="new this spring", sent_at=BOUGHT)
        return int(ad)

    def leaves(self, *, at: datetime = ENDED) -> None:
        self.scene.change("members", self.id, left_at=at)

    def withdraws(self, *, at: datetime = ENDED, channel: service.Channel = "email") -> int:
        """Take every consent back; the receipt."""
        with app(self.scene) as connection:
            return service.withdraw(connection, email=self.email, channel=channel, received_at=at, at=at)
