"""What can go wrong with a server of our own. Pure."""

from jikim.errors import JikimError


class PostgresError(JikimError):
    """The server cannot be started, or not safely."""
