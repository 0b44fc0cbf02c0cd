"""Archives in PostgreSQL: in a schema of the service's own database, or in another database. Effectful.

In the same database a move is one statement of the store (`statements`), and nothing is ever pending. In another
database copies arrive as pending and are settled when the store has let their rows go: from a file row by row, each
pending in its place; from another server as lines (`arriving`).
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from jikim.backends.base import (
    Behind,
    Copies,
    Driven,
    Key,
    Move,
    Reached,
    Receipt,
    Run,
)
from jikim.backends.postgresql import arriving
from jikim.backends.postgresql.arriving import Arriving, tell_provenance
from jikim.backends.postgresql.ddl import FIRST, STORE_TABLES, archive_statements
from jikim.backends.postgresql.finishing import drive
from jikim.backends.postgresql.session import principals, run_all, scrubbed
from jikim.backends.sql.books import Books
from jikim.backends.sql.provenance import BECAUSE, PROVENANCE, UNSAID
from jikim.datamap.files import KEPT
from jikim.datamap.schema import Schema
from jikim.datamap.survey import quoted
from jikim.evidence.stage import Stage
from jikim.plan.plan import Step
from jikim.plan.schedule import Hold, Schedules

_SAME = f"(k.{FIRST}) = a.jikim_key[1] and k.jikim_key = a.jikim_key"
"""So of a copy ``k`` of the row that ``a`` is of, by their index."""


class _Archive:
    """What both have in common: copies that expire and are shown."""

    kept = "true"
    """So of a copy, called ``a``, that is no longer pending."""

    def __init__(self, keeper: sa.Engine, *, schema: str) -> None:
        self.keeper, self.schema = keeper, schema

    def expirable(self, steps: Sequence[Step], *, as_of: datetime, holds: tuple[Hold, ...]) -> dict[str, int]:
        """Copies whose own date has come and which no hold names, by step."""
        found = {}
        with scrubbed("counting copies that expire"), self.keeper.connect() as connection:
            for step in steps:
                due, values = self._expired(step, as_of, holds)
                query = sa.text(f"select count(*) from {self._table(step)} a where {due}")
                with scrubbed(f"counting `{step.id}`"):
                    found[step.id] = int(connection.execute(query, values).scalar_one())
        return found

    def expire(self, step: Step, *, run: Run, number: int, size: int, holds: tuple[Hold, ...]) -> int:
        """Destroy up to ``size`` of them, in one transaction with its receipt."""
        due, values = self._expired(step, run.plan.as_of, holds)
        picked = (
            f"select a.ctid from {self._table(step)} a where {due} limit :size for update of a skip locked"
        )
        names = [_escaped(quoted(cell.name)) for cell in step.cells]
        paths = (
            " union all ".join(f"select {name} as path from gone" for name in names) or "select null as path"
        )
        delete = (
            f"with picked as ({picked}), gone as (delete from {self._table(step)} a"
            f" where a.ctid = any (array(select ctid from picked)) and {due} returning {', '.join(names) or '1'}),"
            " files as (insert into jikim.outbox (run, step, batch, store, path)"
            f" select :run, :step, :number, '{KEPT}', path from ({paths}) p where path is not null returning 1)"
            " select (select count(*) from gone), (select count(*) from files)"
        )
        receipt = {
            "run": run.id,
            "step": step.id,
            "batch": number,
            "action": step.action.value,
            "on_table": step.copies[0].archive,
            "because": json.dumps([str(b) for b in step.because], ensure_ascii=False),
            "as_of": run.plan.as_of,
            "plan": run.plan.digest,
            "policy": run.policy_digest,
        }
        with scrubbed(f"carrying out `{step.id}`"), self.keeper.begin() as connection:
            told = {"run": run.id, "step": step.id, "number": number, "size": size}
            gone, files = connection.execute(sa.text(delete), {**values, **told}).one()
            if gone:
                receipt |= {"rows": gone, "files": files}
                places = ", ".join("cast(:because as jsonb)" if n == "because" else f":{n}" for n in receipt)
                insert = f"insert into jikim.receipt ({', '.join(receipt)}) values ({places})"
                connection.execute(sa.text(insert), receipt)
        return int(gone)

    def _table(self, step: Step) -> str:
        return _escaped(quoted(self.schema, step.copies[0].archive))

    def _expired(self, step: Step, as_of: datetime, holds: tuple[Hold, ...]) -> tuple[str, dict[str, Any]]:
        """So of copies that go now."""
        naming = [h for h in holds if h.table in (None, step.table)]
        due = f"{self.kept} and a.jikim_destroy_after <= :as_of"
        if any(h.subject is None for h in naming):
            return "false", {}
        if not naming:
            return due, {"as_of": as_of}
        held = (
            " and not exists (select 1 from jsonb_to_recordset(cast(:held as jsonb)) as h (subject text, key text[])"
            " where h.subject = a.jikim_subject and h.key = a.jikim_subject_key)"
        )
        named = json.dumps([{"subject": h.subject, "key": list(h.key)} for h in naming], ensure_ascii=False)
        return due + held, {"as_of": as_of, "held": named}

    def archived(self, subject: str, key: Key) -> list[dict[str, Any]]:
        """Everything that is kept about one person."""
        found = []
        with scrubbed("reading the archive"), self.keeper.connect() as connection:
            for name in self._tables(connection):
                table, why = (_escaped(quoted(self.schema, each)) for each in (name, PROVENANCE))
                query = (
                    f"select a.*, {BECAUSE} from {table} a left join {why} p on p.id = a.{PROVENANCE}"
                    f" where {self.kept} and a.jikim_subject = :subject and a.jikim_subject_key = cast(:key as text[])"
                    " and hash_array(a.jikim_subject_key) = hash_array(cast(:key as text[]))"
                )
                for row in connection.execute(
                    sa.text(query), {"subject": subject, "key": list(key)}
                ).mappings():
                    found.append({"archive": name, **{c: v for c, v in row.items() if c not in UNSAID}})
        return found

    def _tables(self, connection: sa.Connection) -> list[str]:
        """The archive's own tables."""
        query = sa.text("""
            select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = :schema and c.relkind = 'r' and exists (
                select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'jikim_destroy_after')
            order by c.relname""")
        return [name for (name,) in connection.execute(query, {"schema": self.schema})]


