"""How PostgreSQL says what predicates and masks need. Builds text, runs nothing."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from jikim.backends.sql.dialect import Sql, Values
from jikim.datamap.schema import Column, Table, TimeType
from jikim.evidence.tags import tag_prefix
from jikim.plan.json_path import EVERY, Path
from jikim.plan.keys import LETTERS
from jikim.plan.masks import TAG_LENGTH, Mask, tag_pads

MAX_TAG_BYTES = 32

_NUMBER = "^(0|-?[1-9][0-9]{0,17})$"
_LARGEST = "^-?[1-9][0-9]{18}$"
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
"""Texts that spell a number of eight bytes, as long as it has eighteen digits or nineteen, or a UUID."""


def _spells_number(text: str) -> bool:
    return bool(re.fullmatch(f"{_NUMBER}|{_LARGEST}", text, re.ASCII)) and -(2**63) <= int(text) < 2**63


_SPELLED: Final[Mapping[str, Callable[[str], bool]]] = {
    "bigint": _spells_number,
    "uuid": lambda text: bool(re.fullmatch(_UUID, text, re.ASCII)),
    "text": lambda _: True,
}
"""Types of keys that an index answers for, and which texts spell a value of each."""


def _to_a_list(path: Path) -> tuple[Path, Path | None]:
    """The names up to the first list on a path, and the path from each of its elements; None for no list."""
    if EVERY not in path:
        return path, None
    place = path.index(EVERY)
    return path[:place], path[place + 1 :]


def _latest_shown(at: datetime, zone: ZoneInfo) -> datetime:
    """The latest time without a zone that lies no later than ``at``.

    What a clock shows twice, when it is set back, means the first time: while it does so again, all of it has been.
    """
    local = at.astimezone(zone)
    shown = local.replace(tzinfo=None)
    if not local.fold:
        return shown
    begun = shown.replace(microsecond=0)

    def shown_once(seconds: int) -> bool:
        then = (begun + timedelta(seconds=seconds)).replace(tzinfo=zone)
        return then.utcoffset() == then.replace(fold=1).utcoffset()

    twice = bisect_left(range(24 * 3600), True, key=shown_once)
    return begun + timedelta(seconds=twice) - datetime.resolution


@dataclass(frozen=True, eq=False)
class PostgreSQL:
    """PostgreSQL 15 and later, in the driver's own way of naming values."""

    zone: ZoneInfo
    tables_in: str = "public"
    values: Values = field(default_factory=Values)
    as_it_stands = "offset 0"
    """Keeps the planner from merging a subquery into what surrounds it."""

    # -- names and values ---------------------------------------------------------------------------------

    def quoted(self, *names: str) -> Sql:
        """A name, part by part, whatever it holds."""
        return ".".join('"' + name.replace('"', '""').replace("%", "%%") + '"' for name in names)

    def table(self, table: Table) -> Sql:
        """A table of the service; of one that others inherit, its own rows only."""
        return ("" if table.partitioned else "only ") + self.quoted(*table.at(self.tables_in))

    def own(self, table: str) -> Sql:
        """One of jikim's own tables in the store."""
        return self.quoted("jikim", table)

    def bind(self, value: Any, kind: str = "") -> Sql:
        """The placeholder of a value, as that type of the store's where it is not plain from its place."""
        return self.named(self.values.name(value), kind)

    @staticmethod
    def named(name: str, kind: str = "") -> Sql:
        """The placeholder of a value given when the statement runs."""
        return f"%({name})s::{kind.replace('%', '%%')}" if kind else f"%({name})s"

    def nothing(self, kind: str) -> Sql:
        """NULL of a type."""
        return f"null::{kind}" if kind else "null"

    def compared(
        self, column: Sql, sign: Literal["<=", ">"], by: datetime | date, time_type: TimeType
    ) -> Sql:
        """A stored time compared with a cutoff; NULL for NULL. Raises ``TypeError`` for a date among instants."""
        return f"{column} {sign} {self.time(by, time_type)}"

    def time(self, at: datetime | date, time_type: str) -> Sql:
        """A cutoff in the type of the column it is compared with. Raises ``TypeError`` for a date among instants."""
        if time_type == "date":
            return self.bind(at, "date")
        if not isinstance(at, datetime):
            raise TypeError(f"a `{time_type}` needs an instant as its cutoff")
        match time_type:
            case "instant":
                return self.bind(at, "timestamptz")
            case "local":
                return self.bind(_latest_shown(at, self.zone), "timestamp")
            case "utc":
                return self.bind(at.astimezone(UTC).replace(tzinfo=None), "timestamp")
            case "epoch":
                return self.bind(int(at.timestamp() // 1), "bigint")
        return self.bind(int(at.timestamp() * 1000 // 1), "bigint")

    def listed(self, value: Sql, own: Column, table: Table, key: Column) -> None:
        """PostgreSQL plans EXISTS as the join that it is."""

    # -- times --------------------------------------------------------------------------------------------

    def local_date(self, column: Sql, time_type: str) -> Sql:
        """The stored time as a local date."""
        return f"({self._local(column, time_type)})::date"

    def first_counted_day(self, column: Sql, time_type: str) -> Sql:
        """The day a period counts from (민법 제157조): the next, or the day itself at exactly midnight."""
        if time_type == "date":
            return f"({column}::date + 1)"
        # No time is finer than a microsecond, and to ask for the local time costs most of it.
        return f"({self._local(column, time_type)} + interval '23:59:59.999999')::date"

    def _local(self, column: Sql, time_type: str) -> Sql:
        """The stored time as a local timestamp without zone."""
        zone = self.bind(self.zone.key, "text")
        match time_type:
            case "instant":
                return f"timezone({zone}, {column})"
            case "utc":
                return f"timezone({zone}, timezone('UTC', {column}))"
            case "epoch" | "epoch-ms":
                scale = 1 if time_type == "epoch" else 1000
                return f"timezone({zone}, to_timestamp({column}::double precision / {scale}))"
        return f"{column}::timestamp"

    def readable(self, value: Sql, time_type: str) -> Sql:
        """A time within Python's calendar: one beyond it has not happened, or happened long ago."""
        kind = {"instant": "timestamptz", "local": "timestamp", "utc": "timestamp", "date": "date"}.get(
            time_type
        )
        if kind is None:
            return value
        return f"case when {value} < {kind} '9999-12-30' then greatest({value}, {kind} '0001-01-03') end"

    # -- values of a row ----------------------------------------------------------------------------------

    def base_name(self, value: Sql) -> Sql:
        """The last part of a path; NULL for NULL."""
        return f"regexp_replace({value}, '^.*/', '')"

    def spelled(self, value: Sql, column: Column) -> Sql:
        """A value as text: an address without the mask that a cast would add. Equal to `plan.keys.text_of`."""
        if column.type == "inet":
            return f"abbrev({value})"
        return self.exactly(value) if column.fuzzy else f"{value}::text"

    def exactly(self, text: Sql) -> Sql:
        """A text as its bytes are."""
        return f'({text}::text collate "C")'

    def any_case(self, text: Sql) -> Sql:
        """A text whose case does not matter; ``lower`` would ask the database's locale."""
        upper, lower = (self.bind(letters, "text") for letters in LETTERS)
        return f"translate({text}, {upper}, {lower})"

    def read_as_key(self, text: Sql, column: Column) -> Sql:
        """The value of this column's type that a text spells; NULL for a text that spells none."""
        if column.kind == "uuid":
            return f"case when {self.matches(text, _UUID)} then {text}::uuid end"
        digits = f"ltrim({text}::text, '-') collate \"C\""
        fits = f"{self.matches(text, _LARGEST)} and {digits} <= {self.bind(str(2**63 - 1), 'text')}"
        return f"case when {self.matches(text, _NUMBER)} or {fits} then {text}::bigint end"

    def key(self, parts: Sequence[Sql]) -> Sql:
        """A person's key, or a row's, from its parts as text."""
        return f"array[{', '.join(parts)}]::text[]"

    def given_key(self) -> Sql:
        """A key that is given, as ``key``, when the statement runs."""
        return self.named("key", "text[]")

    def given_part(self, column: Column, part: int, *, of: int) -> Sql | None:
        """A part of that key as a value that an index of its column answers for."""
        kind = {"smallint": "bigint", "integer": "bigint", "character varying": "text"}.get(
            column.kind, column.kind
        )
        if kind not in _SPELLED or column.fuzzy:
            return None
        return self.named(f"{kind}_{part}_of_{of}", kind)

    def may_be_given(self, value: Sql, part: int) -> Sql:
        """What an index answers for, it answers for exactly."""
        del value, part
        return "true"

    @staticmethod
    def given(key: Sequence[str]) -> dict[str, Any]:
        """A key as it is given: whole, and each part as a value of each type that it spells; of a key of other parts
        than are asked for, none is."""
        parts = {
            f"{kind}_{n}_of_{len(key)}": part if spells(part) else None
            for n, part in enumerate(key)
            for kind, spells in _SPELLED.items()
        }
        return {"key": list(key), **parts}

    # -- inside JSON: equal to `plan.json_path` -----------------------------------------------------------

    def json_found(self, value: Sql, path: Path) -> Sql:
        """Whether anything but null stands at a path; never NULL."""
        names, rest = _to_a_list(path)
        at = self._member(f"{value}::jsonb", names)
        if rest is None:
            return f"coalesce(jsonb_typeof({at}) <> 'null', false)"
        elements = f"jsonb_array_elements(case when jsonb_typeof({at}) = 'array' then {at} else '[]' end)"
        each = f"e{len(path)}"  # shorter the deeper, so that no element hides another
        return f"exists (select 1 from {elements} {each} (v) where {self.json_found(f'{each}.v', rest)})"

    def json_part(self, value: Sql, path: Path) -> Sql:
        """What stands at a path: for a list the same of each element, in its place."""
        names, rest = _to_a_list(path)
        at = self._member(f"{value}::jsonb", names)
        if rest is None:
            return at
        return f"case when jsonb_typeof({at}) = 'array' then {self._each(at, rest, self.json_part)} end"

    def json_masked(self, value: Sql, path: Path, *, where: Sql) -> Sql:
        """A JSON value without what stands at a path, where a condition is so."""
        left = f"case when {where} then {self._without('w.v', path)} else w.v end"
        return f"(select {left} from (select {value}::jsonb as v) w)"

    def _without(self, value: Sql, path: Path) -> Sql:
        """A JSON value, which stands under a short name, without what stands at a path."""
        names, rest = _to_a_list(path)
        place = self.bind(list(names), "text[]")
        if rest is None:
            inside = f"jsonb_typeof({self._member(value, names[:-1])}) = 'object'"
            return f"case when {inside} then {value} #- {place} else {value} end"
        at = self._member(value, names)
        new = self._each(at, rest, self._without) if rest else "'[]'::jsonb"
        put = f"jsonb_set({value}, {place}, {new})" if names else new
        return f"case when jsonb_typeof({at}) = 'array' then {put} else {value} end"

    def _each(self, at: Sql, rest: Path, what: Callable[[Sql, Path], Sql]) -> Sql:
        """The list of what is made of each element, in its order."""
        each = f"e{len(rest)}"
        return (
            f"(select coalesce(jsonb_agg({what(f'{each}.v', rest)} order by {each}.n), '[]')"
            f" from jsonb_array_elements({at}) with ordinality {each} (v, n))"
        )

    def _member(self, value: Sql, names: Path) -> Sql:
        """A member of a member of an object; NULL for any in a list, whatever it is called."""
        return f"({' -> '.join([value, *(self.bind(name, 'text') for name in names)])})"

    # -- masks --------------------------------------------------------------------------------------------

    def matches(self, column: Sql, pattern: str) -> Sql:
        """The text matches a regular expression; NULL for NULL."""
        return f"{column}::text ~ {self.bind(pattern, 'text')}"

    def masked(self, value: Sql, column: Column, mask: Mask, *, tag: Callable[[], Sql]) -> Sql:
        """What the mask puts into the cell. Equal to `plan.masks.masked`."""
        match mask.kind:
            case "null":
                return "null"
            case "fixed":
                return self.bind(mask.text, column.type)
            case "tag":
                before, after = (self.bind(part, "text") for part in mask.text.split("{tag}"))
                return f"({before} || {tag()} || {after})"
            case "truncated-ip":
                address = f"{value}::inet"
                length = f"case when family({address}) = 4 then 24 else 48 end"
                cast = column.type.replace("%", "%%")
                return f"host(network(set_masklen({address}, {length})))::{cast}"
        if column.kind == "date":
            return f"date_trunc('year', {value})::date"
        zone = ", 'UTC'" if column.time_type == "instant" else ""
        return f"date_trunc('year', {value}{zone})"

    def row_tag(self, mask_key: bytes, table: str, key: Sequence[Sql]) -> Sql:
        """HMAC-SHA256 (RFC 2104) of the row's key, computed by the store. Equal to `plan.masks.row_tag`."""
        parts = ", ".join([self.bind("\x1f", "text"), self.bind(table, "text"), *key])
        return self.hmac(mask_key, f"convert_to(concat_ws({parts}), 'UTF8')", TAG_LENGTH)

    def person_tag(self, epoch_key: bytes, store: str, kind: str, key: Sql) -> Sql:
        """The keyed tag of a person. Equal to `evidence.tags.tag`."""
        prefix, separator = tag_prefix(store=store, kind=kind), self.bind("\x1f", "text")
        message = f"{self.bind(prefix, 'bytea')} || convert_to(array_to_string({key}, {separator}), 'UTF8')"
        return self.hmac(epoch_key, message, MAX_TAG_BYTES)

    def hmac(self, secret: bytes, message: Sql, length: int) -> Sql:
        """The first hexadecimal digits of HMAC-SHA256 (RFC 2104) over bytes."""
        inner, outer = (self.bind(pad, "bytea") for pad in tag_pads(secret))
        return f"substr(encode(sha256({outer} || sha256({inner} || {message})), 'hex'), 1, {length})"

    def sentinel(self, column: Sql, time_type: TimeType, dates: Sequence[date]) -> Sql:
        """The column holds one of these dates, which mean never."""
        listed = ", ".join(self.bind(each, "date") for each in dates)
        return f"{self.local_date(column, time_type)} in ({listed})"
