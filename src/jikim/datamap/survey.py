"""The map, the schema and the policy side by side: what every check of a map asks of the three. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from jikim.datamap.model import Accessor, Claimed, DataMap, Fact, FromLedger, Owner, TableMap
from jikim.datamap.schema import Schema, Table
from jikim.policy.model import Policy
from jikim.shape import did_you_mean
from jikim.source import Diagnostic, Path, Severity

_BARE: Final = re.compile(r"[^\W\d][\w-]*")


@dataclass(frozen=True)
class Target:
    """Where a column leads: a table of the store and the columns met there."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """A way from rows of a table to others: where the map says so, its columns, where they lead, and the columns
    ``beside`` them that say whether they do."""

    path: Path
    columns: tuple[str, ...]
    target: Target
    beside: tuple[str, ...] = ()

    def indexed(self, table: Table) -> bool:
        """Whether an index finds the rows that point to one."""
        return table.indexed(self.columns) or bool(
            self.beside and table.indexed((*self.beside, *self.columns))
        )


@dataclass(frozen=True)
class Survey:
    """A map laid over the schema it speaks of and the promise it serves."""

    datamap: DataMap
    schema: Schema
    policy: Policy

    @cached_property
    def personal(self) -> dict[str, tuple[TableMap, Table]]:
        """Tables with personal data that the store has, too: as mapped, and as they are."""
        return {
            name: (table, self.schema.tables[name])
            for name, table in self.datamap.tables.items()
            if table.personal and name in self.schema.tables
        }

    def target(self, owner: Owner | Accessor) -> Target | None:
        """Where an edge leads; None for someone named inline, and where the map is wrong."""
        if owner.to in self.datamap.subjects:
            person = self.datamap.subjects[owner.to]
            return Target(person.table, person.key)
        if owner.to in self.personal:
            return Target(owner.to, self.schema.tables[owner.to].primary_key)
        return None

    def reference(self, name: str, column: str) -> Target | None:
        """Where one column of a table points: by the map, by an owner edge, by a foreign key."""
        table = self.datamap.tables.get(name, TableMap())
        to = table.references.get(column)
        if to is not None and to in self.schema.tables:
            return Target(to, self.schema.tables[to].primary_key)
        for owner in table.owners:
            if owner.columns == (column,) and not owner.when and (target := self.target(owner)):
                return target
        for accessor in table.accessors:
            if accessor.columns == (column,) and (target := self.target(accessor)):
                return target
        for key in self.schema.tables[name].foreign_keys:
            if key.columns == (column,):
                return Target(key.to_table, key.to_columns)
        return None

    def edges(self, name: str) -> Iterator["Edge"]:
        """Every way rows of a table point to rows about people: owners, references, foreign keys; each once."""
        mapped, table = self.personal[name]
        found: list[tuple[Path, tuple[str, ...], Target | None, tuple[str, ...]]] = [
            (path, owner.columns, self.target(owner), tuple(owner.when)) for path, owner in self.owners(name)
        ]
        found += [
            (("tables", name, "accessors", n, accessor.to), accessor.columns, self.target(accessor), ())
            for n, accessor in enumerate(mapped.accessors)
        ]
        found += [
            (("tables", name, "references", column), (column,), self.reference(name, column), ())
            for column in mapped.references
        ]
        found += [
            (("tables", name, "unlink", n), (column,), self.reference(name, column), ())
            for n, column in enumerate(mapped.unlink)
        ]
        found += [
            (("tables", name), key.columns, Target(key.to_table, key.to_columns), ())
            for key in table.foreign_keys
        ]
        found += [
            (path, owner.their, Target(other, self.schema.tables[other].primary_key), ())
            for other, path, owner in self.led.get(name, ())
        ]
        seen = set()
        for path, columns, target, beside in found:
            there = {*columns, *beside} <= set(table.columns)
            fits = target and len(columns) == len(target.columns) and there
            if target and fits and target.table in self.personal and (columns, target) not in seen:
                seen.add((columns, target))
                yield Edge(path, columns, target, beside)

    @cached_property
    def led(self) -> Mapping[str, list[tuple[str, Path, Owner]]]:
        """Tables of which rows say whose the rows are that they point to: those rows' tables, and where it is said."""
        found: dict[str, list[tuple[str, Path, Owner]]] = {}
        for other in self.personal:
            for path, owner in self.owners(other):
                if owner.their and (target := self.target(owner)):
                    found.setdefault(target.table, []).append((other, path, owner))
        return found

    def owners(self, name: str) -> Iterator[tuple[Path, Owner]]:
        """Everybody who may own a row of a table, alone or together, and where the map says so."""
        mapped = self.datamap.tables[name]
        for role, owners in (("owner", mapped.owner), ("co_owners", mapped.co_owners)):
            for n, owner in enumerate(owners):
                yield ("tables", name, role, n, owner.to), owner

    def claims(self, name: str) -> Iterator[tuple[Path, str, Claimed]]:
        """Every processing and record a table names: where, of which kind, and the claim."""
        table = self.datamap.tables[name]
        for label, row_class in table.classes.items():
            base: Path = ("tables", name, *(("rows", label) if table.rows else ()))
            for kind, claims in (("processing", row_class.processing), ("records", row_class.records)):
                for n, claimed in enumerate(claims):
                    yield (*base, kind, n), kind, claimed

    def facts(self, name: str) -> Iterator[tuple[Path, Fact]]:
        """Every clock that starts in a row of a table, or in a row it points to."""
        return ((path, fact) for path, fact in self._bindings(name) if isinstance(fact, Fact))

    def _bindings(self, name: str) -> Iterator[tuple[Path, Fact | FromLedger]]:
        table = self.datamap.tables[name]
        for trigger, fact in table.facts.items():
            yield ("tables", name, "facts", trigger), fact
        for label, row_class in table.rows.items():
            for trigger, fact in row_class.facts.items():
                yield ("tables", name, "rows", label, "facts", trigger), fact
        for path, _, claimed in self.claims(name):
            for trigger, fact in claimed.facts.items():
                yield (*path, claimed.id, trigger), fact
        for kind, subject in self.datamap.subjects.items():
            if subject.table == name:
                for trigger, fact in subject.facts.items():
                    yield ("subjects", kind, "facts", trigger), fact


