"""What a dialect of SQL must be able to say. Protocols and values; runs nothing.

Every name is quoted and every value bound: a method takes expressions that are SQL already, and ``bind`` gives
the placeholder of a value. What is the same in every dialect stands in `compile`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from jikim.datamap.schema import Column, Table, TimeType
from jikim.plan.json_path import Path
from jikim.plan.masks import Mask

Sql = str
"""An expression or a statement, its values bound by name."""


@dataclass(frozen=True)
class Statement:
    """One statement, and what its names stand for."""

    text: Sql
    values: Mapping[str, Any]


@dataclass
class Values:
    """The values bound in some statements, each under one name."""

    said: dict[str, Any] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def name(self, value: Any) -> str:
        """The name a value goes by."""
        known = self._names.setdefault((type(value).__name__, repr(value)), f"v{len(self._names)}")
        self.said[known] = value
        return known


class Dialect(Protocol):
    """How one kind of store says what predicates, copies and receipts need."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose midnights count."""

    @property
    def values(self) -> Values:
        """The values bound so far."""

    as_it_stands: Sql
    """Keeps the planner from merging a subquery into what surrounds it."""

    # -- names and values ---------------------------------------------------------------------------------

    def quoted(self, *names: str) -> Sql:
        """A name, part by part, whatever it holds."""

    def table(self, table: Table) -> Sql:
        """A table of the service, as a statement names what it reads: its own rows, not those of its heirs."""

    def own(self, table: str) -> Sql:
        """One of jikim's own tables in the store."""

    def bind(self, value: Any, kind: str = "") -> Sql:
        """The placeholder of a value, as that type of the store's where it is not plain from its place."""

    def named(self, name: str, kind: str = "") -> Sql:
        """The placeholder of a value given when the statement runs."""

    def nothing(self, kind: str) -> Sql:
        """NULL of a type."""

    def listed(self, value: Sql, own: Column, table: Table, key: Column) -> Sql | None:
        """A column's value is among the keys of another table, never NULL; None where EXISTS finds it as soon."""

    # -- times --------------------------------------------------------------------------------------------

    def compared(
        self, column: Sql, sign: Literal["<=", ">"], by: datetime | date, time_type: TimeType
    ) -> Sql:
        """A stored time compared with a cutoff; NULL for NULL. Raises ``TypeError`` for a date among instants."""

    def sentinel(self, column: Sql, time_type: TimeType, dates: Sequence[date]) -> Sql:
        """The column holds one of these dates, which mean never."""

    def first_counted_day(self, column: Sql, time_type: TimeType) -> Sql:
        """The day a period counts from (민법 제157조): the next, or the day itself at exactly midnight."""

    def readable(self, value: Sql, time_type: TimeType) -> Sql:
        """A time within Python's calendar: one beyond it has not happened, or happened long ago."""

    # -- values of a row ----------------------------------------------------------------------------------

    def base_name(self, value: Sql) -> Sql:
        """The last part of a path; NULL for NULL."""

    def spelled(self, value: Sql, column: Column) -> Sql:
        """A value as text, equal to no other. Equal to `plan.keys.text_of`."""

    def exactly(self, text: Sql) -> Sql:
        """A text of a fuzzy column, so that it is equal to none but itself."""

    def any_case(self, text: Sql) -> Sql:
        """A text whose case does not matter. Equal to `plan.keys.matched`."""

    def read_as_key(self, text: Sql, column: Column) -> Sql:
        """The value of this column's type that a text spells; NULL for a text that spells none."""

    def key(self, parts: Sequence[Sql]) -> Sql:
        """A person's key, or a row's, from its parts as text."""

    def given_key(self) -> Sql:
        """A key that is given, as ``key``, when the statement runs."""

    def given_part(self, column: Column, part: int, *, of: int) -> Sql | None:
        """A part of that key, of so many parts, as a value that an index of its column answers for; None where only the
        column's text tells."""

    def may_be_given(self, value: Sql, part: int) -> Sql:
        """So of every value that is a part of that key, and of few others, as an index answers; ``true`` if that is not
        known, or need not be."""

    # -- inside JSON: equal to `plan.json_path` -----------------------------------------------------------

    def json_found(self, value: Sql, path: Path) -> Sql:
        """Whether anything but null stands at a path; never NULL."""

    def json_part(self, value: Sql, path: Path) -> Sql:
        """What stands at a path: for a list the same of each element, in its place."""

    def json_masked(self, value: Sql, path: Path, *, where: Sql) -> Sql:
        """A JSON value without what stands at a path, where a condition is so."""

    # -- masks and tags -----------------------------------------------------------------------------------

    def matches(self, column: Sql, pattern: str) -> Sql:
        """The text matches a regular expression; NULL for NULL."""

    def masked(self, value: Sql, column: Column, mask: Mask, *, tag: Callable[[], Sql]) -> Sql:
        """What the mask puts into the cell. Equal to `plan.masks.masked`."""

    def row_tag(self, mask_key: bytes, table: str, key: Sequence[Sql]) -> Sql:
        """The keyed tag of a row, from the parts of its key as text. Equal to `plan.masks.row_tag`."""

    def person_tag(self, epoch_key: bytes, store: str, kind: str, key: Sql) -> Sql:
        """The keyed tag of a person. Equal to `evidence.tags.tag`."""
