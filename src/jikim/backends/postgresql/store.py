"""A PostgreSQL store and its archive. Effectful: the only place that runs what `statements` builds.

Sessions see past row security or fail (``row_security = off``), wait briefly for locks, and show no value of a
row in an error: a driver's message quotes rows, so only its kind goes on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.backends.base import Batch, Counted, Run, StoreError
from jikim.backends.postgresql import reach
from jikim.backends.postgresql.ddl import archive_statements
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.reach import Way
from jikim.backends.postgresql.reflect import reflect
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.books import Books
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.leaving import Leaving
from jikim.backends.sql.person import RowFacts, rows_of
from jikim.backends.sql.spelled import Spelled, spelled
from jikim.datamap.schema import Schema
from jikim.datamap.survey import quoted
from jikim.plan.plan import Action, Counts, Step
from jikim.plan.predicate import Sweep
from jikim.plan.schedule import Schedules, TableSchedule

_STATES = ("due", "retained", "waiting", "orphan", "held", "stubs")


_DENIED = re.compile(r'for (?:table|view|relation) "?([^"]+)"?$')
_FUNCTION = re.compile(r"PL/pgSQL function ([^\s(]+)\(")


@contextmanager
def scrubbed(doing: str, *, rights: Callable[[str | None], str] | None = None) -> Iterator[None]:
    """Turn a driver's error into one that names what was being done and never quotes a row.

    :param rights: the statement that gives the rights this needs, given the table that the store named.
    :raises StoreError: for any error of the database.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        original = error.orig
        state = getattr(original, "sqlstate", None) or "no connection"
        kind = type(original).__name__
        detail = ""
        fix = _FIXES.get(str(state), "see the server's own log for the row; it is not repeated here")
        if state == "42501" and rights:
            denied = _DENIED.search(str(original).partition("\n")[0])
            fix = rights(denied[1] if denied else None)
        if isinstance(original, psycopg.OperationalError) and original.sqlstate is None:
            detail = str(original).partition("\n")[0]  # of the connection: host, port, database, role
        elif isinstance(original, psycopg.Error):
            named = (original.diag.table_name, original.diag.constraint_name)
            detail = ", ".join(f"`{name}`" for name in named if name)
            if function := _FUNCTION.search(original.diag.context or ""):
                detail = f"{detail} in `{function[1]}`, which a trigger of the store runs".lstrip()
                fix = "mend that function: whoever deletes needs the rights it needs"
        raise StoreError(
            f"the store refused while {doing}: {kind} ({state}) {detail}".rstrip(), fix=fix
        ) from None


_FIXES = {
    "42501": "give the role the right that is missing: see `jikim prepare --print`",
    "3F000": "the schema `jikim` is missing: run `jikim prepare`",
    "42P01": "a table is missing: run `jikim prepare`",
    "55P03": "another session holds a lock: run it again, finished batches stay finished",
    "57014": "a statement took too long: run it again with a smaller `--batch`",
    "23503": "a row that still points to it appeared meanwhile: run it again",
    "no connection": "check that the server runs and the URL is right; run it again, finished batches stay finished",
}


def engine(url: str, *, role: str, tables_in: str | None = None) -> sa.Engine:
    """An engine whose sessions are jikim's: UTC, no row security, short waits.

    :param tables_in: the service's schema, where its own triggers look for what they name without one.
    :raises StoreError: the URL cannot be read.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            f"the URL of the {role} cannot be read", fix="write postgresql://user@host/database"
        ) from None
    if parsed.get_backend_name() != "postgresql":
        raise StoreError(f"a store `{parsed.get_backend_name()}` is not known", fix="use a postgresql:// URL")
    settings = {
        "timezone": "UTC",
        "row_security": "off",
        "jit": "off",  # compiling a census takes a hundred times longer than running it
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "60s",
        "search_path": f"pg_catalog,{quoted(tables_in)}" if tables_in else "pg_catalog",
    }
    options = " ".join(f"-c {name}={_escaped(value)}" for name, value in settings.items())
    return sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "application_name": f"jikim {role}"},
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _escaped(value: str) -> str:
    """A setting as it stands in a session's options, where spaces part one from the next."""
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def run_all(connection: sa.Connection, statements: Iterable[str]) -> None:
    """Statements without values, as they stand."""
    as_it_stands = connection.execution_options(no_parameters=True)
    for statement in statements:
        as_it_stands.exec_driver_sql(statement)


def _run(connection: sa.Connection, statement: Statement, **values: Any) -> sa.CursorResult[Any]:
    return connection.exec_driver_sql(statement.text, {**statement.values, **values})


def principals(sweeper: sa.Engine, keeper: sa.Engine) -> tuple[str, str]:
    """The roles that these engines sign in as.

    :raises StoreError: one of them cannot.
    """
    asked = sa.text("select current_user")
    with scrubbed("asking for its roles"), sweeper.connect() as one, keeper.connect() as other:
        return str(one.execute(asked).scalar_one()), str(other.execute(asked).scalar_one())


