"""An example service: its files, its world, and the technical shape that it is in. Effectful where it installs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg import Connection

from examples.made_up.world import Setting

_ROLES = Path(__file__).parent / "roles.sql"


@dataclass(frozen=True, eq=False)
class Service:
    """What a controller runs.

    :param id: its name as the policy has it, such as ``plask``.
    :param seed: from which its people grow.
    :param lite: its rows lie in a SQLite file; else in a PostgreSQL.
    :param apart: its archive is on a server of its own; of a file, it is another file.
    :param folders: the environment variable that names each files store's folder, by store.
    """

    id: str
    setting: Setting
    seed: int
    lite: bool = False
    apart: bool = False
    folders: Mapping[str, str] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """Its name as Python and a database have it."""
        return self.id.replace("-", "_")

    @property
    def folder(self) -> Path:
        """Where its policy.yaml, datamap.yaml and schema.sql are."""
        return Path(__file__).parents[1] / self.package

    @property
    def schema(self) -> str:
        """What makes its tables."""
        return (self.folder / "schema.sql").read_text(encoding="utf-8")

    def role(self, name: str) -> str:
        """A role of its PostgreSQL: ``app``, ``sweeper`` or ``keeper``."""
        return f"{self.package}_{name}"

    def install(self, connection: Connection[Any]) -> None:
        """Create tables, roles and grants in an empty PostgreSQL; a second time changes nothing.

        :param connection: as a superuser of the cluster, in the database that shall be the service's.
        """
        own = self.folder / "roles.sql"
        roles = (own if own.exists() else _ROLES).read_text(encoding="utf-8")
        with connection.transaction():
            connection.execute("set local search_path = public")
            for script in (self.schema, roles.replace("{service}", self.package)):
                connection.execute(script.encode())
