"""Enquiries and complaints, by members and by people without an account. Effectful."""

from datetime import datetime
from typing import Any, Literal

from psycopg import Connection

from examples.plask.service.errors import NotFoundError
from examples.plask.service.rows import returned_id

Kind = Literal["enquiry", "complaint"]


def post(
    connection: Connection[Any],
    *,
    member_id: int | None,
    email: str,
    name: str,
    kind: Kind,
    title: str,
    body: str,
    at: datetime,
) -> int:
    """Write to support; the post's number.

    :param member_id: None when the writer has no account.
    """
    return returned_id(
        connection.execute(
            "insert into support_posts (member_id, email, name, kind, title, body, created_at)"
            " values (%s, %s, %s, %s, %s, %s, %s) returning id",
            (member_id, email, name, kind, title, body, at),
        )
    )


def reply(connection: Connection[Any], *, post_id: int, body: str, at: datetime) -> int:
    """Reply to a post; the reply's number.

    :raises NotFoundError: there is no such post.
    """
    row = connection.execute(
        "insert into support_replies (post_id, body, created_at)"
        " select id, %s, %s from support_posts where id = %s returning id",
        (body, at, post_id),
    ).fetchone()
    if row is None:
        raise NotFoundError("there is no such post")
    return int(row[0])


def answer(connection: Connection[Any], *, post_id: int, at: datetime) -> None:
    """Note that the question is answered: an enquiry has met its purpose.

    :raises NotFoundError: there is no such post, or it was answered before.
    """
    found = connection.execute(
        "update support_posts set answered_at = %s where id = %s and answered_at is null returning 1",
        (at, post_id),
    ).fetchone()
    if found is None:
        raise NotFoundError("no such post waits for an answer")


def close(connection: Connection[Any], *, post_id: int, at: datetime) -> None:
    """Close a post: a complaint has been dealt with.

    :raises NotFoundError: there is no such post, or it was closed before.
    """
    found = connection.execute(
        "update support_posts set closed_at = %s where id = %s and closed_at is null returning 1",
        (at, post_id),
    ).fetchone()
    if found is None:
        raise NotFoundError("no such post is open")
