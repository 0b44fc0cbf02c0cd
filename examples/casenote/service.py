"""What CaseNote's application does where a promise depends on it: charging a card, and taking consent back. Effectful.

What a member pays with passes through :func:`pay` to the payment firm and nowhere else: it is stored in no table,
written to no log, quoted in no error. What stays is the number of the firm's approval.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from psycopg import Connection

_log = logging.getLogger(__name__)

Channel = Literal["menu", "post", "phone", "email"]


class CaseNoteError(Exception):
    """Something that the application refuses."""


class NotFoundError(CaseNoteError):
    """There is no such order or member."""


class DeclinedError(CaseNoteError):
    """The payment firm does not charge this card. Says nothing of the card."""


@dataclass(frozen=True, repr=False)
class Card:
    """What the payment firm asks for. It has no ``repr``: neither a log nor a traceback can show it.

    :param payer: a person's date of birth as ``YYMMDD``, or a company's business number.
    :param pin_digits: the first two digits of the card's PIN.
    """

    number: str
    expiry: str
    payer: str
    pin_digits: str


class PaymentFirm(Protocol):
    """The firm that sees the card."""

    def charge(self, card: Card, *, amount: Decimal) -> str:
        """Take ``amount`` won; the number of the approval. Raises ``DeclinedError``."""


class SimulatedFirm:
    """A firm that approves of every card but those it is told of, and remembers none.

    :param declines: the expiry of the cards that it declines.
    """

    def __init__(self, *, declines: str = "") -> None:
        self.declines = declines

    def charge(self, card: Card, *, amount: Decimal) -> str:
        """Approve; the number is random, so that nothing leads from it to the card."""
        if card.expiry == self.declines or amount <= 0:
            raise DeclinedError("the payment firm declined the charge")
        return f"ap_{secrets.token_hex(6)}"


class Post(Protocol):
    """Whoever carries notices."""

    def send(self, address: str, *, receipt: int) -> None:
        """Tell somebody that what was registered under this number is done."""


def pay(connection: Connection[Any], *, order_id: int, card: Card, firm: PaymentFirm, at: datetime) -> int:
    """Have the firm charge the order's amount; the payment's number.

    :param card: it goes to the firm and is forgotten, whatever the firm answers.
    :raises NotFoundError: there is no such order.
    :raises DeclinedError: the firm declined; nothing is kept of the attempt.
    """
    with connection.transaction():
        found = connection.execute("select amount from orders where id = %s", (order_id,)).fetchone()
        if found is None:
            raise NotFoundError("there is no such order")
        approval = firm.charge(card, amount=found[0])
        row = connection.execute(
            "insert into payments (order_id, approval, amount, paid_at) values (%s, %s, %s, %s) returning id",
            (order_id, approval, found[0], at),
        ).fetchone()
    payment_id = int(row[0]) if row else 0
    _log.info("payment %d of order %d approved", payment_id, order_id)
    return payment_id


def withdraw(
    connection: Connection[Any], *, email: str, channel: Channel, received_at: datetime, at: datetime
) -> int:
    """Register that a member takes every consent back, and end them; the number of the receipt.

    From this moment on nothing but what a law holds has a basis any more: the next sweep destroys it.

    :param received_at: when the request came, which by post may be earlier than ``at``, when it is registered.
    :raises NotFoundError: no member has this address.
    """
    with connection.transaction():
        member = connection.execute(
            "update members set withdrawn_at = %s where email = %s and withdrawn_at is null returning id",
            (at, email),
        ).fetchone()
        if member is None:
            raise NotFoundError("no member has this address")
        connection.execute(
            "update mailing_consents set withdrawn_at = %s where member_id = %s and withdrawn_at is null",
            (at, *member),
        )
        row = connection.execute(
            "insert into withdrawals (email, channel, received_at, registered_at)"
            " values (%s, %s, %s, %s) returning id",
            (email, channel, received_at, at),
        ).fetchone()
    receipt = int(row[0]) if row else 0
    _log.info("withdrawal %d registered", receipt)
    return receipt


def tell(connection: Connection[Any], *, post: Post, at: datetime) -> list[int]:
    """Tell everybody whose data is destroyed that it is; the numbers of their receipts, in order.

    Whoever could still sign in waits: nobody is told before it is done. Of somebody whose books are open a row without
    a password stands until they are closed.
    """
    done = connection.execute(
        "select w.id, w.email from withdrawals w where w.told_at is null and not exists"
        " (select from members m where m.email = w.email and m.password_hash <> '-') order by w.id"
    ).fetchall()
    for receipt, address in done:
        post.send(address, receipt=receipt)
        connection.execute("update withdrawals set told_at = %s where id = %s", (at, receipt))
    return [receipt for receipt, _ in done]