class SameDatabase(_Archive):
    """The archive beside the service's own tables; the sweeper may add copies, and read none."""

    def __init__(self, keeper: sa.Engine, sweeper: sa.Engine, *, schema: str) -> None:
        super().__init__(keeper, schema=schema)
        self._sweeper = sweeper

    def prepare(self, schedules: Schedules, schema: Schema) -> None:
        """Make the archive's tables, as the keeper. Safe to run again."""
        sweeper, _ = principals(self._sweeper, self.keeper)
        made = archive_statements(schedules, schema=schema, archive=self.schema, sweeper=sweeper)
        with scrubbed("preparing the archive"), self.keeper.begin() as connection:
            run_all(connection, made)

    def unshipped(self) -> Iterator[Receipt]:
        """Its receipts lie among the store's own."""
        return iter(())

    def shipped(self, receipts: list[Receipt]) -> None:
        """They are the store's to mark."""

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """They are the store's to find."""
        del names
        return set()

    def behind(self, stage: Stage) -> list[Behind]:
        """They are the store's to tell of."""
        del stage
        return []

    def reached(self) -> list[Reached]:
        """They are the store's to tell of."""
        return []

    def told(self, reached: Sequence[Reached]) -> None:
        """They are the store's to mark."""


class PostgresArchive(_Archive, Books):
    """The archive in another database, by its keeper."""

    now = "clock_timestamp()"
    kept = "a.jikim_pending = ''"

    def __init__(self, keeper: sa.Engine, *, schema: str, zone: ZoneInfo) -> None:
        super().__init__(keeper, schema=schema)
        self.zone = zone
        self.arriving = Arriving(keeper, schema)

    def prepare(self, schedules: Schedules, schema: Schema) -> None:
        """Make the archive's schema and tables, and jikim's own. Safe to run again.

        :raises StoreError: the keeper may not make schemas there.
        """
        database, keeper = (
            quoted(str(part)) for part in (self.keeper.url.database, self.keeper.url.username)
        )
        whole = f"on the archive's server: ALTER DATABASE {database} OWNER TO {keeper};"
        with scrubbed("preparing the archive", rights=lambda _: whole), self.keeper.begin() as connection:
            run_all(
                connection, (f"create schema if not exists {quoted(name)}" for name in ("jikim", self.schema))
            )
            run_all(
                connection, (f"revoke all on schema {quoted(n)} from public" for n in ("jikim", self.schema))
            )
            run_all(connection, [*STORE_TABLES, *arriving.STATEMENTS])
            run_all(
                connection, archive_statements(schedules, schema=schema, archive=self.schema, sweeper=None)
            )

    def add(self, move: Move, copies: Sequence[Copies]) -> int:
        """Keep copies as pending, but for those of rows of which a copy is kept already."""
        new = 0
        with scrubbed("copying to the archive"), self.keeper.begin() as connection:
            tell_provenance(connection, self.schema, [each.provenance for each in copies])
            for each in copies:
                run_all(connection, ["drop table if exists pg_temp.jikim_arriving"])
                table, columns = quoted(self.schema, each.to), ", ".join(map(quoted, each.columns))
                arriving = f"create temp table jikim_arriving on commit drop as select {columns} from {table} limit 0"
                run_all(connection, [arriving])
                self._arrive(connection, f"copy pg_temp.jikim_arriving ({columns}) from stdin", each.rows)
                insert = (
                    f"insert into {table} (jikim_pending, {columns}) select :move, {columns}"
                    f" from pg_temp.jikim_arriving a where not exists (select 1 from {table} k"
                    f" where {_SAME} and k.jikim_pending = '') on conflict do nothing"
                )
                new += connection.execute(
                    sa.text(_escaped(insert, keep=":move")), {"move": str(move)}
                ).rowcount
        return new

    @staticmethod
    def _arrive(connection: sa.Connection, copy: str, rows: Iterable[Sequence[Any]]) -> None:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(copy.encode()) as into:
            for row in rows:
                into.write_row([_value(value) for value in row])

    def settle(self, move: Move, went: Sequence[Key] | None) -> None:
        """Keep the pending copies of these rows, drop the move's others; both by the index of what is pending.

        Lines are of rows that went, all of them, or did not: those that went are kept by :class:`Arriving`.
        """
        values, these = {"move": str(move)}, ""
        if went is not None:
            values["went"] = json.dumps([list(key) for key in went], ensure_ascii=False)
            these = """and a.jikim_key in (select array(select jsonb_array_elements_text(key))
                            from jsonb_array_elements(cast(:went as jsonb)) went (key))"""
        with scrubbed("settling a move"), self.keeper.begin() as connection:
            for name in self._tables(connection):
                table = _escaped(quoted(self.schema, name))
                keep = sa.text(f"""
                    update {table} a set jikim_pending = '' where a.jikim_pending = :move and a.jikim_pending <> ''
                        {these}
                        and not exists (select 1 from {table} k
                            where {_SAME} and k.jikim_pending = '')""")
                connection.execute(keep, values)
                left = f"delete from {table} where jikim_pending = :move and jikim_pending <> ''"
                connection.execute(sa.text(left), values)
            self.arriving.drop(connection, move)

    def unsettled(self) -> list[Move]:
        """Moves of which copies are pending."""
        with scrubbed("reading the archive"), self.keeper.connect() as connection:
            found = self.arriving.moves(connection) | {
                move
                for name in self._tables(connection)
                for (move,) in connection.execute(
                    sa.text(
                        f"select distinct jikim_pending from {_escaped(quoted(self.schema, name))}"
                        " where jikim_pending <> ''"
                    )
                )
            }
        return sorted(map(Move.parse, found), key=str)

    def drive(self, stage: Stage, tables: Collection[str]) -> Iterator[Driven]:
        """Take what expired to a stage; the keeper owns the tables."""
        named = {table: (self.schema, table) for table in tables}
        return drive(self.keeper, self.keeper, named, stage=stage)

    # -- jikim's own tables -------------------------------------------------------------------------------

    def _own(self, table: str) -> str:
        return f"jikim.{table}"

    def _as_key(self, placeholder: str) -> str:
        return f"cast({placeholder} as text[])"

    def _among(self, placeholder: str) -> str:
        return f"select unnest({self._as_key(placeholder)})"

    def _ask(self, doing: str, query: str, **values: Any) -> Iterator[Mapping[str, Any]]:
        with scrubbed(doing), self.keeper.connect() as connection:
            for row in connection.execute(sa.text(query), values).mappings():
                yield dict(row)

    def _tell(self, doing: str, statement: str, values: Iterable[Mapping[str, Any]]) -> int:
        if not (said := list(values)):
            return 0
        with scrubbed(doing), self.keeper.begin() as connection:
            return connection.execute(sa.text(statement), said).rowcount


def _escaped(text: str, *, keep: str = "") -> str:
    """A text as a driver of ``:so`` named values takes it, in which at most one name is meant so."""
    escaped = text.replace("\\", "\\\\").replace(":", "\\:")
    return escaped.replace(f"\\{keep}", keep, 1) if keep else escaped


def _value(value: Any) -> Any:
    """A value as COPY writes it, whatever type its column has."""
    match value:
        case bytes():
            return f"\\x{value.hex()}"
        case tuple():
            return list(value)
        case None | str() | list() | datetime():
            return value
    return str(value)
