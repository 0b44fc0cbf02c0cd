"""jikim's own PostgreSQL: the evidence log, runs, what was imported, keys. Effectful.

One file per ledger. Each function takes a connection and says nothing about transactions: the operation that
calls it opens one (``engine.transaction``) around everything that must happen together.
"""

from jikim.ledger.engine import connect
from jikim.ledger.errors import LedgerError
from jikim.ledger.upgrading import upgrade

__all__ = ["LedgerError", "connect", "upgrade"]
