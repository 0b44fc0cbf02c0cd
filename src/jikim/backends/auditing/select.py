"""Writes the statement by which an auditor reads one table. Builds text, runs nothing.

Named columns, joins for what they point to, and whether anything points here. What databases say differently is a
`Speech`. Nothing here comes from the plan's side: no compiled predicate, no dialect of a sweep.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from jikim.datamap.schema import Schema
from jikim.plan.reading import Reading, many
from jikim.plan.schedule import Condition, Dependent, Hop, IdentityUse, Ref
from jikim.plan.watch import ANY

VIRTUAL = "virtual table"
"""What some module shows as a table, whether it holds rows or not."""


@dataclass(frozen=True)
class Relation:
    """Something in a database that holds rows: a table, or what is like one.

    ``name`` is the map's, ``at`` the store's: schema and name. ``kind`` is ``table``, or the word for what is none.
    ``columns`` have the types by which they are read; in a ``loose`` relation a value of any type may stand anywhere.
    ``rows`` is the store's own estimate, ``readable`` whether the auditor may read it. A statement names its rows by
    ``source``, and tells one of them from the others by the columns ``apart``.
    """

    name: str
    at: tuple[str, str]
    kind: str
    columns: Mapping[str, str]
    rows: int
    readable: bool
    source: str
    apart: tuple[str, ...]
    loose: bool = False

    @property
    def looked_through(self) -> Mapping[str, str]:
        """Each column with the type of the values to look for there."""
        return dict.fromkeys(self.columns, ANY) if self.loose else self.columns


@dataclass(frozen=True)
class Query:
    """A statement, what its names stand for, and of its first columns the types and whether each is a list."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    kinds: tuple[tuple[str, bool], ...] = ()


