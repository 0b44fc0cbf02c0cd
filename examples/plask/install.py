"""Puts Plask into an empty database. Effectful."""

from pathlib import Path
from typing import Any

from psycopg import Connection

FOLDER = Path(__file__).parent


def install(connection: Connection[Any]) -> None:
    """Create tables, roles, row security and grants, in one transaction; a second time changes nothing.

    :param connection: as a superuser of the cluster, in the database that shall be Plask's.
    """
    with connection.transaction():
        connection.execute("set local search_path = public")
        for script in ("schema.sql", "roles.sql"):
            connection.execute((FOLDER / script).read_bytes())