# -- findings ---------------------------------------------------------------------------------------------


def error(code: str, path: Path, message: str, *, why: str = "", fix: str = "") -> Diagnostic:
    """What blocks its table."""
    return Diagnostic(code, Severity.ERROR, message, why, fix, None, path)


def warning(code: str, path: Path, message: str, *, why: str = "", fix: str = "") -> Diagnostic:
    """What should be answered."""
    return Diagnostic(code, Severity.WARNING, message, why, fix, None, path)


def info(code: str, path: Path, message: str, *, why: str = "", fix: str = "") -> Diagnostic:
    """What is good to know."""
    return Diagnostic(code, Severity.INFO, message, why, fix, None, path)


def no_column(table: Table, column: str, path: Path) -> Diagnostic:
    """A column that the map names and the table lacks."""
    known = ", ".join(table.columns)
    fix = did_you_mean(column, table.columns) or f"one of: {known}"
    return error("unknown-column", path, f"`{table.name}` has no column `{column}`", fix=fix)


def key_types(table: Table, columns: tuple[str, ...], path: Path) -> Iterator[Diagnostic]:
    """Each of these columns is of a type by whose text a row or a person can be named."""
    for column in (table.columns[name] for name in columns if name in table.columns):
        if not column.names_rows:
            yield error(
                "key-type",
                path,
                f"`{table.name}.{column.name}` is `{column.type}`, which names no row",
                why="its values have no one text by which holds, copies and evidence could name a row or a person",
                fix="name rows by a number, a text, a UUID or a time",
            )


def size(table: Table) -> str:
    """How many rows a table has, as far as the store knows."""
    return f"about {table.rows:,} rows" if table.rows else "few rows, or never counted by ANALYZE"


def a_date(table: Table) -> str | None:
    """A column of the table that says when something happened."""
    return next((column.name for column in table.columns.values() if column.time_type), None)


def quoted(*names: str) -> str:
    """Names as SQL writes them, whatever they hold: ``"public"."orders"``."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def listed(columns: tuple[str, ...]) -> str:
    """A list of columns as SQL writes it."""
    return "(" + ", ".join(quoted(column) for column in columns) + ")"


def key(name: str) -> str:
    """A name as YAML writes it where a key or a word stands."""
    plain = _BARE.fullmatch(name) and name not in {"no", "yes", "true", "false", "null"}
    return name if plain else "'" + name.replace("'", "''") + "'"


def flow(columns: tuple[str, ...]) -> str:
    """One column, or a list of them, as the map writes it."""
    return key(columns[0]) if len(columns) == 1 else "[" + ", ".join(map(key, columns)) + "]"
