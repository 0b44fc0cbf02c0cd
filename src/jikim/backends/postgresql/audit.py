"""Reads a PostgreSQL store and its archive as an auditor does: every row, in one snapshot. Effectful.

Nothing here comes from the plan's side: no compiled predicate, no statement of a sweep. Each table is read whole
through a server-side cursor, LEFT JOINed to the rows its facts and owners live in, and judged by whoever asked.
Memory stays constant however many rows there are; the snapshot holds back VACUUM for as long as it is read.

The role should be one that may read everything and write nothing (member of ``pg_read_all_data``, BYPASSRLS).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from jikim.backends.postgresql.reach import Reach, Way, reach, sweepers_that_keep
from jikim.backends.postgresql.reflect import reflect
from jikim.backends.postgresql.session import scrubbed
from jikim.datamap import survey, tablename
from jikim.datamap.files import with_listings
from jikim.datamap.schema import OWN, Schema, Table
from jikim.datamap.told import Told, with_told
from jikim.plan.reading import Reading, many
from jikim.plan.schedule import Condition, Dependent, Facts, Hold, Hop, IdentityUse, Ref

Row = Sequence[Any]

AT_ONCE = 10_000
"""Rows fetched at a time."""

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


@dataclass(frozen=True)
class Waiting:
    """How many entries wait, and since when the oldest has."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Relation:
    """Something in a schema that holds rows: a table, a materialised view, a foreign table.

    ``name`` is the map's, ``at`` the store's: schema and name. ``rows`` is the store's own estimate; ``readable``
    whether the auditor's role may read it.
    """

    name: str
    at: tuple[str, str]
    kind: str
    columns: Mapping[str, str]
    rows: int
    readable: bool

    @property
    def source(self) -> str:
        """How a statement names its rows: of a table that others inherit, its own."""
        return ("only " if self.kind == "r" else "") + _quoted(*self.at)