def also_keeps(sweeper: sa.Engine, keeper: sa.Engine) -> Way | None:
    """How the role that sweeps is, or can become, the one that keeps the archive; None where it cannot.

    :raises StoreError: one of them cannot sign in.
    """
    one, other = principals(sweeper, keeper)
    with scrubbed("asking for its roles"), sweeper.connect() as connection:
        return reach.also_keeps(connection, sweeper=one, keeper=other)


class PostgresStore(Books):
    """The service's database by its sweeper, and its archive by its keeper.

    :param mask_key: 32 bytes, with which masked values get their tags.
    :param epoch_key: 32 bytes, with which persons get theirs; None for a store that is only read.
    """

    def __init__(
        self,
        sweeper: sa.Engine,
        keeper: sa.Engine,
        *,
        name: str,
        tables_in: str,
        archive: str,
        zone: ZoneInfo,
        mask_key: bytes,
        epoch_key: bytes | None,
    ) -> None:
        self.sweeper, self.keeper, self.name = sweeper, keeper, name
        self.tables_in, self.archive, self.zone = tables_in, archive, zone
        self._mask_key, self._epoch_key = mask_key, epoch_key
        self._schema: Schema | None = None
        self._schedules: Schedules | None = None
        self._picks: dict[tuple[str, str], Statement] = {}
        self._changes: dict[tuple[str, str], Statement] = {}
        self._compiler = self._compiled(Schema({}))

    # -- what is there ------------------------------------------------------------------------------------

    def reflect(self) -> Schema:
        """The shape of the service's tables now; later calls speak of this shape."""
        with scrubbed("reading its schema"), self.sweeper.connect() as connection:
            self._schema = reflect(connection, tables_in=self.tables_in)
        return self._schema

    def use(self, schedules: Schedules) -> None:
        """The schedules that steps and sweeps handed in from now on were made from."""
        self._schedules = schedules
        self._compiler = self._compiled(self._bound()[1])

    def count(self, sweeps: list[Sweep], steps: tuple[Step, ...], *, as_of: datetime) -> Counted:
        """Every table's rows by state beside an unconditional count, and the rows of each step, in one snapshot."""
        census: dict[str, Counts] = {}
        refused: dict[str, StoreError] = {}
        rows = {s.id: self.remaining(s, as_of=as_of) for s in steps if s.action is Action.EXPIRE}
        snapshot = self.sweeper.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with scrubbed("counting"), snapshot.connect() as connection:
            for sweep in sweeps:
                table = sweep.schedule.table
                own = [s for s in steps if s.table == table and s.action is not Action.EXPIRE]
                states = [getattr(sweep, state) for state in _STATES]
                query = self._compiler.counts(table, [*states, *(s.predicate for s in own)])
                try:
                    with (
                        scrubbed(f"counting `{table}`", rights=self._rights(table)),
                        connection.begin_nested(),
                    ):
                        total, *counts = (int(n) for n in _run(connection, query).one())
                except StoreError as error:
                    if connection.invalidated:
                        raise
                    refused[table] = error
                    continue
                census[table] = Counts(total, *counts[: len(states)])
                rows |= zip((s.id for s in own), counts[len(states) :], strict=True)
        return Counted(census, rows, refused)

    def recover(self) -> None:
        """A move inside one database is one transaction: nothing is left of any."""

    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows that still meet the step, counted without locks."""
        with scrubbed(f"counting `{step.id}`"):
            if step.action is Action.EXPIRE:
                with self.keeper.connect() as connection:
                    expired = self._batches(step).expired(step, as_of, count=True)
                    return int(_run(connection, expired).scalar_one())
            with self.sweeper.connect() as connection:
                return int(_run(connection, self._batches(step).count(step)).scalar_one())

    def principals(self) -> tuple[str, str]:
        """The roles that sweep and keep."""
        return principals(self.sweeper, self.keeper)

    # -- what is done -------------------------------------------------------------------------------------

    def prepare_archive(self, *, sweeper: str) -> None:
        """Make the archive's tables, as the keeper. Safe to run again."""
        schedules, schema = self._bound()
        with scrubbed("preparing the archive"), self.keeper.begin() as connection:
            made = archive_statements(schedules, schema=schema, archive=self.archive, sweeper=sweeper)
            run_all(connection, made)

    def batch(self, step: Step, *, run: Run, number: int, size: int) -> Batch:
        """Carry out one step on up to ``size`` rows, in one transaction with its receipt.

        :raises StoreError: the store refused; nothing of this batch was done.
        """
        if self._epoch_key is None:
            raise StoreError("a store that was opened to be read was asked to change rows")
        if step.action is Action.EXPIRE:
            return self._expire(step, run, number, size)
        rights = self._rights(step.table)
        with scrubbed(f"carrying out `{step.id}`", rights=rights), self.sweeper.begin() as connection:
            ctids, found = tuple(_run(connection, self._pick(step, run), size=size).one())
            if not found:
                return Batch(0, 0)
            changed = _run(connection, self._carry_out(step, run), ctids=ctids, number=number).scalar()
        return Batch(found, changed or 0)

    def sql(self, step: Step, *, run: Run) -> list[Spelled]:
        """The statements of a step's batches, as an operator reads them."""
        if step.action is Action.EXPIRE:
            return [spelled(self._batches(step).expired(step, run.plan.as_of), pyformat=True)]
        return [spelled(each, pyformat=True) for each in (self._pick(step, run), self._carry_out(step, run))]

    def _pick(self, step: Step, run: Run) -> Statement:
        """What names a step's due rows, built once a run."""
        if (step.id, run.id) not in self._picks:
            self._picks = {(step.id, run.id): self._batches(step).pick(step)}
        return self._picks[step.id, run.id]

    def _carry_out(self, step: Step, run: Run) -> Statement:
        """What changes them, built once a run, and only for a step that met any."""
        if (step.id, run.id) not in self._changes:
            self._changes = {(step.id, run.id): self._batches(step).carry_out(step, run=run)}
        return self._changes[step.id, run.id]

    def _expire(self, step: Step, run: Run, number: int, size: int) -> Batch:
        """Destroy archived copies whose own date has come, as the keeper."""
        receipt = sa.text("""
            insert into jikim.receipt (run, step, batch, action, on_table, rows, because, as_of, plan, policy)
            values (:run, :step, :batch, :action, :archive, :rows, :because, :as_of, :plan, :policy)
        """).bindparams(sa.bindparam("because", type_=pg.JSONB))
        values = {
            "run": run.id,
            "step": step.id,
            "batch": number,
            "action": step.action.value,
            "archive": step.copies[0].archive,
            "because": [str(b) for b in step.because],
            "as_of": run.plan.as_of,
            "plan": run.plan.digest,
            "policy": run.policy_digest,
        }
        with scrubbed(f"carrying out `{step.id}`"), self.keeper.begin() as connection:
            gone = len(_run(connection, self._batches(step).expired(step, run.plan.as_of), size=size).all())
            if gone:
                connection.execute(receipt, {**values, "rows": gone})
        return Batch(gone, gone)

    # -- jikim's own tables -------------------------------------------------------------------------------

    now = "clock_timestamp()"

    def _own(self, table: str) -> str:
        return f"jikim.{table}"

    def _as_key(self, placeholder: str) -> str:
        return f"cast({placeholder} as text[])"

    def _ask(self, doing: str, query: str, **values: Any) -> Iterator[Mapping[str, Any]]:
        with scrubbed(doing), self.sweeper.connect() as connection:
            for row in connection.execute(sa.text(query), values).mappings():
                yield dict(row)

    def _tell(self, doing: str, statement: str, values: Iterable[Mapping[str, Any]]) -> int:
        if not (said := list(values)):
            return 0
        with scrubbed(doing), self.sweeper.begin() as connection:
            return connection.execute(sa.text(statement), said).rowcount

    # -- the archive --------------------------------------------------------------------------------------

    def archived(self, subject: str, key: tuple[str, ...]) -> list[dict[str, Any]]:
        """Everything the archive holds about one person, read as the keeper."""
        found = []
        with scrubbed("reading the archive"), self.keeper.connect() as connection:
            for name in sa.inspect(connection).get_table_names(schema=self.archive):
                columns = [c["name"] for c in sa.inspect(connection).get_columns(name, schema=self.archive)]
                table = sa.table(name, *map(sa.column, columns), schema=self.archive)
                query = sa.select(table).where(
                    table.c.jikim_subject == subject,
                    table.c.jikim_subject_key == sa.literal(list(key), pg.ARRAY(sa.Text)),
                )
                found += [{"archive": name, **row} for row in connection.execute(query).mappings()]
        return found

    def rows_of(self, schedule: TableSchedule, *, subject: str, key: tuple[str, ...]) -> list[RowFacts]:
        """Keys and trigger dates of one person's rows in one table."""
        with scrubbed(f"reading `{schedule.table}`"), self.sweeper.connect() as connection:
            every = rows_of(self._compiler, schedule, subject=subject, key=key)
            return [a.read(row._asdict()) for a in every for row in _run(connection, a.statement)]

    # -- parts --------------------------------------------------------------------------------------------

    def _bound(self) -> tuple[Schedules, Schema]:
        if self._schema is None:
            self.reflect()
        if self._schema is None or self._schedules is None:
            raise StoreError("the store was asked for work before it was told the schedules")
        return self._schedules, self._schema

    def _rights(self, table: str) -> Callable[[str | None], str]:
        role = quoted(self.sweeper.url.username or "sweeper")
        return lambda named: (
            f"GRANT SELECT, UPDATE, DELETE ON {quoted(self.tables_in, named or table)} TO {role};"
            f"   -- and where row security is on: ALTER ROLE {role} BYPASSRLS;"
        )

    def _compiled(self, schema: Schema) -> Compiler:
        self._dialect = PostgreSQL(self.zone, self.tables_in)
        return Compiler(self._dialect, schema, self._mask_key)

    def _batches(self, step: Step) -> Batches:
        schedules, _ = self._bound()
        leaving = Leaving(
            self._compiler, schedules.calendar, schedules[step.table], self.name, self._epoch_key or b""
        )
        return Batches(self._dialect, leaving, self.archive)
