"""How a store's tables are mended, in the words of that store: statements for an operator to run. Pure.

SQLite changes neither a constraint nor a column's type where it stands: there the fix says what a table made anew
must have.
"""

from typing import Final, Protocol

from jikim.datamap.model import DataMap
from jikim.datamap.schema import ForeignKey, Schema, Table
from jikim.datamap.survey import listed, quoted


class Mends(Protocol):
    """What a finding can ask of a store, each as its fix."""

    def a_key(self, table: Table) -> str:
        """Give it a primary key."""

    def filled(self, table: Table, column: str) -> str:
        """Let a column be NULL no more."""

    def emptied(self, table: Table, column: str) -> str:
        """Let a column be NULL."""

    def unique(self, table: Table, columns: tuple[str, ...]) -> str:
        """Keep two rows from having the same in these columns."""

    def retyped(self, table: Table, column: str, kind: str) -> str:
        """Give a column another type."""

    def exact(self, table: Table, column: str) -> str:
        """Let texts be equal only where they are the same."""

    def index(self, table: Table, columns: tuple[str, ...]) -> str:
        """Let rows be found by these columns."""

    def dropped(self, table: Table, column: str) -> str:
        """Take a column away."""

    def no_cascade(self, table: Table, foreign: ForeignKey, to: Table) -> str:
        """Let a foreign key delete nothing."""

    def no_trigger(self, table: Table, trigger: str) -> str:
        """Let a trigger run no more."""


def mends(schema: Schema, datamap: DataMap) -> Mends:
    """How the tables of a map are mended in the store that has them."""
    return SQLiteMends() if schema.speaks == "sqlite" else PostgreSQLMends(datamap.stores.app.tables_in)


class PostgreSQLMends:
    """In PostgreSQL.

    :param home: the schema of the service's tables.
    """

    def __init__(self, home: str) -> None:
        self._home = home

    def a_key(self, table: Table) -> str:
        """In a partitioned table it holds the columns by which it is parted."""
        if "" in table.parted_by:
            return "part it by a column: a table parted by an expression can have no primary key"
        if table.partitioned:
            parts = listed((*table.parted_by, "jikim_id"))
            added = "ADD COLUMN jikim_id uuid NOT NULL DEFAULT gen_random_uuid()"
            return f"{self._alter(table)} {added}, ADD PRIMARY KEY {parts};"
        return f"{self._alter(table)} ADD COLUMN jikim_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"

    def filled(self, table: Table, column: str) -> str:
        """NOT NULL."""
        return f"{self._alter(table)} ALTER COLUMN {quoted(column)} SET NOT NULL;"

    def emptied(self, table: Table, column: str) -> str:
        """Without NOT NULL."""
        return f"{self._alter(table)} ALTER COLUMN {quoted(column)} DROP NOT NULL;"

    def unique(self, table: Table, columns: tuple[str, ...]) -> str:
        """UNIQUE."""
        return f"{self._alter(table)} ADD UNIQUE {listed(columns)};"

    def retyped(self, table: Table, column: str, kind: str) -> str:
        """Its values are cast."""
        return (
            f"{self._alter(table)} ALTER COLUMN {quoted(column)} TYPE {kind} USING {quoted(column)}::{kind};"
        )

    def exact(self, table: Table, column: str) -> str:
        """By its bytes."""
        return f'{self._alter(table)} ALTER COLUMN {quoted(column)} TYPE text COLLATE "C";'

    def index(self, table: Table, columns: tuple[str, ...]) -> str:
        """Beside its writers."""
        return f"CREATE INDEX CONCURRENTLY ON {self._at(table)} {listed(columns)};"

    def dropped(self, table: Table, column: str) -> str:
        """Of every row."""
        return f"{self._alter(table)} DROP COLUMN {quoted(column)};"

    def no_cascade(self, table: Table, foreign: ForeignKey, to: Table) -> str:
        """The same constraint, made anew."""
        name, key = quoted(foreign.name), f"FOREIGN KEY {listed(foreign.columns)}"
        refers = f"REFERENCES {self._at(to)} {listed(foreign.to_columns)}"
        return f"{self._alter(table)} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {key} {refers};"

    def no_trigger(self, table: Table, trigger: str) -> str:
        """It may be enabled again."""
        return f"{self._alter(table)} DISABLE TRIGGER {quoted(trigger)};"

    def _at(self, table: Table) -> str:
        return quoted(*table.at(self._home))

    def _alter(self, table: Table) -> str:
        return f"ALTER TABLE {self._at(table)}"


class SQLiteMends:
    """In SQLite."""

    def a_key(self, table: Table) -> str:
        """A number that SQLite gives."""
        return _anew(table, '"jikim_id" INTEGER PRIMARY KEY')

    def filled(self, table: Table, column: str) -> str:
        """NOT NULL."""
        return _anew(table, f"NOT NULL on {quoted(column)}")

    def emptied(self, table: Table, column: str) -> str:
        """Without NOT NULL."""
        return _anew(table, f"no NOT NULL on {quoted(column)}")

    def unique(self, table: Table, columns: tuple[str, ...]) -> str:
        """A unique index, which is as good as a constraint."""
        return _index(table, columns, unique=True)

    def retyped(self, table: Table, column: str, kind: str) -> str:
        """Its values are converted as they are copied."""
        return _anew(table, f"{quoted(column)} as {_declared(kind)}")

    def exact(self, table: Table, column: str) -> str:
        """By its bytes."""
        return _anew(table, f"{quoted(column)} as text COLLATE BINARY")

    def index(self, table: Table, columns: tuple[str, ...]) -> str:
        """By a name of its own."""
        return _index(table, columns)

    def dropped(self, table: Table, column: str) -> str:
        """Of every row."""
        return f"ALTER TABLE {_at(table)} DROP COLUMN {quoted(column)};"

    def no_cascade(self, table: Table, foreign: ForeignKey, to: Table) -> str:
        """The same reference, without an action."""
        refers = f"REFERENCES {_at(to)} {listed(foreign.to_columns)}"
        return _anew(table, f"FOREIGN KEY {listed(foreign.columns)} {refers}")

    def no_trigger(self, table: Table, trigger: str) -> str:
        """SQLite has no other way to stop one."""
        del table
        return f"DROP TRIGGER {quoted(trigger)};"


def _at(table: Table) -> str:
    return quoted(table.called or table.name)


def _anew(table: Table, having: str) -> str:
    """SQLite has no statement for it."""
    how = "SQLite changes it in no other way: sqlite.org/lang_altertable.html, 7"
    return f"make {_at(table)} anew, with {having}   -- {how}"


def _index(table: Table, columns: tuple[str, ...], *, unique: bool = False) -> str:
    name = quoted("_".join([table.called or table.name, *columns]))
    return f"CREATE {'UNIQUE ' if unique else ''}INDEX {name} ON {_at(table)} {listed(columns)};"


_DECLARED: Final = {
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "datetime",
    "bytea": "blob",
    "double precision": "real",
}


def _declared(kind: str) -> str:
    """The type as a file of SQLite declares it."""
    return _DECLARED.get(kind, kind)