class Speech(Protocol):
    """How a database says what an auditor's statements need."""

    def quoted(self, *names: str) -> str:
        """A name, part by part."""

    def named(self, name: str) -> str:
        """A value that is given under this name when the statement runs."""

    def read(self, column: str, kind: str) -> str:
        """How a column of this type is read."""

    def spelled(self, column: str) -> str:
        """The value of a key as text."""

    def equals(self, column: str, kind: str, name: str) -> str:
        """A column of this type is what is given under this name, NULL or not."""

    def every(self, value: str, rows: str, order: Sequence[str]) -> str:
        """A list: the value of each of these rows, in this order."""

    def first(self, target: Relation, alias: str, where: Callable[[str], str]) -> str:
        """A join of at most one of the rows that meet the condition."""

    def given(
        self, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        """Rows that came along, as a source, and the values bound in it."""


@dataclass
class Select:
    """Writes the statement that reads one table."""

    speech: Speech
    schema: Schema
    relations: Mapping[str, Relation]
    values: dict[str, Any] = field(default_factory=dict)
    base: str = ""
    _joined: dict[tuple[Hop, ...], str] = field(default_factory=dict)
    _joins: list[str] = field(default_factory=list)

    def of(self, reading: Reading, *, given: Sequence[Mapping[str, Any]] | None = None) -> Query:
        """The statement.

        :param given: the rows, where they stand in no table.
        """
        self._joined, self.base = {(): "t"}, reading.table
        columns = [self._column(reading.table, ref) for ref in reading.refs]
        kinds = tuple((self._kind(reading.table, ref), bool(many(ref.hops))) for ref in reading.refs)
        if reading.schedule is not None:
            columns.append(self._pointed(reading.table, reading.schedule.dependents))
            columns += [
                self._needed([use for use in reading.schedule.identity_uses if cell in use.cells])
                for cell in reading.identity
            ]
        source = f"{self._source(reading.table)} t" if given is None else self._given(reading.table, given)
        text = f"select {', '.join(columns)} from {' '.join([source, *self._joins])}"
        return Query(text, self.values, kinds)

    def _given(self, table: str, rows: Sequence[Mapping[str, Any]]) -> str:
        """Rows that came along, as a table."""
        source, values = self.speech.given(self.relations[table].columns, rows)
        self.values |= values
        return source

    def _kind(self, table: str, ref: Ref) -> str:
        return self.relations[ref.hops[-1].table if ref.hops else table].columns[ref.column]

    def _named(self, alias: str, column: str) -> str:
        return f"{alias}.{self.speech.quoted(column)}"

    def _column(self, table: str, ref: Ref) -> str:
        if fan := many(ref.hops):
            return self._listed(fan, ref)
        alias = self._alias(ref.hops)
        return self.speech.read(self._named(alias, ref.column), self._kind(table, ref))

    def _listed(self, fan: tuple[Hop, ...], ref: Ref) -> str:
        """The values of a column for all the rows that some hops lead to, in an order that is the same for each."""
        first, *rest = fan
        source, at, order = (
            f"{self._source(first.table)} x0",
            (first.table, "x0"),
            self._place(first.table, "x0"),
        )
        for n, hop in enumerate(rest, 1):
            source += f" join {self._source(hop.table)} x{n} on {self._leads(hop, at, f'x{n}')}"
            at, order = (hop.table, f"x{n}"), [*order, *self._place(hop.table, f"x{n}")]
        for n, hop in enumerate(ref.hops[len(fan) :]):
            source, at = f"{source} {self._join(hop, at, f'y{n}')}", (hop.table, f"y{n}")
        value = self.speech.read(self._named(at[1], ref.column), self.relations[at[0]].columns[ref.column])
        return self.speech.every(value, f"{source} where {self._leads(first, (self.base, 't'), 'x0')}", order)

    def _place(self, table: str, alias: str) -> list[str]:
        """What tells a row of a table from its others."""
        return [self._named(alias, column) for column in self.relations[table].apart]

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
        table = self.schema.tables[hop.table]
        keys = [set(key) for key in (table.primary_key, *table.unique) if key]
        if any(key <= set(hop.to_columns) for key in keys):
            return f"left join {self._source(hop.table)} {alias} on {self._leads(hop, before, alias)}"
        return self.speech.first(
            self.relations[hop.table], alias, lambda name: self._leads(hop, before, name)
        )

    def _leads(self, hop: Hop, before: tuple[str, str], alias: str) -> str:
        """A row of a table, under its alias, points to another by a hop."""
        table, name = before
        said = self.speech.spelled if hop.spelled else str
        pairs = zip(hop.columns, hop.to_columns, strict=True)
        found = [f"{said(self._named(alias, to))} = {said(self._named(name, own))}" for own, to in pairs]
        found += [self._equals(name, table, column, value) for column, value in hop.when]
        return " and ".join(found)

    def _equals(self, alias: str, table: str, column: str, wanted: Any, *, read: str = "") -> str:
        """A column of a table is what is wanted; ``read`` is how it is come by, where not by its alias."""
        value = read or self._named(alias, column)
        if wanted is None:
            return f"{value} is null"
        name = f"v{len(self.values)}"
        self.values[name] = wanted
        return self.speech.equals(value, self.relations[table].columns[column], name)

    def _pointed(self, table: str, dependents: Iterable[Dependent]) -> str:
        """Whether any other row points here."""
        tests = []
        for each in dependents:
            where = self._leads(each.hop, (each.table, "d"), "t")
            if each.table == table:
                pairs = zip(self._place(table, "d"), self._place(table, "t"), strict=True)
                where += f" and not ({' and '.join(f'{d} = {t}' for d, t in pairs)})"
            tests.append(f"exists (select 1 from {self._source(each.table)} d where {where})")
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
            tests.append(f"exists (select 1 from {' '.join(joins)} where {' and '.join(where)})")
        return f"({' or '.join(tests) or 'false'})"

    def _meets(self, condition: Condition, table: str) -> str:
        """A row class's condition, of the row ``n0`` or of one it points to; a missing row has no values."""
        source, alias, joins = "", "n0", []
        for n, hop in enumerate(condition.ref.hops):
            joins.append((f"{self._source(hop.table)} c{n}", self._leads(hop, (table, alias), f"c{n}")))
            alias, table = f"c{n}", hop.table
        if not joins:
            return self._equals(alias, table, condition.ref.column, condition.value)
        source = " join ".join(j if n == 0 else f"{j} on {same}" for n, (j, same) in enumerate(joins))
        value = self._named(alias, condition.ref.column)
        found = f"(select {value} from {source} where {joins[0][1]} limit 1)"
        return self._equals(alias, table, condition.ref.column, condition.value, read=found)
