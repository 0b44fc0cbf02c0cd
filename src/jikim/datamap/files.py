"""Folders as tables: what the name of a file tells, and the listing in which each file is a row. Pure.

A pattern is a path inside the folder. ``*`` stands for any letters within one part of it, ``**`` for any number of
parts; ``{name}`` is a part of the path that becomes a column, ``{name:number}`` and ``{name:uuid}`` one of that
type, ``{name:%Y-%m-%d}`` a date. A date that names a month or a year is its last day: until then the file is written.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final
from uuid import UUID

from jikim.canonical import digest
from jikim.datamap.schema import OWN, Column, Schema, Table

if TYPE_CHECKING:
    from jikim.datamap.model import DataMap

KEPT: Final = "archive"
"""The files store of what a law demands: its folder is the archive's."""

Value = str | int | date | UUID

_FIXED: Final = {
    "id": "bigint",
    "path": "text",
    "modified": "timestamp with time zone",
    "size": "bigint",
    "mark": "text",
}
"""Columns that every listing has: ``mark`` tells one state of a file from another."""
_DIRECTIVES: Final = {
    "Y": r"[0-9]{4}",
    "m": "0[1-9]|1[0-2]",
    "d": "0[1-9]|[12][0-9]|3[01]",
    "j": r"[0-3][0-9]{2}",
    "H": "[01][0-9]|2[0-4]",
    "M": "[0-5][0-9]",
    "S": "[0-6][0-9]",
}
_PART: Final = re.compile(r"\{(?P<name>[^{}:]*)(?::(?P<kind>[^{}]*))?\}|\*\*/?|\*|[^{}*]+|[{}]")
_NAME: Final = re.compile("[a-z][a-z0-9_]*")
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KINDS: Final = {"": (r"[^/]+", "text"), "number": (r"[0-9]{1,18}", "bigint"), "uuid": (_UUID, "uuid")}


class PatternError(ValueError):
    """A pattern that cannot be used; says why."""


@dataclass(frozen=True)
class Field:
    """A part of a path that becomes a column; ``format`` is a date's."""

    name: str
    type: str
    format: str = ""

    @property
    def span(self) -> int:
        """The most days that one such date stands for; 1 for what is no date."""
        if self.type != "date" or any(f"%{each}" in self.format for each in "dj"):
            return 1
        return 31 if "%m" in self.format else 366


@dataclass(frozen=True)
class Pattern:
    """One form of path. Raises :class:`PatternError` when it is made of what is none."""

    text: str

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns it yields, in their order."""
        return tuple(self._parsed[1])

    def match(self, path: str) -> dict[str, Value] | None:
        """The columns' values for a file; None for a path of another form, or with a date that is none."""
        found = self._parsed[0].fullmatch(path)
        if found is None:
            return None
        try:
            return {field.name: _value(field, found) for field in self.fields}
        except ValueError:
            return None

    @cached_property
    def _parsed(self) -> tuple[re.Pattern[str], list[Field]]:
        if not self.text or self.text.startswith("/") or "\\" in self.text or "\0" in self.text:
            raise PatternError("a pattern is a path inside the folder, its parts joined by `/`")
        if {".", ".."} & set(self.text.split("/")):
            raise PatternError("`.` and `..` lead to no file of the folder")
        expression, fields = "", list[Field]()
        for part in _PART.finditer(self.text):
            match part[0]:
                case "**" | "**/":
                    expression += r"(?:[^/]+/)*" + ("[^/]+" if part[0] == "**" else "")
                case "*":
                    expression += "[^/]*"
                case "{" | "}":
                    raise PatternError("a brace stands alone")
                case _ if part["name"] is None:
                    expression += re.escape(part[0])
                case _:
                    field, matching = _field(part["name"], part["kind"] or "")
                    if field.name in [each.name for each in fields]:
                        raise PatternError(f"`{field.name}` stands twice")
                    fields.append(field)
                    expression += matching
        return re.compile(expression, re.DOTALL), fields


