"""Newsletter and events: what a member may join, by consent, and leave again. Effectful."""

from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from examples.plask.service.errors import NotFoundError
from examples.plask.service.membership import consent, withdraw


def subscribe(connection: Connection[Any], *, member_id: int, email: str, version: str, at: datetime) -> None:
    """Send the newsletter to ``email`` from now on."""
    with connection.transaction():
        connection.execute(
            "insert into newsletter_subscriptions (member_id, email, agreed_at) values (%s, %s, %s)"
            " on conflict (member_id) do update set email = excluded.email,"
            " agreed_at = excluded.agreed_at, withdrawn_at = null",
            (member_id, email, at),
        )
        consent(connection, member_id=member_id, processing="newsletter", version=version, at=at)


def withdraw_subscription(connection: Connection[Any], *, member_id: int, at: datetime) -> None:
    """Send no more newsletters."""
    with connection.transaction():
        connection.execute(
            "update newsletter_subscriptions set withdrawn_at = %s"
            " where member_id = %s and withdrawn_at is null",
            (at, member_id),
        )
        withdraw(connection, member_id=member_id, processing="newsletter", at=at)


def enter_event(
    connection: Connection[Any],
    *,
    event_id: int,
    member_id: int,
    phone: str,
    interest: str,
    version: str,
    at: datetime,
) -> int:
    """Enter an event, with its own consent; the entry's number.

    :raises NotFoundError: no such event, or it has closed.
    """
    with connection.transaction():
        row = connection.execute(
            "insert into event_entries (event_id, member_id, answers, agreed_at)"
            " select id, %s, %s, %s from events where id = %s and (closed_at is null or closed_at > %s)"
            " returning id",
            (member_id, Jsonb({"phone": phone, "interest": interest}), at, event_id, at),
        ).fetchone()
        if row is None:
            raise NotFoundError("no such event is open")
        consent(connection, member_id=member_id, processing="event", version=version, at=at)
    return int(row[0])


def withdraw_entry(connection: Connection[Any], *, entry_id: int, at: datetime) -> None:
    """Take an entry back, and the consent with it.

    :raises NotFoundError: no such entry, or it was taken back before.
    """
    with connection.transaction():
        row = connection.execute(
            "update event_entries set withdrawn_at = %s where id = %s and withdrawn_at is null"
            " returning member_id",
            (at, entry_id),
        ).fetchone()
        if row is None:
            raise NotFoundError("no such entry")
        withdraw(connection, member_id=row[0], processing="event", at=at)
