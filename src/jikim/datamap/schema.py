"""What a store's tables look like, as values: a reflected schema knows no connection. Pure."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final, Literal
from uuid import UUID

from jikim.canonical import digest

TimeType = Literal["instant", "date", "local", "utc", "epoch", "epoch-ms"]
"""``local`` and ``utc`` are times without a zone: as clocks of the service show them, or as those of Greenwich do."""

OWN: Final = "jikim"
"""The schema of a store that holds what jikim keeps there for itself."""

_TIMES: Final[Mapping[str, TimeType]] = {
    "timestamp with time zone": "instant",
    "timestamp without time zone": "local",
    "date": "date",
}
_FAMILIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), "number"),
    **dict.fromkeys(("text", "character varying", "character", "name", "citext"), "text"),
}
_KNOWN: Final = frozenset({*_FAMILIES.values(), "boolean", "uuid", "inet", "cidr"})
_IN_KEYS: Final = frozenset(
    {
        *("smallint", "integer", "bigint", "numeric", "boolean", "uuid", "bytea", "inet", "cidr"),
        *("text", "character varying", "character", "name", *_TIMES),
    }
)
"""Types whose values have one text each; see `plan.keys`."""
_LENGTH: Final = re.compile(r"\((\d+)[^)]*\)")
_TEXT: Final = r"'(?:[^']|'')*'"
_VALUE: Final = rf"{_TEXT}::[a-z ]+"
_ONE_OF: Final = re.compile(
    r'CHECK \(\(\(?(?:\w+|"(?:[^"]|"")*")\)?(?:::text)? = '
    rf"(?:ANY \(\(?ARRAY\[(?P<many>{_VALUE}(?:, {_VALUE})*)\]\)?(?:::text\[\])?\)|(?P<one>{_VALUE}))\)\)"
)
_IN_A_LIST: Final = re.compile(
    r"check\s*\(\s*(?:\w+|\"(?:[^\"]|\"\")*\")\s*"
    rf"(?:in\s*\(\s*(?P<many>{_TEXT}(?:\s*,\s*{_TEXT})*)\s*\)|==?\s*(?P<one>{_TEXT}))\s*\)",
    re.IGNORECASE,
)
"""The same as people write it, which SQLite keeps as it is."""


@dataclass(frozen=True)
class Column:
    """One column. ``type`` is the store's own name for it (``timestamp with time zone``); of a domain, what it is of.

    ``labels`` are the values of an enumerated type. A ``loose`` column is of a store that takes any value anywhere;
    its type is the one its values should have. ``made`` tells a type that does not come with the store, ``fuzzy`` that
    the store takes some texts that differ for equal.
    """

    name: str
    type: str
    nullable: bool = True
    generated: bool = False
    labels: tuple[str, ...] = ()
    made: bool = False
    fuzzy: bool = False
    loose: bool = False

    @property
    def kind(self) -> str:
        """The type without its length or precision: ``timestamp(3) with time zone`` is one with time zone."""
        return _LENGTH.sub("", self.type)

    @property
    def family(self) -> str:
        """Columns of one family can be compared: ``number``, ``text``, or the type's own name."""
        return _FAMILIES.get(self.kind.rpartition(".")[2] if self.made else self.kind, self.kind)

    @property
    def names_rows(self) -> bool:
        """Whether a key may be made of it: its text is the same to everybody, and tells each value from every other."""
        return bool(self.labels) or self.kind in _IN_KEYS or (self.made and self.family == "text")

    def spells(self, key: "Column") -> bool:
        """Whether a text here may spell a key of another type there, such as ``42`` the number 42."""
        return (
            self.family == "text" and not self.fuzzy and key.kind in ("smallint", "integer", "bigint", "uuid")
        )

    @property
    def longest(self) -> int | None:
        """The most characters a text column takes; None where its type sets no limit."""
        limit = _LENGTH.search(self.type) if self.family == "text" else None
        return int(limit[1]) if limit else None

    @property
    def time_type(self) -> TimeType | None:
        """How a time is written in this column, where its type alone says so."""
        return _TIMES.get(self.kind)

    def time_as(
        self, written: TimeType | None, *, times: Literal["local", "utc"] | None = None
    ) -> TimeType | None:
        """How a time is read here when a map says ``written``; None when this column cannot be read so.

        :param times: how the store writes times without a zone.
        """
        if written is None and self.time_type == "local":
            written = times
        if written and self.loose and (self.time_type or self.family in ("text", "number")):
            return written
        if written in ("epoch", "epoch-ms"):
            return written if self.family == "number" else None
        if written == "utc":
            return written if self.time_type == "local" else None
        return self.time_type if written in (None, self.time_type) else None

    def reads(self, text: str) -> bool:
        """Whether the column reads the text as a value; types nobody knows here read nothing."""
        if self.labels:
            return text in self.labels
        if self.family == "text":
            return len(text) <= (self.longest or len(text))
        try:
            match self.kind:
                case "date":
                    date.fromisoformat(text)
                case "inet" | "cidr":
                    ipaddress.ip_network(text, strict=False)
                case "uuid":
                    UUID(text)
                case "boolean":
                    return text in ("true", "false")
                case _ if self.time_type:
                    datetime.fromisoformat(text)
                case _ if self.family == "number":
                    Decimal(text)
                case _:
                    return False
        except (ValueError, InvalidOperation):
            return False
        return True

    def compares(self, value: str | int | bool | None) -> bool:
        """Whether the column can be compared with a value as YAML gives it."""
        family = self.family
        known = self.labels or self.time_type or family in _KNOWN
        match value:
            case None:
                return True
            case bool():
                return family == "boolean" or not known
            case int():
                return family == "number" or not known
        return not known or (self.reads(value) and family not in ("number", "boolean"))


