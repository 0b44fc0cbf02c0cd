"""What a store's tables look like, as values: a reflected schema knows no connection. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jikim.canonical import digest

TimeType = Literal["instant", "date", "local", "epoch", "epoch-ms"]


@dataclass(frozen=True)
class Column:
    """One column. ``type`` is the store's own name for it (``timestamp with time zone``)."""

    name: str
    type: str
    nullable: bool = True
    generated: bool = False

    @property
    def time_type(self) -> TimeType | None:
        """How a time is written in this column, where its type alone says so."""
        return {
            "timestamp with time zone": "instant",
            "timestamp without time zone": "local",
            "date": "date",
        }.get(self.type)  # type: ignore[return-value]


@dataclass(frozen=True)
class ForeignKey:
    """``columns`` of this table refer to ``to_columns`` of ``to_table``."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"


@dataclass(frozen=True)
class Table:
    """One table as the store holds it. ``rows`` is the store's own estimate and no part of the digest."""

    name: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    rows: int = field(default=0, compare=False)
    triggers: tuple[str, ...] = ()
    row_security: bool = False
    partitioned: bool = False

    def digest(self) -> str:
        """Changes when a step written against this table could mean something else."""
        return digest(
            {
                "columns": [[c.name, c.type, c.nullable] for c in self.columns.values()],
                "primary_key": list(self.primary_key),
                "foreign_keys": [
                    [list(k.columns), k.to_table, list(k.to_columns), k.on_delete] for k in self.foreign_keys
                ],
                "unique": [list(u) for u in sorted(self.unique)],
                "triggers": sorted(self.triggers),
            }
        )

    def indexed(self, columns: tuple[str, ...]) -> bool:
        """Whether some index leads with these columns, in any order."""
        wanted = set(columns)
        leading = (self.primary_key, *self.unique, *self.indexes)
        return any(set(index[: len(wanted)]) == wanted for index in leading)


@dataclass(frozen=True)
class Schema:
    """All tables of one store, by name."""

    tables: Mapping[str, Table]

    def referring_to(self, table: str) -> list[tuple[str, ForeignKey]]:
        """Every foreign key that points at ``table``, with the table it stands in."""
        return [(t.name, k) for t in self.tables.values() for k in t.foreign_keys if k.to_table == table]


def table(name: str, columns: Mapping[str, str], **rest: Any) -> Table:
    """A table from ``{column: type}``; ``!`` after a type means NOT NULL. For tests and small worlds."""
    return Table(
        name,
        {c: Column(c, t.rstrip("!"), nullable=not t.endswith("!")) for c, t in columns.items()},
        **rest,
    )
