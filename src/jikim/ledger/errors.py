"""What can go wrong with the ledger. Pure."""

from jikim.errors import JikimError


class LedgerError(JikimError):
    """A ledger that cannot be used, or was asked for what it cannot truthfully do."""