@dataclass(frozen=True)
class ForeignKey:
    """``columns`` of this table refer to ``to_columns`` of ``to_table``; ``name`` is the constraint's.

    ``valid`` tells whether the store answers for the rows that were there before the constraint.
    """

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"
    valid: bool = True
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Outsider:
    """A table of another schema whose rows point to rows of this one; ``name`` is the constraint's."""

    schema: str
    table: str
    columns: tuple[str, ...]
    on_delete: str
    name: str


@dataclass(frozen=True)
class Check:
    """A CHECK constraint: the columns it speaks of and the store's own words for it."""

    name: str
    columns: tuple[str, ...]
    words: str

    @property
    def allowed(self) -> frozenset[str] | None:
        """The only values a text column may have; None where the words are of another form."""
        listed = _ONE_OF.fullmatch(self.words) or _IN_A_LIST.fullmatch(self.words)
        if listed is None:
            return None
        values = re.findall(_TEXT, listed["many"] or listed["one"])
        return frozenset(v[1:-1].replace("''", "'") for v in values)


@dataclass(frozen=True)
class Table:
    """One table as the store holds it. ``rows`` is the store's own estimate and no part of the digest.

    ``keepers`` are those triggers that run before a row is deleted, and can keep it, and rules that do something
    else instead of deleting it; ``changers`` the same for a row that is changed. ``copiers`` run after either, or
    besides, and can write elsewhere what the row held.

    ``name`` is the map's. ``lies_in`` is the schema of a table that lies elsewhere than the service's others, and
    ``called`` the store's own name for it, where the map writes another. ``parted_by`` are the columns by which a
    partitioned table is parted, at every level; an expression among them is empty. One that ``reuses_keys`` may give a
    new row the key of one that is gone.
    """

    name: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    rows: int = field(default=0, compare=False)
    triggers: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()
    changers: tuple[str, ...] = ()
    copiers: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    outsiders: tuple[Outsider, ...] = ()
    row_security: bool = False
    partitioned: bool = False
    parted_by: tuple[str, ...] = ()
    lies_in: str = ""
    called: str = ""
    reuses_keys: bool = False

    def at(self, home: str) -> tuple[str, str]:
        """Its schema and its own name in the store; ``home`` is the schema of the service's tables."""
        return self.lies_in or home, self.called or self.name

    def step(self, way: str) -> tuple[str, str]:
        """The column that a way such as ``order_id.completed_at`` begins with, and what follows its dot.

        A name that itself holds a dot is read whole where the table has such a column.
        """
        ends = [len(way), *(n for n, letter in enumerate(way) if letter == ".")]
        end = next((n for n in sorted(ends, reverse=True) if way[:n] in self.columns), min(ends))
        return way[:end], way[end + 1 :]

    def digest(self) -> str:
        """Changes when a step written against this table could mean something else."""
        return digest(
            {
                "columns": [[c.name, c.type, c.nullable] for c in self.columns.values()],
                "primary_key": list(self.primary_key),
                "foreign_keys": [
                    [list(k.columns), k.to_table, list(k.to_columns), k.on_delete, k.valid]
                    for k in self.foreign_keys
                ],
                "unique": [list(u) for u in sorted(self.unique)],
                "triggers": sorted(self.triggers),
                "checks": sorted(check.words for check in self.checks),
                "outsiders": sorted([o.schema, o.table, *o.columns, o.on_delete] for o in self.outsiders),
            }
        )

    def indexed(self, columns: tuple[str, ...]) -> bool:
        """Whether some index leads with these columns, in any order."""
        wanted = set(columns)
        leading = (self.primary_key, *self.unique, *self.indexes)
        return any(set(index[: len(wanted)]) == wanted for index in leading)


