"""The statements of one batch (PostgreSQL). Builds them, runs nothing.

A batch is two statements in one transaction. *Pick* locks due rows and names them by ctid, passing over rows
that others hold. *Carry out* then sees every row committed before the locks were taken: it repeats the whole
predicate, makes the archived copies, changes the rows, queues their files and writes the receipt, all at once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.expression import CTE

from jikim.backends.base import Run
from jikim.backends.sql.compile import Compiler, Expression, Named, Row
from jikim.evidence.tags import tag_prefix
from jikim.law.counting import due_at
from jikim.plan.masks import tag_pads
from jikim.plan.plan import Action, RecordCopy, Step
from jikim.plan.predicate import OwnedBy
from jikim.plan.schedule import Calendar, Cell, FactRef, OwnerPath, TableSchedule
from jikim.policy.period import Period

RECEIPT = sa.table(
    "receipt",
    *map(
        sa.column,
        (
            "run",
            "step",
            "batch",
            "action",
            "on_table",
            "rows",
            "copies",
            "files",
            "persons",
            "because",
            "as_of",
            "plan",
            "policy",
        ),
    ),
    schema="jikim",
)
OUTBOX = sa.table("outbox", *map(sa.column, ("run", "step", "batch", "store", "path")), schema="jikim")
MAX_TAG_BYTES = 32


@dataclass(frozen=True)
class Batches:
    """Builds the statements of one step's batches."""

    compiler: Compiler
    calendar: Calendar
    schedule: TableSchedule
    archive: str
    store: str
    epoch_key: bytes

    def pick(self, step: Step) -> sa.Select[str, int]:
        """Lock up to ``size`` (bound) due rows and name them."""
        row = self.compiler.base(step.table)
        found = (
            sa.select(row["ctid"])
            .select_from(row.source)
            .where(self.compiler.condition(step.predicate, row))
            .limit(sa.bindparam("size", type_=sa.Integer))
            .with_for_update(of=row.source, skip_locked=True)
            .subquery()
        )
        every = sa.func.array_agg(found.c.ctid)
        return sa.select(sa.cast(every, sa.Text), sa.func.count()).select_from(found)

    def count(self, step: Step) -> sa.Select[Any]:
        """Count due rows, locking none."""
        row = self.compiler.base(step.table)
        return (
            sa.select(sa.func.count())
            .select_from(row.source)
            .where(self.compiler.condition(step.predicate, row))
        )

    def carry_out(self, step: Step, *, run: Run) -> sa.Insert:
        """Change the picked rows (bound: ``ctids``) that are still due; write the receipt (bound: ``number``)."""
        row = self.compiler.base(step.table)
        due = sa.and_(
            row["ctid"] == sa.func.any(sa.cast(sa.bindparam("ctids", type_=sa.Text), Named("tid[]"))),
            self.compiler.condition(step.predicate, row),
        )
        wanted = self._wanted(step, row)
        if step.action in (Action.ARCHIVE, Action.DESTROY):
            gone = sa.delete(row.source).where(due).returning(*wanted).cte("gone")
            changed = gone
        else:
            gone = sa.select(*wanted).select_from(row.source).where(due).cte("gone")
            values = {cell.column: self._masked(row, step, cell.column) for cell, _ in step.masks}
            changed = (
                sa.update(row.source)
                .where(due)
                .values(values)
                .returning(sa.literal(1).label("one"))
                .cte("changed")
            )
        copies = [self._archived(step, copy, n, gone, run) for n, copy in enumerate(step.copies)]
        files = self._files(step, gone, run)
        because = [str(b) for b in step.because]
        receipt = {
            "run": sa.literal(run.id, sa.Text),
            "step": sa.literal(step.id, sa.Text),
            "batch": sa.bindparam("number", type_=sa.Integer),
            "action": sa.literal(step.action.value, sa.Text),
            "on_table": sa.literal(step.table, sa.Text),
            "rows": _count(changed),
            "copies": sum((_count(c) for c in copies), start=sa.literal(0, sa.BigInteger)),
            "files": sum((_count(f) for f in files), start=sa.literal(0, sa.BigInteger)),
            "persons": self._persons(step, gone),
            "because": sa.literal(because, pg.JSONB),
            "as_of": sa.literal(run.plan.as_of, sa.DateTime(timezone=True)),
            "plan": sa.literal(run.plan.digest, sa.Text),
            "policy": sa.literal(run.policy_digest, sa.Text),
        }
        rows = sa.select(*receipt.values()).where(_count(changed) > 0)
        return (
            sa.insert(RECEIPT)
            .from_select(list(receipt), rows, include_defaults=False)
            .returning(RECEIPT.c.rows)
            .add_cte(gone, changed, *copies, *files)
        )

    # -- what leaves with a row ---------------------------------------------------------------------------

    def _wanted(self, step: Step, row: Row) -> list[Expression]:
        """Everything copies, files and receipts need of a row, by label."""
        table = self.compiler.schema.tables[step.table]
        key: Expression = pg.array([sa.cast(row[c], sa.Text) for c in table.primary_key], type_=sa.Text)
        wanted: dict[str, Expression] = {"jikim_key": key}
        for n, copy in enumerate(step.copies):
            clock = copy.claim.clocks[0]
            if isinstance(clock.fact, FactRef):
                wanted[f"jikim_day_{n}"] = self.compiler.first_counted_day(row, clock.fact)
            wanted[f"jikim_in_{n}"] = self.compiler.condition(copy.rows, row)
            wanted[f"jikim_subject_{n}"], wanted[f"jikim_subject_key_{n}"] = self._subject(row, copy)
            for cell in self.schedule.cells:
                if cell.name in copy.claim.cells:
                    wanted[f"cell {cell.name}"] = self._content(row, cell)
            for path, identity in copy.identity:
                lent = self.compiler.value(row, identity.ref)
                wanted[f"cell {identity.name}"] = sa.case((self._owned(row, path), lent))
        for cell in self._file_cells(step):
            wanted[f"file {cell.name}"] = row[cell.column]
        if step.persons:
            wanted["jikim_person"] = self._tag(row, step.persons)
        return [expression.label(name) for name, expression in wanted.items()]

    def _content(self, row: Row, cell: Cell) -> Expression:
        if not cell.path:
            return row[cell.column]
        path = sa.literal(list(cell.path), pg.ARRAY(sa.Text))
        return sa.cast(row[cell.column], pg.JSONB).op("#>")(path)

    def _owned(self, row: Row, path: OwnerPath) -> Expression:
        """This path is the row's, and its person exists."""
        if not path.hops and not path.inline:
            return sa.true()
        earlier = self.schedule.owners[: self.schedule.owners.index(path)]
        return self.compiler.condition(OwnedBy(path, earlier, exists=True), row)

    def _subject(self, row: Row, copy: RecordCopy) -> tuple[Expression, Expression]:
        """Whose copy it is, where it may be said."""
        if not copy.named:
            return sa.cast(sa.null(), sa.Text), sa.cast(sa.null(), pg.ARRAY(sa.Text))
        whens = [(self._owned(row, p), p) for p in copy.named]
        kind = sa.case(*((when, sa.literal(p.subject, sa.Text)) for when, p in whens))
        return kind, sa.case(*((when, self.compiler.subject_key(row, p)) for when, p in whens))

    def _tag(self, row: Row, persons: tuple[OwnerPath, ...]) -> Expression:
        """The keyed tag of the row's person. Equal to `evidence.tags.tag`."""
        inner, outer = (sa.literal(pad, sa.LargeBinary) for pad in tag_pads(self.epoch_key))

        def tagged(path: OwnerPath) -> Expression:
            prefix = sa.literal(tag_prefix(store=self.store, kind=path.subject), sa.LargeBinary)
            key = sa.func.array_to_string(self.compiler.subject_key(row, path), "\x1f")
            message = prefix.concat(sa.func.convert_to(key, "UTF8"))
            digest = sa.func.sha256(outer.concat(sa.func.sha256(inner.concat(message))))
            return sa.func.substr(sa.func.encode(digest, "hex"), 1, MAX_TAG_BYTES)

        return sa.case(*((self._owned(row, path), tagged(path)) for path in persons))

    def _masked(self, row: Row, step: Step, column: str) -> Expression:
        """The column's new value: each of its cells masked where its own predicate is so."""
        value: Expression = row[column]
        for cell, where in step.masks:
            if cell.column != column:
                continue
            condition = self.compiler.condition(where, row)
            if cell.path:
                path = sa.literal(list(cell.path), pg.ARRAY(sa.Text))
                value = sa.case((condition, sa.cast(value, pg.JSONB).op("#-")(path)), else_=value)
            else:
                value = sa.case((condition, self.compiler.masked(row, step.table, cell)), else_=value)
        return value

    # -- where it goes ------------------------------------------------------------------------------------

    def _archived(self, step: Step, copy: RecordCopy, n: int, gone: CTE, run: Run) -> CTE:
        """Insert the copies under one record, each with its own destroy-after date."""
        days = _due_days(copy.claim.clocks[0].period, run.plan.as_of, self.calendar)
        calendar = (
            sa.func.unnest(
                sa.literal([d for d, _ in days], pg.ARRAY(sa.Date)),
                sa.literal([d for _, d in days], pg.ARRAY(sa.DateTime(timezone=True))),
            )
            .table_valued(sa.column("day", sa.Date), sa.column("due", sa.DateTime(timezone=True)))
            .render_derived(name=f"calendar_{n}")
        )
        because = copy.claim.because
        cells = [c.name for c in self.schedule.cells if c.name in copy.claim.cells]
        cells += [i.name for _, i in copy.identity]
        values: dict[str, Expression] = {
            "jikim_key": gone.c.jikim_key,
            "jikim_subject": gone.c[f"jikim_subject_{n}"],
            "jikim_subject_key": gone.c[f"jikim_subject_key_{n}"],
            "jikim_law": sa.literal(because.law, sa.Text),
            "jikim_article": sa.literal(because.article, sa.Text),
            "jikim_plan": sa.literal(run.plan.digest, sa.Text),
            "jikim_run": sa.literal(run.id, sa.Text),
            "jikim_destroy_after": calendar.c.due,
            **{name: gone.c[f"cell {name}"] for name in cells},
        }
        target = sa.table(copy.archive, *map(sa.column, values), schema=self.archive)
        source = (
            sa.select(*values.values())
            .select_from(gone.join(calendar, calendar.c.day == gone.c[f"jikim_day_{n}"]))
            .where(gone.c[f"jikim_in_{n}"], calendar.c.due > run.plan.as_of)
        )
        insert = pg.insert(target).from_select(list(values), source, include_defaults=False)
        # No conflict target and nothing read back: the sweeper may add to the archive and not read it.
        return insert.on_conflict_do_nothing().returning(sa.literal(1).label("one")).cte(f"copies_{n}")

    def _file_cells(self, step: Step) -> list[Cell]:
        """Cells whose files go with the row, unless a copy takes them along."""
        taken = (
            frozenset[str]().union(*(c.claim.cells for c in step.copies))
            if step.action is Action.ARCHIVE
            else ()
        )
        cells = [cell for cell, _ in step.masks] or list(step.cells)
        return [cell for cell in cells if cell.file and cell.name not in taken]

    def _files(self, step: Step, gone: CTE, run: Run) -> list[CTE]:
        """Queue the files of the rows for removal, in the transaction that removes the rows."""
        queued = []
        for n, cell in enumerate(self._file_cells(step)):
            path = gone.c[f"file {cell.name}"]
            source = sa.select(
                sa.literal(run.id, sa.Text),
                sa.literal(step.id, sa.Text),
                sa.bindparam("number", type_=sa.Integer),
                sa.literal(cell.file, sa.Text),
                path,
            ).where(path.is_not(None))
            insert = sa.insert(OUTBOX).from_select(
                ["run", "step", "batch", "store", "path"], source, include_defaults=False
            )
            queued.append(insert.returning(sa.literal(1).label("one")).cte(f"files_{n}"))
        return queued

    def _persons(self, step: Step, gone: CTE) -> Expression:
        """Tags of the people who caused what went, each with its rows."""
        if not step.persons:
            return sa.literal({}, pg.JSONB)
        tags = (
            sa.select(gone.c.jikim_person.label("tag"), sa.func.count().label("n"))
            .where(gone.c.jikim_person.is_not(None))
            .group_by(gone.c.jikim_person)
            .subquery()
        )
        every = sa.select(sa.func.jsonb_object_agg(tags.c.tag, tags.c.n)).scalar_subquery()
        return sa.func.coalesce(every, sa.literal({}, pg.JSONB))


def _count(cte: CTE) -> Any:
    return sa.select(sa.func.count()).select_from(cte).scalar_subquery()


@lru_cache(maxsize=64)
def _due_days(period: Period, as_of: datetime, calendar: Calendar) -> list[tuple[date, datetime]]:
    """For every first counted day whose statutory period still runs: when it will have run.

    There is one for each day of the period and no more, so days are counted in one place only.
    """
    zone = calendar.zone
    days: list[tuple[date, datetime]] = []
    day = as_of.astimezone(zone).date() + timedelta(days=1)
    while True:
        # A date counts from the day after it, so the day before is the trigger that starts here.
        due = due_at(day - timedelta(days=1), period, zone=zone, holidays=calendar.holidays)
        if due <= as_of:
            return days
        days.append((day, due))
        day -= timedelta(days=1)
