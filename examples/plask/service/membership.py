"""Joining, signing in, the profile, leaving, and undoing that. Effectful."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from examples.plask.service.errors import (
    AddressTakenError,
    NotFoundError,
    SignInRefusedError,
    SignUpRefusedError,
    UndoRefusedError,
)
from examples.plask.service.passwords import COST, hash_password, keyed_address, password_fits
from examples.plask.service.rows import returned_id

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """A member's session. The token is theirs alone; the database holds its hash."""

    id: UUID
    member_id: int
    token: str


def consent(
    connection: Connection[Any], *, member_id: int, processing: str, version: str, at: datetime
) -> None:
    """Note that a member agreed to a processing, and to which version of its text."""
    connection.execute(
        "insert into consents (member_id, processing, version, given_at) values (%s, %s, %s, %s)",
        (member_id, processing, version, at),
    )


def withdraw(connection: Connection[Any], *, member_id: int, processing: str, at: datetime) -> None:
    """Note that a member took an agreement back."""
    connection.execute(
        "update consents set withdrawn_at = %s"
        " where member_id = %s and processing = %s and withdrawn_at is null",
        (at, member_id, processing),
    )


def join(
    connection: Connection[Any],
    *,
    email: str,
    name: str,
    password: str,
    secret: bytes,
    at: datetime,
) -> int:
    """Open an account; the member's number.

    :param secret: the key of ``rejoin_keys``.
    :raises SignUpRefusedError: an account of this address was left not long ago.
    :raises AddressTakenError: the address has an account, or one that was left and is not destroyed yet.
    """
    with connection.transaction():
        recent = connection.execute(
            "select from rejoin_keys where email_key = %s", (keyed_address(email, secret=secret),)
        ).fetchone()
        if recent is not None:
            raise SignUpRefusedError("this address was used for an account not long ago")
        hashed = hash_password(password, salt=secrets.token_hex(16))
        # An address already there is no error to the server: its log would quote the address.
        row = connection.execute(
            "insert into members (email, name, password_hash, joined_at, status)"
            " values (%s, %s, %s, %s, 'active') on conflict (email) do nothing returning id",
            (email, name, hashed, at),
        ).fetchone()
        if row is None:
            raise AddressTakenError("this address has an account, or had one that is not destroyed yet")
    member_id = int(row[0])
    _log.info("member %d joined", member_id)
    return member_id


def visit(
    connection: Connection[Any],
    *,
    member_id: int | None,
    ip: str,
    browser: str,
    path: str,
    search: str | None,
    at: datetime,
) -> None:
    """Write one line of the access log; nobody's, when the visitor has no account."""
    connection.execute(
        "insert into access_log (member_id, ip, browser, path, search, at) values (%s, %s, %s, %s, %s, %s)",
        (member_id, ip, browser, path, search, at),
    )


def sign_in(
    connection: Connection[Any], *, email: str, password: str, ip: str, browser: str, at: datetime
) -> Session:
    """Open a session and log the visit.

    :raises SignInRefusedError: the same for an unknown address, a wrong password, and a member who left.
    """
    with connection.transaction():
        row = connection.execute(
            "select id, password_hash from members where email = %s", (email,)
        ).fetchone()
        if row is None or not password_fits(password, stored=row[1]):
            raise SignInRefusedError("address and password do not open an account")
        session = Session(id=uuid4(), member_id=row[0], token=secrets.token_urlsafe(32))
        connection.execute(
            "insert into sessions (id, member_id, token_hash, ip, browser, created_at)"
            " values (%s, %s, %s, %s, %s, %s)",
            (
                session.id,
                session.member_id,
                hashlib.sha256(session.token.encode()).hexdigest(),
                ip,
                browser,
                at,
            ),
        )
        visit(connection, member_id=session.member_id, ip=ip, browser=browser, path="/", search=None, at=at)
    _log.info("member %d signed in", session.member_id)
    return session


def sign_out(connection: Connection[Any], *, session_id: UUID, at: datetime) -> None:
    """End a session; one already ended keeps its end."""
    connection.execute(
        "update sessions set ended_at = %s where id = %s and ended_at is null", (at, session_id)
    )


