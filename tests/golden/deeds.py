"""What can happen to a made-up service, and the rows it leaves: what lives are written in. Everyone is made up."""

from dataclasses import replace
from typing import Any

from tests.golden.chronicle import Deed, instant

from jikim.backends.memory import Row, World
from jikim.plan.schedule import Facts, Hold

# -- what can happen --------------------------------------------------------------------------------------


def adds(*rows: tuple[str, Row]) -> Deed:
    """New rows."""

    def deed(world: World) -> None:
        for table, row in rows:
            world.tables[table].append(dict(row))

    return deed


def sets(table: str, key: Any, *, by: str = "id", **values: Any) -> Deed:
    """New values in every row of that key."""

    def deed(world: World) -> None:
        for row in world.tables[table]:
            if row[by] == key:
                row.update(values)

    return deed


def drops(table: str, key: Any, *, by: str = "id") -> Deed:
    """Rows that the service itself deletes."""

    def deed(world: World) -> None:
        world.tables[table] = [row for row in world.tables[table] if row[by] != key]

    return deed


def holds(*placed: Hold) -> Deed:
    """From now on these legal holds are in force and no others."""

    def deed(world: World) -> None:
        world.facts = replace(world.facts, holds=placed)

    return deed


def closes(when: str) -> Deed:
    """The service closes."""

    def deed(world: World) -> None:
        world.facts = Facts({"service closed": instant(when)}, world.facts.holds)

    return deed


def both(*deeds: Deed) -> Deed:
    """Several things at once."""

    def deed(world: World) -> None:
        for each in deeds:
            each(world)

    return deed


def leaves(member: int, when: str, *, key: str = "") -> Deed:
    """A member leaves: sessions end, the account is locked, a keyed hash of the address is recorded."""

    def deed(world: World) -> None:
        at = instant(when)
        for session in world.tables["sessions"]:
            if session["member_id"] == member and session["ended_at"] is None:
                session["ended_at"] = at
        sets("members", member, status="left", left_at=at)(world)
        if key:
            drops("rejoin_keys", key, by="email_key")(world)
            adds(("rejoin_keys", {"email_key": key, "recorded_at": at}))(world)

    return deed


# -- rows -------------------------------------------------------------------------------------------------


def member(number: int, name: str, joined: str, **rest: Any) -> tuple[str, Row]:
    """A member who has not left."""
    row = {"id": number, "email": f"member{number}@mail.example", "name": name, "password_hash": "scrypt$…"}
    return "members", {**row, "joined_at": instant(joined), "status": "active", "left_at": None, **rest}


def consent(number: int, of: int, processing: str, given: str) -> tuple[str, Row]:
    """What proves a consent."""
    row = {"id": number, "member_id": of, "processing": processing, "version": "1.1"}
    return "consents", {**row, "given_at": instant(given), "withdrawn_at": None}


def profile(of: int, agreed: str) -> tuple[str, Row]:
    """Optional particulars."""
    row = {"member_id": of, "birth_date": instant("1990-05-17").date(), "phone": "010-0000-0000", "sex": "F"}
    more = {"residence": "서울", "occupation": "애니메이터", "nationality": None}
    return "profiles", {**row, **more, "agreed_at": instant(agreed), "withdrawn_at": None}


def interest(number: int, of: int, agreed: str) -> tuple[str, Row]:
    """One interest."""
    return "interests", {
        "id": number,
        "member_id": of,
        "topic": "춤",
        "agreed_at": instant(agreed),
        "withdrawn_at": None,
    }


def newsletter(of: int, agreed: str) -> tuple[str, Row]:
    """A subscription to the newsletter."""
    row = {"member_id": of, "email": f"member{of}@mail.example"}
    return "newsletter_subscriptions", {**row, "agreed_at": instant(agreed), "withdrawn_at": None}


def session(number: str, of: int, created: str) -> tuple[str, Row]:
    """An open session."""
    row = {"id": number, "member_id": of, "token_hash": "sha256…", "ip": "198.51.100.7", "browser": "Firefox"}
    return "sessions", {**row, "created_at": instant(created), "ended_at": None}


def project(number: int, of: int, created: str) -> tuple[str, Row]:
    """A project."""
    return "projects", {"id": number, "member_id": of, "title": "첫 춤", "created_at": instant(created)}


def motion(number: int, of: int, uploaded: str) -> tuple[str, Row]:
    """A motion file of a project."""
    row = {"id": number, "project_id": of, "path": f"motions/{number}.bvh", "bytes": 4096}
    return "motion_files", {**row, "uploaded_at": instant(uploaded)}


def order(number: int, of: int, ordered: str, completed: str = "") -> tuple[str, Row]:
    """An order, its contract completed or not."""
    row = {"id": number, "member_id": of, "product_id": 1, "amount": 39000, "summary": "한 달 이용권"}
    done = instant(completed) if completed else None
    return "orders", {**row, "ordered_at": instant(ordered), "completed_at": done}


def payment(number: int, of: int, paid: str, settled: str = "") -> tuple[str, Row]:
    """A payment for an order, settled or not."""
    row = {"id": number, "order_id": of, "token": "tok…", "approval": "승인 0001", "amount": 39000}
    return "payments", {**row, "paid_at": instant(paid), "settled_at": instant(settled) if settled else None}


def refund(number: int, of: int, requested: str, refunded: str) -> tuple[str, Row]:
    """A refund of an order."""
    row = {"id": number, "order_id": of, "reason": "마음이 바뀜", "amount": 39000}
    return "refunds", {**row, "requested_at": instant(requested), "refunded_at": instant(refunded)}


def post(number: int, of: int | None, kind: str, created: str) -> tuple[str, Row]:
    """Something written to support."""
    mail = f"member{of}@mail.example" if of else "guest@mail.example"
    row = {"id": number, "member_id": of, "email": mail, "name": "김하나" if of else "손님", "kind": kind}
    text = {"title": "결제가 두 번", "body": "두 번 결제되었어요."}
    return "support_posts", {
        **row,
        **text,
        "created_at": instant(created),
        "answered_at": None,
        "closed_at": None,
    }


def reply(number: int, of: int, created: str) -> tuple[str, Row]:
    """Support's answer to a post."""
    return "support_replies", {
        "id": number,
        "post_id": of,
        "body": "확인했습니다.",
        "created_at": instant(created),
    }


def visit(number: int, of: int | None, when: str) -> tuple[str, Row]:
    """A line of the access log; nobody's for a visitor without an account."""
    row = {
        "id": number,
        "member_id": of,
        "ip": "203.0.113.9",
        "browser": "Safari",
        "path": "/",
        "search": "모션",
    }
    return "access_log", {**row, "at": instant(when)}


def abuse(number: int, of: int, recorded: str) -> tuple[str, Row]:
    """A record of abuse."""
    row = {"id": number, "member_id": of, "ip": "198.51.100.7", "detail": "자동 가입 시도"}
    return "abuse_records", {**row, "recorded_at": instant(recorded)}


def entry(number: int, of: int, event: int, agreed: str) -> tuple[str, Row]:
    """An entry to an event."""
    row = {
        "id": number,
        "event_id": event,
        "member_id": of,
        "answers": {"phone": "010-0000-0000", "interest": "춤"},
    }
    return "event_entries", {**row, "agreed_at": instant(agreed), "withdrawn_at": None}


def event(number: int, closed: str = "") -> tuple[str, Row]:
    """An event, open or closed."""
    return "events", {
        "id": number,
        "name": f"이벤트 {number}",
        "closed_at": instant(closed) if closed else None,
    }
