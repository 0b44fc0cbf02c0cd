"""How SQLite says what predicates and masks need. Builds text, runs nothing.

What it has no word for, it is taught by `functions`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jikim.backends.sql.dialect import Sql, Values
from jikim.backends.sqlite.functions import key_of, moment_text
from jikim.datamap.schema import Column, Table, TimeType
from jikim.plan import json_path
from jikim.plan.json_path import Path
from jikim.plan.masks import Mask

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1, 1, 5, tzinfo=UTC), datetime(9999, 12, 27, tzinfo=UTC)
STEADY = ("2000-01-03", "2037-12-29")
"""Between these days a zone of one time all the year round is asked for the day by SQLite itself."""
HOUR, NEAR = timedelta(hours=1), range(-72, 73)
"""No two clocks are further apart than this many hours."""
_OFFSET, _DIGIT = "[+-][0-1][0-9]:[0-5][0-9]", "[0-9]"
FORMS = {
    19: "",
    20: "Z",
    25: _OFFSET,
    24: f".{_DIGIT * 3}Z",
    26: f".{_DIGIT * 6}",
    27: f".{_DIGIT * 6}Z",
    32: f".{_DIGIT * 6}{_OFFSET}",
}
"""What follows the seconds of an instant, by the characters that all of it has."""


@dataclass(frozen=True, eq=False)
class SQLite:
    """SQLite 3.37 and later.

    :param known: columns that were looked at already: they hold times spelled as SQLite itself would.
    """

    zone: ZoneInfo
    values: Values = field(default_factory=Values)
    known: frozenset[tuple[Sql, TimeType]] = frozenset()
    as_it_stands = "limit -1 offset 0"

    # -- names and values ---------------------------------------------------------------------------------

    def quoted(self, *names: str) -> Sql:
        """A name, part by part, whatever it holds."""
        return ".".join('"' + name.replace('"', '""') + '"' for name in names)

    def table(self, table: Table) -> Sql:
        """A table of the service: never one of the same name that is temporary."""
        return self.own(table.called) if table.lies_in else self.quoted(*table.at("main"))

    def own(self, table: str) -> Sql:
        """One of jikim's own tables in the store."""
        return self.quoted("main", f"jikim_{table}")

    def bind(self, value: Any, kind: str = "") -> Sql:
        """The placeholder of a value; types are the value's own here."""
        del kind
        return self.named(self.values.name(_plain(value)))

    @staticmethod
    def named(name: str, kind: str = "") -> Sql:
        """The placeholder of a value given when the statement runs."""
        del kind
        return f":{name}"

    def nothing(self, kind: str) -> Sql:
        """NULL, which has no type here."""
        del kind
        return "null"

    def listed(self, value: Sql, own: Column, table: Table, key: Column) -> Sql | None:
        """A number is among the keys of a table: there the one cursor stays open that EXISTS opens for each row.

        By its sign no index of the column is asked for every key instead.
        """
        if {own.family, key.family} != {"number"} or own.fuzzy or key.fuzzy or key.nullable:
            return None
        among = f"+{value} in (select {self.quoted(key.name)} from {self.table(table)})"
        return f"({value} is not null and {among})" if own.nullable else f"({among})"

    # -- times --------------------------------------------------------------------------------------------

    def compared(
        self, column: Sql, sign: Literal["<=", ">"], by: datetime | date, time_type: TimeType
    ) -> Sql:
        """A stored time compared with a cutoff; NULL for NULL. Raises ``TypeError`` for a date among instants.

        Rows after a cutoff are first parted off by what an index can answer. What is spelled as most software spells
        it is then compared by SQLite itself, and only what is left is read by `functions`, one by one.
        """
        if time_type == "date" and isinstance(by, datetime):
            raise TypeError("a `date` needs a date as its cutoff")
        if time_type != "date" and not isinstance(by, datetime):
            raise TypeError(f"a `{time_type}` needs an instant as its cutoff")
        said = self._said(column, sign, by, time_type)
        return f"({self.roughly(column, by, time_type)} and {said})" if sign == "<=" else said

    def roughly(self, column: Sql, by: datetime | date, time_type: TimeType) -> Sql:
        """So of every row that is not after a cutoff, and of few others; compares the column as it is stored."""
        if isinstance(by, datetime) and time_type in ("epoch", "epoch-ms"):
            scale = 1 if time_type == "epoch" else 1000
            return f"{column} <= {self.bind(int(by.timestamp() * scale // 1) + 1)}"
        # Text of one form sorts by day; clocks of no zone are more than a day apart from those of another.
        day = by.date() if isinstance(by, datetime) else by
        return f"{column} < {self.bind((min(day, date(9999, 12, 28)) + timedelta(days=3)).isoformat())}"

    def _said(self, column: Sql, sign: Sql, by: datetime | date, time_type: TimeType) -> Sql:
        """A time compared with a cutoff; where SQLite cannot be sure of what it says, by the function that can."""
        taught = f"{self._taught('moment', column, time_type)} {sign} {self.bind(moment_text(by))}"
        if not isinstance(by, datetime):
            whens = {self.plainly(column, time_type): f"{column} {sign} {self.bind(by)}"}
        elif time_type in ("epoch", "epoch-ms"):
            unit = timedelta(seconds=1) if time_type == "epoch" else timedelta(milliseconds=1)
            first, last, cutoff = ((at - EPOCH) // unit for at in (FIRST, LAST, by))
            known = f"typeof({column}) = 'integer' and {column} between {first} and {last}"
            whens = {known: f"{column} {sign} {self.bind(cutoff)}"}
        else:
            whens = self._instants(column, sign, by, UTC if time_type == "utc" else self.zone)
        if (column, time_type) in self.known and (plain := whens.get(self.plainly(column, time_type))):
            return plain
        said = " ".join(f"when {known} then {answer}" for known, answer in whens.items())
        return f"case {said} else {taught} end" if said else taught

    def _instants(self, column: Sql, sign: Sql, by: datetime, zone: tzinfo) -> dict[Sql, Sql]:
        """What SQLite can say of instants, by when it can: it looks at seconds and leaves their fractions out.

        So a fraction of the cutoff's own second, and clocks set forward or back about then, are left to the function.
        """
        if not FIRST < by < LAST:
            return {}
        utc, here = by.astimezone(UTC), by.astimezone(zone)
        offsets = {(utc + n * HOUR).astimezone(zone).utcoffset() for n in NEAR}
        if len(offsets) > 1 or here.isoformat("T", "hours").count(":") > 1:
            return {}
        offset, at_utc, at_here = here.isoformat()[-6:], _face(utc), _face(here)
        face, beyond = f"substr({column}, 1, 19)", f"substr({column}, 20)"
        forms = " ".join(f"when {size} then '{form}'" for size, form in FORMS.items())
        at = f"datetime({face} || coalesce(nullif(ltrim({beyond}, '.0123456789'), ''), {self.bind(offset)}))"
        written = [
            f"typeof({column}) = 'text' and {column} > '0001-01-01'",
            f"datetime({face}, '0 days') = replace({face}, 'T', ' ')",
            f"{beyond} glob case length(cast({column} as blob)) {forms} end",
            f"{at} <> {self.bind(at_utc)}",
        ]
        return {
            self.plainly(column, "utc"): f"{column} {sign} {self.bind(at_here)}",
            " and ".join(written): f"{at} {sign} {self.bind(at_utc)}",
        }

    @staticmethod
    def plainly(column: Sql, time_type: TimeType) -> Sql:
        """The column holds a time of the calendar, spelled as SQLite itself would and not otherwise."""
        spelling = "date" if time_type == "date" else "datetime"
        # The calendar is asked only where something is reckoned: `datetime('2026-02-30')` is what it was given.
        return f"{spelling}({column}, '0 days') = {column} collate binary and {column} > '0001-01-01'"

    def sentinel(self, column: Sql, time_type: TimeType, dates: Sequence[date]) -> Sql:
        """The column holds one of these dates, which mean never."""
        listed = ", ".join(self.bind(each) for each in dates)
        # Never NULL: the column may be, and its opposite is asked for.
        return f"coalesce({self._taught('local_date', column, time_type)} in ({listed}), false)"

    def first_counted_day(self, column: Sql, time_type: TimeType) -> Sql:
        """The day a period counts from (민법 제157조): reckoned by SQLite where it can be sure, else by `functions`."""
        taught = self._taught("first_day", column, time_type)
        steady = _steady(self.zone)
        if not _READ.fullmatch(column) or time_type in ("epoch", "epoch-ms") or steady is None:
            return taught
        # What is not the very start of a day comes to the next one in a second less than a day; a date always does.
        seconds = 86_400 if time_type == "date" else 86_399
        if time_type == "utc":
            seconds += int(steady.total_seconds())
        known = f"{self.plainly(column, time_type)} and {column} between '{STEADY[0]}' and '{STEADY[1]}'"
        return f"case when {known} then date({column}, '{seconds} seconds') else {taught} end"

    def readable(self, value: Sql, time_type: TimeType) -> Sql:
        """A time as it is stored: it was written for people."""
        del time_type
        return value

    def _taught(self, function: str, column: Sql, time_type: TimeType) -> Sql:
        return f"jikim_{function}({column}, {self.bind(time_type)}, {self.bind(_name(column))})"

    # -- values of a row ----------------------------------------------------------------------------------

    def spelled(self, value: Sql, column: Column) -> Sql:
        """A value as text."""
        del column
        taught = f"jikim_text({value})"
        if not _READ.fullmatch(value):
            return taught
        number = f"when 'integer' then cast({value} as text)"
        return f"case typeof({value}) when 'text' then {value} {number} else {taught} end"

    def exactly(self, text: Sql) -> Sql:
        """A text as its bytes are."""
        return f"{text} collate binary"

    def base_name(self, value: Sql) -> Sql:
        """The last part of a path; NULL for NULL."""
        return f"jikim_base_name({value})"

    def any_case(self, text: Sql) -> Sql:
        """A text whose case does not matter: here ``lower`` knows the letters from A to Z and no other."""
        return f"lower({text})"

    def read_as_key(self, text: Sql, column: Column) -> Sql:
        """The value of this column's type that a text spells; NULL for a text that spells none."""
        if column.family != "number":
            return text
        number = f"cast({text} as integer)"
        return f"case when cast({number} as text) = {text} then {number} end"

    def key(self, parts: Sequence[Sql]) -> Sql:
        """A person's key, or a row's, from its parts as text: a list in JSON. Equal to `functions.key_of`."""
        return f"json_array({', '.join(parts)})"

    def given_key(self) -> Sql:
        """A key that is given, as ``key``, when the statement runs: a list in JSON."""
        return self.named("key")

    def given_part(self, column: Column, part: int, *, of: int) -> Sql | None:
        """Any value may stand anywhere, and several may be spelled alike: only its text tells."""
        del column, part, of
        return None

    def may_be_given(self, value: Sql, part: int) -> Sql:
        """It is one of the few values that are spelled so: a text, a number, a fraction or bytes."""
        kinds = ("text", "integer", "real", "blob")
        few = (f"jikim_part({self.given_key()}, {part}, {self.bind(kind)})" for kind in kinds)
        return f"{value} in ({', '.join(few)})"

    # -- inside JSON --------------------------------------------------------------------------------------

    def json_found(self, value: Sql, path: Path) -> Sql:
        """Whether anything but null stands at a path; never NULL."""
        return self._json("found", value, path)

    def json_part(self, value: Sql, path: Path) -> Sql:
        """What stands at a path: for a list the same of each element, in its place."""
        return self._json("part", value, path)

    def json_masked(self, value: Sql, path: Path, *, where: Sql) -> Sql:
        """A JSON value without what stands at a path, where a condition is so."""
        return f"case when {where} then {self._json('without', value, path)} else {value} end"

    def _json(self, what: str, value: Sql, path: Path) -> Sql:
        at = self.bind(json_path.spelled(path))
        return f"jikim_json_{what}({value}, {at}, {self.bind(_name(value))})"

    # -- masks and tags -----------------------------------------------------------------------------------

    def matches(self, column: Sql, pattern: str) -> Sql:
        """The text matches a regular expression; NULL for NULL."""
        return f"jikim_matches({column}, {self.bind(pattern)})"

    def masked(self, value: Sql, column: Column, mask: Mask, *, tag: Callable[[], Sql]) -> Sql:
        """What the mask puts into the cell."""
        if mask.kind == "null":
            return "null"
        tagged = tag() if mask.kind == "tag" else "null"
        return f"jikim_masked({value}, {self.bind(str(mask))}, {tagged}, {self.bind(column.name)})"

    def row_tag(self, mask_key: bytes, table: str, key: Sequence[Sql]) -> Sql:
        """The keyed tag of a row; its key stays with the function."""
        del mask_key
        return f"jikim_row_tag({', '.join([self.bind(table), *key])})"

    def person_tag(self, epoch_key: bytes, store: str, kind: str, key: Sql) -> Sql:
        """The keyed tag of a person; its key stays with the function."""
        del epoch_key
        return f"jikim_person_tag({self.bind(store)}, {self.bind(kind)}, {key})"


@lru_cache
def _steady(zone: ZoneInfo) -> timedelta | None:
    """What a zone's clocks are ahead of UTC by, all through the years of ``STEADY``; None where they change."""
    first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in STEADY)
    days = ((first + timedelta(days=n)).astimezone(zone) for n in range(-2, (last - first).days + 2))
    ahead = {at.utcoffset() for at in days}
    return ahead.pop() if len(ahead) == 1 else None


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it."""
    match value:
        case bool():
            return int(value)
        case datetime() | date():
            return moment_text(value)
        case list() | tuple():
            return key_of(list(value))
    return value


def _face(at: datetime) -> str:
    """What a clock shows, to the second, as SQLite writes it."""
    return at.replace(tzinfo=None).isoformat(" ", "seconds")


_READ = re.compile(r'\w+\."(?:[^"]|"")*"')
"""An expression that reads a column and does nothing else."""
_COLUMN = re.compile(r'\."((?:[^"]|"")*)"')


def _name(column: Sql) -> str:
    """The column's name out of an expression that reads it, for an error to speak of."""
    found = _COLUMN.search(column)
    return found[1].replace('""', '"') if found else "a column"
