"""A PostgreSQL database as its auditor reads it: in one snapshot, through a server-side cursor. Effectful.

The snapshot holds back VACUUM for as long as it is read. The role should be one that may read everything and write
nothing (member of ``pg_read_all_data``, BYPASSRLS).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa

from jikim.backends.auditing.select import Query, Relation
from jikim.backends.auditing.side import AT_ONCE, PENDING, Row, Side, Waiting
from jikim.backends.base import Way
from jikim.backends.files.reach import Account
from jikim.backends.postgresql import reach
from jikim.backends.postgresql.reflect import reflect
from jikim.backends.postgresql.session import scrubbed
from jikim.datamap import survey
from jikim.datamap.schema import Schema, Table

_AS_THEY_ARE = frozenset(
    {
        *("smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean"),
        *(
            "text",
            "character varying",
            "name",
            "json",
            "jsonb",
            "bytea",
            "uuid",
            "inet",
            "text[]",
        ),
    }
)
"""Types that come back as plain Python values; every other is read as its text, a ``char(n)`` without its blanks."""

_TIMES = {
    "timestamp with time zone": "timestamptz '0001-01-03 00:00+00'",
    "timestamp without time zone": "timestamp '0001-01-03'",
    "date": "date '0001-01-03'",
}
"""Types of time, and the earliest that Python can hold: whatever was before happened long ago."""

_KINDS = {"r": "table", "p": "table", "m": "materialised view", "f": "foreign table"}


class PostgresSpeech:
    """How PostgreSQL says what an auditor's statements need."""

    @staticmethod
    def quoted(*names: str) -> str:
        """Names as the driver wants them, to whom `%` says that a value follows."""
        return survey.quoted(*names).replace("%", "%%")

    @staticmethod
    def named(name: str) -> str:
        """A value that is given under this name."""
        return f"%({name})s"

    @staticmethod
    def read(column: str, kind: str) -> str:
        """How a column is read. A time that lies beyond Python's calendar has not happened, or happened long ago."""
        plain = kind.split("(", maxsplit=1)[0] + kind.rpartition(")")[2] if "(" in kind else kind
        if plain in _TIMES:
            return f"case when {column} < '9999-12-30' then greatest({column}, {_TIMES[plain]}) end"
        if plain == "real":
            return f"{column}::text::double precision"  # its shortest digits, as it is shown
        if plain in ("inet", "cidr"):
            return f"abbrev({column}::inet)"
        return column if plain in _AS_THEY_ARE else f"{column}::text"

    @staticmethod
    def spelled(column: str) -> str:
        """The value of a key as text."""
        return f"{column}::text"

    def equals(self, column: str, kind: str, name: str) -> str:
        """A column is a value, which is read as one of its type."""
        return f"{column} is not distinct from cast({self.named(name)} as {kind.replace('%', '%%')})"

    @staticmethod
    def every(value: str, rows: str, order: Sequence[str]) -> str:
        """An array."""
        return f"array(select {value} from {rows} order by {', '.join(order)})"

    @staticmethod
    def first(target: Relation, alias: str, where: Callable[[str], str]) -> str:
        """A join of at most one row."""
        return f"left join lateral (select u.* from {target.source} u where {where('u')} limit 1) {alias} on true"

    def given(
        self, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        """An array for each column."""
        values = {f"given_{n}": [row[column] for row in rows] for n, column in enumerate(kinds)}
        lists = ", ".join(
            f"cast({self.named(name)} as {kind}[])" for name, kind in zip(values, kinds.values(), strict=True)
        )
        return f"unnest({lists}) as t ({', '.join(map(self.quoted, kinds))})", values


@dataclass(frozen=True)
class PostgresDatabase:
    """A database, or an archive in it, by a role that may read it.

    :param schemas: what is audited of it, the first of them the service's own or the archive's.
    """

    engine: sa.Engine
    schemas: tuple[str, ...]

    @contextmanager
    def reading(self) -> Iterator["PostgresSide"]:
        """It as it stands at one moment, read-only."""
        steady = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with scrubbed("connecting"), steady.connect() as connection:
            connection.exec_driver_sql("set local idle_in_transaction_session_timeout = 0")
            # The cursor is read to its end, so plans that are quick to start and slow to finish are no bargain.
            connection.exec_driver_sql("set local cursor_tuple_fraction = 1")
            yield PostgresSide(connection, self.schemas)


@dataclass
class PostgresSide(Side):
    """One moment of it."""

    connection: sa.Connection
    schemas: tuple[str, ...]
    speech = PostgresSpeech()
    roles = True

    def ask(self, query: str, **values: Any) -> list[Row]:
        """Every row of a query."""
        with scrubbed("reading for the audit"):
            return list(self.connection.exec_driver_sql(query, values))

    def stream(self, query: Query, *, doing: str) -> Iterator[Sequence[Row]]:
        """The rows of a query; values come in the types they have, and as the server holds them, not as text."""
        with scrubbed(doing):
            driver = self.connection.connection.driver_connection
            if not isinstance(driver, psycopg.Connection):
                raise TypeError(f"no cursor by `{type(driver).__name__}`")
            with driver.cursor("jikim_audit", binary=True) as cursor:
                cursor.execute(query.text.encode(), dict(query.values))
                while rows := cursor.fetchmany(AT_ONCE):
                    yield rows

    def own(self, table: str) -> str:
        """In a schema of jikim's."""
        return f"jikim.{table}"

    def instant(self, value: Any) -> datetime | None:
        """It has a type for them."""
        return value if isinstance(value, datetime) else None

    # -- what is there ------------------------------------------------------------------------------------

    def schema(self) -> Schema:
        """The shape of the service's tables."""
        home, *also = self.schemas
        with scrubbed("reading its schema"):
            return reflect(self.connection, tables_in=home, also=tuple(also))

    def relations(self) -> Iterator[Relation]:
        """Everything in these schemas that holds rows."""
        for schema, name, kind, rows, readable, columns in self.ask(_RELATIONS, schemas=list(self.schemas)):
            only = "only " if kind == "r" else ""  # of a table that others inherit, its own rows
            source = only + self.speech.quoted(schema, name)
            yield Relation(
                name, (schema, name), _KINDS[kind], dict(columns), rows, readable, source, ("ctid",)
            )

    def beside(self, table: Table) -> Relation:
        """A listing, or what the ledger told, in the schema of jikim's own."""
        at, columns = table.at(""), {c.name: c.type for c in table.columns.values()}
        source = f"only {self.speech.quoted(*at)}"
        return Relation(table.name, at, "table", columns, 0, readable=True, source=source, apart=("ctid",))

    def pending(self, relation: Relation) -> Mapping[str, Waiting]:
        """Copies that are not settled, in the table or on their way to it as lines."""
        found = {move: [waits] for move, waits in super().pending(relation).items()}
        if PENDING in relation.columns and self.ask("select where to_regclass('jikim.arriving') is not null"):
            lines = self.ask(
                "select move, sum(copies)::bigint, min(at) from jikim.arriving where on_table = %(table)s"
                " group by move",
                table=relation.name,
            )
            for move, count, since in lines:
                found.setdefault(move, []).append(Waiting(count, self.instant(since)))
        return {move: Waiting.together(waits) for move, waits in found.items()}

    # -- who may reach it ---------------------------------------------------------------------------------

    def account(self) -> Account | None:
        """Whoever signs in is a role, and its account nobody knows."""
        return None

    def knows(self, role: str) -> bool:
        """Whether the server has such a role."""
        with scrubbed("reading its roles"):
            return reach.known(self.connection, role)

    def into_books(self, role: str) -> list[Way]:
        """Ways into the schema of jikim's own."""
        with scrubbed("reading who may do what"):
            return reach.into_books(self.connection, role=role)

    def into_archive(self, role: str | None, account: Account | None) -> list[Way]:
        """Ways into the archive's schema; where no role is named, those of everybody."""
        del account
        with scrubbed("reading who may do what"):
            return reach.into_archive(self.connection, role=role, archive_in=self.schemas[0])

    def sweepers(self) -> list[str]:
        """Roles that may write facts."""
        with scrubbed("reading who may do what"):
            return reach.sweepers(self.connection)

    def keepers_among(self, sweepers: Sequence[str]) -> list[Way]:
        """Sweepers that are, or can become, an owner of the archive."""
        with scrubbed("reading who may do what"):
            return reach.keepers_among(self.connection, sweepers, archive_in=self.schemas[0])


_RELATIONS = """
    select n.nspname, c.relname, c.relkind::text, greatest(c.reltuples, 0)::bigint,
           has_table_privilege(c.oid, 'SELECT'),
           array(select array[a.attname::text, format_type(a.atttypid, a.atttypmod)] from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
        and c.relispopulated -- but for a materialised view that was never filled, everything is
    order by n.nspname, c.relname
"""