@dataclass(frozen=True)
class Derived:
    """A materialised view, or a full-text index: what the store keeps of what its tables held when it was made last.

    ``reads`` are the columns it is made of, by table and as far as the store knows; through another view, all that
    that one reads. ``upon`` are other materialised views it reads. ``filled`` tells that it holds rows at all,
    ``apart`` that it can be refreshed beside its readers, ``remade`` that it can be made anew from what it reads.
    """

    name: str
    reads: Mapping[str, tuple[str, ...]]
    upon: tuple[str, ...] = ()
    filled: bool = True
    apart: bool = False
    remade: bool = True
    kind: Literal["materialised view", "full-text index"] = "materialised view"
    lies_in: str = ""
    called: str = ""

    @property
    def of_itself(self) -> bool:
        """Whether it is the index of a table that has rows of its own: nobody has to name it twice."""
        return self.name in self.reads

    def at(self, home: str) -> tuple[str, str]:
        """Its schema and its own name in the store; ``home`` is the schema of the service's tables."""
        return self.lies_in or home, self.called or self.name


@dataclass(frozen=True)
class Schema:
    """All tables of one store, by name, and the copies of them that it keeps, each after those it reads.

    ``speaks`` tells in whose SQL an operator mends them.
    """

    tables: Mapping[str, Table]
    derived: Mapping[str, Derived] = field(default_factory=dict)
    speaks: Literal["postgresql", "sqlite"] = "postgresql"

    def referring_to(self, table: str) -> list[tuple[str, ForeignKey]]:
        """Every foreign key that points at ``table``, with the table it stands in."""
        return self._referring.get(table, [])

    @cached_property
    def _referring(self) -> Mapping[str, list[tuple[str, ForeignKey]]]:
        found: dict[str, list[tuple[str, ForeignKey]]] = {}
        for table in self.tables.values():
            for key in table.foreign_keys:
                found.setdefault(key.to_table, []).append((table.name, key))
        return found


def table(name: str, columns: Mapping[str, str], **rest: Any) -> Table:
    """A table from ``{column: type}``; ``!`` after a type means NOT NULL. For tests and small worlds."""
    return Table(
        name,
        {c: Column(c, t.rstrip("!"), nullable=not t.endswith("!")) for c, t in columns.items()},
        **rest,
    )
