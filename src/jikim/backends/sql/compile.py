"""Predicates as SQL: every name quoted, every value bound. Builds text, runs nothing.

References to other rows become EXISTS, so a missing row answers "no" and never NULL; own columns say what NULL
means in both directions. That is why there is no NOT around a comparison anywhere here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial, singledispatchmethod
from itertools import count

from jikim.backends.sql.dialect import Dialect, Sql, Statement
from jikim.datamap.schema import Column, Schema
from jikim.plan.predicate import (
    All,
    AnyOf,
    Carried,
    Carries,
    CarriesNone,
    Happened,
    Held,
    InClass,
    Leads,
    LeadsNowhere,
    Masked,
    Named,
    Needed,
    NotHappened,
    NotNeeded,
    NotPointed,
    NotThere,
    OwnedBy,
    Pointed,
    Predicate,
    There,
    Unheld,
    Unmasked,
    Unnamed,
    WithNone,
    WithSome,
    denies,
)
from jikim.plan.schedule import (
    Cell,
    Condition,
    Dependent,
    FactRef,
    Hop,
    IdentityUse,
    OwnerPath,
    Ref,
    Scalar,
    When,
)


@dataclass(frozen=True)
class Row:
    """A row of a table as it stands in a statement: by what name, and of which table.

    ``via`` is the row that stands at the end of ``hops`` from it, where one of many was taken. Of ``known`` columns it
    is said what they hold: what hangs on those alone is asked once a statement.
    """

    table: str
    name: str
    hops: tuple[Hop, ...] = ()
    via: "Row | None" = None
    known: tuple[tuple[str, Sql], ...] = ()

    def start(self, hops: tuple[Hop, ...]) -> "tuple[Row, tuple[Hop, ...]]":
        """Where some hops go on from: the row that was taken, where they pass it."""
        if self.via is None or hops[: len(self.hops)] != self.hops:
            return self, hops
        return self.via, hops[len(self.hops) :]


Test = Callable[[Row], Sql]


def every(parts: Iterable[Sql]) -> Sql:
    """All of them; true for none. What is said of the row itself is asked before other rows are looked for."""
    said = sorted((part for part in parts if part != "true"), key=lambda part: "select" in part)
    return f"({' and '.join(said)})" if len(said) > 1 else (said or ["true"])[0]


def some(parts: Iterable[Sql]) -> Sql:
    """One of them; false for none."""
    said = [part for part in parts if part != "false"]
    if "true" in said:
        return "true"
    return f"({' or '.join(said)})" if len(said) > 1 else (said or ["false"])[0]


def negated(part: Sql) -> Sql:
    """The opposite of what is never NULL."""
    return {"true": "false", "false": "true"}.get(part) or f"not {part}"


@dataclass(frozen=True, eq=False)
class Compiler:
    """Turns predicates about rows of one schema into SQL conditions on those rows.

    One predicate stands in many statements of a sweep; each is built once.
    """

    dialect: Dialect
    schema: Schema
    mask_key: bytes
    _built: dict[tuple[Predicate, Row], Sql] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def statement(self, text: Sql) -> Statement:
        """A text and the values bound in it."""
        return Statement(text, self.dialect.values.said)

    def where(self, predicate: Predicate, row: Row) -> "Compiler":
        """What turns predicates into SQL about a row of which one is so: its parts need not be asked again."""
        parts = predicate.parts if isinstance(predicate, All) else (predicate,)
        return replace(self, _built={(part, row): "true" for part in parts})

    # -- rows ---------------------------------------------------------------------------------------------

    def base(self, table: str) -> Row:
        """The row that a statement is about."""
        return Row(table, "r")

    def another(self, table: str) -> Row:
        """Another row of a table of the store, under a name of its own."""
        return Row(table, f"t{next(self._numbers)}")

    def source(self, row: Row) -> Sql:
        """The row's table, as a statement names what it reads."""
        return f"{self.dialect.table(self.schema.tables[row.table])} {row.name}"

    def column(self, row: Row, name: str) -> Sql:
        """A column of the row, or what it is known to hold."""
        return dict(row.known).get(name) or f"{row.name}.{self.dialect.quoted(name)}"

    def exists(self, rows: Sequence[Row], where: Iterable[Sql]) -> Sql:
        """Such rows are there together."""
        return f"exists (select 1 from {', '.join(map(self.source, rows))} where {every(where)})"

    def through(self, row: Row, hops: tuple[Hop, ...], test: Test) -> Sql:
        """A row at the end of some hops exists and passes."""
        row, hops = row.start(hops)
        if not hops:
            return test(row)
        hop, *rest = hops
        target = self.another(hop.table)
        passes = self.through(target, tuple(rest), test)
        listed = self._listed(row, hop) if passes == "true" else None
        found = listed or self.exists([target], [self._joins(row, hop, target), passes])
        return every([self.meant(row, hop.when), found])

    def _listed(self, row: Row, hop: Hop) -> Sql | None:
        """The row's column is among another table's keys, where the store finds it so sooner than by EXISTS."""
        table = self.schema.tables[hop.table]
        if hop.table == row.table or len(hop.columns) > 1 or table.primary_key != hop.to_columns:
            return None
        [own], [key] = hop.columns, hop.to_columns
        return self.dialect.listed(self.column(row, own), self.kind(row, own), table, table.columns[key])

    def led(self, row: Row, hops: tuple[Hop, ...], test: Test) -> Sql:
        """So of every row at the end of whose hops another passes, and of no more than may lead there: such rows are
        found from there, by indexes. ``true`` where the store might not take the same values for equal."""
        if not hops:
            return test(row)
        hop, *rest = hops
        target = self.another(hop.table)
        ends = (row, hop.columns), (target, hop.to_columns)
        kinds = [
            [(kind.family, kind.fuzzy) for kind in map(partial(self.kind, at), names)] for at, names in ends
        ]
        passes = self.led(target, tuple(rest), test)
        if passes == "true" or kinds[0] != kinds[1] or any(fuzzy for _, fuzzy in kinds[0]):
            return "true"
        own, to = (", ".join(self.column(at, c) for c in names) for at, names in ends)
        return f"({own}) in (select {to} from {self.source(target)} where {passes})"

    def chain(self, row: Row, hops: tuple[Hop, ...]) -> tuple[list[Row], list[Sql]]:
        """The rows that some hops lead to, one after another, and how they are joined."""
        rows = [self.another(hop.table) for hop in hops]
        pairs = zip([row, *rows], hops, rows, strict=False)
        return rows, [every([self._joins(a, hop, b), self.meant(a, hop.when)]) for a, hop, b in pairs]

    def _joins(self, row: Row, hop: Hop, target: Row, *, backwards: bool = False) -> Sql:
        """The hop's columns name the target; ``backwards`` where rows are sought that point to a known one."""
        return every(
            self._same(row, own, target, to, backwards=backwards)
            for own, to in zip(hop.columns, hop.to_columns, strict=True)
        )

    def _same(self, row: Row, own: str, target: Row, to: str, *, backwards: bool) -> Sql:
        here, there = self.kind(row, own), self.kind(target, to)
        name, key = self.column(row, own), self.column(target, to)
        if here.family == there.family:
            return f"{key} = {name}"
        if backwards:
            return f"{name} = {self.dialect.spelled(key, there)}"
        return f"{key} = {self.dialect.read_as_key(name, there)}"

    def meant(self, row: Row, when: When) -> Sql:
        """The columns beside those that lead somewhere have the values under which they do; never NULL."""
        return every(
            f"{self.column(row, c)} is null"
            if value is None
            else f"({self.column(row, c)} is not null and {self._is(self.exactly(row, c), value)})"
            for c, value in when
        )

    def kind(self, row: Row, column: str) -> Column:
        """What is known of a column of the row."""
        return self.schema.tables[row.table].columns[column]

    def exactly(self, row: Row, name: str) -> Sql:
        """A column of the row, equal to nothing but what it holds, whatever the store takes for equal."""
        column = self.column(row, name)
        return self.dialect.exactly(column) if self.kind(row, name).fuzzy else column

    def value(self, row: Row, ref: Ref, *, when: When = (), read: Callable[[Sql], Sql] = str) -> Sql:
        """A column of the row, or of the row its hops lead to; NULL where other values stand beside it.

        :param read: how it is read where it stands.
        """
        row, hops = row.start(ref.hops)
        if not hops:
            column = read(self.column(row, ref.column))
            return f"case when {self.meant(row, when)} then {column} end" if when else column
        hop, *rest = hops
        target = self.another(hop.table)
        inner = self.value(target, Ref(ref.column, tuple(rest)), when=when, read=read)
        where = every([self._joins(row, hop, target), self.meant(row, hop.when)])
        return f"(select {inner} from {self.source(target)} where {where})"

    def row_key(self, row: Row) -> Sql:
        """The row's own key, as text."""
        return self.dialect.key(self.key_parts(row))

    def key_parts(self, row: Row) -> list[Sql]:
        columns = self.schema.tables[row.table].primary_key
        return [self.dialect.spelled(self.column(row, c), self.kind(row, c)) for c in columns]

    def subject_key(self, row: Row, path: OwnerPath) -> Sql:
        """The person's key as text, read before the last hop so that an orphan still has one; none of many people's."""
        if path.fan and row.start(path.fan)[1]:
            return self.dialect.nothing("text[]")
        hops, columns, when = path.named_at
        end = Row(hops[-1].table if hops else row.table, "")
        parts = [
            self.dialect.spelled(self.value(row, Ref(c, hops), when=when), self.kind(end, c)) for c in columns
        ]
        if path.match == "any-case":
            parts = [self.dialect.any_case(part) for part in parts]
        return self.dialect.key(parts)

    # -- predicates ---------------------------------------------------------------------------------------

    def condition(self, predicate: Predicate, row: Row) -> Sql:
        """The SQL condition under which ``predicate`` is so of ``row``. Raises ``TypeError`` for a new kind."""
        built = self._built.get((predicate, row))
        if built is None:
            built = self._built[predicate, row] = self._build(predicate, row)
        return built

    def counts(self, table: str, asked: Sequence[Predicate]) -> Statement:
        """How many rows a table has, and of how many each predicate is so."""
        counted, looked = self.looked(table, asked)
        return self.statement(f"select {', '.join(counted)} from ({looked}) looked")

    def looked(self, table: str, asked: Sequence[Predicate], *, beside: Sql = "") -> tuple[list[Sql], Sql]:
        """A look at every row of a table, and what counts all of them, and those of which each predicate is so.

        Predicates of one table share most of what they are made of: that is looked at once a row, and so is what one
        of them says and another denies. The predicates are put together from the answers.

        :param beside: what else is looked at.
        """
        row = self.base(table)
        looked: list[Sql] = [beside] if beside else []
        known: dict[Predicate, Sql] = {}

        def so(predicate: Predicate) -> Sql:
            answer = known.get(predicate)
            if answer is None:
                if isinstance(predicate, All):
                    answer = every([so(part) for part in predicate.parts])
                elif isinstance(predicate, AnyOf):
                    answer = some([so(part) for part in predicate.parts])
                elif denied := denies(predicate):
                    answer = negated(so(denied))
                else:
                    answer = f"so_{len(looked)}"
                    looked.append(f"{self.condition(predicate, row)} as {answer}")
                known[predicate] = answer
            return answer

        counted = ["count(*)", *(f"count(*) filter (where {so(p)})" for p in asked)]
        said = ", ".join(looked) or "1"
        return counted, f"select {said} from {self.source(row)} {self.dialect.as_it_stands}"

    @singledispatchmethod
    def _build(self, predicate: Predicate, row: Row) -> Sql:
        raise TypeError(f"no SQL for `{type(predicate).__name__}`")

    @_build.register
    def _(self, predicate: All, row: Row) -> Sql:
        return every(self.condition(p, row) for p in predicate.parts)

    @_build.register
    def _(self, predicate: AnyOf, row: Row) -> Sql:
        """What all parts have in common is asked once, before them: there an index answers, in an `or` none does."""
        sides = [part.parts if isinstance(part, All) else (part,) for part in predicate.parts]
        common = set(sides[0]).intersection(*sides[1:]) if sides else set()
        rests = [every(self.condition(p, row) for p in side if p not in common) for side in sides]
        said = [self.condition(p, row) for p in (sides[0] if sides else ()) if p in common]
        return every(said if "true" in rests else [*said, some(rests)])

    @_build.register
    def _(self, predicate: Happened, row: Row) -> Sql:
        fact, by = predicate.fact, predicate.by
        return self.through(row, fact.ref.hops, lambda r: self._happened(r, fact, by))

    @_build.register
    def _(self, predicate: NotHappened, row: Row) -> Sql:
        fact, by = predicate.fact, predicate.by
        row, hops = row.start(fact.ref.hops)
        if hops:
            return negated(self.through(row, hops, lambda r: self._happened(r, fact, by)))
        column = self.column(row, fact.ref.column)
        return some(
            [
                f"{column} is null",
                self.dialect.compared(column, ">", by, fact.time_type),
                self._sentinels(row, fact, by),
                *(self._is_not(self.exactly(row, w.ref.column), w.value) for w in fact.when),
            ]
        )

    def _happened(self, row: Row, fact: FactRef, by: datetime | date) -> Sql:
        return every(
            [
                self.dialect.compared(self.column(row, fact.ref.column), "<=", by, fact.time_type),
                negated(self._sentinels(row, fact, by)),
                *(self._is(self.exactly(row, w.ref.column), w.value) for w in fact.when),
            ]
        )

    def _sentinels(self, row: Row, fact: FactRef, by: datetime | date) -> Sql:
        """The column holds a date that means never; later sentinels fail the cutoff anyway."""
        last = by.astimezone(self.dialect.zone).date() if isinstance(by, datetime) else by
        dates = [d for d in map(date.fromisoformat, fact.never) if d <= last]
        if not dates:
            return "false"
        return self.dialect.sentinel(self.column(row, fact.ref.column), fact.time_type, dates)

    def _is(self, column: Sql, value: Scalar) -> Sql:
        return f"{column} is null" if value is None else f"{column} = {self.dialect.bind(value)}"

    def _is_not(self, column: Sql, value: Scalar) -> Sql:
        if value is None:
            return f"{column} is not null"
        return f"({column} is null or {column} <> {self.dialect.bind(value)})"

    # -- classes and owners -------------------------------------------------------------------------------

    @_build.register
    def _(self, predicate: InClass, row: Row) -> Sql:
        others = [some(self._differs(row, c) for c in where) for where in predicate.unless]
        return every([*(self._meets(row, c) for c in predicate.where), *others])

    def _meets(self, row: Row, condition: Condition) -> Sql:
        column, hops = condition.ref.column, condition.ref.hops
        if condition.value is None:
            return negated(self.through(row, hops, lambda r: f"({self.column(r, column)} is not null)"))
        return self.through(row, hops, lambda r: self._is(self.exactly(r, column), condition.value))

    def _differs(self, row: Row, condition: Condition) -> Sql:
        column, hops = condition.ref.column, condition.ref.hops
        if condition.value is None:
            return self.through(row, hops, lambda r: f"({self.column(r, column)} is not null)")
        if hops:
            return negated(self._meets(row, condition))
        return self._is_not(self.exactly(row, column), condition.value)

    @_build.register
    def _(self, predicate: Leads, row: Row) -> Sql:
        return self.through(row, predicate.hops, lambda _: "true")

    @_build.register
    def _(self, predicate: LeadsNowhere, row: Row) -> Sql:
        return negated(self.through(row, predicate.hops, lambda _: "true"))

    @_build.register
    def _(self, predicate: WithSome, row: Row) -> Sql:
        return self._with(row, predicate.hops, predicate.what)

    @_build.register
    def _(self, predicate: WithNone, row: Row) -> Sql:
        return negated(self._with(row, predicate.hops, predicate.what))

    def _with(self, row: Row, hops: tuple[Hop, ...], what: Predicate) -> Sql:
        return self.through(row, hops, lambda end: self.condition(what, replace(row, hops=hops, via=end)))

    @_build.register
    def _(self, predicate: There, row: Row) -> Sql:
        return self.through(row, predicate.hops, lambda end: self.condition(predicate.what, end))

    @_build.register
    def _(self, predicate: NotThere, row: Row) -> Sql:
        return negated(self.through(row, predicate.hops, lambda end: self.condition(predicate.what, end)))

    @_build.register
    def _(self, predicate: Named, row: Row) -> Sql:
        return some(self._reaches(row, path) for path in predicate.paths)

    @_build.register
    def _(self, predicate: Unnamed, row: Row) -> Sql:
        return negated(some(self._reaches(row, path) for path in predicate.paths))

    @_build.register
    def _(self, predicate: OwnedBy, row: Row) -> Sql:
        path = predicate.path
        found = self.through(row, path.hops, lambda r: self._named(r, path))
        others = [negated(self._reaches(row, other)) for other in predicate.unless]
        if predicate.exists:
            return every([found, *others])
        return every([self._reaches(row, path), negated(found), *others])

    def _reaches(self, row: Row, path: OwnerPath) -> Sql:
        """The path is filled in as far as rows exist: every reference met on it is set."""
        row, hops = row.start(path.hops)
        if not hops:
            return self._named(row, path)
        hop, *rest = hops
        named = every([self._filled(row, hop.columns), self.meant(row, hop.when)])
        further = replace(path, hops=tuple(rest))
        if hop.many or further.fan:
            return self.through(row, (hop,), lambda r: self._reaches(r, further))
        if not rest and not path.inline:
            return named
        broken = self.through(row, (hop,), lambda r: negated(self._reaches(r, further)))
        return every([named, negated(broken)])

    def _named(self, row: Row, path: OwnerPath) -> Sql:
        """The row at the end of a path names the person, if that is where the name stands."""
        return every([self._filled(row, path.key if path.inline else ()), self.meant(row, path.when)])

    def _filled(self, row: Row, columns: tuple[str, ...]) -> Sql:
        said = every(f"{self.column(row, c)} is not null" for c in columns)
        return f"({said})" if len(columns) == 1 else said

    @_build.register
    def _(self, predicate: Unheld, row: Row) -> Sql:
        """Where no hold is in force at all, which is asked once a statement, no row is asked."""
        return some([negated(self._any_hold), negated(self._held(row, predicate.table, predicate.path))])

    @_build.register
    def _(self, predicate: Held, row: Row) -> Sql:
        return every([self._any_hold, self._held(row, predicate.table, predicate.path)])

    @property
    def _any_hold(self) -> Sql:
        return f"(select exists ({self._holds('1')}))"

    def _held(self, row: Row, table: str, path: OwnerPath) -> Sql:
        """A legal hold in force names the table's row about this person, or every row of the table.

        What holds name is read once a statement, and each row's person is looked for among them.
        """
        here = f"(on_table is null or on_table = {self.dialect.bind(table)})"
        everyone = self._holds("1", f"subject_kind is null and {here}")
        these = self._holds("subject_key", f"subject_kind = {self.dialect.bind(path.subject)} and {here}")
        named = f"{self.subject_key(row, path)} in ({these})"
        return some([f"(select exists ({everyone}))", f"coalesce({named}, false)"])

    def _holds(self, what: Sql, so: Sql = "") -> Sql:
        """Holds in force. They are found by the key of their table: until 17 PostgreSQL thinks the reading of a table
        from end to end, where it is asked to avoid that, so dear that no other way of a statement's seems dearer."""
        found = f"select {what} from {self.dialect.own('fact')}"
        named = ["id >= ''", "kind = 'hold'", "released_at is null", *([so] if so else [])]
        return f"{found} where {every(named)}"

    # -- dependents and stubs -----------------------------------------------------------------------------

    @_build.register
    def _(self, predicate: Pointed, row: Row) -> Sql:
        return some(self._points(row, d) for d in predicate.dependents)

    @_build.register
    def _(self, predicate: NotPointed, row: Row) -> Sql:
        return every(negated(self._points(row, d)) for d in predicate.dependents)

    def _points(self, row: Row, dependent: Dependent) -> Sql:
        """Another row points to it: what points to itself is in nobody's way."""
        other = self.another(dependent.table)
        joins = [
            self._joins(other, dependent.hop, row, backwards=True),
            self.meant(other, dependent.hop.when),
        ]
        if other.table == row.table:
            key = self.schema.tables[row.table].primary_key
            joins.append(
                negated(f"({every(f'{self.column(other, c)} = {self.column(row, c)}' for c in key)})")
            )
        return self.exists([other], joins)

    @_build.register
    def _(self, predicate: Carries, row: Row) -> Sql:
        return some(self._carried(row, each) for each in predicate.rows)

    @_build.register
    def _(self, predicate: CarriesNone, row: Row) -> Sql:
        return every(negated(self._carried(row, each)) for each in predicate.rows)

    def _carried(self, row: Row, carried: Carried) -> Sql:
        """Some row leads through this one, and it is so of it; walked backwards from this row."""
        rows, joins = self._backwards(row, carried.table, carried.hops)
        return self.exists(
            rows, [*joins, self.condition(carried.what, replace(rows[0], hops=carried.hops, via=row))]
        )

    @_build.register
    def _(self, predicate: Needed, row: Row) -> Sql:
        return some(self._used(row, u) for u in predicate.uses)

    @_build.register
    def _(self, predicate: NotNeeded, row: Row) -> Sql:
        return every(negated(self._used(row, u)) for u in predicate.uses)

    def _used(self, row: Row, use: IdentityUse) -> Sql:
        """Some row of the right class leads here; walked backwards from this row, along the indexes."""
        rows, joins = self._backwards(row, use.table, use.hops)
        return self.exists(rows, [*joins, *(self._meets(rows[0], c) for c in use.where)])

    def _backwards(self, row: Row, table: str, hops: tuple[Hop, ...]) -> tuple[list[Row], list[Sql]]:
        """Rows of a table, and those on the way, that lead here by these hops; and how they are joined."""
        rows = [self.another(table), *(self.another(hop.table) for hop in hops[:-1])]
        pairs = zip(rows, hops, [*rows[1:], row], strict=True)
        return rows, [
            every([self._joins(one, hop, other, backwards=True), self.meant(one, hop.when)])
            for one, hop, other in pairs
        ]

    # -- masks --------------------------------------------------------------------------------------------

    @_build.register
    def _(self, predicate: Unmasked, row: Row) -> Sql:
        return self._unmasked(row, predicate.cell)

    @_build.register
    def _(self, predicate: Masked, row: Row) -> Sql:
        return negated(self._unmasked(row, predicate.cell))

    def _unmasked(self, row: Row, cell: Cell) -> Sql:
        """The mask would change the cell: never NULL, so its opposite is its NOT."""
        column = self.column(row, cell.column)
        if cell.path:
            return self.dialect.json_found(column, cell.path)
        if cell.mask is None or cell.mask.kind == "null":
            return f"({column} is not null)"
        if cell.mask.kind == "tag":
            matches = self.dialect.matches(column, cell.mask.pattern)
            return f"({column} is not null and not coalesce({matches}, true))"
        return f"({column} is not null and {self.exactly(row, cell.column)} <> {self.masked(row, cell)})"

    def masked(self, row: Row, cell: Cell) -> Sql:
        """What the mask puts into the cell. Equal to `plan.masks.masked`."""
        column, table = self.column(row, cell.column), self.schema.tables[row.table]
        if cell.mask is None:
            return "null"

        def tag() -> Sql:
            return self.dialect.row_tag(self.mask_key, row.table, self.key_parts(row))

        return self.dialect.masked(column, table.columns[cell.column], cell.mask, tag=tag)
