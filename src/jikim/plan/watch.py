"""Looks through rows for what must not stand there in clear, and says how often it did. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, Final

from jikim.plan import json_path
from jikim.plan.finding import Finding, FindingKind, counted
from jikim.plan.masks import masked
from jikim.plan.recognise import (
    Confidence,
    Secret,
    hints,
    looks_one_way,
    recognise,
    recognise_number,
    worth_reading,
)
from jikim.plan.schedule import Cell, TableSchedule
from jikim.source import Severity


def is_bare(cell: Cell, value: Any) -> bool:
    """Whether masking would change a cell of this value (whose column's value it is, for a path in JSON)."""
    if value is None or cell.mask is None:
        return False
    if cell.path:
        return json_path.found(value, cell.path)
    # The tag itself does not matter: what is not tagged yet differs from every tagged text.
    return bool(masked(cell.mask, value, tag="") != value)


_NEVER_LOOKED_AT: Final = frozenset(
    {"smallint", "integer", "boolean", "date", "uuid", "inet", "cidr", "interval"}
)
_NUMBERS: Final = frozenset({"numeric", "real", "double precision"})
_INSIDE: Final = frozenset({"json", "jsonb", "bytea", "text[]"})
_HARMLESS: Final = frozenset({NoneType, bool, date, datetime})
"""Types of values that hold no secret."""
ANY: Final = "any"
"""The type of a column in which a value of any type may stand."""


@dataclass(frozen=True)
class Watched:
    """A column to look through.

    ``one_way`` is whether its values must be one-way; ``cell`` is the personal cell it holds, so that a masked
    value is not taken for a secret in clear; ``paths`` are those into its JSON, where nothing holds it as a whole.
    """

    place: int
    name: str
    type: str
    hinted: frozenset[Secret]
    one_way: bool = False
    cell: Cell | None = None
    paths: tuple[json_path.Path, ...] = ()


def watched(
    columns: Mapping[str, str],
    schedule: TableSchedule | None,
    *,
    one_way_items: frozenset[str] = frozenset(),
    clocks: frozenset[str] = frozenset(),
) -> tuple[Watched, ...]:
    """The columns of a table to look through, with what their names and items speak of.

    :param columns: each column's type, in the order in which they are read.
    :param one_way_items: items that the policy says are stored one-way.
    :param clocks: columns of numbers that are times, which look like numbers of cards and of people.
    """
    personal = schedule.cells if schedule else ()
    cells = {cell.column: cell for cell in personal if not cell.path}
    result = []
    for place, (name, kind) in enumerate(columns.items()):
        if name in clocks:
            continue
        cell = cells.get(name)
        item = cell.item if cell else ""
        inside = () if cell else tuple(c.path for c in personal if c.column == name)
        result.append(Watched(place, name, kind, hints(name, item), item in one_way_items, cell, inside))
    return tuple(result)


Seen = tuple[str, Secret, Confidence]


class Watch:
    """Looks through rows for secrets in clear and for JSON that no path reaches, and counts the values."""

    def __init__(self, columns: Iterable[Watched], *, today: date) -> None:
        self.today = today
        self.seen: Counter[Seen] = Counter()
        self.strays: Counter[str] = Counter()
        kinds: dict[str, list[Watched]] = {"bigint": [], "number": [], "inside": [], "text": [], "any": []}
        for column in columns:
            plain = column.type.partition("(")[0]
            if plain == ANY:
                kinds["any"].append(column)
            elif plain == "bigint":
                kinds["bigint"].append(column)
            elif plain in _NUMBERS:
                kinds["number"].append(column)
            elif column.type in _INSIDE:
                kinds["inside"].append(column)
            elif plain not in _NEVER_LOOKED_AT and not plain.startswith("time"):
                kinds["text"].append(column)
        self._bigints, self._numbers = kinds["bigint"], kinds["number"]
        self._inside, self._texts, self._loose = kinds["inside"], kinds["text"], kinds["any"]
        self._one_way = [column for column in columns if column.one_way]
        self._pathed = [column for column in columns if column.paths]

    def __call__(self, row: Sequence[Any]) -> None:
        """Look through one row."""
        self.every((row,))

    def every(self, rows: Sequence[Sequence[Any]]) -> None:
        """Look through some rows, a column at a time."""
        for column in self._texts:
            self._among(column, [text for row in rows if (text := row[column.place])])
        for column in self._loose:
            self._of_any_type(column, [row[column.place] for row in rows])
        for column in self._bigints:
            self._large(column, [v for row in rows if (v := row[column.place]) is not None])
        each = (
            (self._numbers, self._number),
            (self._inside, self._deep),
            (self._one_way, self._secret),
            (self._pathed, self._stray),
        )
        for columns, look in each:
            for column in columns:
                for row in rows:
                    look(column, row[column.place])

    def _deep(self, column: Watched, value: Any) -> None:
        for text in _texts(value):
            self._text(column, text)

    def _stray(self, column: Watched, value: Any) -> None:
        self.strays[column.name] += json_path.strays(value, column.paths)

    def _among(self, column: Watched, texts: list[str]) -> None:
        """One test over all of them tells most columns to be harmless; a letter keeps the digits of two apart."""
        if worth_reading("\nx\n".join(set(texts))):
            for text in filter(worth_reading, texts):
                self._text(column, text)

    def _large(self, column: Watched, numbers: list[int]) -> None:
        """Small ones are nobody's."""
        for number in [each for each in numbers if each >= 10**9]:
            self._number(column, number)

    def _of_any_type(self, column: Watched, values: list[Any]) -> None:
        """Those of one type together."""
        for kind in set(map(type, values)) - _HARMLESS:
            alike: list[Any] = [value for value in values if type(value) is kind]
            if issubclass(kind, str):
                self._among(column, alike)
            elif issubclass(kind, int):
                self._large(column, alike)
            elif issubclass(kind, float | Decimal):
                for number in alike:
                    self._number(column, number)
            else:
                for value in alike:
                    self._deep(column, value)

    def _text(self, column: Watched, text: str) -> None:
        for sighting in recognise(text, today=self.today, hinted=column.hinted):
            self.seen[column.name, sighting.kind, sighting.confidence] += 1

    def _number(self, column: Watched, value: int | float | Decimal | None) -> None:
        if value is None or (isinstance(value, Decimal) and not value.is_finite()) or not 1e9 <= value < 1e19:
            return
        for sighting in recognise_number(int(value), today=self.today, hinted=column.hinted):
            self.seen[column.name, sighting.kind, sighting.confidence] += 1

    def _secret(self, column: Watched, value: Any) -> None:
        """A value that must be one-way and does not look it; bytes that are no text may be a hash."""
        if value is None or (column.cell and column.cell.mask and not self._bare(column.cell, value)):
            return
        for text in _texts(value):
            if not looks_one_way(text):
                self.seen[column.name, Secret.PASSWORD, Confidence.CERTAIN] += 1

    @staticmethod
    def _bare(cell: Cell, value: Any) -> bool:
        try:
            return is_bare(cell, value)
        except ValueError:  # no mask made it
            return True


def _texts(value: Any) -> Iterable[str]:
    """Every text inside a value: of JSON all keys and leaves, of bytes what they say if they are text."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield key
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case bytes() | memoryview():
            try:
                yield bytes(value).decode()
            except UnicodeDecodeError:
                return
        case bool() | None:
            return
        case int() | float() | Decimal():
            yield str(value)


_SAFEGUARDS: Final = "개인정보의 안전성 확보조치 기준 제7조"
_WHY_SECRET: Final = {
    Secret.RESIDENT: ("개인정보 보호법 제24조의2", _SAFEGUARDS),
    Secret.FOREIGNER: ("개인정보 보호법 제24조", _SAFEGUARDS),
    Secret.PASSPORT: ("개인정보 보호법 제24조", _SAFEGUARDS),
    Secret.LICENCE: ("개인정보 보호법 제24조", _SAFEGUARDS),
}


def secrets(table: str, seen: Mapping[Seen, int]) -> list[Finding]:
    """Findings for secrets seen in clear: the merely possible is a warning, a business number is none."""
    result = []
    for (column, kind, confidence), count in sorted(seen.items()):
        if kind is Secret.BUSINESS:
            continue
        sure, where = confidence > Confidence.POSSIBLE, f"`{table}.{column}`"
        does, do = ("holds", "hold") if sure else ("may hold", "may hold")
        what = "a secret that is not one-way" if kind is Secret.PASSWORD else f"a {kind} in clear"
        result.append(
            Finding(
                FindingKind.CLEAR_SECRET,
                Severity.ERROR if sure else Severity.WARNING,
                f"{table}.{column}",
                f"{counted(count, f'value of {where} {does}', f'values of {where} {do}')} {what}"
                f" ({confidence.name.lower()})",
                count,
                because=_WHY_SECRET.get(kind, (_SAFEGUARDS,)),
                fix="hash it one way" if kind is Secret.PASSWORD else "remove it, or store it encrypted",
            )
        )
    return result


def unreached(table: str, strays: Mapping[str, int]) -> list[Finding]:
    """Findings for personal JSON of a shape that no path of the map steps into."""
    return [
        Finding(
            FindingKind.UNREACHED,
            Severity.ERROR,
            f"{table}.{column}",
            f"no path of the map reaches into {counted(count, 'value')} of `{table}.{column}`: what is there is not "
            "masked",
            count,
            fix="name the way in, such as `$[*].name` into a list, or map the column as one item",
        )
        for column, count in sorted(strays.items())
        if count
    ]
