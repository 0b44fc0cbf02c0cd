"""What people do with liteCam, one row at a time. Effectful."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.keeping import seoul
from tests.services.scene import Row, Scene

JOINED = seoul(2025, 1, 6, 12)
SIGNED_IN = seoul(2025, 3, 2, 12)
LEFT = seoul(2025, 3, 3, 12)
GONE = seoul(2025, 3, 4)
COMPLETED = seoul(2025, 2, 3, 12)
CONTRACT_ENDS = seoul(2030, 2, 7)
"""Five years run out on Sunday 3 February 2030, in the lunar new year; the next working day is the 6th."""
SETTLED = seoul(2025, 2, 10, 12)
SETTLED_ENDS = seoul(2030, 2, 12)
"""Five years run out on Sunday 10 February 2030; the next working day is the 11th."""
DEVICE = "Hare/4.1 (Desktop)"
ONE_WAY = f"$scrypt$ln=15,r=8,p=1$c2FsdA${'ab' * 32}"


def archive_url(scene: Scene) -> str:
    """The archive's own server, for whoever runs it."""
    url = scene.kept.store.archive.keeper.url.set(drivername="postgresql")  # type: ignore[attr-defined]
    found: str = url.render_as_string(False)
    return found


def joined(scene: Scene, name: str = "haru") -> int:
    """A member who is signed in."""
    member: int = scene.add(
        "members",
        login_id=name,
        password_hash=ONE_WAY,
        name=name,
        email=f"{name}@mail.example",
        joined_at=JOINED,
    )
    scene.add(
        "sessions", member_id=member, token_hash=ONE_WAY, ip="192.0.2.7", device=DEVICE, created_at=SIGNED_IN
    )
    return member


def whose(member: int | None) -> Row:
    """What a row says that may be of a member or of somebody without an account."""
    return {"member_id": member, "of_member": member is not None}


def visited(scene: Scene, member: int | None = None, *, at: datetime, **values: Any) -> None:
    row = {"ip": "192.0.2.7", "device": DEVICE, "cookie": "c-1", **values}
    scene.add("visit_log", **whose(member), **row, at=at)


def left(scene: Scene, member: int, at: datetime = LEFT) -> None:
    scene.change("members", member, status="left", left_at=at)


def ordered(scene: Scene, member: int | None = None, *, completed: datetime | None = None) -> int:
    """An order of a member, or of somebody without an account."""
    if not scene.rows("products"):
        scene.add("products", name="recorder", price=Decimal(59000))
    [product] = scene.rows("products")
    order: int = scene.add(
        "orders",
        member_id=member,
        email="nuri@mail.example",
        product_id=product["id"],
        amount=Decimal(59000),
        summary="recorder, a year",
        ordered_at=JOINED,
        completed_at=completed,
    )
    return order


def paid(scene: Scene, order: int, *, settled: datetime | None = None, **means: str) -> int:
    """A payment, by card where nothing else is said."""
    payment: int = scene.add(
        "payments",
        order_id=order,
        **(means or {"card": "enc:card", "bank_account": "enc:account"}),
        approval="ap_1",
        amount=Decimal(59000),
        paid_at=JOINED,
        settled_at=settled,
    )
    return payment


def wrote(scene: Scene, kind: str, member: int | None = None, **values: Any) -> int:
    """A ticket with a reply."""
    row = {
        "name": "sora",
        "email": "sora@mail.example",
        "company": "가람상사",
        "title": "slow",
        "body": "very slow",
    }
    ticket: int = scene.add("tickets", **whose(member), kind=kind, created_at=JOINED, **{**row, **values})
    scene.add("ticket_replies", ticket_id=ticket, body="we look into it", created_at=JOINED)
    return ticket


def sheet(scene: Scene, kind: str, **values: Any) -> int:
    """A fax in the cabinet, and in the register; its number."""
    number: int = scene.add("elsewhere", kind="paper", place="the cabinet of support")
    who = {"name": "bada", "email": "bada@mail.example"}
    scene.add("paper_records", number=number, **who, kind=kind, received_at=JOINED, **values)
    return number


def seat(scene: Scene, member: int) -> int:
    """A member's place in a company, and the consent to telling it of the member's use."""
    company = scene.add("companies", name="가람상사")
    taken: int = scene.add("seats", member_id=member, company_id=company, agreed_at=JOINED)
    return taken
