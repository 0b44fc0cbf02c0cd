"""How a PostgreSQL store speaks of jikim's own tables in it. Effectful."""

from abc import ABC
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from jikim.backends.base import Archive
from jikim.backends.postgresql.archive import SameDatabase
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.session import changing, scrubbed
from jikim.backends.sql.both import Both
from jikim.datamap.schema import Column
from jikim.datamap.survey import quoted


class PostgresBooks(Both[SameDatabase | Archive], ABC):
    """What a PostgreSQL store keeps for jikim, together with what its archive does."""

    sweeper: sa.Engine
    _dialect: PostgreSQL

    now = "clock_timestamp()"

    def _own(self, table: str) -> str:
        return quoted("jikim_service" if table == "restricted" else "jikim", table)

    def _as_key(self, placeholder: str) -> str:
        return f"cast({placeholder} as text[])"

    def _among(self, placeholder: str) -> str:
        return f"select unnest({self._as_key(placeholder)})"

    def _tell(self, doing: str, statement: str, values: Iterable[Mapping[str, Any]]) -> int:
        if not (said := list(values)):
            return 0
        with scrubbed(doing), self.sweeper.begin() as connection:
            return connection.execute(sa.text(statement), said).rowcount

    def _tell_all(self, doing: str, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        with scrubbed(doing), changing(self.sweeper, alone=True) as connection:
            for statement, values in statements:
                connection.execute(sa.text(statement), values)

    def _quoted(self, name: str) -> str:
        return quoted(name).replace("\\", "\\\\").replace(":", "\\:")

    def _typed(self, placeholder: str, column: Column) -> str:
        return f"cast({placeholder} as {column.type})"

    def _spelled(self, value: str, column: Column) -> str:
        return self._dialect.spelled(value, column)
