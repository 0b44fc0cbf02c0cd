"""Trap 8: errors carry the data they speak of. A driver quotes the row that a constraint refused."""

import psycopg
import pytest
import sqlalchemy as sa
from examples.made_up.canary import PATTERN, canary
from tests.keeping import Kept
from tests.traps.people import AS_OF, keep, member, order

from jikim.ledger.errors import LedgerError
from jikim.postgres import Server

SECRET = canary(8, "orders", 1, "summary")


@pytest.fixture
def refusing(kept: Kept) -> Kept:
    """A Plask whose archive refuses orders: a constraint stands against them."""
    kept.execute("alter table kept_by_law.orders__contracts add check (summary = 'nothing')")
    order(kept, 1, of=member(kept, 10, name=SECRET), summary=SECRET)
    return kept


def test_the_drivers_own_error_quotes_the_row(refusing: Kept) -> None:
    """Naive: whoever logs the error logs a person's data."""
    with pytest.raises(psycopg.errors.NotNullViolation) as caught:
        refusing.execute("update orders set amount = null")
    assert SECRET in str(caught.value)


def test_a_steps_reason_quotes_no_row(refusing: Kept, pg18: Server) -> None:
    """Ours: table and constraint are named, no value; nor does the server write one into its log."""
    applied = refusing.sweep(AS_OF)
    step = next(s for s in applied.steps if s.step == "orders/archive")
    assert step.state == "failed"
    assert "CheckViolation (23514) `orders__contracts`, `orders__contracts_summary_check`" in step.reason
    assert not PATTERN.search(repr(applied).encode())
    assert not PATTERN.search(pg18.log.read_bytes())


def test_a_ledgers_error_quotes_no_row(kept: Kept, ledger: sa.Engine, pg18: Server) -> None:
    """Ours: the ledger refuses a row with a token in it, and the error does not repeat the token."""
    with ledger.begin() as connection:
        connection.execute(sa.text("alter table jikim.run add check (store = 'nothing')"))
    with pytest.raises(LedgerError) as caught:
        keep(kept, ledger, run=SECRET)
    assert "CheckViolation (23514)" in str(caught.value)
    assert not PATTERN.search(f"{caught.value} {caught.value.fix} {caught.value!r}".encode())
    assert caught.value.__suppress_context__
    assert not PATTERN.search(pg18.log.read_bytes())
