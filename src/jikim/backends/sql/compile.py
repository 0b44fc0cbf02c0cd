"""Predicates as SQL (PostgreSQL): every name quoted, every value bound. Builds expressions, runs nothing.

References to other rows become EXISTS, so a missing row answers "no" and never NULL; own columns say what NULL
means in both directions. That is why there is no NOT around a comparison anywhere here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import singledispatchmethod
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql.expression import ColumnElement

from jikim.datamap.schema import Schema
from jikim.plan.masks import TAG_LENGTH, Mask, tag_pads
from jikim.plan.predicate import (
    All,
    AnyOf,
    Happened,
    Held,
    InClass,
    Leads,
    LeadsNowhere,
    Masked,
    Needed,
    NotHappened,
    NotNeeded,
    NotPointed,
    OwnedBy,
    Pointed,
    Predicate,
    Unheld,
    Unmasked,
    Unnamed,
    leaves,
)
from jikim.plan.schedule import Cell, Condition, Dependent, FactRef, Hop, IdentityUse, OwnerPath, Ref, Scalar

Expression = ColumnElement[Any]

FACT = sa.table("fact", schema="jikim")


class Row:
    """A row of a table as it stands in a statement: its columns by name, made when they are asked for."""

    def __init__(self, table: str, source: Any) -> None:
        self.table, self.source = table, source
        self._columns: dict[str, sa.ColumnClause[Any]] = {}

    def __getitem__(self, name: str) -> sa.ColumnClause[Any]:
        if name not in self._columns:
            column: sa.ColumnClause[Any] = sa.column(name)
            column.table = self.source
            self._columns[name] = column
        return self._columns[name]


Test = Callable[[Row], ColumnElement[bool]]


@dataclass(frozen=True, eq=False)
class Compiler:
    """Turns predicates about rows of one schema into SQL conditions on those rows.

    One predicate stands in many statements of a sweep; each is built once.
    """

    schema: Schema
    tables_in: str
    zone: ZoneInfo
    mask_key: bytes
    _rows: dict[str, Row] = field(default_factory=dict)
    _built: dict[tuple[Predicate, Row], ColumnElement[bool]] = field(default_factory=dict)

    # -- rows ---------------------------------------------------------------------------------------------

    def another(self, table: str) -> Row:
        """Another row of a table of the store, under a name of its own."""
        return Row(table, sa.table(table, schema=self.tables_in).alias())

    def base(self, table: str) -> Row:
        """A row of a table of the store, under the table's own name."""
        if table not in self._rows:
            columns: list[sa.ColumnClause[Any]] = [sa.column(c) for c in self.schema.tables[table].columns]
            self._rows[table] = Row(table, sa.table(table, *columns, schema=self.tables_in))
        return self._rows[table]

    def through(self, row: Row, hops: tuple[Hop, ...], test: Test) -> ColumnElement[bool]:
        """The row at the end of some hops exists and passes."""
        if not hops:
            return test(row)
        hop, *rest = hops
        target = self.another(hop.table)
        inner = self.through(target, tuple(rest), test)
        return sa.exists(
            sa.select(sa.literal_column("1"))
            .select_from(target.source)
            .where(self._joins(row, hop, target), inner)
        )

    def _joins(self, row: Row, hop: Hop, target: Row) -> ColumnElement[bool]:
        return sa.and_(*(target[to] == row[own] for own, to in zip(hop.columns, hop.to_columns, strict=True)))

    def value(self, row: Row, ref: Ref) -> Expression:
        """A column of the row, or of the row its hops lead to."""
        if not ref.hops:
            return row[ref.column]
        hop, *rest = ref.hops
        target = self.another(hop.table)
        inner = self.value(target, Ref(ref.column, tuple(rest)))
        found = sa.select(inner).select_from(target.source).where(self._joins(row, hop, target))
        # Said, because it is guessed from the nearest SELECT only: inside an EXISTS the row stands further out.
        return found.correlate(row.source).scalar_subquery()

    def subject_key(self, row: Row, path: OwnerPath) -> Expression:
        """The person's key as an array of text, read before the last hop so that an orphan still has one."""
        if path.inline or not path.hops:
            refs = [Ref(c, path.hops) for c in path.key]
        else:
            refs = [Ref(c, path.hops[:-1]) for c in path.hops[-1].columns]
        return pg.array([self._text(row, r) for r in refs], type_=sa.Text)

    def _text(self, row: Row, ref: Ref) -> Expression:
        """A value as people write it: an address without the mask that a cast would add."""
        table = ref.hops[-1].table if ref.hops else row.table
        inet = self.schema.tables[table].columns[ref.column].type == "inet"
        value = self.value(row, ref)
        return sa.func.abbrev(value) if inet else sa.cast(value, sa.Text)

    # -- predicates ---------------------------------------------------------------------------------------

    def condition(self, predicate: Predicate, row: Row) -> ColumnElement[bool]:
        """The SQL condition under which ``predicate`` is so of ``row``. Raises ``TypeError`` for a new kind."""
        if (predicate, row) not in self._built:
            self._built[predicate, row] = self._build(predicate, row)
        return self._built[predicate, row]

    def counts(self, table: str, asked: Sequence[Predicate]) -> sa.Select[Any]:
        """How many rows a table has, and of how many each predicate is so.

        Predicates of one table share most of what they are made of: that is looked at once a row, and the
        predicates are put together from the answers. The offset keeps the planner from taking it apart again.
        """
        row = self.base(table)
        names = {
            leaf: f"so_{n}" for n, leaf in enumerate(dict.fromkeys(leaf for p in asked for leaf in leaves(p)))
        }
        answers = [self.condition(leaf, row).label(name) for leaf, name in names.items()]
        one: Expression = sa.literal_column("1").label("one")
        looked = sa.select(one, *answers).select_from(row.source).offset(sa.literal_column("0")).subquery()
        answer = Row("", looked)
        known: dict[Predicate, ColumnElement[bool]] = {}

        def so(predicate: Predicate) -> ColumnElement[bool]:
            if predicate not in known:
                match predicate:
                    case All(parts):
                        known[predicate] = sa.and_(sa.true(), *map(so, parts))
                    case AnyOf(parts):
                        known[predicate] = sa.or_(sa.false(), *map(so, parts))
                    case _:
                        known[predicate] = answer[names[predicate]]
            return known[predicate]

        counted: list[Expression] = [sa.func.count().filter(so(p)) for p in asked]
        total: Expression = sa.func.count()
        return sa.select(total, *counted).select_from(looked)

    @singledispatchmethod
    def _build(self, predicate: Predicate, row: Row) -> ColumnElement[bool]:
        raise TypeError(f"no SQL for `{type(predicate).__name__}`")

    @_build.register
    def _(self, predicate: All, row: Row) -> ColumnElement[bool]:
        return sa.and_(sa.true(), *(self.condition(p, row) for p in predicate.parts))

    @_build.register
    def _(self, predicate: AnyOf, row: Row) -> ColumnElement[bool]:
        return sa.or_(sa.false(), *(self.condition(p, row) for p in predicate.parts))

    @_build.register
    def _(self, predicate: Happened, row: Row) -> ColumnElement[bool]:
        fact, by = predicate.fact, predicate.by
        return self.through(row, fact.ref.hops, lambda r: self._happened(r, fact, by))

    @_build.register
    def _(self, predicate: NotHappened, row: Row) -> ColumnElement[bool]:
        fact, by = predicate.fact, predicate.by
        if fact.ref.hops:
            return sa.not_(self.through(row, fact.ref.hops, lambda r: self._happened(r, fact, by)))
        column = row[fact.ref.column]
        later = [column.is_(None), column > self._time(fact, by)]
        sentinels = self._sentinels(row, fact, by)
        otherwise = [row[w.ref.column].is_distinct_from(_scalar(w.value)) for w in fact.when]
        return sa.or_(*later, *([sentinels] if sentinels is not None else []), *otherwise)

    def _happened(self, row: Row, fact: FactRef, by: datetime | date) -> ColumnElement[bool]:
        sentinels = self._sentinels(row, fact, by)
        return sa.and_(
            row[fact.ref.column] <= self._time(fact, by),
            *([sa.not_(sentinels)] if sentinels is not None else []),
            *(_equals(row[w.ref.column], w.value) for w in fact.when),
        )

    def _sentinels(self, row: Row, fact: FactRef, by: datetime | date) -> ColumnElement[bool] | None:
        """The column holds a date that means never; later sentinels fail the cutoff anyway."""
        last = by.astimezone(self.zone).date() if isinstance(by, datetime) else by
        dates = [d for d in map(date.fromisoformat, fact.never) if d <= last]
        return self.local_date(row[fact.ref.column], fact).in_(dates) if dates else None

    def _time(self, fact: FactRef, by: datetime | date) -> Expression:
        """A cutoff in the type of the column it is compared with."""
        match fact.time_type:
            case "date":
                return sa.literal(by, sa.Date)
            case "instant":
                return sa.literal(by, sa.DateTime(timezone=True))
            case "local" if isinstance(by, datetime):
                return sa.literal(by.astimezone(self.zone).replace(tzinfo=None), sa.DateTime)
            case "epoch" if isinstance(by, datetime):
                return sa.literal(int(by.timestamp() // 1), sa.BigInteger)
            case _ if isinstance(by, datetime):
                return sa.literal(int(by.timestamp() * 1000 // 1), sa.BigInteger)
        raise TypeError(f"a `{fact.time_type}` needs an instant as its cutoff")

    def local_time(self, column: Expression, fact: FactRef) -> Expression:
        """The stored time as a local timestamp without zone."""
        match fact.time_type:
            case "instant":
                return sa.func.timezone(self.zone.key, column)
            case "epoch" | "epoch-ms":
                scale = 1 if fact.time_type == "epoch" else 1000
                seconds = sa.cast(column, sa.Double) / scale
                return sa.func.timezone(self.zone.key, sa.func.to_timestamp(seconds))
            case _:
                return sa.cast(column, sa.DateTime)

    def local_date(self, column: Expression, fact: FactRef) -> Expression:
        """The stored time as a local date."""
        return sa.cast(self.local_time(column, fact), sa.Date)

    def first_counted_day(self, row: Row, fact: FactRef) -> Expression:
        """The day a period counts from (민법 제157조): the next, or the day itself at exactly midnight."""
        column = self.value(row, fact.ref)
        if fact.time_type == "date":
            return sa.cast(column, sa.Date) + 1
        local = self.local_time(column, fact)
        midnight = sa.cast(local, sa.Time) == sa.literal_column("time '00:00'")
        return sa.cast(local, sa.Date) + sa.case((midnight, 0), else_=1)

    # -- classes and owners -------------------------------------------------------------------------------

    @_build.register
    def _(self, predicate: InClass, row: Row) -> ColumnElement[bool]:
        others = [sa.or_(*(self._differs(row, c) for c in where)) for where in predicate.unless]
        return sa.and_(sa.true(), *(self._meets(row, c) for c in predicate.where), *others)

    def _meets(self, row: Row, condition: Condition) -> ColumnElement[bool]:
        column, hops = condition.ref.column, condition.ref.hops
        if condition.value is None:
            return sa.not_(self.through(row, hops, lambda r: r[column].is_not(None)))
        return self.through(row, hops, lambda r: _equals(r[column], condition.value))

    def _differs(self, row: Row, condition: Condition) -> ColumnElement[bool]:
        column, hops = condition.ref.column, condition.ref.hops
        if condition.value is None:
            return self.through(row, hops, lambda r: r[column].is_not(None))
        if hops:
            return sa.not_(self._meets(row, condition))
        return row[column].is_distinct_from(_scalar(condition.value))

    @_build.register
    def _(self, predicate: Leads, row: Row) -> ColumnElement[bool]:
        return self.through(row, predicate.hops, lambda _: sa.true())

    @_build.register
    def _(self, predicate: LeadsNowhere, row: Row) -> ColumnElement[bool]:
        return sa.not_(self.through(row, predicate.hops, lambda _: sa.true()))

    @_build.register
    def _(self, predicate: Unnamed, row: Row) -> ColumnElement[bool]:
        return sa.not_(sa.or_(sa.false(), *(self._reaches(row, path) for path in predicate.paths)))

    @_build.register
    def _(self, predicate: OwnedBy, row: Row) -> ColumnElement[bool]:
        path = predicate.path
        found = self.through(row, path.hops, lambda r: _filled(r, path.key if path.inline else ()))
        others = [sa.not_(self._reaches(row, other)) for other in predicate.unless]
        if predicate.exists:
            return sa.and_(found, *others)
        return sa.and_(self._reaches(row, path), sa.not_(found), *others)

    def _reaches(self, row: Row, path: OwnerPath) -> ColumnElement[bool]:
        """The path is filled in as far as rows exist: every reference met on it is set."""
        if not path.hops:
            return _filled(row, path.key if path.inline else ())
        hop, *rest = path.hops
        if not rest and not path.inline:
            return _filled(row, hop.columns)
        further = OwnerPath(path.subject, tuple(rest), path.key, path.inline)
        broken = self.through(row, (hop,), lambda r: sa.not_(self._reaches(r, further)))
        return sa.and_(_filled(row, hop.columns), sa.not_(broken))

    @_build.register
    def _(self, predicate: Unheld, row: Row) -> ColumnElement[bool]:
        return sa.not_(self._held(row, predicate.table, predicate.path))

    @_build.register
    def _(self, predicate: Held, row: Row) -> ColumnElement[bool]:
        return self._held(row, predicate.table, predicate.path)

    def _held(self, row: Row, table: str, path: OwnerPath) -> ColumnElement[bool]:
        fact = Row("fact", FACT.alias())
        about = sa.and_(
            fact["subject_kind"] == path.subject, fact["subject_key"] == self.subject_key(row, path)
        )
        return sa.exists(
            sa.select(sa.literal_column("1"))
            .select_from(fact.source)
            .where(
                fact["kind"] == "hold",
                fact["released_at"].is_(None),
                sa.or_(fact["on_table"].is_(None), fact["on_table"] == table),
                sa.or_(fact["subject_kind"].is_(None), about),
            )
        )

    # -- dependents and stubs -----------------------------------------------------------------------------

    @_build.register
    def _(self, predicate: Pointed, row: Row) -> ColumnElement[bool]:
        return sa.or_(sa.false(), *(self._points(row, d) for d in predicate.dependents))

    @_build.register
    def _(self, predicate: NotPointed, row: Row) -> ColumnElement[bool]:
        return sa.and_(sa.true(), *(sa.not_(self._points(row, d)) for d in predicate.dependents))

    def _points(self, row: Row, dependent: Dependent) -> ColumnElement[bool]:
        other = self.another(dependent.table)
        joins = (
            other[a] == row[b] for a, b in zip(dependent.hop.columns, dependent.hop.to_columns, strict=True)
        )
        return sa.exists(sa.select(sa.literal_column("1")).select_from(other.source).where(*joins))

    @_build.register
    def _(self, predicate: Needed, row: Row) -> ColumnElement[bool]:
        return sa.or_(sa.false(), *(self._used(row, u) for u in predicate.uses))

    @_build.register
    def _(self, predicate: NotNeeded, row: Row) -> ColumnElement[bool]:
        return sa.and_(sa.true(), *(sa.not_(self._used(row, u)) for u in predicate.uses))

    def _used(self, row: Row, use: IdentityUse) -> ColumnElement[bool]:
        """Some row of the right class leads here; walked backwards from this row, along the indexes."""
        hops = use.hops
        inner = self.another(use.table)
        tests = [self._meets(inner, c) for c in use.where]
        steps: list[Row] = [inner]
        joins = []
        for hop in hops[:-1]:
            target = self.another(hop.table)
            joins.append(self._joins(steps[-1], hop, target))
            steps.append(target)
        joins.append(self._joins(steps[-1], hops[-1], row))
        return sa.exists(
            sa.select(sa.literal_column("1")).select_from(*(s.source for s in steps)).where(*joins, *tests)
        )

    # -- masks --------------------------------------------------------------------------------------------

    @_build.register
    def _(self, predicate: Unmasked, row: Row) -> ColumnElement[bool]:
        return self._unmasked(row, predicate.table, predicate.cell)

    @_build.register
    def _(self, predicate: Masked, row: Row) -> ColumnElement[bool]:
        return sa.not_(self._unmasked(row, predicate.table, predicate.cell))

    def _unmasked(self, row: Row, table: str, cell: Cell) -> ColumnElement[bool]:
        """The mask would change the cell: never NULL, so its opposite is its NOT."""
        column = row[cell.column]
        if cell.path:
            return self.json_at(column, cell.path).is_not(None)
        if cell.mask is None or cell.mask.kind == "null":
            return column.is_not(None)
        if cell.mask.kind == "tag":
            return sa.and_(
                column.is_not(None),
                sa.not_(sa.func.coalesce(column.regexp_match(cell.mask.pattern), sa.true())),
            )
        return sa.and_(column.is_not(None), column.is_distinct_from(self.masked(row, table, cell)))

    def json_at(self, column: Expression, path: tuple[str, ...]) -> Expression:
        """The text at a path of a JSON column; NULL where there is none."""
        return sa.cast(column, pg.JSONB).op("#>>")(sa.literal(list(path), pg.ARRAY(sa.Text)))

    def masked(self, row: Row, table: str, cell: Cell) -> Expression:
        """What the mask puts into the cell. Equal to `plan.masks.masked`."""
        column, mask = row[cell.column], cell.mask
        kind = self.schema.tables[table].columns[cell.column].type
        if cell.path:
            path = sa.literal(list(cell.path), pg.ARRAY(sa.Text))
            return sa.cast(column, pg.JSONB).op("#-")(path)
        match mask:
            case None | Mask(kind="null"):
                return sa.null()
            case Mask(kind="fixed", text=text):
                return sa.cast(sa.literal(text, sa.Text), Named(kind))
            case Mask(kind="tag", text=text):
                before, after = text.split("{tag}")
                return (
                    sa.literal(before, sa.Text)
                    .concat(self.row_tag(row, table))
                    .concat(sa.literal(after, sa.Text))
                )
            case Mask(kind="truncated-ip"):
                address = sa.cast(column, pg.INET)
                length = sa.case((sa.func.family(address) == 4, 24), else_=48)
                network = sa.func.host(sa.func.network(sa.func.set_masklen(address, length)))
                return sa.cast(network, Named(kind))
        if kind == "date":
            return sa.cast(sa.func.date_trunc("year", column), sa.Date)
        return (
            sa.func.date_trunc("year", column, "UTC")
            if "with time zone" in kind
            else sa.func.date_trunc("year", column)
        )

    def row_tag(self, row: Row, table: str) -> Expression:
        """HMAC-SHA256 (RFC 2104) of the row's key, computed by the store. Equal to `plan.masks.row_tag`."""
        inner, outer = (sa.literal(pad, sa.LargeBinary) for pad in tag_pads(self.mask_key))
        key = [sa.cast(row[c], sa.Text) for c in self.schema.tables[table].primary_key]
        message = sa.func.convert_to(sa.func.concat_ws("\x1f", sa.literal(table, sa.Text), *key), "UTF8")
        digest = sa.func.sha256(outer.concat(sa.func.sha256(inner.concat(message))))
        return sa.func.substr(sa.func.encode(digest, "hex"), 1, TAG_LENGTH)


class Named(sa.types.UserDefinedType[Any]):
    """A column's own type, by the name the store's catalogue gives it (never by a name from a file)."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


def _filled(row: Row, columns: tuple[str, ...]) -> ColumnElement[bool]:
    return sa.and_(sa.true(), *(row[c].is_not(None) for c in columns))


def _equals(column: Expression, value: Scalar) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == sa.literal(value)


def _scalar(value: Scalar) -> Expression:
    return sa.null() if value is None else sa.literal(value)
