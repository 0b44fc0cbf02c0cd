"""Ordering, paying, settling, giving back. Effectful.

A card or account number passes through :func:`pay` to the payment firm and nowhere else: it is stored in no
table, written to no log, quoted in no error. What stays is the firm's token, until settlement, and its
approval.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from psycopg import Connection

from examples.plask.service.errors import NotFoundError
from examples.plask.service.rows import returned_id

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Charge:
    """The payment firm's answer: a token to settle or reverse by, and the number of its approval."""

    token: str
    approval: str


class PaymentFirm(Protocol):
    """The firm that sees the number."""

    def charge(self, number: str, *, amount: Decimal) -> Charge:
        """Take ``amount`` won from the card or account ``number``."""


class SimulatedFirm:
    """A firm that approves every charge and remembers no number."""

    def charge(self, number: str, *, amount: Decimal) -> Charge:
        """Approve; token and approval are random, so that nothing leads from them to the number."""
        if not number or amount <= 0:
            raise ValueError("a charge needs a number and an amount above zero")
        return Charge(token=f"tok_{secrets.token_hex(12)}", approval=f"ap_{secrets.token_hex(6)}")


def order(connection: Connection[Any], *, member_id: int, product_id: int, summary: str, at: datetime) -> int:
    """Order one product at its price of today; the order's number.

    :raises NotFoundError: there is no such product.
    """
    row = connection.execute(
        "insert into orders (member_id, product_id, amount, summary, ordered_at)"
        " select %s, id, price, %s, %s from products where id = %s returning id",
        (member_id, summary, at, product_id),
    ).fetchone()
    if row is None:
        raise NotFoundError("there is no such product")
    return int(row[0])


def pay(connection: Connection[Any], *, order_id: int, number: str, firm: PaymentFirm, at: datetime) -> int:
    """Have the firm charge the order's amount; the payment's number.

    :param number: of a card or a bank account. It goes to the firm and is forgotten.
    :raises NotFoundError: there is no such order.
    """
    with connection.transaction():
        found = connection.execute("select amount from orders where id = %s", (order_id,)).fetchone()
        if found is None:
            raise NotFoundError("there is no such order")
        charge = firm.charge(number, amount=found[0])
        payment_id = returned_id(
            connection.execute(
                "insert into payments (order_id, token, approval, amount, paid_at)"
                " values (%s, %s, %s, %s, %s) returning id",
                (order_id, charge.token, charge.approval, found[0], at),
            )
        )
    _log.info("payment %d of order %d approved", payment_id, order_id)
    return payment_id


def settle(connection: Connection[Any], *, payment_id: int, at: datetime) -> None:
    """Note that the firm has paid out."""
    _stamp(
        connection,
        "update payments set settled_at = %s where id = %s and settled_at is null returning 1",
        key=payment_id,
        at=at,
    )


def complete(connection: Connection[Any], *, order_id: int, at: datetime) -> None:
    """Note that the order's contract is fulfilled."""
    _stamp(
        connection,
        "update orders set completed_at = %s where id = %s and completed_at is null returning 1",
        key=order_id,
        at=at,
    )


def ask_refund(connection: Connection[Any], *, order_id: int, reason: str, at: datetime) -> int:
    """Ask for an order's money back; the refund's number.

    :raises NotFoundError: there is no such order.
    """
    row = connection.execute(
        "insert into refunds (order_id, reason, amount, requested_at)"
        " select id, %s, amount, %s from orders where id = %s returning id",
        (reason, at, order_id),
    ).fetchone()
    if row is None:
        raise NotFoundError("there is no such order")
    return int(row[0])


def refund(connection: Connection[Any], *, refund_id: int, at: datetime) -> None:
    """Note that the money went back."""
    _stamp(
        connection,
        "update refunds set refunded_at = %s where id = %s and refunded_at is null returning 1",
        key=refund_id,
        at=at,
    )


def _stamp(connection: Connection[Any], statement: str, *, key: int, at: datetime) -> None:
    if connection.execute(statement.encode(), (at, key)).fetchone() is None:
        raise NotFoundError("there is no such row, or it has its date already")
