"""A PostgreSQL server of our own, for whoever has none. Effectful: starts processes, owns a directory.

``Server.start(directory)`` gives a running server; whoever else starts the same directory shares it; it stops
when the last of them has gone, however they went. No TCP, no password, no system service: a socket inside a
directory that only its owner may enter. How that holds together: docs/adr/0002-embedded-postgresql.md.

``python -m jikim.postgres DIRECTORY COMMAND…`` runs a command, such as ``psql``, against such a server.
"""

from jikim.postgres.errors import PostgresError
from jikim.postgres.server import Server

__all__ = ["PostgresError", "Server"]