class PostgresAuditor:
    """The service's database and its archive, each by a role that may read it.

    :param live: reads the service's tables and the schema ``jikim``.
    :param also: schemas of the service beside ``tables_in``.
    :param archive: reads the archive; may be the same.
    :param listings: tables in which files of a folder are rows, by the names that the map gives them.
    :param told: what the ledger tells about people.
    """

    def __init__(
        self,
        live: sa.Engine,
        archive: sa.Engine,
        *,
        tables_in: str,
        archive_in: str,
        also: tuple[str, ...] = (),
        listings: Mapping[str, Table] = MappingProxyType({}),
        told: tuple[Told, ...] = (),
    ) -> None:
        self.live, self.archive = live, archive
        self.tables_in, self.also, self.archive_in = tables_in, also, archive_in
        self.listings, self.told = listings, told

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """Everything as it stood at one moment, read-only.

        :raises StoreError: a database cannot be reached, or the role may not read what it must.
        """
        with ExitStack() as stack:
            live, archive = (stack.enter_context(_reading(e)) for e in (self.live, self.archive))
            with scrubbed("reading its schema"):
                found = reflect(live, tables_in=self.tables_in, also=self.also)
                schema = with_told(with_listings(found, self.listings), self.told)
            yield Snapshot(live, archive, (self.tables_in, *self.also), self.archive_in, schema)

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which the store holds a receipt at this moment.

        :raises StoreError: the store cannot be read.
        """
        asked = [list(each) for each in zip(*names, strict=True)] or [[], [], []]
        with _reading(self.live) as connection:
            found = _all(
                connection,
                "select r.run, r.step, r.batch from jikim.receipt r"
                " join unnest(cast(%s as text[]), cast(%s as text[]), cast(%s as integer[]))"
                " as asked (run, step, batch) using (run, step, batch)",
                *asked,
            )
            return {(run, step, batch) for run, step, batch in found}


@contextmanager
def _reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    steady = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with scrubbed("connecting"), steady.connect() as connection:
        connection.exec_driver_sql("set local idle_in_transaction_session_timeout = 0")
        # The cursor is read to its end, so plans that are quick to start and slow to finish are no bargain.
        connection.exec_driver_sql("set local cursor_tuple_fraction = 1")
        yield connection


@dataclass
class Snapshot:
    """One moment of a store and its archive."""

    live: sa.Connection
    archive: sa.Connection
    tables_in: tuple[str, ...]
    archive_in: str
    schema: Schema
    _relations: dict[str, Relation] = field(default_factory=dict)

    # -- what is there ------------------------------------------------------------------------------------

    def relations(self) -> Mapping[str, Relation]:
        """Everything in the service's schemas that holds rows, by its name in the map."""
        if not self._relations:
            for found in _relations(self.live, self.tables_in):
                name = tablename.written(*found.at, home=self.tables_in[0])
                table = self.schema.tables.get(name)
                columns = {c.name: c.type for c in table.columns.values()} if table else found.columns
                self._relations[name] = replace(found, name=name, columns=columns)
        return self._relations

    def archive_tables(self) -> Mapping[str, Relation]:
        """Everything in the archive that holds rows; nothing when there is no archive yet."""
        return {found.name: found for found in _relations(self.archive, (self.archive_in,))}

    def facts(self) -> Facts:
        """Legal holds in force and facts about the service as a whole."""
        rows = _all(
            self.live,
            "select id, kind, name, on_table, subject_kind, subject_key, happened_at"
            " from jikim.fact where released_at is null order by id",
        )
        holds = tuple(
            Hold(i, name, who, tuple(key or ()), at)
            for i, kind, name, at, who, key, _ in rows
            if kind == "hold"
        )
        return Facts({name: when for _, kind, name, *_, when in rows if kind == "service"}, holds)

    def unshipped(self, *, before: datetime) -> Waiting:
        """Receipts older than ``before`` that the ledger has not acknowledged, though their files are gone."""
        return self._waiting(
            "select count(*), min(r.at) from jikim.receipt r where r.shipped_at is null and r.at < %s"
            " and not exists (select from jikim.outbox o where o.run = r.run and o.step = r.step"
            " and o.batch = r.batch and o.done_at is null)",
            before,
        )

    def leaving(self, files: str) -> set[str]:
        """The files of a files store that wait to be removed."""
        query = "select path from jikim.outbox where done_at is null and store = %s"
        return {path for (path,) in _all(self.live, query, files)}

    def arriving(self) -> set[str]:
        """The files of the archive's folder that are still to be copied there."""
        found = _all(self.live, "select kept from jikim.outbox where done_at is null and kept <> '[]'")
        return {name for (kept,) in found for name in json.loads(kept)}

    def outbox(self, *, before: datetime) -> Waiting:
        """Files that should have been removed since before ``before`` and were not."""
        return self._waiting(
            "select count(*), min(r.at) from jikim.outbox o join jikim.receipt r using (run, step, batch)"
            " where o.done_at is null and r.at < %s",
            before,
        )

    def _waiting(self, query: str, before: datetime) -> Waiting:
        [(count, oldest)] = _all(self.live, query, before)
        return Waiting(count, oldest)

    def reach(self, role: str) -> Reach:
        """Every way in which a role can reach the archive, or jikim's own schema."""
        with scrubbed("reading who may do what"):
            return reach(self.live, self.archive, role=role, archive_in=self.archive_in)

    def sweepers_that_keep(self) -> list[Way]:
        """How whoever sweeps is, or can become, whoever keeps the archive."""
        with scrubbed("reading who may do what"):
            return sweepers_that_keep(self.live, archive_in=self.archive_in)

    # -- rows ---------------------------------------------------------------------------------------------

    def count(self, table: str) -> int:
        """The unconditional count of a table's rows."""
        [(count,)] = _all(self.live, f"select count(*) from {self.relations()[table].source}")
        return int(count)

    def read(self, reading: Reading) -> Iterator[Sequence[Row]]:
        """Every row of a table as the reading asks for it, some thousands at a time."""
        query, values = Select(self.schema, self._sources()).of(reading)
        yield from _stream(self.live, query, values, doing=f"reading `{reading.table}`")

    def read_given(self, reading: Reading, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
        """Files as rows, each as the reading asks for it: only what they point to stands in the store."""
        select, columns = Select(self.schema, self._sources()), self.schema.tables[reading.table].columns
        query, values = select.of(reading, given=[[row[c] for row in rows] for c in columns])
        with scrubbed(f"reading what `{reading.table}` leads to"):
            return list(self.live.exec_driver_sql(query, dict(values)))

    def _sources(self) -> Mapping[str, Relation]:
        """Everything that can be read or joined: the service's own, and listings of files."""
        listed = {name: _listed(t) for name, t in self.schema.tables.items() if t.lies_in == OWN}
        return {**self.relations(), **listed}

    def read_archive(self, table: Relation) -> Iterator[Sequence[Row]]:
        """Every copy in a table of the archive, with all its columns in their order."""
        columns = ", ".join(_read(f"t.{_quoted(c)}", kind) for c, kind in table.columns.items())
        query = f"select {columns} from {table.source} t"
        yield from _stream(self.archive, query, {}, doing=f"reading the archive `{table.name}`")


# -- statements -------------------------------------------------------------------------------------------


@dataclass
class Select:
    """Writes the statement that reads one table: named columns, joins for what they point to, and whether
    anything points here."""

    schema: Schema
    relations: Mapping[str, Relation]
    values: dict[str, Any] = field(default_factory=dict)
    base: str = ""
    _joined: dict[tuple[Hop, ...], str] = field(default_factory=dict)
    _joins: list[str] = field(default_factory=list)

    def of(
        self, reading: Reading, *, given: Sequence[list[Any]] | None = None
    ) -> tuple[str, Mapping[str, Any]]:
        """The statement, and the values bound in it by name.

        :param given: the values of each column, where the rows stand in no table.
        """
        self._joined, self.base = {(): "t"}, reading.table
        columns = [self._column(reading.table, ref) for ref in reading.refs]
        if reading.schedule is not None:
            columns.append(self._pointed(reading.table, reading.schedule.dependents))
            columns += [
                self._needed([use for use in reading.schedule.identity_uses if cell in use.cells])
                for cell in reading.identity
            ]
        source = f"{self._source(reading.table)} t" if given is None else self._given(reading.table, given)
        return f"select {', '.join(columns)} from {' '.join([source, *self._joins])}", self.values

    def _given(self, table: str, columns: Sequence[list[Any]]) -> str:
        """Values that came along, as a table."""
        kinds = self.relations[table].columns
        self.values |= {f"given_{n}": column for n, column in enumerate(columns)}
        lists = ", ".join(f"cast(%(given_{n})s as {kind}[])" for n, kind in enumerate(kinds.values()))
        return f"unnest({lists}) as t ({', '.join(map(_quoted, kinds))})"

    def _column(self, table: str, ref: Ref) -> str:
        if fan := many(ref.hops):
            return self._listed(fan, ref)
        alias = self._alias(ref.hops)
        kind = self.relations[ref.hops[-1].table if ref.hops else table].columns[ref.column]
        return _read(f"{alias}.{_quoted(ref.column)}", kind)

    def _listed(self, fan: tuple[Hop, ...], ref: Ref) -> str:
        """The values of a column for all the rows that some hops lead to, in an order that is the same for each."""
        first, *rest = fan
        source, at, order = f"{self._source(first.table)} x0", (first.table, "x0"), ["x0.ctid"]
        for n, hop in enumerate(rest, 1):
            source += f" join {self._source(hop.table)} x{n} on {self._leads(hop, at, f'x{n}')}"
            at, order = (hop.table, f"x{n}"), [*order, f"x{n}.ctid"]
        for n, hop in enumerate(ref.hops[len(fan) :]):
            source, at = f"{source} {self._join(hop, at, f'y{n}')}", (hop.table, f"y{n}")
        value = _read(f"{at[1]}.{_quoted(ref.column)}", self.relations[at[0]].columns[ref.column])
        where = self._leads(first, (self.base, "t"), "x0")
        return f"array(select {value} from {source} where {where} order by {', '.join(order)})"

    def _alias(self, hops: tuple[Hop, ...]) -> str:
        """The alias under which the row at the end of some hops is joined."""
        if hops not in self._joined:
            before = self._alias(hops[:-1])
            self._joined[hops] = alias = f"j{len(self._joined)}"
            table = hops[-2].table if len(hops) > 1 else self.base
            self._joins.append(self._join(hops[-1], (table, before), alias))
        return self._joined[hops]

    def _source(self, table: str) -> str:
        """A table as a statement names it."""
        return self.relations[table].source

    def _join(self, hop: Hop, before: tuple[str, str], alias: str) -> str:
        """At most one row for each: where nothing makes the columns unique, one of them is taken."""
        target = self._source(hop.table)
        table = self.schema.tables[hop.table]
        keys = [set(key) for key in (table.primary_key, *table.unique) if key]
        if any(key <= set(hop.to_columns) for key in keys):
            return f"left join {target} {alias} on {self._leads(hop, before, alias)}"
        where = self._leads(hop, before, "u")
        return f"left join lateral (select u.* from {target} u where {where} limit 1) {alias} on true"

    def _leads(self, hop: Hop, before: tuple[str, str], alias: str) -> str:
        """A row of a table, under its alias, points to another by a hop."""
        table, name = before
        text = "::text" if hop.spelled else ""
        pairs = zip(hop.columns, hop.to_columns, strict=True)
        said = [f"{alias}.{_quoted(to)}{text} = {name}.{_quoted(own)}{text}" for own, to in pairs]
        said += [
            self._equals(f"{name}.{_quoted(column)}", table, column, value) for column, value in hop.when
        ]
        return " and ".join(said)

    def _equals(self, value: str, table: str, column: str, wanted: Any) -> str:
        """A column of a table, read as ``value``, is what is wanted."""
        if wanted is None:
            return f"{value} is null"
        name = f"v{len(self.values)}"
        self.values[name] = wanted
        kind = self.relations[table].columns[column].replace("%", "%%")
        return f"{value} is not distinct from cast(%({name})s as {kind})"

    def _pointed(self, table: str, dependents: Iterable[Dependent]) -> str:
        """Whether any other row points here."""
        tests = [
            f"exists (select from {self._source(d.table)} d where {self._leads(d.hop, (d.table, 'd'), 't')}"
            f"{' and d.ctid <> t.ctid' if d.table == table else ''})"
            for d in dependents
        ]
        return f"({' or '.join(tests) or 'false'})"

    def _needed(self, uses: Iterable[IdentityUse]) -> str:
        """Whether a row that leads here may yet be archived with a cell of this one."""
        tests = []
        for use in uses:
            *inner, last = use.hops
            joins, at = [f"{self._source(use.table)} n0"], (use.table, "n0")
            for n, hop in enumerate(inner, 1):
                joins.append(f"join {self._source(hop.table)} n{n} on {self._leads(hop, at, f'n{n}')}")
                at = hop.table, f"n{n}"
            where = [self._leads(last, at, "t")]
            where += [self._meets(condition, use.table) for condition in use.where]
            tests.append(f"exists (select from {' '.join(joins)} where {' and '.join(where)})")
        return f"({' or '.join(tests) or 'false'})"

    def _meets(self, condition: Condition, table: str) -> str:
        """A row class's condition, of the row ``n0`` or of one it points to; a missing row has no values."""
        source, alias, joins = "", "n0", []
        for n, hop in enumerate(condition.ref.hops):
            joins.append((f"{self._source(hop.table)} c{n}", self._leads(hop, (table, alias), f"c{n}")))
            alias, table = f"c{n}", hop.table
        value: Any = f"{alias}.{_quoted(condition.ref.column)}"
        if joins:
            source = f" from {' join '.join(j if n == 0 else f'{j} on {same}' for n, (j, same) in enumerate(joins))}"
            value = f"(select {value}{source} where {joins[0][1]} limit 1)"
        return self._equals(value, table, condition.ref.column, condition.value)


def _read(column: str, kind: str) -> str:
    """How a column is read. A time that lies beyond Python's calendar has not happened, or happened long ago."""
    plain = kind.split("(", maxsplit=1)[0] + kind.rpartition(")")[2] if "(" in kind else kind
    if plain in _TIMES:
        return f"case when {column} < '9999-12-30' then greatest({column}, {_TIMES[plain]}) end"
    if plain in ("inet", "cidr"):
        return f"abbrev({column}::inet)"
    return column if plain in _AS_THEY_ARE else f"{column}::text"


def _listed(table: Table) -> Relation:
    """A listing, as if it were a table of the service."""
    columns = {c.name: c.type for c in table.columns.values()}
    return Relation(table.name, table.at(""), "r", columns, 0, readable=True)


def _quoted(*names: str) -> str:
    """Names as the driver wants them, to whom `%` says that a value follows."""
    return survey.quoted(*names).replace("%", "%%")


# -- running them -----------------------------------------------------------------------------------------

_RELATIONS = """
    select n.nspname, c.relname, c.relkind::text, greatest(c.reltuples, 0)::bigint,
           has_table_privilege(c.oid, 'SELECT'),
           array(select array[a.attname::text, format_type(a.atttypid, a.atttypmod)] from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(%s) and c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
        and c.relispopulated -- but for a materialised view that was never filled, everything is
    order by n.nspname, c.relname
"""


def _relations(connection: sa.Connection, schemas: Sequence[str]) -> list[Relation]:
    return [
        Relation(name, (schema, name), kind, dict(columns), rows, readable)
        for schema, name, kind, rows, readable, columns in _all(connection, _RELATIONS, list(schemas))
    ]


def _all(connection: sa.Connection, query: str, *values: Any) -> list[Any]:
    with scrubbed("reading for the audit"):
        return list(connection.exec_driver_sql(query, values))


def _stream(
    connection: sa.Connection, query: str, values: Mapping[str, Any], *, doing: str
) -> Iterator[Sequence[Row]]:
    with scrubbed(doing):
        options = {"stream_results": True, "yield_per": AT_ONCE}
        result = connection.exec_driver_sql(query, values, execution_options=options)
        yield from result.partitions()