def agree_to_profile(
    connection: Connection[Any],
    *,
    member_id: int,
    version: str,
    at: datetime,
    birth_date: date | None = None,
    phone: str | None = None,
    sex: str | None = None,
    residence: str | None = None,
    occupation: str | None = None,
    nationality: str | None = None,
) -> None:
    """Keep the optional particulars a member gives, by consent; given again, they replace the old."""
    with connection.transaction():
        connection.execute(
            "insert into profiles"
            " (member_id, birth_date, phone, sex, residence, occupation, nationality, agreed_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (member_id) do update set"
            " birth_date = excluded.birth_date, phone = excluded.phone, sex = excluded.sex,"
            " residence = excluded.residence, occupation = excluded.occupation,"
            " nationality = excluded.nationality, agreed_at = excluded.agreed_at, withdrawn_at = null",
            (member_id, birth_date, phone, sex, residence, occupation, nationality, at),
        )
        consent(connection, member_id=member_id, processing="profile", version=version, at=at)


def withdraw_profile(connection: Connection[Any], *, member_id: int, at: datetime) -> None:
    """Take back the consent to the optional particulars."""
    with connection.transaction():
        connection.execute(
            "update profiles set withdrawn_at = %s where member_id = %s and withdrawn_at is null",
            (at, member_id),
        )
        withdraw(connection, member_id=member_id, processing="profile", at=at)


def agree_to_topic(
    connection: Connection[Any], *, member_id: int, topic: str, version: str, at: datetime
) -> int:
    """Keep one interest of a member, by consent; its number."""
    with connection.transaction():
        consent(connection, member_id=member_id, processing="interests", version=version, at=at)
        return returned_id(
            connection.execute(
                "insert into interests (member_id, topic, agreed_at) values (%s, %s, %s) returning id",
                (member_id, topic, at),
            )
        )


def withdraw_topics(connection: Connection[Any], *, member_id: int, at: datetime) -> None:
    """Take back the consent to every interest."""
    with connection.transaction():
        connection.execute(
            "update interests set withdrawn_at = %s where member_id = %s and withdrawn_at is null",
            (at, member_id),
        )
        withdraw(connection, member_id=member_id, processing="interests", at=at)


def report_abuse(connection: Connection[Any], *, member_id: int, ip: str, detail: str, at: datetime) -> int:
    """Record an abuse by a member; the record's number."""
    return returned_id(
        connection.execute(
            "insert into abuse_records (member_id, ip, detail, recorded_at)"
            " values (%s, %s, %s, %s) returning id",
            (member_id, ip, detail, at),
        )
    )


def leave(connection: Connection[Any], *, member_id: int, secret: bytes, at: datetime) -> None:
    """Close an account: sessions end, a keyed hash of the address stays, the member is locked from here on.

    :raises NotFoundError: no active member has this number.
    """
    with connection.transaction():
        row = connection.execute(
            "select email from members where id = %s for no key update", (member_id,)
        ).fetchone()
        if row is None:
            raise NotFoundError("no active member has this number")
        connection.execute(
            "update sessions set ended_at = %s where member_id = %s and ended_at is null", (at, member_id)
        )
        connection.execute("select leave(%s, %s)", (member_id, at))
        connection.execute(
            "insert into rejoin_keys (email_key, recorded_at) values (%s, %s)"
            " on conflict (email_key) do update set recorded_at = excluded.recorded_at",
            (keyed_address(row[0], secret=secret), at),
        )
    _log.info("member %d left", member_id)


def undo_leave(connection: Connection[Any], *, email: str, password: str, secret: bytes, at: datetime) -> int:
    """Open an account again that was left no more than five days ago; the member's number.

    :raises UndoRefusedError: never left, too late, or the password is wrong.
    """
    with connection.transaction():
        recipe = connection.execute("select cost, salt from undo_recipe(%s)", (email,)).fetchone()
        # Hashed even when nobody left, so that the time taken does not tell.
        cost, salt = recipe or (COST, "")
        proof = hash_password(password, salt=salt, cost=cost)
        row = connection.execute("select id from undo_leave(%s, %s, %s)", (email, proof, at)).fetchone()
        if row is None:
            raise UndoRefusedError("nothing to undo, or too late, or a wrong password")
        connection.execute(
            "delete from rejoin_keys where email_key = %s", (keyed_address(email, secret=secret),)
        )
    _log.info("member %d came back", row[0])
    return int(row[0])
