"""Looks through rows for what must not stand there in clear, and says how often it did. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jikim.plan.finding import Finding, FindingKind
from jikim.plan.masks import masked
from jikim.plan.recognise import Confidence, Secret, hints, looks_one_way, recognise, recognise_number
from jikim.plan.schedule import Cell, TableSchedule
from jikim.source import Severity


def is_bare(cell: Cell, value: Any) -> bool:
    """Whether masking would change a cell of this value (whose column's value it is, for a path in JSON)."""
    if value is None or cell.mask is None:
        return False
    if cell.path:
        inner = json.loads(value) if isinstance(value, str) else value
        for step in cell.path:
            inner = inner.get(step) if isinstance(inner, dict) else None
        return inner is not None
    # The tag itself does not matter: what is not tagged yet differs from every tagged text.
    return bool(masked(cell.mask, value, tag="") != value)


_SOME_DIGITS: Final = re.compile(r"\d\d\d")


@dataclass(frozen=True)
class Watched:
    """A column to look through. ``one_way`` are the forms its values may have, None where any may stand.

    ``cell`` is the personal cell it holds, so that a masked value is not taken for a secret in clear.
    """

    place: int
    name: str
    hinted: frozenset[Secret]
    one_way: re.Pattern[str] | None = None
    must_be_one_way: bool = False
    cell: Cell | None = None


def watched(
    columns: Iterable[str],
    schedule: TableSchedule | None,
    *,
    one_way_items: frozenset[str] = frozenset(),
    forms: Mapping[str, re.Pattern[str]] | None = None,
) -> tuple[Watched, ...]:
    """The columns of a table to look through, with what their names and items speak of.

    :param one_way_items: items that the policy says are stored one-way.
    :param forms: for an item, a form its one-way values have besides the ones that are known.
    """
    cells = {cell.column: cell for cell in schedule.cells if not cell.path} if schedule else {}
    result = []
    for place, name in enumerate(columns):
        cell = cells.get(name)
        item = cell.item if cell else ""
        hinted = hints(name, item)
        form = (forms or {}).get(item)
        result.append(Watched(place, name, hinted, form, item in one_way_items, cell))
    return tuple(result)


Seen = tuple[str, Secret, Confidence]


class Watch:
    """Looks through rows for secrets in clear, and counts the rows that hold some."""

    def __init__(self, columns: Iterable[Watched], *, today: date) -> None:
        self.columns, self.today = tuple(columns), today
        self._one_way = tuple(c for c in self.columns if c.must_be_one_way)
        self.seen: Counter[Seen] = Counter()

    def __call__(self, row: Sequence[Any]) -> None:
        """Look through one row."""
        for column in self.columns:
            value = row[column.place]
            if value is None or isinstance(value, bool | date):
                continue
            if isinstance(value, str):
                if _SOME_DIGITS.search(value):
                    self._text(column, value)
            elif isinstance(value, int | Decimal):
                self._number(column, value)
            else:
                for text in _texts(value):
                    self._text(column, text)
        for column in self._one_way:
            self._secret(column, row[column.place])

    def _text(self, column: Watched, text: str) -> None:
        for sighting in recognise(text, today=self.today, hinted=column.hinted):
            self.seen[column.name, sighting.kind, sighting.confidence] += 1

    def _number(self, column: Watched, value: int | Decimal) -> None:
        if value != value or not 10**9 <= value < 10**19:  # noqa: PLR0124 - not a number
            return
        for sighting in recognise_number(int(value), today=self.today, hinted=column.hinted):
            self.seen[column.name, sighting.kind, sighting.confidence] += 1

    def _secret(self, column: Watched, value: Any) -> None:
        """A value that must be one-way and does not look it; bytes that are no text may be a hash."""
        mask = column.cell.mask if column.cell else None
        if value is None or (column.cell and mask and not is_bare(column.cell, value)):
            return
        for text in _texts(value):
            known = column.one_way is not None and column.one_way.fullmatch(text)
            if not (known or looks_one_way(text)):
                self.seen[column.name, Secret.PASSWORD, Confidence.CERTAIN] += 1


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
        sure = confidence > Confidence.POSSIBLE
        what = "a secret that is not one-way" if kind is Secret.PASSWORD else f"a {kind} in clear"
        result.append(
            Finding(
                FindingKind.CLEAR_SECRET,
                Severity.ERROR if sure else Severity.WARNING,
                f"{table}.{column}",
                f"{count} values of `{table}.{column}` {'hold' if sure else 'may hold'} {what}"
                f" ({confidence.name.lower()})",
                count,
                because=_WHY_SECRET.get(kind, (_SAFEGUARDS,)),
                fix="hash it one way" if kind is Secret.PASSWORD else "remove it, or store it encrypted",
            )
        )
    return result
