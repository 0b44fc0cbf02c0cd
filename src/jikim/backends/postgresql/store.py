"""A PostgreSQL store and its archive. Effectful: the only place that runs what `statements` builds.

Sessions see past row security or fail (``row_security = off``), wait briefly for locks, and show no value of a
row in an error: a driver's message quotes rows, so only its kind goes on.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext, suppress
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from jikim.backends.base import (
    START,
    Archive,
    Batch,
    Counted,
    Driven,
    OutboxEntry,
    Place,
    Provenance,
    Run,
    StoreError,
)
from jikim.backends.postgresql import refresh as refreshing
from jikim.backends.postgresql.access import SMALL, Blocks, extent
from jikim.backends.postgresql.archive import SameDatabase
from jikim.backends.postgresql.asking import Asking
from jikim.backends.postgresql.at_once import AtOnce
from jikim.backends.postgresql.counting import Look
from jikim.backends.postgresql.ddl import (
    listing_statements,
    rights_elsewhere,
    store_statements,
    told_statements,
)
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.finishing import drive
from jikim.backends.postgresql.moving import Moves, Moving
from jikim.backends.postgresql.parts import Emptying
from jikim.backends.postgresql.people import PostgresPeople
from jikim.backends.postgresql.reflect import reflect
from jikim.backends.postgresql.session import (
    BY_INDEX,
    changing,
    engine,
    in_one_go,
    principals,
    role_of,
    run_all,
    scrubbed,
    unless_held,
)
from jikim.backends.postgresql.session import run as run_statement
from jikim.backends.postgresql.statements import Batches, By
from jikim.backends.sql.both import NOT_COUNTED
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Statement
from jikim.backends.sql.leaving import Leaving
from jikim.backends.sql.spelled import Spelled, spelled
from jikim.datamap.files import KEPT, with_listings
from jikim.datamap.schema import OWN, Derived, Schema, Table
from jikim.datamap.survey import quoted
from jikim.datamap.told import Told, with_told
from jikim.evidence.stage import Stage
from jikim.plan.plan import Action, Plan, Step
from jikim.plan.schedule import Schedules
from jikim.plan.sweep import Sweep


class PostgresStore(PostgresPeople):
    """The service's database by its sweeper, with its archive.

    :param mask_key: 32 bytes, with which masked values get their tags.
    :param epoch_key: 32 bytes, with which persons get theirs; None for a store that is only read.
    :param also: schemas of the service beside ``tables_in``, each with its tables about people.
    :param listings: tables in which files of a folder are rows, by the names that the map gives them.
    :param told: what the ledger tells about people.
    """

    def __init__(
        self,
        sweeper: sa.Engine,
        archive: SameDatabase | Archive,
        *,
        name: str,
        tables_in: str,
        zone: ZoneInfo,
        mask_key: bytes,
        epoch_key: bytes | None,
        also: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        listings: Mapping[str, Table] = MappingProxyType({}),
        told: tuple[Told, ...] = (),
    ) -> None:
        self.sweeper, self.archive, self.name = sweeper, archive, name
        self._asking = sweeper.execution_options(isolation_level="AUTOCOMMIT")  # one statement needs no more
        self._open: ContextVar[sa.Connection | None] = ContextVar(f"asking {name}", default=None)
        self.elsewhere = None if isinstance(archive, SameDatabase) else archive
        self._moves = Moves(sweeper, self.elsewhere) if self.elsewhere else None
        self.archive_in = archive.schema if isinstance(archive, SameDatabase) else None
        self.tables_in, self.also, self.zone = tables_in, also, zone
        self._mask_key, self._epoch_key = mask_key, epoch_key
        self.listings, self.told_of = listings, told
        self._schema: Schema | None = None
        self._schedules: Schedules | None = None
        self._for_one: AtOnce | None = None
        self._building: tuple[str, str] = ("", "")
        self._waited: tuple[str, str] = ("", "")
        self._statements: dict[tuple[str, By], Statement] = {}
        self._compiler = self._compiled(Schema({}))
        self._about = Asking(self._compiler, self._dialect)

    # -- what is there ------------------------------------------------------------------------------------

    def reflect(self) -> Schema:
        """The shape of the service's tables now; later calls speak of this shape."""
        with scrubbed("reading its schema"), self.sweeper.connect() as connection:
            schema = reflect(connection, tables_in=self.tables_in, also=self.also)
            self._schema = with_told(with_listings(schema, self.listings), self.told_of)
        return self._schema

    def use(self, schedules: Schedules) -> None:
        """The schedules that steps and sweeps handed in from now on were made from."""
        self._schedules = schedules
        self._compiler = self._compiled(self._bound()[1])
        self._about = Asking(self._compiler, self._dialect)

    def count(
        self, sweeps: list[Sweep], steps: tuple[Step, ...], *, as_of: datetime, whole: bool = True
    ) -> Counted:
        """Every table's rows by state beside an unconditional count, and the rows of each step, in one snapshot."""
        rows = self._counted_elsewhere(steps, as_of=as_of)
        try:  # a savepoint for each table takes as long as the counting of a small one
            found = self._counted(sweeps, steps, whole=whole, guarded=False)
        except StoreError:
            found = self._counted(sweeps, steps, whole=whole, guarded=True)
        return replace(found, rows={**rows, **found.rows})

    def _counted(
        self, sweeps: list[Sweep], steps: tuple[Step, ...], *, whole: bool, guarded: bool
    ) -> Counted:
        """All tables in one snapshot; ``guarded``, one that cannot be counted keeps none of the others from it."""
        found = Counted({}, {})
        snapshot = self.sweeper.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with scrubbed("counting"), snapshot.connect() as connection:
            look = Look(connection, self._compiler, self._batches, self.tables_in)
            if guarded:
                look.one_by_one(sweeps, steps, whole=whole, into=found, rights=self._rights)
            else:
                look.together(sweeps, steps, whole=whole, into=found)
        return found

    def remaining(self, step: Step, *, as_of: datetime) -> int:
        """Rows that still meet the step, counted without locks."""
        with scrubbed(f"counting `{step.id}`"):
            if step.action is Action.EXPIRE:
                return self.archive.expirable([step], as_of=as_of, holds=self.facts().holds)[step.id]
            with self._connected() as connection:
                if step.action is Action.REFRESH:
                    return int(refreshing.stale(connection, step, self._view(step), home=self.tables_in))
                count = self._batches(step).count(step)
                if self._bound()[1].tables[step.table].rows > SMALL:
                    return int(run_statement(connection, count).scalar_one())
                # Few rows are looked at, and none of the large tables that may point to them.
                with in_one_go(connection, BY_INDEX) as driver:
                    found = driver.execute(count.text.encode(), count.values).fetchone()
                return int(found[0]) if found else 0

    # -- what is done -------------------------------------------------------------------------------------

    def administration(self, app_role: str | None) -> list[str]:
        """What an administrator runs once: jikim's schema and tables, and rights. Safe to run again."""
        if not isinstance(self.archive, SameDatabase):
            sweeper = role_of(self.sweeper)
            return [
                *store_statements(sweeper=sweeper, keeper=None, app=app_role),
                *rights_elsewhere(self.also, sweeper=sweeper),
                *self._tables_of_own(sweeper),
            ]
        sweeper, keeper = principals(self.sweeper, self.archive.keeper)
        archive = quoted(self.archive.schema)
        return [
            *store_statements(sweeper=sweeper, keeper=keeper, app=app_role),
            *self._tables_of_own(sweeper),
            f"create schema if not exists {archive} authorization {quoted(keeper)}",
            f"revoke all on schema {archive} from public",
            f"grant usage on schema {archive} to {quoted(sweeper)}",
            *rights_elsewhere(self.also, sweeper=sweeper),
        ]

    def _tables_of_own(self, sweeper: str) -> Iterator[str]:
        """Listings of files, and what is told about people."""
        yield from listing_statements(self.listings.values(), sweeper=sweeper)
        yield from told_statements([table for table, _ in self._told_tables()], sweeper=sweeper)

    def prepare(self, admin: str | None, *, app_role: str | None) -> None:
        """Make jikim's own tables as the administrator, then the archive's as the keeper.

        :raises StoreError: a right is missing.
        """
        if admin is not None:
            administrator = engine(admin, role="administrator")
            try:
                with scrubbed("preparing the store"), administrator.begin() as connection:
                    run_all(connection, self.administration(app_role))
            finally:
                administrator.dispose()
        self.archive.prepare(*self._bound())

    def batch(self, step: Step, *, run: Run, number: int, size: int, at: Place = START) -> Batch:
        """Carry out one step on about ``size`` rows from a place on, in one transaction with its receipt.

        :raises StoreError: the store refused; nothing of this batch was done.
        """
        if self._epoch_key is None:
            raise StoreError("a store that was opened to be read was asked to change rows")
        if step.action is Action.EXPIRE:
            with scrubbed(f"carrying out `{step.id}`"), changing(self.sweeper):
                holds = self.facts().holds
                gone = self.archive.expire(step, run=run, number=number, size=size, holds=holds)
            return Batch(gone, gone)
        if step.action is Action.REFRESH:
            return self._refresh(step, run, number)
        moving = (
            self._moves.one(step, run=run, number=number) if self._moves and step.copies else nullcontext()
        )
        with scrubbed(f"carrying out `{step.id}`", rights=self._rights(step.table)), moving as under_way:
            return self._batch(step, run, number, size, at, under_way)

    def _batch(self, step: Step, run: Run, number: int, size: int, at: Place, moving: Moving | None) -> Batch:
        access = run.plan.access.get(step.id)
        if access and access.parts and (n := at[0] if at else 0) < len(access.parts):
            emptying = Emptying.of(access.parts[n], step, run=run, batches=self._batches(step))
            place = self._bound()[1].tables[step.table].at(self.tables_in)
            gone = unless_held(self.sweeper, lambda each: emptying(each, place, number=number)) or 0
            return Batch(gone, gone, (n + 1,), sized=False)
        if access is None or access.kind != "ranges":
            batch = self._found(step, run, number, size, moving)
            if at:
                return replace(batch, next=at if batch.changed else None)
            all_there_were = batch.changed == batch.found < size and not step.inward
            return replace(batch, next=None, sized=False) if all_there_were else batch
        blocks = Blocks.of(at or self._extent(step, run.plan), size=size)
        if blocks.look:
            return Batch(0, 0, blocks.looked(self._first_due(step, run, blocks)), sized=False)
        if self._pointless(step):
            taken = self._taken(step, run, number, blocks.bound, by=blocks.by, moving=moving)
            if taken is not None:
                return Batch(taken, taken, blocks.next(taken))
        with changing(self.sweeper, by_index=True) as connection:
            batch = self._picked(connection, step, run, number, blocks.bound, by=blocks.by, moving=moving)
        return replace(batch, next=blocks.next(batch.found))

    def _found(self, step: Step, run: Run, number: int, size: int, moving: Moving | None) -> Batch:
        """Change some of the rows to which an index leads; once one was waited for in vain, those that nobody locks."""
        if self._pointless(step) and self._waited != (step.id, run.id):
            taken = self._taken(step, run, number, {"size": size}, by="index", moving=moving)
            if taken is not None:
                return Batch(taken, taken)
            self._waited = step.id, run.id
        with changing(self.sweeper, by_index=True) as connection:
            return self._picked(connection, step, run, number, {"size": size}, by="place", moving=moving)

    def _extent(self, step: Step, plan: Plan) -> Place:
        """The blocks of a step's table as they are now, and how the rows that are due lie in them."""
        with self._connected() as connection:
            place = self._bound()[1].tables[step.table].at(self.tables_in)
            census = plan.census.get(step.table)
            return extent(connection, *place, total=census.total if census else 0, one_in=plan.one_in(step))

    def _first_due(self, step: Step, run: Run, blocks: Blocks) -> int | None:
        """The first of some blocks that has a due row. Whoever only looks keeps nobody waiting."""
        first = self._built(step, run, "first", "blocks", lambda: self._batches(step).first(step))
        with self._connected() as connection:
            found: int | None = run_statement(connection, first, **blocks.bound).scalar_one()
            return found

    def _pointless(self, step: Step) -> bool:
        """Nothing can point to a row, keep it or put it back, or be copied elsewhere first: it need not be locked.

        In each partition a ctid names another row.
        """
        tables = self._bound()[1].tables
        table = tables[step.table]
        keys = (key for each in tables.values() for key in each.foreign_keys)
        pointed = step.follows or table.outsiders or any(key.to_table == table.name for key in keys)
        first = step.copies and self.elsewhere and not self._batches(step).crosses(step)
        return not (pointed or self._triggered(table) or first or table.partitioned)

    @staticmethod
    def _triggered(table: Table) -> bool:
        return bool(table.keepers or table.changers or table.copiers)

    def _taken(
        self,
        step: Step,
        run: Run,
        number: int,
        where: Mapping[str, Any],
        *,
        by: By,
        moving: Moving | None,
    ) -> int | None:
        """Change what is due there; None where somebody holds a row of it, and nothing was changed."""
        values = {**where, "number": number}
        return unless_held(
            self.sweeper,
            lambda each: self._changed(each, step, run, values, by=by, moving=moving),
            by_index=True,
        )

    def _picked(
        self,
        connection: sa.Connection,
        step: Step,
        run: Run,
        number: int,
        where: Mapping[str, Any],
        *,
        by: By,
        moving: Moving | None,
    ) -> Batch:
        """Lock due rows and change those that still are."""
        ctids, leaves, found = tuple(run_statement(connection, self._pick(step, run, by=by), **where).one())
        if not found:
            return Batch(0, 0)
        picked = {"ctids": ctids, "leaves": leaves}
        values = {**picked, "number": number}
        if moving and not self._batches(step).crosses(step):  # before they go
            values["copied"] = moving.copy(connection, self._copies(step, run), picked)
        return Batch(found, self._changed(connection, step, run, values, by="place", moving=moving))

    def _copies(self, step: Step, run: Run) -> list[tuple[str, tuple[str, ...], Provenance, Statement]]:
        """Where copies of locked rows go, their columns there, their provenance, and a query for them."""
        batches = self._batches(step)

        def query(n: int) -> Statement:
            return self._built(step, run, f"copies {n}", "place", lambda: batches.copies(step, n, run))

        return [
            (c.archive, batches.columns(step, n, run), Provenance.of(c.claim.because, run), query(n))
            for n, c in enumerate(step.copies)
        ]

    def _changed(
        self,
        connection: sa.Connection,
        step: Step,
        run: Run,
        values: Mapping[str, Any],
        *,
        by: By,
        moving: Moving | None,
    ) -> int:
        """Change the named rows; how many. Those are left alone that a trigger would put back after they were masked.

        The statement that masks writes the receipt, and a trigger that runs after it is not seen there: where a table
        has one, the rows are looked at again, and the others masked without them.
        """
        if self._plain(step):
            changed = run_statement(connection, self._carry_out(step, run, by=by), **values).rowcount
            if changed:
                run_statement(connection, self._receipt(step, run), number=values["number"], changed=changed)
            return changed
        if step.copies and self.archive_in:
            fresh = self._carry_out(step, run, by=by, again=False)
            with suppress(sa.exc.IntegrityError), connection.begin_nested():
                return run_statement(connection, fresh, **values).scalar() or 0
        statement = self._carry_out(step, run, by=by)
        if moving and (batches := self._batches(step)).crosses(step):
            told = run_statement(connection, statement, **values).all()
            return moving.cross(connection, step, run, batches, told)
        if not (step.masks and self._bound()[1].tables[step.table].copiers):
            return run_statement(connection, statement, **values).scalar() or 0
        batches = self._batches(step)
        found = run_statement(connection, batches.places(step), **values)
        places = {tuple(key): (ctid, leaf) for ctid, leaf, *key in map(tuple, found)}
        while places:
            ctids, leaves = (
                f"{{{','.join(json.dumps(place[n]) for place in places.values())}}}" for n in range(2)
            )
            taken = {**values, "ctids": ctids, "leaves": leaves}
            keys = {f"key_{n}": list(part) for n, part in enumerate(zip(*places, strict=True))}
            with connection.begin_nested() as attempt:
                changed = run_statement(connection, statement, **taken).scalar() or 0
                back = run_statement(connection, batches.put_back(step), **keys).all() if changed else ()
                if not back:
                    return changed
                attempt.rollback()
            places = {key: place for key, place in places.items() if key not in set(map(tuple, back))}
        return 0

    def recover(self) -> None:
        """Settle what killed runs left between this store and an archive elsewhere."""
        if self._moves:
            self._moves.recover()

    # -- copies that the store keeps ----------------------------------------------------------------------

    def _refresh(self, step: Step, run: Run, number: int) -> Batch:
        """Make a materialised view anew where what it reads was changed; it counts as one row."""
        view, home = self._view(step), self.tables_in
        fix = refreshing.rights(view, home=home, role=self.sweeper.url.username or "sweeper")
        with scrubbed(f"carrying out `{step.id}`", rights=lambda _: fix):
            with self.sweeper.begin() as connection:
                if not refreshing.stale(connection, step, view, home=home):
                    return Batch(0, 0)
                at = refreshing.settled(connection)
            with self.sweeper.begin() as connection:
                refreshing.refresh(connection, step, view, run=run, number=number, at=at, home=home)
        return Batch(1, 1)

    def _view(self, step: Step) -> Derived:
        return self._bound()[1].derived[step.table]

    # -- statements ---------------------------------------------------------------------------------------

    def sql(self, step: Step, *, run: Run) -> list[Spelled]:
        """The statements of a step's batches, as an operator reads them."""
        if step.action in NOT_COUNTED:
            return []
        access = run.plan.access.get(step.id)
        ranges = access is not None and access.kind == "ranges"
        ways: tuple[By, ...] = ("blocks", "some") if ranges else ("index",)
        said = [self._batches(step).first(step)] if ranges else []
        if self._pointless(step):
            said += [self._carry_out(step, run, by=by) for by in ways]
        else:
            said += [self._pick(step, run, by=by if ranges else "place") for by in ways]
            said.append(self._carry_out(step, run, by="place"))
        if access and access.parts:
            said = [
                *Emptying.of(access.parts[0], step, run=run, batches=self._batches(step)).statements,
                *said,
            ]
        return [
            spelled(each, pyformat=True)
            for each in (*said, *([self._receipt(step, run)] if self._plain(step) else []))
        ]

    def _plain(self, step: Step) -> bool:
        """Nothing of a row goes along with it, and nobody keeps it: how many went is all there is to say."""
        table = self._bound()[1].tables[step.table]
        return not (step.copies or self._triggered(table)) and self._batches(step).bare(step)

    def _pick(self, step: Step, run: Run, *, by: By) -> Statement:
        """What names a step's due rows."""
        return self._built(step, run, "pick", by, lambda: self._batches(step).pick(step, by=by))

    def _carry_out(self, step: Step, run: Run, *, by: By, again: bool = True) -> Statement:
        """What changes them, made only for a step that met any."""

        def build() -> Statement:
            batches = self._batches(step)
            if self._plain(step):
                return batches.plainly(step, by=by)
            return batches.carry_out(step, run=run, by=by, again=again)

        return self._built(step, run, "carry out" if again else "carry out fresh", by, build)

    def _receipt(self, step: Step, run: Run) -> Statement:
        """What writes down how many were changed."""
        return self._built(step, run, "receipt", "place", lambda: self._batches(step).receipt(step, run))

    def _built(self, step: Step, run: Run, what: str, by: By, build: Callable[[], Statement]) -> Statement:
        """A statement of the step in hand, built once a run."""
        if self._building != (step.id, run.id):
            self._building, self._statements = (step.id, run.id), {}
        if (what, by) not in self._statements:
            self._statements[what, by] = build()
        return self._statements[what, by]

    # -- jikim's own tables -------------------------------------------------------------------------------

    def _ask(self, doing: str, query: str, **values: Any) -> Iterator[Mapping[str, Any]]:
        with scrubbed(doing), self._connected() as connection:
            for row in connection.execute(sa.text(query), values).mappings():
                yield dict(row)

    def _at_home(self, table: Table) -> str:
        return ".".join(map(self._quoted, table.at(self.tables_in)))

    def _shape(self) -> Schema:
        return self._schema or self.reflect()

    # -- the archive --------------------------------------------------------------------------------------

    def drive(self, stage: Stage, tables: Collection[str], *, admin: str | None) -> Iterator[Driven]:
        """Take what was removed from these tables to a stage.

        :param admin: the URL of a role that owns the service's tables; the sweeper where there is none.
        :raises StoreError: a database cannot be asked.
        """
        _, schema = self._bound()
        known: list[Table | Derived] = [*schema.tables.values(), *schema.derived.values()]
        own = {each.name: each.at(self.tables_in) for each in known if each.name in tables}
        listed = [(OWN, table.called) for table in self.listings.values()]
        rest = [name for name in tables if name not in own]
        role = engine(admin, role="administrator") if admin else self.sweeper
        try:
            yield from drive(role, self.sweeper, own, stage=stage, also=listed)
        finally:
            if admin:
                role.dispose()
        if not rest:
            return
        if isinstance(self.archive, SameDatabase):
            apart = {table: (self.archive.schema, table) for table in rest}
            yield from drive(self.archive.keeper, self.sweeper, apart, stage=stage)
        else:
            yield from self.archive.drive(stage, rest)

    def outbox(self) -> list[OutboxEntry]:
        """Files still to be removed, of rows and of expired copies."""
        return [*super().outbox(), *(self.elsewhere.outbox() if self.elsewhere else ())]

    def removed(self, entries: list[OutboxEntry]) -> None:
        """These files are verified to be absent."""
        if self.elsewhere:
            self.elsewhere.removed([entry for entry in entries if entry.store == KEPT])
            entries = [entry for entry in entries if entry.store != KEPT]
        super().removed(entries)

    def archived(self, subject: str, key: tuple[str, ...]) -> list[dict[str, Any]]:
        """Everything the archive holds about one person, read as the keeper."""
        return self.archive.archived(subject, key)

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
            f"GRANT SELECT, UPDATE, DELETE ON {self._at(table, named)} TO {role};"
            f"   -- and where row security is on: ALTER ROLE {role} BYPASSRLS;"
        )

    def _at(self, table: str, named: str | None) -> str:
        """A table as SQL names it: the one that the store named, or the one that was asked for."""
        tables = self._schema.tables if self._schema else {}
        places = [tables[table].at(self.tables_in)] if table in tables else []
        places += [each.at(self.tables_in) for each in tables.values()]
        found = next(
            (place for place in places if named in (None, place[1])), (self.tables_in, named or table)
        )
        return quoted(*found)

    def _compiled(self, schema: Schema) -> Compiler:
        self._dialect = PostgreSQL(self.zone, self.tables_in)
        return Compiler(self._dialect, schema, self._mask_key)

    def _batches(self, step: Step) -> Batches:
        schedules, _ = self._bound()
        leaving = Leaving(
            self._compiler, schedules.calendar, schedules[step.table], self.name, self._epoch_key or b""
        )
        return Batches(self._dialect, leaving, self.archive_in, bool(self._moves and self._moves.as_lines))