def _field(name: str, kind: str) -> tuple[Field, str]:
    """A column, and the expression that matches it."""
    if not _NAME.fullmatch(name) or name in _FIXED:
        own = f", and not {', '.join(f'`{each}`' for each in _FIXED)}" if name in _FIXED else ""
        raise PatternError(f"`{name}` is no name for a column: use a-z, 0-9 and _{own}")
    if kind in _KINDS:
        matching, type_ = _KINDS[kind]
        return Field(name, type_), f"(?P<{name}>{matching})"
    if "%Y" not in kind:
        raise PatternError(
            f"`{kind}` is neither `number` nor `uuid` nor a date with its year, such as %Y-%m-%d"
        )
    if "%d" in kind and "%m" not in kind:
        raise PatternError(f"`{kind}` names a day and no month")
    expression, seen = "", set[str]()
    for plain, directive in re.findall(r"([^%]+)|%(.?)", kind):
        if plain:
            expression += re.escape(plain)
            continue
        if directive not in _DIRECTIVES or directive in seen:
            raise PatternError(
                f"`%{directive}` is not known in a date, or stands twice: use %Y %m %d %j %H %M %S"
            )
        seen.add(directive)
        expression += f"(?P<{name}__{directive}>{_DIRECTIVES[directive]})"
    return Field(name, "date", kind), expression


def _value(field: Field, found: re.Match[str]) -> Value:
    """What a path says of one column. Raises ``ValueError`` for a date that is none."""
    match field.type:
        case "text":
            return found[field.name]
        case "bigint":
            return int(found[field.name])
        case "uuid":
            return UUID(found[field.name])
    said = {d: int(found[f"{field.name}__{d}"]) for d in "Ymdj" if f"%{d}" in field.format}
    year, month = said["Y"], said.get("m", 12)
    if "j" in said:
        first = date(year, 1, 1).toordinal()
        if not 1 <= said["j"] <= date(year, 12, 31).toordinal() - first + 1:
            raise ValueError("no such day of the year")
        return date.fromordinal(first + said["j"] - 1)
    return date(year, month, said.get("d") or calendar.monthrange(year, month)[1])


# -- the names of a store ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    """What the paths of one folder mean: those that are listed, and those that are known and left alone."""

    named: tuple[Pattern, ...]
    leave: tuple[Pattern, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns that a path yields."""
        return self.named[0].fields

    def match(self, path: str) -> dict[str, Value] | None:
        """The columns' values by the first pattern that fits; None where none does."""
        return next((found for each in self.named if (found := each.match(path)) is not None), None)

    def left(self, path: str) -> bool:
        """Whether a path that nothing lists is known."""
        return any(each.match(path) is not None for each in self.leave)


def names(named: Sequence[str], leave: Sequence[str] = ()) -> Names:
    """The patterns of a folder.

    :raises PatternError: one is none, or two that are listed yield other columns.
    """
    found = Names(tuple(map(Pattern, named)), tuple(map(Pattern, leave)))
    columns = [{(f.name, f.type, f.span) for f in each.fields} for each in found.named]
    if different := [n for n, each in enumerate(columns) if each != columns[0]]:
        raise PatternError(f"`{named[0]}` and `{named[different[0]]}` yield different columns")
    if any(each.fields for each in found.leave):
        raise PatternError("what is left alone yields no columns: write `*`")
    return found


# -- listings ---------------------------------------------------------------------------------------------


def listing(table: str, fields: Iterable[Field]) -> Table:
    """The table in which each file of a folder is a row."""
    own = {field.name: field.type for field in fields}
    columns = {**dict(list(_FIXED.items())[:2]), **own, **dict(list(_FIXED.items())[2:])}
    return Table(
        table,
        {name: Column(name, kind, nullable=False) for name, kind in columns.items()},
        primary_key=("id",),
        unique=(("path",),),
        indexes=tuple((name,) for name in (*own, "modified")),
        lies_in=OWN,
        called=_stored_as(table),
    )


def _stored_as(table: str) -> str:
    """The name of a listing in the store: none that another table has, in letters that need no quotes."""
    plain = re.fullmatch("[a-z0-9_]{1,50}", table)
    return f"file__{table if plain else digest(table).removeprefix('sha256:')[:16]}"


def listings(datamap: "DataMap") -> Mapping[str, Table]:
    """The listings that a map speaks of, by their tables' names."""
    return {name: listing(name, each.fields) for name, _, each in listed(datamap)}


def listed(datamap: "DataMap") -> Iterator[tuple[str, str, Names]]:
    """Each table of a map that stands for a folder, its files store, and what the paths there mean."""
    for name, table in datamap.tables.items():
        store = datamap.stores.files.get(table.files or "")
        if table.files and store and store.named and table.personal:
            yield name, table.files, store.names


def with_listings(schema: Schema, tables: Mapping[str, Table]) -> Schema:
    """A schema with its listings; one whose name a table of the service has is left out."""
    return replace(schema, tables={**tables, **schema.tables})
